"""What `rackcast scorecard` keeps and looks up in the store."""

from collections.abc import Sequence
from pathlib import Path

from dashboard.charts.issues import text
from dashboard.files import read_catalog
from dashboard.issue_runs import Held, issue_now, kept, moves
from dashboard.store_cli import opened
from data.catalog import Catalog, bundled
from data.catalog_store import in_force
from data.issue_store import Issue
from data.problems import Problem, RefusedError
from data.store_opening import address, exists

Place = tuple[str | None, str]
"""Store as it was named, and workspace."""


def asked_to_issue(note: str, *, issue: bool) -> bool:
    """Return whether to issue, or refuse a note that nothing is issued with."""
    if note and not issue:
        fix = "add --issue, or leave the note out"
        raise RefusedError([Problem("--note", repr(note[:40]), "a note on an issue", fix)])
    return issue


def issued_now(place: Place, note: str, data: Path | None) -> tuple[Issue, bool]:
    """Issue today's forecasts of the data in force; return the issue, and whether it is new.

    Raises
    ------
    RefusedError
        If tables of a folder are named: what is issued is scored by the data in force.
    """
    if data is not None:
        fix = "accept the tables into the store, or leave --data out"
        raise RefusedError([Problem("--issue", "--data", "the data in force alone", fix)])
    with opened(place[0]) as held:
        who = held.operator(place[1])
        return issue_now(held, who, in_force(held, who), note)


def looked_up(place: Place, data: Path | None) -> tuple[Catalog, tuple[Held, ...]]:
    """Return the tables, and every kept issue held against them; none without a store."""
    if not exists(address(place[0])):
        return bundled() if data is None else read_catalog(data), ()
    with opened(place[0]) as held:
        who = held.operator(place[1])
        catalog = in_force(held, who) if data is None else read_catalog(data)
        return catalog, kept(held, who, catalog)


def kept_text(found: Sequence[Held], made: tuple[Issue, bool] | None) -> str:
    """Return kept issues for the terminal, after what was kept just now."""
    lines = []
    if made is not None:
        issue, new = made
        lines.append(
            f"issue {issue.number} is kept ({issue.hash[:12]})"
            if new
            else f"nothing new: the same was issued as {issue.number} on {str(issue.at)[:10]} by "
            f"{issue.who} ({issue.hash[:12]})"
        )
    return "\n".join([*lines, text(found, moves([one.issue for one in found]))])
