"""Internal rates of return of many rows of flows at once, for simulated paths.

One matrix product with a few dozen discount curves gives the sign of every row's present value at
as many rates. Two changes of sign prove two roots. One gives a start for Halley's method, and the
balance at the rate found proves that there is no other. All other rows go through `metrics.irr`.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import prod

import numpy as np
import numpy.typing as npt

from forecasts.metrics import LOWEST_RATE, Status, irr
from forecasts.rootproof import surely_none, surely_only
from forecasts.units import Array, Flags, Whole

Codes = npt.NDArray[np.int8]
"""Statuses, each by its place in `STATUSES`."""

STATUSES = (Status.OK, Status.MULTIPLE, Status.NONE, Status.SAME_SIGN, Status.EMPTY)
"""What the codes of `irr_rows` stand for."""

UNSETTLED = -1
"""Code of a row that is left to the scalar function."""

CURVES = 0.004 * np.sinh(np.linspace(-7.0, 7.0, 64))
"""ln(1 + rate) at which signs are looked at: 0.1 % apart near zero, up to 800 % a period."""

CHUNK_ROWS = 512
"""Rows done at once, so that they stay in the processor's cache."""

HALLEY_STEPS = 6
"""Most steps; two or three are enough for nearly all rows."""

CLOSE = 1e-5
"""Last move, times the span of the flows, after which the error, its cube, is below rounding."""

BALANCE_MARGIN = 1e-4
"""Share of the discounted flows by which a balance must differ from zero to count as one."""

ROUNDING = 1e-12
"""Share of the discounted flows within which a sum of them may be rounding."""

TINY = 1e-300
"""Added to a divisor that may be zero."""

FLATTEST = 1e-2
"""Least slope, in periods, of the present value over the discounted flows for a sharp root."""


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
    rows = np.asarray(flows, dtype=np.float64)
    shape, rows = rows.shape[:-1], rows.reshape(prod(rows.shape[:-1]), rows.shape[-1])
    rate, status = np.full(len(rows), np.nan), np.full(len(rows), UNSETTLED, dtype=np.int8)
    months = np.arange(rows.shape[1], dtype=np.float64)
    curves = _curves(months.size)
    for start in range(0, len(rows), CHUNK_ROWS):
        part = slice(start, start + CHUNK_ROWS)
        rate[part], status[part] = _chunk(rows[part], months, curves)
    for row in np.flatnonzero(status == UNSETTLED):
        one = irr(rows[row])
        rate[row] = np.nan if one.rate is None else one.rate
        status[row] = STATUSES.index(one.status)
    return IrrRows(rate.reshape(shape), status.reshape(shape))


@lru_cache(maxsize=8)
def _curves(months: int) -> Array:
    """(month, rate) discount factors of `CURVES`."""
    if not months:
        return np.empty((0, CURVES.size))
    return _discounts(CURVES, np.arange(months, dtype=np.float64)).T


def _discounts(log_rates: Array, months: Array) -> Array:
    """(rate, month) discount factors, scaled so that the largest of each rate is 1."""
    powers = -np.multiply.outer(log_rates, months)
    powers -= np.maximum(powers[:, -1:], 0.0)
    return np.exp(powers, out=powers)


def _chunk(rows: Array, months: Array, curves: Array) -> tuple[Array, Codes]:
    """Rates and codes of some rows; those that stay unsettled need the scalar function."""
    rate, status = np.full(len(rows), np.nan), np.full(len(rows), UNSETTLED, dtype=np.int8)
    lowest, highest = rows.min(axis=1, initial=0.0), rows.max(axis=1, initial=0.0)
    if not (np.isfinite(lowest).all() and np.isfinite(highest).all()):
        raise ValueError("a row holds a flow that is not finite; every flow must be finite")
    status[(lowest == 0) | (highest == 0)] = STATUSES.index(Status.SAME_SIGN)
    status[(lowest == 0) & (highest == 0)] = STATUSES.index(Status.EMPTY)
    mixed = np.flatnonzero(status == UNSETTLED)
    if mixed.size == 0:
        return rate, status
    scaled = rows[mixed] / np.maximum(highest, -lowest)[mixed, None]
    values = scaled @ curves
    changes = _changes(scaled, values, curves)
    count = changes.sum(axis=1)
    status[mixed[count > 1]] = STATUSES.index(Status.MULTIPLE)
    none = np.flatnonzero(count == 0)
    status[mixed[none[_rootless(scaled[none], values[none], months, curves)]]] = STATUSES.index(
        Status.NONE
    )
    inside = (count == 1) & ~changes[:, 0] & ~changes[:, -1]
    some = np.flatnonzero(inside)
    if some.size:
        start = _starts(values[some], changes[some].argmax(axis=1))
        growth, sure = _halley(scaled[some], months, start)
        found = mixed[some[sure]]
        rate[found] = np.maximum(np.expm1(growth[sure]), LOWEST_RATE)
        status[found] = STATUSES.index(Status.OK)
    return rate, status


