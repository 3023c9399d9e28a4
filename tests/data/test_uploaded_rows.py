"""From a user's file to rows that count: columns, constants, one-click fixes, kept mappings."""

from dataclasses import replace

import pytest

from data.actors import Actor
from data.catalog_merging import as_text
from data.cell_checks import cell_problems
from data.file_fixes import fixes, replaced
from data.ingest import Options, read
from data.judgement_store import Judgement, judge, judgements
from data.mapping_store import (
    kept_form,
    options_from,
    save_mapping,
    saved_mapping,
    source_of,
)
from data.problems import RefusedError
from data.reading.templates import template
from data.schemas import DATASETS
from data.store import Store

ANA = Actor("ana")
DEMAND = "regional_demand"
FILE = b"Country,Year,MW,Colour\nMalaysia,2026,1500,\nBEL,2026,900.5,\n"


def errors(report) -> list[str]:
    return [one.message for one in report.problems if one.severity == "error"]


def clean(frame, dataset: str) -> bool:
    text = as_text(frame, DATASETS[dataset])
    return not list(cell_problems(text, DATASETS[dataset], "file"))


def clicked(content: bytes, dataset: str, label: str, options: Options | None = None):
    """Read a file, click one button, and read it again."""
    first = options or Options()
    offered = {one.label: one.options for one in fixes(read(content, dataset, first).report, first)}
    assert label in offered, list(offered)
    return read(content, dataset, offered[label]), offered[label]


def test_a_plain_table_of_countries_becomes_rows_that_the_catalog_takes():
    made = read(FILE, DEMAND)
    assert made.report.status == "accepted_with_warnings"
    assert made.report.mapping == {"Country": "iso3", "Year": "period", "MW": "value"}
    assert made.frame["iso3"].tolist() == ["MYS", "BEL"]
    assert made.frame["indicator"].tolist() == ["dc_it_capacity"] * 2
    assert made.frame["value"].tolist() == [1500.0, 900.5]
    assert clean(made.frame, DEMAND)


@pytest.mark.parametrize(
    ("header", "cell", "value"),
    [("GW", "1.5", 1500.0), ("Capacity in GW", "1.5", 1500.0), ("capacity_mw", "7", 7.0),
     ("Capacity (kW)", "7000", 7.0), ("IT load, MW", "7", 7.0)],
)  # fmt: skip
def test_a_unit_in_a_header_is_read_and_converted(header, cell, value):
    made = read(f"Country;Year;{header}\nKenya;2026;{cell}\n".encode(), DEMAND)
    assert errors(made.report) == []
    assert made.frame["value"].tolist() == [value]
    assert made.frame["unit"].tolist() == ["MW"]


def test_what_cannot_be_told_is_asked_and_can_be_said_for_all_rows():
    content = b"Country,value\nKenya,5\nMali,6\n"
    asked = {one.column for one in read(content, DEMAND).report.problems if one.severity == "error"}
    assert asked == {"period", "indicator"}
    said = Options(constants={"period": "2026", "indicator": "dc_it_capacity", "source": "Us"})
    made = read(content, DEMAND, said)
    assert errors(made.report) == []
    assert made.frame["period"].tolist() == ["2026", "2026"]
    assert made.frame["source"].tolist() == ["Us", "Us"]


def test_a_column_can_be_taken_away_and_another_taken_instead():
    content = b"Country,Year,capacity,plan\nKenya,2026,5,9\n"
    made = read(content, DEMAND, Options(mapping={"capacity": "", "plan": "value"},
                                         constants={"indicator": "dc_it_capacity"}))  # fmt: skip
    assert made.frame["value"].tolist() == [9.0]


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda one: one.name)
def test_a_template_maps_onto_itself(dataset):
    names = template(dataset.name).split("\n")[0].split(",")
    made = read(template(dataset.name).encode(), dataset.name)
    assert names == list(dataset.columns)
    assert dict(made.report.mapping) == {name: name for name in dataset.columns}


def test_a_country_spelt_wrongly_is_mended_by_a_click():
    content = b"Country,Year,MW\nMalaisya,2026,5\nKenya,2026,6\n"
    assert len(read(content, DEMAND).frame) == 1
    made, _ = clicked(content, DEMAND, "Read Malaisya as MYS")
    assert errors(made.report) == []
    assert made.frame["iso3"].tolist() == ["MYS", "KEN"]


def test_rows_said_twice_keep_the_one_that_is_chosen():
    content = b"Country,Year,MW\nKenya,2026,5\nKenya,2026,6\n"
    last, _ = clicked(content, DEMAND, "Of rows said twice keep the last")
    first, _ = clicked(content, DEMAND, "Of rows said twice keep the first")
    assert (last.frame["value"].tolist(), first.frame["value"].tolist()) == ([6.0], [5.0])


