"""The words that a row of evidence may use: what was reached, whose it is, seen or only stated."""

from collections.abc import Mapping
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