def _changes(scaled: Array, values: Array, curves: Array) -> Flags:
    """(row, gap) where the sign surely changes between neighbours; the outer gaps are endless.

    Signs that rounding leaves open take that of the curve before them, so none is invented. At
    the ends, rates of -100 % and of infinity, the last and the first flow decide.
    """
    rows = np.arange(len(scaled))
    used = scaled != 0
    first, last = used.argmax(axis=1), scaled.shape[1] - 1 - used[:, ::-1].argmax(axis=1)
    rounding = np.finfo(np.float64).eps * (scaled.shape[1] + 8) * curves.sum(axis=0)
    positive = np.empty((len(scaled), CURVES.size + 2), dtype=np.bool_)
    positive[:, 0], positive[:, -1] = scaled[rows, last] > 0, scaled[rows, first] > 0
    positive[:, 1:-1] = values > 0
    known = np.abs(values) > rounding
    if not known.all():
        place = np.zeros(positive.shape, dtype=np.int64)
        place[:, 1:-1] = np.where(known, np.arange(1, CURVES.size + 1), 0)
        place[:, -1] = CURVES.size + 1
        positive = np.take_along_axis(positive, np.maximum.accumulate(place, axis=1), axis=1)
    changes: Flags = positive[:, 1:] != positive[:, :-1]
    return changes


def _rootless(scaled: Array, values: Array, months: Array, curves: Array) -> Flags:
    """Whether rows without a change of sign surely have no root, judged at the likeliest rate."""
    nearest = (np.abs(values) / (np.abs(scaled) @ curves + TINY)).argmin(axis=1)
    return surely_none(scaled * _discounts(CURVES[nearest], months), ROUNDING)


def _starts(values: Array, gap: Whole) -> Array:
    """Where the straight line through the values at both ends of a gap is zero."""
    rows = np.arange(len(values))
    left, right = values[rows, gap - 1], values[rows, gap]
    low, high = CURVES[gap - 1], CURVES[gap]
    apart = np.where(left * right < 0, left - right, 1.0)
    share = np.where(left * right < 0, left / apart, 0.5)
    start: Array = low + share * (high - low)
    return start


def _halley(scaled: Array, months: Array, start: Array) -> tuple[Array, Flags]:
    """Log growth near the start, and for which rows it is sharp and surely the only one."""
    growth, sure = start.copy(), np.zeros(len(start), dtype=np.bool_)
    powers = np.stack([np.ones_like(months), -months, months**2], axis=1)
    open_rows = np.arange(len(start))
    for _ in range(HALLEY_STEPS):
        discounted = _discounts(growth[open_rows], months)
        discounted *= scaled[open_rows]
        value, slope, bend = (discounted @ powers).T
        size = np.abs(discounted) @ powers[:, 0]
        steep = np.abs(slope) > FLATTEST * size
        divisor = np.where(steep, 2 * slope**2 - value * bend, 1.0)
        move = np.where(
            steep & (divisor > 0), 2 * value * slope / np.where(divisor > 0, divisor, 1.0), 0
        )
        growth[open_rows] -= move
        close = steep & (divisor > 0) & (np.abs(move) * months[-1] < CLOSE)
        done = np.flatnonzero(close)
        sure[open_rows[done]] = surely_only(
            scaled[open_rows[done]] > 0, discounted[done], BALANCE_MARGIN
        )
        open_rows = open_rows[steep & ~close]
        if open_rows.size == 0:
            break
    return growth, sure