def test_rows_with_errors_are_left_out_by_a_click_and_named():
    content = b"Country,Year,MW\nKenya,2026,many\nMali,2026,6\nNowhere,soon,1\n"
    made, _ = clicked(content, DEMAND, "Leave out the 2 rows with errors")
    assert made.report.status == "accepted_with_warnings"
    assert made.frame["iso3"].tolist() == ["MLI"]
    left = {one.row for one in made.report.problems if "the row was left out" in one.fix}
    assert left == {2, 4}


def test_a_row_with_too_many_cells_is_left_out_whole():
    content = b"Country,Year,MW\nKenya,2026,1,500\nMali,2026,6\n"
    made, _ = clicked(content, DEMAND, "Leave out the row with errors")
    assert made.frame["iso3"].tolist() == ["MLI"]


def test_a_file_without_a_needed_column_cannot_be_helped_by_leaving_out():
    content = b"Country,MW\nKenya,5\n"
    report = read(content, DEMAND, Options(leave_out=True)).report
    assert report.status == "rejected"
    assert not [one for one in fixes(report, Options()) if "Leave out" in one.label]


def test_the_other_order_of_dates_and_the_other_decimal_mark_are_a_click_away():
    content = b"unique_id;ds;y\nA;03/04/2024;1.234\nA;04/04/2024;2.345\n"
    made, options = clicked(content, "series", "Read dates as month, day, year")
    assert made.frame["ds"].tolist() == ["2024-03-04", "2024-04-04"]
    made, _ = clicked(content, "series", "Read the point as the decimal mark", options)
    assert made.frame["y"].tolist() == [1.234, 2.345]


def test_a_value_can_be_written_anew_and_emptied():
    content = b"a,v\nx,1\ny,many\nz,3\n"
    options = replaced(Options(), "v", "many", "2")
    assert read(content, "any", options).frame["v"].tolist() == [1, 2, 3]
    emptied = read(content, "any", replaced(Options(), "v", "many", "")).frame["v"]
    assert emptied.isna().tolist() == [False, True, False]


def test_reader_and_catalog_know_the_same_countries():
    rows = read(FILE, DEMAND).frame
    for code in ("XXX", "my", "Malaysia", ""):
        text = as_text(rows.assign(iso3=code), DATASETS[DEMAND])
        found = list(cell_problems(text, DATASETS[DEMAND], "file"))
        assert found, code
        assert found[0].place == "file row 2, iso3"
    for code in ("MYS", "EUU", "WLD", "GCC", "TWN", "XKX"):
        assert clean(rows.assign(iso3=[code, "BEL"]), DEMAND), code


def test_an_assumption_that_the_model_does_not_have_is_refused_with_the_nearest():
    content = b"quantity,value,unit\ngpu_hour_prise,9,USD_per_gpu_hour\n"
    report = read(content, "assumptions").report
    assert report.status == "rejected"
    assert "gpu_hour_price" in errors(report)[0]


def test_an_assumption_without_a_reason_is_graded_unverified():
    content = b"Country,Year,MW,confidence\nKenya,2026,5,assumption\n"
    made = read(content, DEMAND)
    assert made.frame["confidence"].tolist() == ["unverified"]
    assert clean(made.frame, DEMAND)


def test_how_a_source_was_read_is_kept_for_its_next_file(store: Store):
    columns = read(FILE, DEMAND).report.columns
    said = Options(mapping={"MW": "value"}, constants={"status": "live"}, dates="mdy")
    assert saved_mapping(store, ANA, source_of(DEMAND, columns)) is None
    save_mapping(store, ANA, source_of(DEMAND, columns), kept_form(said))
    save_mapping(store, ANA, source_of(DEMAND, columns), kept_form(said))
    held = saved_mapping(store, ANA, source_of(DEMAND, list(columns)))
    assert held is not None
    assert options_from(held, Options()) == said
    assert options_from(held, Options(dates="dmy")) == replace(said, dates="dmy")
    assert len(store.audit(ANA)) == 1
    assert saved_mapping(store, Actor("ana", "other"), source_of(DEMAND, columns)) is None


