"""A long-format file is read, and all that is wrong with it is said at once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.ingest import read

GOOD = b"unique_id,ds,y\na,2024Q1,1.5\na,2024Q2,2\nb,2024-03,7\n"


def test_a_good_file_is_accepted_whole():
    made = read(GOOD, "series")
    assert made.report.status == "accepted"
    assert made.report.rows == 3
    assert made.frame["y"].tolist() == [1.5, 2.0, 7.0]
    assert made.frame["ds"].tolist() == ["2024Q1", "2024Q2", "2024-03"]


def test_every_problem_is_named_in_the_rows_of_the_file():
    rows = ["a,2023Q4,n/a!", "a,soon,2", ",2024Q3,3", "a,2024Q1,4", "a,2024Q1,5", "a,2024Q4,"]
    text = "\n".join(["unique_id,ds,y", *rows]).encode()
    report = read(text, "series").report
    assert report.status == "rejected"
    found = [(p.severity, p.row, p.column, p.value) for p in report.problems]
    assert found == [
        ("error", 2, "y", "n/a!"),
        ("error", 3, "ds", "soon"),
        ("error", 4, "unique_id", ""),
        ("error", 6, "ds", "2024Q1"),
        ("warning", 7, "y", ""),
    ]
    assert all(p.fix and p.expected and p.message for p in report.problems)


def test_a_wrong_date_makes_no_other_date_wrong():
    report = read(b"unique_id,ds,y\na,2020-02-30,5\na,2021,6\nb,soon,1\n", "series").report
    assert {(one.row, one.value) for one in report.problems} == {(2, "2020-02-30"), (4, "soon")}


def test_a_gap_is_a_warning_and_stays_a_gap():
    made = read(b"unique_id,ds,y\na,1,1\na,2,\na,3,3\n", "series")
    assert made.report.status == "accepted_with_warnings"
    assert made.frame["y"].isna().tolist() == [False, True, False]


def test_a_missing_value_is_told_by_its_place_in_time_not_in_the_file():
    rows = ["a,10,5", "a,12,", "a,-2,", "a,4,3", "a,6,", "a,2,1"]
    made = read("\n".join(["unique_id,ds,y", *rows]).encode(), "series")
    assert made.report.status == "accepted_with_warnings"
    said = {one.row: one.fix for one in made.report.problems if one.column == "y"}
    assert "periods to forecast" in said[3]
    assert "before the first value" in said[4]
    assert "counts as a gap" in said[6]


@pytest.mark.parametrize(
    ("given", "read_as"),
    [
        (["FY2023", "FY2024"], ["2023", "2024"]),
        (["FY2024Q1", "FY2024Q2"], ["2024Q1", "2024Q2"]),
        (["2024-W01", "2024-W02"], ["2024-01-01", "2024-01-08"]),
        (["2024-01-01T00:00:00Z", "2024-02-01T00:00:00Z"],
         ["2024-01-01T00:00:00", "2024-02-01T00:00:00"]),
        (["2023.0", "2024.0"], ["2023", "2024"]),
    ],
)  # fmt: skip
def test_periods_in_other_forms_are_counted_and_said(given, read_as):
    text = "unique_id,ds,y\n" + "".join(f"a,{ds},{n}\n" for n, ds in enumerate(given))
    made = read(text.encode(), "series")
    assert made.frame["ds"].tolist() == read_as
    notes = [one for one in made.report.problems if one.column == "ds"]
    assert [one.severity for one in notes] == ["note"] * (given[0] != "2023.0")


def test_series_side_by_side_are_read_by_the_names_of_their_columns():
    text = "Date;Malaysia;Belgium\nQ1 2024;1,5;\nQ2 2024;2,5;7\nQ3 2024;;8\n"
    made = read(text.encode(), "series")
    assert made.report.status == "accepted_with_warnings"
    assert made.frame["unique_id"].tolist() == ["Malaysia"] * 3 + ["Belgium"] * 3
    assert made.frame["ds"].tolist() == ["2024Q1", "2024Q2", "2024Q3"] * 2
    assert made.frame["y"].dropna().tolist() == [1.5, 2.5, 7.0, 8.0]
    one = read(b"ds,y\n2023,1\n2024,2\n", "series").frame
    assert one["unique_id"].tolist() == ["y", "y"]
    words = read(b"Date,Place,Note\n2023,Bonn,a\n2024,Bonn,b\n", "series").report
    assert words.status == "rejected"
    wrong = read(b"Date,A,B\n2023,1,2\n2024,3,4\n2025,5,much\n", "series").report
    assert [(one.row, one.column) for one in wrong.problems if one.severity == "error"] == [
        (4, "B")
    ]


def test_mixed_forms_of_ds_in_one_series_are_an_error():
    report = read(b"unique_id,ds,y\na,2024Q1,1\na,2024Q2,1\na,2024-09,1\n", "series").report
    assert [(p.row, p.column) for p in report.problems] == [(4, "ds")]


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", "a header"),
        (b"unique_id,ds,y\n", "at least one row"),
        (b"other,ds,y\na,1,1\n", "unique_id"),
        (b"a,b\n1,2\n", "unique_id"),
    ],
)
def test_a_file_without_the_columns_is_rejected_and_told_why(content, expected):
    report = read(content, "series").report
    assert report.status == "rejected"
    assert any(expected in problem.message for problem in report.problems)


@pytest.mark.parametrize("mark", [";", "\t", "|"])
def test_other_delimiters_and_encodings_are_recognised(mark):
    text = GOOD.decode().replace(",", mark)
    assert read(text.encode("utf-16"), "series").report.status == "accepted"
    made = read(text.replace("b", "é").encode("cp1252"), "series")
    assert made.report.status == "accepted_with_warnings"
    assert "é" in set(made.frame["unique_id"])


def test_a_missing_file_is_reported_not_raised(tmp_path):
    assert read(tmp_path / "none.csv", "series").report.status == "rejected"
    (tmp_path / "good.csv").write_bytes(GOOD)
    assert read(tmp_path / "good.csv", "series").report.status == "accepted"


def test_an_unknown_dataset_is_a_slip():
    with pytest.raises(ValueError, match="unknown"):
        read(GOOD, "weather")


@given(st.binary(max_size=200))
def test_no_bytes_raise(content):
    assert read(b"unique_id,ds,y\n" + content, "series").report.status
    assert read(content, "series").report.status
