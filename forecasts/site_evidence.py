"""What is publicly known of a site's progress, beside the milestones of its plan.

Rule: a milestone of phase 1 is held against the row of the factory's own evidence that says when it
was reached; where none does, against the latest statement of when it will be. Months ahead are
months of the plan less months of the evidence. Evidence dated to a span (a year, a half) gives a
span of months, and none where the plan's month lies within. What only a partner signed or
announced has no month in the plan, and other projects of the country are never held against it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from data.catalog import Catalog
from data.evidence_terms import MILESTONES
from data.provenance import Fact
from forecasts.engine import Result
from forecasts.units import MONTHS_PER_YEAR

TABLE = "site_evidence"

ORDER = {name: place for place, name in enumerate(MILESTONES)}
"""Place of every milestone on the way."""

COUNTED = {"ground_breaking": ("ground_breaking", "works")}
"""Milestones that other evidence proves as well: visible works prove that ground was broken."""


@dataclass(frozen=True, slots=True)
class SiteEvidence:
    """One row of the table.

    Attributes
    ----------
    project, milestone : str
        What it is about; what was reached, of `data.evidence_terms.MILESTONES`.
    own, seen : bool
        Whether it is about the factory or its partners; whether it has happened.
    period : str
        When, as the row says.
    first, last : int
        First and last month of that period, in months since year 0.
    fact : Fact
        What was seen, with source, date and grade.
    """

    project: str
    milestone: str
    own: bool
    seen: bool
    period: str
    first: int
    last: int
    fact: Fact


@dataclass(frozen=True, slots=True)
class HeldAgainst:
    """One milestone of a plan and the evidence it is held against.

    Attributes
    ----------
    milestone : str
        Of `data.evidence_terms.MILESTONES`.
    planned : int
        Month of the model in which phase 1 reaches it.
    evidence : SiteEvidence or None
        None where there is no public evidence.
    ahead : (int, int) or None
        Fewest and most months ahead of the plan, below zero behind it; None where there is no
        evidence, or its period holds the plan's month and is longer than it.
    """

    milestone: str
    planned: int
    evidence: SiteEvidence | None
    ahead: tuple[int, int] | None


def site_evidence(catalog: Catalog, factory: str) -> tuple[SiteEvidence, ...]:
    """Return the evidence filed under a factory, the latest first."""
    return _by_factory(catalog).get(factory, ())


@lru_cache(maxsize=8)
def _by_factory(catalog: Catalog) -> dict[str, tuple[SiteEvidence, ...]]:
    keys = ("factory", "project", "milestone", "scope", "status", "period")
    found: dict[str, list[SiteEvidence]] = {}
    for cells in catalog.tables[TABLE][list(keys)].itertuples(index=False):
        key = dict(zip(keys, map(str, cells), strict=True))
        first, last = months_of(key["period"])
        one = SiteEvidence(
            project=key["project"],
            milestone=key["milestone"],
            own=key["scope"] == "plan",
            seen=key["status"] == "seen",
            period=key["period"],
            first=first,
            last=last,
            fact=catalog.fact(TABLE, **key),
        )
        found.setdefault(key["factory"], []).append(one)
    return {
        name: tuple(sorted(rows, key=lambda one: (one.last, ORDER[one.milestone]), reverse=True))
        for name, rows in found.items()
    }


def months_of(period: str) -> tuple[int, int]:
    """Return the first and last month of a period, in months since year 0.

    Examples
    --------
    >>> [month - 2026 * 12 for month in months_of("2026H2")]
    [6, 11]
    >>> [month - 2026 * 12 for month in months_of("2026-06_2026-12")]
    [5, 11]
    >>> months_of("2026-06-02") == months_of("2026-06")
    True
    """
    start, _, end = period.removeprefix("FY").partition("_")
    if end:
        return _span(start)[0], _span(end)[1]
    years = re.fullmatch(r"(\d{4})-(\d{4})", start)
    return (_span(years[1])[0], _span(years[2])[1]) if years else _span(start)


def _span(text: str) -> tuple[int, int]:
    january = int(text[:4]) * MONTHS_PER_YEAR
    part = text[4:]
    if part[:1] in {"H", "Q"}:
        length = 6 if part[0] == "H" else 3
        first = january + length * (int(part[1]) - 1)
        return first, first + length - 1
    if part:
        month = january + int(part[1:3]) - 1
        return month, month
    return january, january + MONTHS_PER_YEAR - 1


def planned_months(result: Result, row: int) -> dict[str, int]:
    """Return the month of the model in which phase 1 reaches each milestone that a plan dates.

    Land is paid for with the decision; the permit takes what is left of its months then; ground is
    broken when building begins. A plan dates no agreement on the grid. Empty without phases.
    """
    if not result.phases[row]:
        return {}
    q, first = result.plan.quantities[row], result.phases[row][0]
    left = max(round(float(q["permit_months"])) - round(float(q["lead_months_done"])), 0)
    return {
        "decision": first.decision,
        "land": first.decision,
        "permit": first.decision + left,
        "ground_breaking": first.construction,
        "energised": first.energised,
        "live": first.live,
    }


def against_plan(result: Result, row: int, catalog: Catalog) -> tuple[HeldAgainst, ...]:
    """Hold the public evidence of a site against the milestones of its plan, in their order.

    Parameters
    ----------
    result : Result
        A projection.
    row : int
        Factory.
    catalog : Catalog
        Tables.
    """
    start = result.plan.start
    zero = start.year * MONTHS_PER_YEAR + start.month - 1
    own = [one for one in site_evidence(catalog, result.plan.sites[row].key) if one.own]
    found = []
    for name, planned in planned_months(result, row).items():
        one = _best(own, COUNTED.get(name, (name,)))
        found.append(
            HeldAgainst(name, planned, one, None if one is None else _ahead(zero, planned, one))
        )
    return tuple(found)


def _best(own: list[SiteEvidence], names: tuple[str, ...]) -> SiteEvidence | None:
    """Return the earliest row that says when it was reached, else the latest statement of it."""
    rows = [one for one in own if one.milestone in names]
    seen = [one for one in rows if one.seen]
    if seen:
        return min(seen, key=lambda one: (one.last, one.first))
    return max(rows, key=lambda one: (one.fact.source.date, one.last), default=None)


def _ahead(zero: int, planned: int, one: SiteEvidence) -> tuple[int, int] | None:
    low, high = zero + planned - one.last, zero + planned - one.first
    return None if low < high and low <= 0 <= high else (low, high)


def standing(held: tuple[HeldAgainst, ...]) -> HeldAgainst | None:
    """Return the milestone that says most: the furthest reached, else the furthest stated.

    None where no public evidence can be held against the plan.
    """
    known = [one for one in held if one.evidence is not None and one.ahead is not None]
    return max(
        known,
        key=lambda one: (bool(one.evidence and one.evidence.seen), ORDER[one.milestone]),
        default=None,
    )


def latest(catalog: Catalog, factory: str) -> SiteEvidence | None:
    """Return the newest thing that is known to have happened at a site; None where nothing is."""
    own = [one for one in site_evidence(catalog, factory) if one.own and one.seen]
    return own[0] if own else None
