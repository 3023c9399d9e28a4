"""Rates by year from rates by month."""

from typing import TypeVar

from forecasts.units import Array

LARGEST_MONTHLY = 1e25
"""Monthly rate above which (1 + i)^12 is too large for a float."""

_Rate = TypeVar("_Rate", float, Array)


def annual(monthly: _Rate) -> _Rate:
    """Compound a monthly rate over a year, (1 + i)^12 - 1.

    By products, not by a power: a number and a row of numbers then give the same bits on every
    processor, where their powers may differ in the last.

    Parameters
    ----------
    monthly : float or array
        Rate a month as a share, at most `LARGEST_MONTHLY`.

    Examples
    --------
    >>> round(annual(0.01), 6)
    0.126825
    """
    squared = (1 + monthly) * (1 + monthly)
    fourth = squared * squared
    return fourth * fourth * fourth - 1
