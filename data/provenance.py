"""Where a number came from, how far it can be trusted, and how to cite it."""

from dataclasses import dataclass
from enum import StrEnum


class Confidence(StrEnum):
    """How a value came to be known, best first."""

    REPORTED = "reported"
    ESTIMATE = "estimate"
    DERIVED = "derived"
    ASSUMPTION = "assumption"
    UNVERIFIED = "unverified"


MEANING: dict[Confidence, str] = {
    Confidence.REPORTED: "Stated by the responsible body or a named publisher about a fact.",
    Confidence.ESTIMATE: "An analyst's or the press's estimate or forecast.",
    Confidence.DERIVED: "Computed here from other rows; the notes give the arithmetic.",
    Confidence.ASSUMPTION: "Ours: no published figure exists; the notes give the reasoning.",
    Confidence.UNVERIFIED: "Not seen in a source; kept out of the base case.",
}
"""What each grade means, as the app explains it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Who said it, where, when, and how sure that is."""

    publisher: str
    url: str
    date: str
    confidence: Confidence

    def cite(self) -> str:
        """Return the citation as one line.

        Examples
        --------
        >>> Source("JLL, Malaysia outlook", "https://x", "2026-03", Confidence.ESTIMATE).cite()
        'JLL, Malaysia outlook, 2026-03 (estimate)'
        """
        when = f", {self.date}" if self.date else ""
        return f"{self.publisher}{when} ({self.confidence})"


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of a table: a value with its unit, its range and its source.

    Attributes
    ----------
    value : float or None
        The number, in `unit`; None when the fact is a text.
    text : str
        The text, empty when the fact is a number.
    low, high : float or None
        The published range round the value, where there is one.
    unit : str
        A unit of `data.schemas.UNITS`.
    source : Source
        Where it came from.
    notes : str
        Definition, conflict, or reasoning.
    place : str
        The row: `table[key, key]`.
    """

    value: float | None
    text: str
    low: float | None
    high: float | None
    unit: str
    source: Source
    notes: str
    place: str
