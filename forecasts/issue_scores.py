"""Issued forecasts against what came: scored as soon as the tables hold the period."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from data.provenance import Fact
from data.schemas import DATASETS
from forecasts.issued import Said, period_text
from forecasts.outlook import History
from forecasts.series_grid import month_of
from forecasts.units import Array

PERIODS = ("period", "fiscal_period")
"""Columns of a table that may hold the period of a row."""


@dataclass(frozen=True, slots=True)
class Score:
    """One issued figure and what came.

    Attributes
    ----------
    key, title, unit : str
        The series.
    month : int
        Last month of the period: 12 x year + month - 1.
    period : str
        Its name.
    said, still, came : float
        Forecast, the last value known then (what naive says), and what the tables hold by now.
    low_80, high_80, low_95, high_95 : float
        Intervals.
    """

    key: str
    title: str
    unit: str
    month: int
    period: str
    said: float
    still: float
    came: float
    low_80: float
    high_80: float
    low_95: float
    high_95: float

    @property
    def error(self) -> float:
        """Forecast less what came, in the unit of the series."""
        return self.said - self.came

    @property
    def relative(self) -> float | None:
        """Forecast over what came, less 1; None where nothing came."""
        return self.said / self.came - 1 if self.came else None

    @property
    def against_naive(self) -> float | None:
        """Size of the error over that of naive; below 1 is better. None where naive was exact."""
        naive = abs(self.still - self.came)
        return abs(self.error) / naive if naive else None

    @property
    def inside_80(self) -> bool:
        """Whether what came lies in the 80 % interval."""
        return self.low_80 <= self.came <= self.high_80

    @property
    def inside_95(self) -> bool:
        """Whether what came lies in the 95 % interval."""
        return self.low_95 <= self.came <= self.high_95


@dataclass(frozen=True, slots=True)
class Scored:
    """One issued series with everything that can be scored by now.

    Attributes
    ----------
    said : Said
        What was issued.
    scores : tuple of Score
        Oldest period first.
    waits_for : str
        The first period from which on more can be scored; empty where none is left.
    reason : str
        Why nothing can be scored, in a sentence; empty where something can or will be.
    """

    said: Said
    scores: tuple[Score, ...]
    waits_for: str
    reason: str = ""


def scored_issue(said: Sequence[Said], histories: Mapping[str, History]) -> tuple[Scored, ...]:
    """Hold every issued series against the series as they are known now.

    Parameters
    ----------
    said : sequence of Said
        From `forecasts.issued.said_in`.
    histories : mapping of str to History
        By key; from the tables in force.
    """
    return tuple(_scored(one, histories.get(one.key)) for one in said)


def _scored(said: Said, history: History | None) -> Scored:
    if history is None:
        return Scored(said, (), "", "The tables hold this series no longer.")
    if history.unit != said.unit:
        found = f"The series is in {history.unit} by now, the forecast in {said.unit}."
        return Scored(said, (), "", found)
    came = observed(history)
    scores = [
        _score(said, month, came[month])
        for month in sorted(came)
        if said.known < month <= said.ends[-1]
    ]
    newest = scores[-1].month if scores else said.known
    left = [int(end) for end in said.ends if end > newest]
    waits = period_text(left[0], said.freq) if left else ""
    return Scored(said, tuple(scores), waits)


def _score(said: Said, month: int, came: float) -> Score:
    """Score a month; between steps the forecast is as wide as at the step to come."""
    place = int(np.searchsorted(said.ends, month))
    mean = float(said.mean[place])
    value = mean if said.ends[place] == month else _between(said, month)
    limits = [
        _moved(float(side[level][place]), mean, value)
        for level in (80, 95)
        for side in (said.lower, said.upper)
    ]
    period = period_text(month, said.freq)
    return Score(said.key, said.title, said.unit, month, period, value, said.last, came, *limits)


def _between(said: Said, month: int) -> float:
    ends: Array = np.append(float(said.known), said.ends)
    values = np.append(said.last, said.mean)
    if (values > 0).all():
        return float(np.exp(np.interp(month, ends, np.log(values))))
    return float(np.interp(month, ends, values))


def _moved(limit: float, mean: float, value: float) -> float:
    """Carry an end of an interval over from the mean of its step to a value beside it."""
    if value == mean:
        return limit
    return value * limit / mean if mean > 0 and value > 0 else value + limit - mean


def observed(history: History) -> dict[int, float]:
    """Return the values that were observed, by month: filled points are no evidence.

    Yearly series may be counted at odd months, which their grid does not keep: those come from the
    rows themselves.
    """
    months = [month_of(_period(fact)) for fact in history.facts]
    if history.freq == "A":
        pairs = zip(months, history.facts, strict=True)
        return {month: fact.value for month, fact in pairs if fact.value is not None}
    known = set(months)
    grid = zip(history.ends.tolist(), history.values.tolist(), strict=True)
    return {int(month): value for month, value in grid if month in known}


def _period(fact: Fact) -> str:
    """Return the period of a row; counted from the end of its key, where names come first."""
    table, _, inside = fact.place.partition("[")
    key = DATASETS[table].key
    place = next(at for at, name in enumerate(key) if name in PERIODS)
    return inside.rstrip("]").split(", ")[place - len(key)]


def coverage(scores: Sequence[Score], level: int = 80) -> tuple[int, int]:
    """Return how many of how many values that came lie inside the interval of a level."""
    inside = [one.inside_80 if level == 80 else one.inside_95 for one in scores]
    return sum(inside), len(inside)
