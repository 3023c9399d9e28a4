"""Whether flows surely have several rates of return, by signs of their present value.

Flows that begin with a grant, cost money and earn it back may have two rates, both far above any
cost of capital. Whoever wants no more than the answer "several" need not know them: two changes of
sign prove two roots, in a hundredth of the time that finding every root takes. The answers are
those of `metrics.irr`.
"""

from functools import lru_cache
from math import nan

import numpy as np

from forecasts.metrics import Status, irr
from forecasts.units import Array

SIDE = np.concatenate([0.004 * np.sinh(np.linspace(0.0, 9.0, 44)), [60.0, 700.0]])
"""Size of the ln(1 + rate) at which signs are looked at first, above and below zero."""

PLACES = np.concatenate([-SIDE[:0:-1], SIDE])
"""The same with their signs, rising."""

SURE = 1e-9
"""Share of the discounted flows above which their sum has a sign beyond doubt: far above its own
rounding, and above that of the flows, for which `metrics.irr` may take two near roots as one."""

CLOSER = 33
"""Places between two neighbours at a closer look."""

LOOKS = 4
"""Closer looks at where the value comes nearest to zero, each 16 times as close as the last."""


def rate_and_status(flows: Array) -> tuple[float, Status]:
    """Return the rate per period and the status that `metrics.irr` finds, but not every root.

    Parameters
    ----------
    flows : (period,) array
        Cash in positive, cash out negative; finite.

    Returns
    -------
    (float, Status)
        NaN unless the status is ok.

    Examples
    --------
    >>> rate_and_status(np.array([-100.0, 230.0, -132.0]))
    (nan, <Status.MULTIPLE: 'multiple'>)
    """
    if surely_several(flows):
        return nan, Status.MULTIPLE
    one = irr(flows)
    return (nan if one.rate is None else one.rate), one.status


def surely_several(flows: Array) -> bool:
    """Whether the present value surely is zero at two rates or more; False proves nothing.

    Parameters
    ----------
    flows : (period,) array
        Cash in positive, cash out negative; finite.
    """
    used = np.flatnonzero(flows)
    if used.size < 3:
        return False
    cash = flows[used[0] : used[-1] + 1] / np.abs(flows).max()
    with np.errstate(under="ignore"):
        weights = _weights(flows.size)[: cash.size]
        early, late = _shares(cash, weights), _shares(cash[::-1], weights)
        places, shares = PLACES, np.concatenate([late[:0:-1], early])
        changes = _changes(shares)
        for _ in range(LOOKS):
            if changes != 0:
                break
            nearest = int(np.abs(shares).argmin())
            ends = places[[max(nearest - 1, 0), min(nearest + 1, places.size - 1)]]
            places = np.linspace(ends[0], ends[1], CLOSER)
            shares = _shares(cash, _discounts(places, cash.size))
            changes = _changes(shares)
    return changes > 1


@lru_cache(maxsize=8)
def _weights(periods: int) -> Array:
    """(period, place) discount factors at `SIDE`."""
    with np.errstate(under="ignore"):
        found: Array = np.exp(-np.multiply.outer(np.arange(float(periods)), SIDE))
    return found


def _discounts(places: Array, periods: int) -> Array:
    """(period, place) discount factors, the largest of each place being 1."""
    powers = -np.multiply.outer(np.arange(float(periods)), places)
    found: Array = np.exp(powers - np.maximum(powers[-1], 0.0))
    return found


def _shares(cash: Array, weights: Array) -> Array:
    """Present value over the sum of the sizes of all discounted flows, (place,)."""
    size = np.abs(cash) @ weights
    found: Array = (cash @ weights) / np.maximum(size, np.finfo(float).tiny)
    return found


def _changes(shares: Array) -> int:
    """Changes of sign between places whose sign is beyond doubt."""
    sure = shares[np.abs(shares) > SURE] > 0
    return int(np.count_nonzero(sure[1:] != sure[:-1]))
