"""Series as they were observed, on a regular grid of months."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from data.provenance import Confidence, Fact
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

STEP_MONTHS = {"Q": 3, "M": 1, "A": 12}
"""Months in a step of each frequency."""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """One series as it was observed, made regular.

    Attributes
    ----------
    key, title, unit : str
        Its name in the code, on screen, and its unit.
    drives : str
        What it moves in the model, in a sentence.
    freq : str
        Q, M or A: the step of the regular series.
    ends : (n,) array of int
        Last month of each step, counted as 12 x year + month - 1.
    values : (n,) array
        Regular values; gaps are filled along a straight line of logarithms.
    observations : int
        How many values were observed.
    facts : tuple of Fact
        The rows behind it, in order.
    """

    key: str
    title: str
    unit: str
    drives: str
    freq: str
    ends: Whole
    values: Array
    observations: int
    facts: tuple[Fact, ...]

    @property
    def season(self) -> int:
        """Steps in a year."""
        return MONTHS_PER_YEAR // STEP_MONTHS[self.freq]

    @property
    def filled(self) -> int:
        """Steps that were not observed but filled."""
        return max(0, self.values.size - self.observations)


def month_of(period: str) -> int:
    """Return the last month of a period as 12 x year + month - 1.

    Examples
    --------
    >>> month_of("2024") == month_of("2024H2") == month_of("2024Q4") == month_of("2024-12")
    True
    """
    year, rest = int(period[:4]), period[4:]
    if not rest:
        month = 12
    elif rest[0] == "H":
        month = 6 * int(rest[1])
    elif rest[0] == "Q":
        month = 3 * int(rest[1])
    else:
        month = int(rest[1:3])
    return 12 * year + month - 1


def period_name(end: int, freq: str) -> str:
    """Name the period that ends in a month.

    Examples
    --------
    >>> period_name(month_of("2024Q3"), "Q"), period_name(month_of("2024-09"), "M")
    ('2024Q3', '2024-09')
    """
    year, month = divmod(end, 12)
    if freq == "Q":
        return f"{year}Q{month // 3 + 1}"
    return f"{year}-{month + 1:02d}" if freq == "M" or month != 11 else str(year)


def seen(facts: tuple[Fact, ...]) -> list[Fact]:
    """Drop what was not seen in a source: it stays out of the base case."""
    return [
        fact
        for fact in facts
        if fact.source.confidence is not Confidence.UNVERIFIED and fact.value is not None
    ]


def period_in(fact: Fact, place: int) -> str:
    """Return one part of the key of a row."""
    return fact.place.partition("[")[2].rstrip("]").split(", ")[place]


def regular(ends: list[int], values: list[float], step: int) -> tuple[Whole, Array]:
    """Put observations on a regular grid that ends with the last one.

    Values between observations lie on a straight line of logarithms (of values, where one is not
    positive); nothing is extrapolated.

    Parameters
    ----------
    ends : list of int
        Month of each observation, ascending.
    values : list of float
        The observations.
    step : int
        Months between grid points.
    """
    grid = np.arange(ends[-1], ends[0] - 1, -step)[::-1]
    known = np.array(values, dtype=np.float64)
    if (known > 0).all():
        return grid, np.exp(np.interp(grid, ends, np.log(known)))
    return grid, np.interp(grid, ends, known)


def history_of_points(
    key: str,
    title: str,
    drives: str,
    freq: str,
    dated: Sequence[tuple[int, float, tuple[Fact, ...]]],
) -> History | None:
    """Return a series out of (last month, value, rows behind it); None where there is none."""
    if not dated:
        return None
    dated = sorted(dated, key=lambda item: item[0])
    ends, values = regular([d[0] for d in dated], [d[1] for d in dated], STEP_MONTHS[freq])
    facts = tuple(fact for _, _, own in dated for fact in own)
    return History(key, title, facts[0].unit, drives, freq, ends, values, len(dated), facts)
