"""Public evidence against the plan: what counts, in which months, and where nothing can be said."""

from dataclasses import replace

import pandas as pd
import pytest

from data.catalog import Catalog, bundled
from data.catalog_store import Incoming, previewed
from forecasts.engine import Result, run
from forecasts.presets import preset
from forecasts.report import month_name
from forecasts.site_evidence import (
    HeldAgainst,
    against_plan,
    latest,
    months_of,
    planned_months,
    site_evidence,
    standing,
)

PROOF = {
    "value": None,
    "low": None,
    "high": None,
    "unit": "text",
    "text": "Seen",
    "source": "Press",
    "url": "https://example.org",
    "date": "2027-06-01",
    "confidence": "reported",
    "notes": "",
}


@pytest.fixture(scope="module")
def base() -> Result:
    return run(preset("base"))


def _with(*rows: tuple[str, str, str, str]) -> Catalog:
    """Return the tables with rows for Kenya: milestone, scope, status, period."""
    names = ("milestone", "scope", "status", "period")
    made = [
        {
            **{"factory": "kenya", "project": "Ours"},
            **dict(zip(names, row, strict=True)),
            **(PROOF | {"date": "2035-06-01"} if row[2] == "seen" else PROOF),
        }
        for row in rows
    ]
    return previewed(bundled(), Incoming("site_evidence", pd.DataFrame(made)))


def _kenya(base: Result, catalog: Catalog) -> dict[str, HeldAgainst]:
    row = [site.key for site in base.plan.sites].index("kenya")
    return {one.milestone: one for one in against_plan(base, row, catalog)}


def test_the_stated_ground_breaking_of_the_first_wave_is_held_against_its_construction(
    base: Result,
) -> None:
    for row, site in enumerate(base.plan.sites[:3]):
        held = {one.milestone: one for one in against_plan(base, row, bundled())}
        one = held["ground_breaking"]
        assert one.planned == base.phases[row][0].construction
        assert one.evidence is not None
        assert not one.evidence.seen
        months_to_2027 = one.planned + 1
        assert one.ahead == (months_to_2027, months_to_2027 + 6), site.key
        assert standing(tuple(held.values())) == one
        assert held["live"].evidence is None


def test_candidates_without_evidence_have_none_whatever_others_do_there(base: Result) -> None:
    assert latest(bundled(), "kenya") is None
    assert any(one.milestone == "stopped" for one in site_evidence(bundled(), "kenya"))
    assert standing(tuple(_kenya(base, bundled()).values())) is None
    found = _kenya(base, _with(("live", "other", "seen", "2026-01")))
    assert standing(tuple(found.values())) is None


def test_an_agreement_is_known_but_no_month_of_a_plan_stands_against_it(base: Result) -> None:
    row = [site.key for site in base.plan.sites].index("saudi_arabia")
    assert standing(against_plan(base, row, bundled())) is None
    one = latest(bundled(), "saudi_arabia")
    assert one is not None
    assert (one.milestone, one.period) == ("agreement", "2026-06")


def test_months_ahead_and_behind_are_those_of_the_calendar(base: Result) -> None:
    row = [site.key for site in base.plan.sites].index("kenya")
    plan = planned_months(base, row)
    due = month_name(base, plan["ground_breaking"])
    year, month = (int(part) for part in due.split("-"))
    later = f"{year + 1}-{month:02d}-15"
    assert _kenya(base, _with(("ground_breaking", "plan", "seen", due)))[
        "ground_breaking"
    ].ahead == (0, 0)
    assert _kenya(base, _with(("works", "plan", "seen", later)))["ground_breaking"].ahead == (
        -12,
        -12,
    )
    within = _kenya(base, _with(("ground_breaking", "plan", "seen", f"{year}")))["ground_breaking"]
    assert within.evidence is not None
    assert within.ahead is None


def test_what_was_seen_goes_before_what_was_stated_and_the_first_sight_counts(
    base: Result,
) -> None:
    catalog = _with(
        ("works", "plan", "seen", "2029-05"),
        ("ground_breaking", "plan", "seen", "2029-02"),
        ("ground_breaking", "plan", "stated", "2027-01"),
        ("live", "plan", "stated", "2031-01"),
    )
    held = _kenya(base, catalog)
    one = held["ground_breaking"]
    assert one.evidence is not None
    assert one.evidence.period == "2029-02"
    assert standing(tuple(held.values())) == one
    newest = latest(catalog, "kenya")
    assert newest is not None
    assert newest.milestone == "works"


def test_of_statements_the_latest_published_counts(base: Result) -> None:
    catalog = _with(
        ("live", "plan", "stated", "2029-01"),
        ("live", "plan", "stated", "2030-01"),
    )
    table = catalog.tables["site_evidence"]
    early = table["period"] == "2029-01"
    moved = table.assign(date=table["date"].mask(early, "2028-01-01"))
    changed = replace(
        catalog, tables={**catalog.tables, "site_evidence": moved}, version="moved", memo={}
    )
    for tables, wanted in ((catalog, "2030-01"), (changed, "2029-01")):
        evidence = _kenya(base, tables)["live"].evidence
        assert evidence is not None
        assert evidence.period == wanted


def test_a_plan_without_phases_has_no_milestones() -> None:
    result = run(preset("base").having(max_phases=1, site_capacity_mw=0.1))
    empty = [row for row, phases in enumerate(result.phases) if not phases]
    assert empty
    for row in empty:
        assert planned_months(result, row) == {}
        assert against_plan(result, row, bundled()) == ()


@pytest.mark.parametrize(
    ("period", "first", "last"),
    [
        ("2026", "2026-01", "2026-12"),
        ("FY2026", "2026-01", "2026-12"),
        ("2026Q3", "2026-07", "2026-09"),
        ("2025-2026", "2025-01", "2026-12"),
        ("2026-02-28", "2026-02", "2026-02"),
    ],
)
def test_periods_are_read_as_months(period: str, first: str, last: str) -> None:
    named = tuple(f"{month // 12}-{month % 12 + 1:02d}" for month in months_of(period))
    assert named == (first, last)
