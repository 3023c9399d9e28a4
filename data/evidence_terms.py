"""The words that a row of evidence may use: what was reached, whose it is, seen or only stated."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches

MILESTONES: Mapping[str, str] = {
    "announcement": "Announced",
    "agreement": "Agreement or memorandum signed",
    "decision": "Investment decided",
    "land": "Land secured",
    "permit": "Permit granted",
    "grid_agreement": "Grid connection agreed",
    "ground_breaking": "Ground broken",
    "works": "Works visible on site or from satellite",
    "energised": "Hall energised",
    "live": "In service",
    "stopped": "Stopped or stalled",
}
"""What evidence may be of, in the order in which a project gets there, as the screen names it."""

SCOPES: Mapping[str, str] = {
    "plan": "This factory or its partners",
    "other": "Another project in the country",
}
"""Whose progress a row is about."""

STATUSES: Mapping[str, str] = {"seen": "happened", "stated": "stated for later"}
"""Whether it has happened, or somebody says when it will."""

CHOICES: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "site_evidence": {"milestone": MILESTONES, "scope": SCOPES, "status": STATUSES}
}
"""Closed lists of words by dataset and column."""


def wrong_choice(dataset: str, column: str, cell: str) -> tuple[str, str] | None:
    """Return what is expected instead of a cell, and what mends it; None where it is fine.

    Examples
    --------
    >>> wrong_choice("site_evidence", "status", "sen")
    ('seen or stated', 'write seen if that is meant')
    >>> wrong_choice("site_evidence", "period", "2026") is None
    True
    """
    allowed = CHOICES.get(dataset, {}).get(column)
    if allowed is None or cell in allowed:
        return None
    near = get_close_matches(cell.lower().replace(" ", "_"), allowed, n=1, cutoff=0.5)
    return " or ".join(allowed), f"write {near[0]} if that is meant" if near else "choose one"


ADDRESS = re.compile(r"https?://[^\s/]", re.IGNORECASE)
"""How an address begins that a browser may open."""


def row_faults(cells: Mapping[str, str]) -> Iterator[tuple[str, str, str, str]]:
    """Yield what a row of evidence cannot say: column, what stands there, expected, fix.

    Examples
    --------
    >>> row = {"factory": "oman", "project": "Ours", "status": "seen", "url": "", "date": ""}
    >>> [fault[0] for fault in row_faults({**row, "period": "2027-02-30"})]
    ['period']
    >>> list(row_faults({**row, "period": "2027-02"}))
    []
    """
    for name in ("factory", "project"):
        if not cells[name]:
            yield name, "", f"a {name}", "fill the cell"
    url, date, period = cells["url"], cells["date"], cells["period"]
    if url and not ADDRESS.match(url):
        yield "url", url[:60], "an address that begins with https:// or http://", "correct it"
    if date and not _is_day(date):
        yield "date", date[:60], "a day, month or year as 2027-03-09", "correct it"
    first, last = _ends(period)
    if not (_is_day(first) and _is_day(last)):
        yield "period", period[:60], "a time that the calendar has", "correct it"
    elif last < first[: len(last)]:
        yield "period", period, "a beginning before its end", "write the earlier one first"
    elif cells["status"] == "seen" and _is_day(date) and date < first[: len(date)]:
        expected = f"what has happened no later than {date}, when it was published"
        yield "period", period, expected, "correct one of the dates, or write stated"


def _ends(period: str) -> tuple[str, str]:
    """Return how a period begins and ends, each as a year, month or day."""
    start, _, end = period.removeprefix("FY").partition("_")
    if re.fullmatch(r"\d{4}-\d{4}", start):
        start, end = start[:4], end or start[5:]
    if start[4:5] in {"H", "Q"}:
        length = 6 if start[4] == "H" else 3
        start = f"{start[:4]}-{1 + length * (int(start[5]) - 1):02d}"
    return start, end or start


def _is_day(text: str) -> bool:
    """Whether the calendar has a year, month or day."""
    if not re.fullmatch(r"[0-9]{4}(-[0-9]{2}){0,2}", text):
        return False
    try:
        dt.date.fromisoformat(text + "-01-01"[len(text) - 4 :])
    except ValueError:
        return False
    return True
