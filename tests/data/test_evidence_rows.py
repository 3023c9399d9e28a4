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
