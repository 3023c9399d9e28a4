"""Flows and their dates as numbers, whatever kind of list they come in; or which entry is wrong."""

import datetime as dt
from collections.abc import Sequence

import numpy as np

from forecasts.units import Array

Day = dt.date | np.datetime64 | str
"""A day: a date, with a time of day or without, of Python, numpy or pandas; or ISO text."""


def as_flows(flows: Sequence[float] | Array) -> Array:
    """Flows as finite floats.

    Raises
    ------
    ValueError
        If there is more than one row of them, or one is no finite number.

    Examples
    --------
    >>> as_flows((-100, 110))
    array([-100.,  110.])
    """
    try:
        cash = np.asarray(flows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as wrong:
        raise ValueError(f"flows are no list of numbers ({wrong}); give finite numbers") from wrong
    if cash.ndim != 1:
        raise ValueError(f"flows have shape {cash.shape}; give one row of flows")
    if not np.isfinite(cash).all():
        raise ValueError(f"flows hold {cash[~np.isfinite(cash)][0]}; every flow must be finite")
    return cash


def as_days(count: int, dates: Sequence[Day]) -> Array:
    """Day of each of `count` flows as a number, 1 for the first of January of year 1.

    Raises
    ------
    ValueError
        If dates are missing, too many, or no dates.

    Examples
    --------
    >>> as_days(2, [dt.date(2028, 2, 28), "2028-03-01"])
    array([740405., 740407.])
    """
    if len(dates) != count:
        raise ValueError(f"{len(dates)} dates for {count} flows; give one date a flow")
    return np.array([_ordinal(day) for day in dates], dtype=np.float64)


def _ordinal(day: object) -> int:
    """Day number of one date."""
    try:
        if isinstance(day, np.datetime64):
            day = day.astype("datetime64[D]").item()
        if isinstance(day, str):
            day = dt.date.fromisoformat(day)
        if isinstance(day, dt.date):
            return day.toordinal()
    except ValueError:
        pass
    raise ValueError(f"dates hold {day!r}; give dates, or text such as 2028-02-29")
