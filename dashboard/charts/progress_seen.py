"""Public evidence of a site's progress beside the milestones of its plan, in words and tables."""

import datetime as dt

import pandas as pd

from dashboard.charts.study import Study
from dashboard.theme import NOTHING, number
from data.catalog import Catalog
from data.evidence_terms import MILESTONES, SCOPES
from forecasts.report import month_name
from forecasts.site_evidence import (
    HeldAgainst,
    SiteEvidence,
    against_plan,
    latest,
    site_evidence,
    standing,
)

NONE = "No public evidence of this factory's progress"

RULE = (
    "Rule: months of phase 1 less the month of the evidence. The earliest row that says it "
    "happened counts, else the latest statement of when it will. A period of several months gives "
    "a span, and no answer where the plan's month lies within. Visible works prove that ground was "
    "broken. Rows about other projects are never held against the plan, and none moves a figure."
)
"""How evidence is held against a plan, as the page explains it."""


def ahead_words(held: HeldAgainst) -> str:
    """Say how many months evidence puts a milestone ahead of the plan or behind it.

    Examples
    --------
    >>> ahead_words(HeldAgainst("live", 3, None, None))
    'no public evidence'
    >>> ahead_words(HeldAgainst("live", 3, None, (-7, -1)))
    '1 to 7 months behind'
    """
    if held.evidence is None and held.ahead is None:
        return "no public evidence"
    if held.ahead is None:
        return "cannot be told: its period holds the plan's month"
    low, high = held.ahead
    if low == high == 0:
        return "in the plan's month"
    few, most = sorted((abs(low), abs(high)))
    side = "ahead" if high > 0 else "behind"
    many = f"{few}" if few == most else f"{few} to {most}"
    return f"{many} month{'s' if most > 1 else ''} {side}"


def verdict(study: Study, row: int, catalog: Catalog, today: dt.date) -> str:
    """Say in a sentence or two what is publicly known, and what it means for the plan.

    Parameters
    ----------
    study, row : Study, int
        Case and factory.
    catalog : Catalog
        Tables.
    today : date
        Day on which it is read: a statement whose time has passed is said to have passed.
    """
    newest = latest(catalog, study.sites[row].key)
    best = standing(against_plan(study.result, row, catalog))
    said = [] if newest is None else [f"Latest seen: {_lowered(newest)}, {when(newest)}."]
    if best is not None and best.evidence is not None:
        planned = month_name(study.result, best.planned)
        said.append(
            f"{MILESTONES[best.milestone]} ({kind(best.evidence)}, {when(best.evidence)}): "
            f"{ahead_words(best)}; the plan says {planned}."
        )
        if passed(best.evidence, today):
            said.append("That time has passed, and no public evidence says that it happened.")
    elif newest is not None:
        said.append("No milestone that the plan dates has public evidence.")
    return " ".join(said) if said else f"{NONE}."


def in_short(study: Study, catalog: Catalog) -> dict[str, str]:
    """Say in a few words what is publicly known of every factory, by its key."""
    found = {}
    for row, site in enumerate(study.sites):
        best, newest = standing(against_plan(study.result, row, catalog)), latest(catalog, site.key)
        if best is not None and best.evidence is not None:
            named = f"{MILESTONES[best.milestone]}, {kind(best.evidence)}"
            found[site.key] = f"{named}: {ahead_words(best)}"
        else:
            found[site.key] = "none" if newest is None else f"{MILESTONES[newest.milestone]} only"
    return found


def passed(one: SiteEvidence, today: dt.date) -> bool:
    """Whether a row only states something for months that are over by now."""
    return not one.seen and one.last < 12 * today.year + today.month - 1


def _lowered(one: SiteEvidence) -> str:
    text = MILESTONES[one.milestone]
    return text[:1].lower() + text[1:]


def when(one: SiteEvidence) -> str:
    """Write the period of a row as people do."""
    return one.period.replace("_", " to ")


def kind(one: SiteEvidence) -> str:
    """Say whether something was seen or somebody only stated it."""
    return "seen" if one.seen else "only stated"


def plan_table(study: Study, row: int, catalog: Catalog) -> pd.DataFrame:
    """Table of the milestones of phase 1, each with its public evidence or that there is none."""
    return pd.DataFrame(
        [
            {
                "Milestone of phase 1": MILESTONES[held.milestone],
                "Plan": month_name(study.result, held.planned),
                "Against the plan": ahead_words(held),
                "Dated": NOTHING if one is None else when(one),
                "Kind": NOTHING if one is None else kind(one).removeprefix("only "),
                "What it says": "" if one is None else what(one),
                "Source": "" if one is None else one.fact.source.cite(),
                "Address": "" if one is None else one.fact.source.url,
            }
            for held in against_plan(study.result, row, catalog)
            for one in (held.evidence,)
        ]
    )


def what(one: SiteEvidence) -> str:
    """Write what a row says, with its figure where it has one."""
    if one.fact.value is None or one.fact.text:
        return one.fact.text
    return f"{number(one.fact.value, 1)} {one.fact.unit}"


def rows_table(catalog: Catalog, factory: str) -> pd.DataFrame:
    """Table of every row filed under a factory, its own first, the latest first."""
    rows = sorted(site_evidence(catalog, factory), key=lambda one: not one.own)
    return pd.DataFrame(
        [
            {
                "Dated": when(one),
                "Project": one.project,
                "Milestone": MILESTONES[one.milestone],
                "Kind": kind(one).removeprefix("only "),
                "About": SCOPES["plan" if one.own else "other"],
                "What it says": what(one),
                "Source": one.fact.source.cite(),
                "Address": one.fact.source.url,
                "Notes": one.fact.notes,
            }
            for one in rows
        ]
    )
