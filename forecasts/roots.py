"""Every real root of a present value in ln(1 + rate), and none that is not there.

The present value is a sum of exponentials. The line is cut into cells until a Taylor series with
a bound on its rest and on rounding proves that, in the cell, the value or one of its derivatives
keeps its sign. Between the zeros of its derivatives the value is monotone, so the signs at
those points count its roots. Signs that floats cannot settle are settled in exact decimals.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import MAX_EMAX, MIN_EMIN, Context, Decimal, localcontext
from itertools import pairwise
from math import comb, factorial

import numpy as np

from forecasts.presentvalue import (
    TERMS,
    ZERO,
    Flows,
    derivatives,
    expand,
    expand_exactly,
    rounded,
    value,
)
from forecasts.units import Array

REST = factorial(TERMS + 1)
"""Divisor of the first term that the series leaves out."""

DEEPEST = 8
"""Highest derivative whose sign may settle a cell."""

CLUSTER = DEEPEST + 1
"""Order given to a cell that no derivative settles: a root of a higher multiplicity."""

PATIENCE = 3
"""Rounds of cutting after which one derivative more may settle a cell."""

SPLIT = 0.4871
"""Where a cell is cut: off the middle, since cuts should not fall on roots such as 0 % or 10 %."""

POINT = 1e-9
"""Width of a cell, times the span of the flows, below which it is taken for a single point."""

CLEAR = 1e-12
"""Share of the discounted flows above which a value is neither zero nor in doubt."""

DECIDED = Decimal("1e-22")
"""Distance in ln(1 + rate) to which a root is found: beyond what a float shows."""

NARROW = 1e-15
"""Distance in ln(1 + rate), times the span of the flows, to which floats look for a zero."""

MOST_STEPS = 10
"""Most steps of Newton's method in decimals."""

TWIN = Decimal("1e-3")
"""Distance in ln(1 + rate) within which roots that rounding may have split count as one."""

DIGITS = Context(prec=100, Emax=MAX_EMAX, Emin=MIN_EMIN)
"""Arithmetic in which close calls are decided; copied before use."""


def _bernstein(degree: int) -> Array:
    """(coefficient, power) matrix from powers of x on [-1, 1] to Bernstein coefficients."""
    matrix = np.zeros((degree + 1, degree + 1))
    for power in range(degree + 1):
        for place in range(degree + 1):
            terms = (
                (-1) ** (power - up) * comb(place, up) * comb(degree - place, power - up)
                for up in range(power + 1)
            )
            matrix[place, power] = sum(terms) / comb(degree, power)
    matrix.setflags(write=False)
    return matrix


BERNSTEIN = tuple(_bernstein(TERMS - order) for order in range(DEEPEST + 1))
"""One matrix for each derivative of the Taylor polynomial."""


@dataclass(frozen=True, slots=True)
class _Cell:
    """An interval on which the derivative of this order of e^(shift s) PV(s) keeps its sign."""

    low: float
    high: float
    order: int
    shift: int


@dataclass(frozen=True, slots=True)
class _Point:
    """A place, which derivative is zero there (-1 in a cluster), and the sign of the value."""

    place: Decimal
    order: int
    sign: int


def log_roots(cash: Array, times: Array, steps_per_unit: int = 1) -> tuple[Decimal, ...]:
    """ln(1 + rate) of every rate at which the present value is zero.

    Parameters
    ----------
    cash : (flow,) array
        Nonzero flows.
    times : (flow,) array
        Whole steps since the first flow, rising strictly from 0.
    steps_per_unit : int
        Steps in the period of the rate.

    Returns
    -------
    tuple of Decimal
        Rising, each once, up to the largest rate that a float holds. Rates so near that the
        rounding of the flows could part or join them are one.
    """
    if cash.size < 2:
        return ()
    flows = Flows.of(cash, times, steps_per_unit)
    with localcontext(DIGITS):
        found = [root for run in _runs(_cells(flows)) for root in _roots_of_run(flows, run)]
        return tuple(root * steps_per_unit for root in found)


