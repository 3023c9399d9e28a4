"""Internal rates of return of many rows of flows at once, for simulated paths.

Newton's method finds a rate, and the signs of running sums prove that there is no other. Where
they do not, the signs of the present value at a few dozen rates may prove two roots, or running
sums that there is none. All other rows, a few in a hundred, are looked at more closely
(`rate_signs`) or go through `metrics.irr`. A row gives the same bits alone and among others.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from forecasts.compiled import bare, compiled, summing
from forecasts.exponential import powers, powers_back
from forecasts.metrics import (
    FLATTEST,
    LOWEST_RATE,
    MARGIN,
    NEWTON_STEPS,
    SMALLEST_SHARE,
    Status,
)
from forecasts.presentvalue import LARGEST_LOG
from forecasts.rate_signs import rate_and_status
from forecasts.rootproof import surely_none, surely_only
from forecasts.units import Array

Codes = npt.NDArray[np.int8]
"""Statuses, each by its place in `STATUSES`."""

STATUSES = (Status.OK, Status.MULTIPLE, Status.NONE, Status.SAME_SIGN, Status.EMPTY)
"""What the codes of `irr_rows` stand for."""

OK, MULTIPLE, NONE, SAME_SIGN, EMPTY = range(len(STATUSES))

UNSETTLED = -1
"""Code of a row that is left to the scalar function."""

LIKELY = -3
"""Code of a row whose rate no proof settles, where signs at `CURVES` and both ends change once."""

NOT_FINITE = -2
"""Code of a row that holds a flow that is not finite."""

CURVES = 0.004 * np.sinh(np.linspace(-7.0, 7.0, 64))
"""ln(1 + rate) at which signs are looked at: 0.1 % apart near zero, up to 800 % a period."""

ROUNDING = 1e-12
"""Share of the discounted flows within which a sum of them may be rounding."""


@dataclass(frozen=True, slots=True, eq=False)
class IrrRows:
    """Rates of many rows.

    Attributes
    ----------
    rate : (...) array
        Rate per period; NaN where the status is not ok.
    status : (...) array
        Place in `STATUSES`.
    """

    rate: Array
    status: Codes


def irr_rows(flows: Array) -> IrrRows:
    """Rate per period of each row, with the statuses of `metrics.irr`.

    Parameters
    ----------
    flows : (..., period) array
        Cash in positive, cash out negative.

    Returns
    -------
    IrrRows
        Arrays of the shape of `flows` without its last axis.

    Raises
    ------
    ValueError
        If a flow is not finite.

    Examples
    --------
    >>> irr_rows(np.array([[-100.0, 110.0], [100.0, 50.0]])).rate.round(6)
    array([0.1, nan])
    """
    rows = np.ascontiguousarray(flows, dtype=np.float64)
    shape, rows = rows.shape[:-1], rows.reshape(prod(rows.shape[:-1]), rows.shape[-1])
    rate, status = np.empty(len(rows)), np.empty(len(rows), dtype=np.int8)
    settle(rows, curves(rows.shape[1]), rate, status)
    if (status == NOT_FINITE).any():
        raise ValueError("a row holds a flow that is not finite; every flow must be finite")
    for row in np.flatnonzero(status == UNSETTLED):
        rate[row], found = rate_and_status(rows[row])
        status[row] = STATUSES.index(found)
    return IrrRows(rate.reshape(shape), status.reshape(shape))


@lru_cache(maxsize=8)
def curves(months: int) -> Array:
    """(month, rate) discount factors of `CURVES`, the largest of each rate being 1."""
    powers = -np.multiply.outer(np.arange(months, dtype=np.float64), CURVES)
    if months:
        powers -= np.maximum(powers[-1], 0.0)
    found: Array = np.exp(powers, out=powers)
    return found


@compiled
def settle(rows: Array, discounts: Array, rate: Array, status: Codes) -> None:
    """Fill in rates and codes; rows of code `UNSETTLED` need the scalar function.

    Parameters
    ----------
    rows : (row, period) array
        Flows.
    discounts : (period, rate) array
        As `curves` returns it.
    rate, status : (row,) arrays
        Filled.
    """
    work, proof = np.empty((2, rows.shape[1])), np.empty((2, rows.shape[1]))
    for row in range(rows.shape[0]):
        rate[row], code = rate_of(rows[row], discounts, work, proof)
        status[row] = UNSETTLED if code == LIKELY else code


@bare
def rate_of(flows: Array, discounts: Array, work: Array, proof: Array) -> tuple[float, int]:
    """Return rate and code of one row.

    Parameters
    ----------
    flows : (period,) array
        Cash in positive, cash out negative.
    discounts : (period, rate) array
        As `curves` returns it.
    work, proof : (2 or more, period) arrays
        Room to work in.
    """
    scaled, weights = work[0], work[1]
    came, went, size = _both(flows)
    if not np.isfinite(size):
        size = _largest(flows)
        if not np.isfinite(size):
            return np.nan, NOT_FINITE
    if size == 0:
        return np.nan, EMPTY
    if came == 0 or went == 0:
        return np.nan, SAME_SIGN
    for place in range(flows.size):
        scaled[place] = flows[place] / size
    growth, found = _newton(scaled, weights)
    if found:
        _multiply(weights, scaled)
        if surely_only(scaled, weights, MARGIN, proof):
            return max(np.expm1(growth), LOWEST_RATE), OK
    return _likely(growth, found, _roots(scaled, discounts))


@bare
def _likely(growth: float, found: bool, code: int) -> tuple[float, int]:
    """Keep the rate of flows whose value changes sign once, where Newton's method found one."""
    if code != LIKELY:
        return np.nan, code
    return (max(np.expm1(growth), LOWEST_RATE), LIKELY) if found else (np.nan, UNSETTLED)


