"""Goal seek: the value of an assumption at which a metric reaches a target; none is an answer."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.replanned import Planner
from forecasts.scenario import QUANTITIES
from forecasts.sensitivity import known_ranges, ranges
from forecasts.units import Array

SCAN = 17
"""Values over the range at which a goal is looked for before it is closed in on."""

MOST_WHOLE = 400
"""Whole values over the range that are all looked at; of more, so many, then between them."""

CLOSE = 1e-9
"""Share of the range within which a goal seek ends."""

JUMP = 1e-4
"""Share of the gap at the ends above which what is left at a crossing is a step, not a root."""


@dataclass(frozen=True, slots=True)
class Goal:
    """The value of an assumption at which a metric reaches a target.

    Attributes
    ----------
    value : float or None
        The value; None when there is none in the range.
    others : tuple of float
        Further values that do, in rising order.
    reason : str
        Why there is none, or what to know of the value.
    """

    value: float | None
    others: tuple[float, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What is to be reached by which assumption.

    Attributes
    ----------
    metric : str
        Any of `METRICS`.
    target : float
        Its value.
    name : str
        The assumption that is set, at all factories alike.
    factory : str or None
        Whose metric; None for all together.
    """

    metric: str
    target: float
    name: str
    factory: str | None = None


def goal_seek(planner: Planner, aim: Aim, between: tuple[float, float] | None = None) -> Goal:
    """Find where a metric reaches a target: the range is scanned, each crossing closed in on.

    Parameters
    ----------
    planner, aim
        The scenario, and what is to be reached.
    between : (float, float), optional
        Where to look; the stated range when not given.
    """
    own = known_ranges(ranges(planner), [aim.name])[aim.name]
    low, high = between if between is not None else (float(own.low.min()), float(own.high.max()))
    scanned = np.linspace(low, high, SCAN)
    if QUANTITIES[aim.name].whole:
        scanned = _whole_values(np.ceil(low), np.floor(high))

    def gap(values: Array) -> Array:
        quantities = planner.copies(len(values))
        quantities[aim.name] = values[:, None]
        return planner.metric(quantities, aim.metric, aim.factory) - aim.target

    gaps = gap(scanned)
    roots = [float(value) for value in scanned[gaps == 0]]
    jumps: list[float] = []
    with np.errstate(invalid="ignore"):
        crossed = np.flatnonzero(gaps[:-1] * gaps[1:] < 0)
    for at in crossed:
        ends = (float(scanned[at]), float(scanned[at + 1]))
        jumped = QUANTITIES[aim.name].whole
        if jumped:
            ends = _next_to_each_other(gap, ends, float(gaps[at]))
        else:
            far = np.abs(gaps[at : at + 2])
            root, jumped = _closed_in(gap, ends, float(far[np.isfinite(far)].max(initial=0.0)))
            ends = (root, root)
        (jumps if jumped else roots).append(ends[1])
    return _goal(sorted(roots), jumps, gaps + aim.target, (low, high))


def _whole_values(low: float, high: float) -> Array:
    """Return the whole values from one to another, or evenly spread ones where they are many."""
    if high - low < MOST_WHOLE:
        return np.arange(low, high + 1)
    return np.unique(np.round(np.linspace(low, high, MOST_WHOLE)))


def _next_to_each_other(
    gap: Callable[[Array], Array], ends: tuple[float, float], first: float
) -> tuple[float, float]:
    """Return the two whole values between which the gap changes from the sign of the first."""
    low, high = ends
    while high - low > 1:
        middle = float(np.floor((low + high) / 2))
        if gap(np.array([middle]))[0] * first > 0:
            low = middle
        else:
            high = middle
    return low, high


def _closed_in(
    gap: Callable[[Array], Array], ends: tuple[float, float], largest: float
) -> tuple[float, bool]:
    """Return the crossing between two ends, and whether the metric jumps over its target there.

    `largest` is the gap at the ends, as far as it is finite: a payback may come out of never.
    """
    from scipy.optimize import brentq

    def one(value: float) -> float:
        return float(gap(np.array([value]))[0])

    root = float(brentq(one, *ends, xtol=CLOSE * (ends[1] - ends[0])))
    return root, abs(one(root)) > JUMP * largest


def _goal(
    roots: Sequence[float], jumps: Sequence[float], values: Array, ends: tuple[float, float]
) -> Goal:
    """Say what was found, or what the metric does in the range instead."""
    if roots:
        return Goal(roots[0], tuple(roots[1:]))
    if jumps:
        passed = f"It passes the target in a step at {jumps[0]:,.6g}, without meeting it."
        return Goal(jumps[0], tuple(jumps[1:]), passed)
    known = values[np.isfinite(values)]
    where = f"between {ends[0]:g} and {ends[1]:g}"
    if not known.size:
        return Goal(None, (), f"It is undefined {where}.")
    return Goal(
        None,
        (),
        f"No root in range: {where} it goes from {known.min():,.4g} to {known.max():,.4g}.",
    )