def _cells(flows: Flows) -> list[_Cell]:
    """Cells that cover the range, in order, each settled by some derivative."""
    low, high = flows.range
    lows, highs = np.array([low]), np.array([high])
    settled: list[_Cell] = []
    step = 0
    while lows.size and low < high:
        deepest = min(1 + step // PATIENCE, DEEPEST)
        order, shift = _settle(flows, lows, highs, deepest)
        order[(order < 0) & ((highs - lows) * flows.times[-1] < POINT)] = CLUSTER
        done = order >= 0
        settled += [
            _Cell(float(a), float(b), int(m), int(t))
            for a, b, m, t in zip(lows[done], highs[done], order[done], shift[done], strict=True)
        ]
        lows, highs = lows[~done], highs[~done]
        middles = lows + SPLIT * (highs - lows)
        lows, highs = np.concatenate([lows, middles]), np.concatenate([middles, highs])
        step += 1
    return sorted(settled, key=lambda cell: cell.low)


def _settle(flows: Flows, lows: Array, highs: Array, deepest: int) -> tuple[Array, Array]:
    """Order of the derivative that keeps its sign in each cell, -1 if none; and the shift."""
    half, centre = (highs - lows) / 2, (highs + lows) / 2
    series, doubt, rest, shift = expand(flows, centre, half)
    order = _definite(series, doubt, rest, deepest)
    for place in np.flatnonzero((order < 0) & (rest / REST < doubt.sum(axis=1))):
        series[place], doubt[place], zero = expand_exactly(
            flows, float(centre[place]), float(half[place]), int(shift[place])
        )
        row = slice(place, place + 1)
        order[row] = _definite(series[row], doubt[row], rest[row], deepest)
        if np.abs(series[place]).sum() + rest[place] / REST < zero:
            order[place] = CLUSTER
    return order, shift


def _definite(series: Array, doubt: Array, rest: Array, deepest: int) -> Array:
    """Lowest derivative whose Bernstein coefficients share a sign beyond all doubt, or -1."""
    order = np.full(rest.size, -1.0)
    powers = np.arange(TERMS + 1)
    for derivative in range(deepest, -1, -1):
        kept = powers[: TERMS + 1 - derivative]
        falling = np.prod([kept + up for up in range(1, derivative + 1)], axis=0)
        error = (doubt[:, derivative:] * falling).sum(axis=1)
        error += rest / factorial(TERMS + 1 - derivative)
        coefficients = (series[:, derivative:] * falling) @ BERNSTEIN[derivative].T
        same = (coefficients.min(axis=1) > error) | (coefficients.max(axis=1) < -error)
        order[same] = derivative
    return order


def _runs(cells: list[_Cell]) -> Iterator[list[_Cell]]:
    """Neighbouring cells in which the value itself is not known to keep its sign."""
    run: list[_Cell] = []
    for cell in cells:
        if cell.order > 0:
            run.append(cell)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _roots_of_run(flows: Flows, run: list[_Cell]) -> list[Decimal]:
    """Roots between and at the points where the value may turn."""
    points = [_judged(flows, run[0].low, 0, run[0].shift)]
    for cell in run:
        turns = _turns(flows, cell)
        points += [_judged(flows, place, order, cell.shift) for place, order in turns]
        points.append(_judged(flows, cell.high, 0, cell.shift))
    points.sort(key=lambda point: point.place)
    roots: list[_Point] = []
    touched: list[_Point] = []
    for before, after in pairwise([*points, _Point(points[-1].place, 0, 1)]):
        if before.sign == 0:
            touched.append(before)
            if after.sign != 0:
                roots.append(_Point(_touch(flows, touched), 0, 0))
                touched = []
        elif before.sign * after.sign < 0 and after.place > before.place:
            roots.append(_Point(_crossing(flows, before.place, after.place), 0, after.sign))
    return _joined(flows, roots)


def _turns(flows: Flows, cell: _Cell) -> list[tuple[float, int]]:
    """Zeros of the derivatives in a cell, from the highest down, each with its order."""
    if cell.order == CLUSTER:
        return [((cell.low + cell.high) / 2, -1)]
    found: list[tuple[float, int]] = []
    for order in range(cell.order - 1, 0, -1):
        edges = sorted([cell.low, cell.high, *(place for place, _ in found)])
        values = [value(flows, edge, order, cell.shift) for edge in edges]
        for (left, right), (below, above) in zip(pairwise(edges), pairwise(values), strict=True):
            if below * above < 0:
                found.append((_zero(flows, left, right, order, cell.shift), order))
    return found


def _zero(flows: Flows, low: float, high: float, order: int, shift: int) -> float:
    """Zero of a derivative between two places where it has opposite signs."""

    def slope(place: float) -> float:
        return value(flows, place, order, shift)

    from scipy.optimize import brentq  # seldom needed, and long to import

    return float(brentq(slope, low, high, xtol=NARROW / flows.times[-1], maxiter=500))


def _judged(flows: Flows, place: float, order: int, shift: int) -> _Point:
    """Find the sign of the value at a point: 0 where it touches zero up to the flows' rounding."""
    total, size, rounding = rounded(flows, place, 0, shift)
    if abs(total) > max(rounding, CLEAR * size):
        return _Point(Decimal(place), order, 1 if total > 0 else -1)
    exact = _refined(flows, Decimal(place), order, shift) if order > 0 else Decimal(place)
    sums, exact_size, doubt = derivatives(flows, exact, shift, max(order, 0) + 2)
    height, bend = abs(sums[0]), abs(sums[-1])
    touches = height <= exact_size * ZERO
    if not touches and order > 0 and bend and height <= doubt:
        reach = (height / bend * factorial(order + 1)) ** (Decimal(1) / (order + 1))
        touches = reach * flows.steps_per_unit <= TWIN
    return _Point(exact, order, 0 if touches else (1 if sums[0] > 0 else -1))


def _refined(flows: Flows, place: Decimal, order: int, shift: int) -> Decimal:
    """Newton's steps in decimals towards a zero of a derivative, from close by."""
    best = place
    for _ in range(MOST_STEPS):
        sums, _, _ = derivatives(flows, best, shift, order + 2)
        if not sums[order + 1]:
            break
        move = sums[order] / sums[order + 1]
        best -= move
        if abs(best - place) * flows.steps_per_unit > TWIN:
            return place
        if move**2 <= (ZERO if order else DECIDED):  # each step squares the error
            break
    return best


def _touch(flows: Flows, touched: list[_Point]) -> Decimal:
    """The root that a row of touching points stands for."""
    if all(point.order >= 0 for point in touched):
        return max(touched, key=lambda point: point.order).place
    place, last_move = touched[0].place, touched[-1].place - touched[0].place
    shift = round(float(flows.times.mean()))
    for _ in range(MOST_STEPS):  # Newton's method on PV / PV', whose roots are simple
        sums, _, _ = derivatives(flows, place, shift, 3)
        fall = sums[1] ** 2 - sums[0] * sums[2]
        move = sums[0] * sums[1] / fall if fall else last_move
        if abs(move) >= abs(last_move):  # what is left is rounding
            break
        place, last_move = place - move, move
    return place


def _joined(flows: Flows, roots: list[_Point]) -> list[Decimal]:
    """Roots without those that only the rounding of the flows parts from a touching point."""
    kept: list[_Point] = []
    for root in roots:
        if kept and 0 in {root.sign, kept[-1].sign} and _one(flows, kept[-1].place, root.place):
            kept[-1] = root if root.sign == 0 else kept[-1]
        else:
            kept.append(root)
    return [root.place for root in kept]


def _one(flows: Flows, left: Decimal, right: Decimal) -> bool:
    """Whether the value between two near places is within the rounding of the flows."""
    if (right - left) * flows.steps_per_unit > TWIN:
        return False
    sums, _, doubt = derivatives(flows, (left + right) / 2, 0, 1)
    return abs(sums[0]) <= doubt


def _crossing(flows: Flows, low: Decimal, high: Decimal) -> Decimal:
    """Only root between two points of opposite sign."""
    ends = float(low), float(high)
    exponent = flows.size - (ends[0] + ends[1]) / 2 * flows.times
    shift = int(flows.times[exponent.argmax()])
    below, above = (value(flows, end, 0, shift) for end in ends)
    if below * above >= 0:  # the root lies within a rounding of the end nearer to zero
        return low if abs(below) < abs(above) else high
    root = _zero(flows, *ends, 0, shift)
    _, _, rounding = rounded(flows, root, 0, shift)
    slope, _, _ = rounded(flows, root, 1, shift)
    if rounding < NARROW * abs(slope):
        return Decimal(root)
    return min(max(_refined(flows, Decimal(root), 0, shift), low), high)