@bare
def _multiply(weights: Array, flows: Array) -> None:
    for place in range(flows.size):
        weights[place] *= flows[place]


@summing
def _both(flows: Array) -> tuple[float, float, float]:
    """What comes in, what goes out, and the sum of all sizes."""
    came = went = size = 0.0
    for month in range(flows.size):
        came += max(flows[month], 0.0)
        went -= min(flows[month], 0.0)
        size += abs(flows[month])
    return came, went, size


@bare
def _largest(flows: Array) -> float:
    """Size of the largest flow; infinite when one is not finite."""
    largest = 0.0
    for flow in flows:
        if not np.isfinite(flow):
            return np.inf
        largest = max(largest, abs(flow))
    return largest


@bare
def _newton(scaled: Array, weights: Array) -> tuple[float, bool]:
    """Log growth at which what comes in is worth what goes out, if Newton's method finds one.

    It runs on ln(PV in / PV out), which is nearly straight, and stays between two rates at which
    that has different signs once it has met them; `weights` is left with the discount
    factors of the last step.
    """
    span, growth = scaled.size - 1.0, 0.0
    gains, loses = np.nan, np.nan
    for place in range(weights.size):
        weights[place] = 1.0
    for step in range(NEWTON_STEPS):
        if step > 0:
            discount(growth, weights)
        came, went, came_late, went_late = _sides(scaled, weights)
        if came < SMALLEST_SHARE or went < SMALLEST_SHARE:
            return 0.0, False
        slope, over = went_late / went - came_late / came, np.log(came / went)
        if abs(slope) < FLATTEST:
            return 0.0, False
        gains, loses = (growth, loses) if over > 0 else (gains, growth)
        move = _within(growth, over / slope, gains, loses)
        growth -= move
        if abs(move) * span < MARGIN:
            return growth, growth < LARGEST_LOG
        if abs(growth) > LARGEST_LOG:
            return 0.0, False
    return 0.0, False


@bare
def _within(growth: float, move: float, gains: float, loses: float) -> float:
    """Step from a rate; half way between two with a root between them where it would leave them."""
    if (growth - move - gains) * (growth - move - loses) > 0:
        return growth - (gains + loses) / 2
    return move


@summing
def _sides(scaled: Array, weights: Array) -> tuple[float, float, float, float]:
    """What comes in and what goes out, discounted, and both times their months."""
    came = went = came_late = went_late = 0.0
    for month in range(scaled.size):
        worth = scaled[month] * weights[month]
        into, out = max(worth, 0.0), min(worth, 0.0)
        came += into
        went -= out
        came_late += into * month
        went_late -= out * month
    return came, went, came_late, went_late


@bare
def discount(growth: float, weights: Array) -> None:
    """Fill in exp(-growth x period), up to a factor that makes the largest 1.

    Products of powers: their rounding shifts the rate by no more than the rate's own rounding.
    """
    if growth >= 0:
        powers(1.0, np.exp(-growth), weights)
    else:
        powers_back(1.0, np.exp(growth), weights)


@compiled
def _roots(scaled: Array, discounts: Array) -> int:
    """Code of flows of which no single rate was proven.

    A change of sign between two rates proves a root between them; rates of -100 % and of
    infinity, where the last and the first flow decide, count too. Signs that rounding leaves open
    take that of the rate before them, so none is invented.
    """
    count, places = discounts.shape
    values, sizes, spans = np.zeros(places), np.zeros(places), np.zeros(places)
    first = last = 0.0
    for month in range(count):
        flow = scaled[month]
        for place in range(places):
            values[place] += flow * discounts[month, place]
            sizes[place] += abs(flow) * discounts[month, place]
            spans[place] += discounts[month, place]
        if flow != 0:
            first, last = flow if first == 0 else first, flow
    changes, before = 0, last > 0
    nearest = 0
    for place in range(places):
        if abs(values[place]) > np.finfo(np.float64).eps * (count + 8) * spans[place]:
            changes += (values[place] > 0) != before
            before = values[place] > 0
        share, least = abs(values[place]) * sizes[nearest], abs(values[nearest]) * sizes[place]
        nearest = place if share < least else nearest
    changes += (first > 0) != before
    if changes > 1:
        return MULTIPLE
    if changes == 0 and surely_none(scaled * discounts[:, nearest], ROUNDING):
        return NONE
    return LIKELY if changes == 1 else UNSETTLED