def test_judgements_stand_beside_each_other_and_can_be_taken_back(store: Store):
    first = Judgement("ai_capex", "2027Q1", 200.0, "2026Q3", "Orders seen.")
    judge(store, ANA, first)
    judge(store, ANA, Judgement("ai_capex", "2027Q1", 210.0, "2026Q3", "More orders."))
    (held,) = judgements(store, ANA)
    assert (held.value, held.who, held.reason) == (210.0, "ana", "More orders.")
    judge(store, ANA, Judgement("ai_capex", "2027Q1", None, "2026Q3", "Withdrawn."))
    assert judgements(store, ANA) == ()
    assert len(judgements(store, ANA, every=True)) == 3
    for wrong in (
        Judgement("x", "2027", 1.0, "2026", " "),
        Judgement("x", "2027", float("inf"), "2026", "Why."),
    ):
        with pytest.raises(RefusedError):
            judge(store, ANA, wrong)


def test_a_count_with_a_fraction_is_refused_in_a_file_and_in_a_table():
    """The model would round it: 3.5 phases were built as 4."""
    text = (
        "factory,parameter,value,unit,confidence,notes\nbelgium,{},{},{},assumption,room to grow\n"
    )
    for parameter, unit in (
        ("max_phases", "count"),
        ("phase_racks", "racks"),
        ("lead_months_done", "months"),
    ):
        made = read(text.format(parameter, "3.5", unit).encode(), "factories")
        assert any("a whole number" in one and "round it" in one for one in errors(made.report)), (
            parameter
        )
        fine = read(text.format(parameter, "3", unit).encode(), "factories")
        assert not errors(fine.report), errors(fine.report)
        wrong = fine.frame.assign(value=3.5)
        found = list(
            cell_problems(as_text(wrong, DATASETS["factories"]), DATASETS["factories"], "file")
        )
        assert [(one.expected.split(",")[0], one.fix) for one in found] == [
            ("a whole number", "round it")
        ]
        assert clean(fine.frame, "factories")


MERGED = (
    b"Country,IT load (MW) 2023,IT load (MW) 2024,Power (GWh) 2023,Power (GWh) 2024\n"
    b"Malaysia,601,842,5200,7400\nBelgium,380,,3300,3600\n"
)
"""A table whose header stood in two rows: what is measured over the years."""


def test_periods_beside_what_is_measured_become_rows_of_it():
    made = read(MERGED, DEMAND)
    assert not errors(made.report)
    rows = made.frame[["iso3", "indicator", "period", "value", "unit"]].to_numpy().tolist()
    assert rows == [
        ["MYS", "dc_it_capacity", "2023", 601.0, "MW"],
        ["MYS", "dc_it_capacity", "2024", 842.0, "MW"],
        ["BEL", "dc_it_capacity", "2023", 380.0, "MW"],
    ]
    unused = {one.column for one in made.report.problems if "not used" in one.fix}
    assert unused == {"Power (GWh) 2023", "Power (GWh) 2024"}
    turned = read(b"Country,2023 IT load (GW),2024 IT load (GW)\nKenya,0.1,0.2\n", DEMAND)
    assert turned.frame["value"].tolist() == [100.0, 200.0]
    alone = read(b"Country,IT load (MW) 2023\nKenya,5\n", DEMAND)
    assert errors(alone.report), "one period stands beside no other"


@pytest.mark.parametrize("header", ["Spend USD bn", "Spend (USD bn)", "Spend in USD_bn"])
def test_the_only_header_with_a_unit_holds_the_value(header):
    made = read(f"Series,Quartal,{header}\nOurs,Q1 2024,5\n".encode(), "own_series")
    assert not errors(made.report)
    assert made.frame[["period", "value", "unit"]].to_numpy().tolist() == [
        ["2024Q1", 5.0, "USD_bn"]
    ]
    two = read(f"Series,Quartal,{header},Load (MW)\nOurs,Q1 2024,5,6\n".encode(), "own_series")
    assert any("a column 'value'" in one for one in errors(two.report))
    low = read(b"Series,Quarter,Low (MW)\nOurs,Q1 2024,5\n", "own_series")
    assert any("a column 'value'" in one for one in errors(low.report))


@pytest.mark.parametrize("cell", ["inf", "-inf", "1e400"])
def test_a_number_without_end_is_an_error_of_its_row_and_ends_no_reading(cell):
    content = f"series,period,value,unit\nS,2024-01,2,MW\nS,2024-02,{cell},MW\nS,2024-03,3,MW\n"
    made = read(content.encode(), "own_series")
    found = [message for message in errors(made.report) if "row 3" in message]
    assert found == [
        f"row 3, value: got {cell!r}, expected a number such as 1234.5; correct or clear the cell"
    ]
    assert made.frame["value"].tolist() == [2.0, 3.0]


def test_neighbours_as_far_apart_as_numbers_go_are_told():
    content = b"series,period,value,unit\nS,2024-01,1e300,MW\nS,2024-02,1e-300,MW\n"
    made = read(content, "own_series")
    assert errors(made.report) == []
    assert made.frame["value"].tolist() == [1e300, 1e-300]
