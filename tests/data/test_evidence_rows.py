"""Rows of evidence: every one sourced and dated, words out of closed lists, problems named."""

import pandas as pd
import pytest

from data.catalog import TABLES, bundled
from data.catalog_store import Incoming, previewed
from data.evidence_terms import MILESTONES, SCOPES, STATUSES
from data.ingest import read
from data.problems import RefusedError
from data.provenance import Confidence

ROW = {
    "factory": "oman",
    "project": "Ours",
    "milestone": "permit",
    "scope": "plan",
    "status": "seen",
    "period": "2027-03",
    "value": None,
    "text": "Building permit",
    "low": None,
    "high": None,
    "unit": "text",
    "source": "Ministry",
    "url": "https://example.org/permit",
    "date": "2027-03-09",
    "confidence": "reported",
    "notes": "",
}


def test_every_bundled_row_is_dated_and_has_a_source_that_can_be_opened():
    table = bundled().tables["site_evidence"]
    register = set(bundled().tables["factories"]["factory"])
    assert set(table["factory"]) <= register
    assert table["url"].str.startswith("http").all()
    assert table["date"].str.fullmatch(r"20\d\d(-\d\d){0,2}").all()
    assert not set(table["confidence"]) & {Confidence.ASSUMPTION, Confidence.UNVERIFIED}
    for column, allowed in (("milestone", MILESTONES), ("scope", SCOPES), ("status", STATUSES)):
        assert set(table[column]) <= set(allowed)
    seen = table[table["status"] == "seen"]
    assert (seen["period"].str[:4] <= seen["date"].str[:4]).all(), "seen before it was published"


def test_figures_are_those_of_the_projects_they_are_taken_from():
    """Addresses of other projects stand in `comparables` too, with the same power."""
    table, held = bundled().tables["site_evidence"], bundled().tables["comparables"]
    power = held[held["attribute"] == "mw"]
    for cells in table[(table["unit"] == "MW") & (table["confidence"] != "derived")].itertuples():
        assert float(str(cells.value)) in set(power[power["url"] == cells.url]["value"]), cells


def test_the_bundled_table_can_be_brought_as_a_file():
    made = read(TABLES / "site_evidence.csv", "site_evidence")
    assert made.report.status != "rejected"
    assert not [one for one in made.report.problems if one.severity == "error"]


@pytest.mark.parametrize(
    ("column", "cell", "fix"),
    [
        ("milestone", "ground breaking soon", "write ground_breaking if that is meant"),
        ("status", "sen", "write seen if that is meant"),
        ("scope", "mine", "choose one"),
        ("period", "spring", "correct it"),
        ("url", "", "name them, or mark the row as an assumption"),
        ("url", "httpx", "correct it"),
        ("project", "", "fill the cell"),
        ("date", "yesterday", "correct it"),
        ("date", "2027-02-31", "correct it"),
        ("period", "2027-02-30", "correct it"),
        ("period", "0000", "correct it"),
        ("period", "2027-2026", "write the earlier one first"),
        ("period", "2026-06_2026-01", "write the earlier one first"),
        ("period", "2028", "correct one of the dates, or write stated"),
        ("period", "2027H2", "correct one of the dates, or write stated"),
    ],
)
def test_a_wrong_cell_is_named_with_its_fix(column: str, cell: str, fix: str):
    incoming = Incoming("site_evidence", pd.DataFrame([ROW | {column: cell}]))
    with pytest.raises(RefusedError, match="row 2") as refused:
        previewed(bundled(), incoming)
    assert [one.fix for one in refused.value.problems] == [fix]


def test_a_file_with_wrong_words_is_refused_by_row_and_a_strange_factory_is_said():
    rows = pd.DataFrame(
        [ROW, ROW | {"milestone": "fence", "period": "2027-04"}, ROW | {"factory": "atlantis"}]
    )
    report = read(rows.to_csv(index=False).encode(), "site_evidence").report
    said = {(one.severity, one.row, one.column) for one in report.problems}
    assert ("error", 3, "milestone") in said
    assert ("warning", 4, "factory") in said
    good = read(rows.iloc[[0]].to_csv(index=False).encode(), "site_evidence")
    assert good.report.status == "accepted"
    assert good.frame["text"].tolist() == ["Building permit"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x", "HTTPS://"])
def test_an_address_that_no_browser_should_open_is_refused_whatever_the_grade(address: str):
    guess = ROW | {"url": address, "confidence": "assumption", "notes": "A guess"}
    with pytest.raises(RefusedError, match="begins with https"):
        previewed(bundled(), Incoming("site_evidence", pd.DataFrame([guess])))
    made = read(pd.DataFrame([guess]).to_csv(index=False).encode(), "site_evidence")
    assert "url" in {one.column for one in made.report.problems if one.severity == "error"}


def test_times_that_span_or_meet_their_publication_are_taken():
    for period in ("2027-03-09", "2027Q1", "2027H1", "2027", "2026-2027", "2026-12_2027-03"):
        previewed(bundled(), Incoming("site_evidence", pd.DataFrame([ROW | {"period": period}])))
    later = ROW | {"period": "2028", "status": "stated"}
    previewed(bundled(), Incoming("site_evidence", pd.DataFrame([later])))


def test_a_file_with_impossible_dates_is_refused_by_row_and_words_need_no_unit():
    wrong = [ROW | {"period": one} for one in ("2027-02-30", "2027-2026", "2029-01")]
    rows = pd.DataFrame([ROW, *wrong, ROW | {"date": "2027-02-31"}]).drop(columns="unit")
    found = read(rows.to_csv(index=False).encode(), "site_evidence").report.problems
    errors = [(one.row, one.column) for one in found if one.severity == "error"]
    assert errors == [(3, "period"), (4, "period"), (5, "period"), (6, "date")]
    good = read(rows.iloc[[0]].to_csv(index=False).encode(), "site_evidence")
    assert good.report.status == "accepted"
    assert good.frame["unit"].tolist() == ["text"]


def test_every_milestone_is_known_and_events_are_no_series_with_gaps():
    each = pd.DataFrame([ROW | {"milestone": one} for one in MILESTONES])
    apart = [ROW | {"milestone": "works", "period": one} for one in ("2026", "2026Q2", "2027-01")]
    for rows in (each, pd.DataFrame(apart)):
        report = read(rows.to_csv(index=False).encode(), "site_evidence").report
        assert report.status == "accepted", report.problems


def test_two_rows_of_one_event_that_say_something_else_are_not_the_same():
    rows = pd.DataFrame([ROW, ROW | {"text": "Permit refused"}])
    report = read(rows.to_csv(index=False).encode(), "site_evidence").report
    assert report.status == "rejected"
    assert {one.row for one in report.problems if one.severity == "error"} == {3}
    made = read(pd.DataFrame([ROW, ROW]).to_csv(index=False).encode(), "site_evidence")
    assert made.report.status == "accepted_with_warnings"
    assert len(made.frame) == 1
