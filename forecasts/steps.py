"""How dates fall into even steps: their frequency, their places, and how they go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.units import MONTHS_PER_YEAR, Whole

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

DAYS = {"Y": 365.25, "H": 182.6, "Q": 91.3, "M": 30.4, "W": 7.0, "B": 1.4, "D": 1.0, "h": 1 / 24}
"""Mean days in a step of each frequency."""

PARTS = {"Y": 1, "H": 2, "Q": 4, "M": 12}
"""Periods in a year."""

FEWEST_EVEN = 3
"""Dates from which on even gaps are no chance."""

DAYS_PER_WEEK = 7
"""Days in a week."""


def frequency_of(dates: pd.DatetimeIndex) -> str:
    """Find the frequency of dates; a finer one where two dates would fall into one step.

    Dates that lie exactly evenly (every ten days, four weeks or two months) keep their own step.

    Parameters
    ----------
    dates : DatetimeIndex
        Without a time zone, in any order.
    """
    guess = _even(dates.sort_values()) or _nearest(dates)
    if not dates.is_unique:
        return guess
    shorter = [own for own in DAYS if DAYS[own] < DAYS[guess] and own != "B"]
    finer = [guess, *sorted(shorter, key=lambda own: -DAYS[own])]
    return next(
        (own for own in finer if np.unique(steps_of(dates, own)).size == dates.size), finer[-1]
    )


def _even(ordered: pd.DatetimeIndex) -> str:
    """Return the frequency of dates that lie exactly evenly; empty for others."""
    if ordered.size < FEWEST_EVEN:
        return ""
    months = np.diff(_months(ordered))
    one_day = at_month_ends(ordered) or bool((ordered.day == ordered.day[0]).all())
    if one_day and months[0] > 0 and (months == months[0]).all():
        return next(own for own in PARTS if months[0] % (MONTHS_PER_YEAR // PARTS[own]) == 0)
    days = np.diff(ordered.to_numpy().astype("datetime64[D]")).astype(np.int64)
    if days[0] > 1 and (days == days[0]).all():
        return "D" if days[0] % DAYS_PER_WEEK else "W"
    return ""


def _nearest(dates: pd.DatetimeIndex) -> str:
    """Return the frequency whose step is nearest to the middle gap."""
    if dates.size < 2:
        return "Y"
    days = np.diff(np.sort(dates.to_numpy())) / np.timedelta64(1, "D")
    if float(np.median(days)) == 1.0 and (dates.day_of_week < 5).all() and dates.size > 7:
        return "B"
    typical = max(float(np.median(days)), 1e-6)
    return min(DAYS, key=lambda own: abs(np.log(DAYS[own] / typical)) + (own == "B"))


def _months(dates: pd.DatetimeIndex) -> Whole:
    return np.asarray(dates.year.to_numpy() * MONTHS_PER_YEAR + dates.month.to_numpy() - 1)


def at_month_ends(dates: pd.DatetimeIndex) -> bool:
    """Tell whether every date is the last of its month."""
    return bool(np.all(dates.is_month_end))


def steps_of(dates: pd.DatetimeIndex, freq: str) -> Whole:
    """Return the place of each date on the grid of a frequency, (n,)."""
    if freq in PARTS:
        return np.asarray(_months(dates) // (MONTHS_PER_YEAR // PARTS[freq]), dtype=np.int64)
    days = dates.to_numpy().astype("datetime64[D]")
    if freq == "B":
        return np.asarray(np.busday_count(days.min(), days), dtype=np.int64)
    elapsed = (dates - dates.min()) / pd.Timedelta(days=DAYS[freq])
    return np.asarray(np.rint(elapsed.to_numpy()), dtype=np.int64)


def later(date: pd.Timestamp, steps: int, freq: str, *, month_ends: bool) -> pd.Timestamp:
    """Return the date some steps after another, at the same hour of its clock.

    Parameters
    ----------
    date : Timestamp
        From where.
    steps : int
        Steps of the frequency; below zero for earlier dates.
    freq : str
        Y, H, Q, M, W, B, D or h.
    month_ends : bool
        Whether the series keeps to the last day of the month.
    """
    if freq in PARTS:
        moved = date + pd.DateOffset(months=steps * MONTHS_PER_YEAR // PARTS[freq])
        return moved + pd.offsets.MonthEnd(0) if month_ends else moved
    if freq == "B":
        return date + steps * pd.offsets.BDay()
    if freq == "h" or date.tz is None:
        return date + steps * pd.Timedelta(days=DAYS[freq])
    return date + pd.DateOffset(days=steps * round(DAYS[freq]))
