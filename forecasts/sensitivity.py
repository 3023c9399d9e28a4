"""What moves a metric: one assumption at a time, a few along their range, two together.

Every case is planned anew along the expected path, as if the other value had been known when the
money was committed: the same as moving the driver on screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from data.catalog import Catalog, bundled
from data.provenance import Fact
from forecasts.outlook import outlook
from forecasts.plan import compile_plan, data_fact
from forecasts.quantities import Quantity
from forecasts.replanned import Planner
from forecasts.risk_terms import RISK
from forecasts.scenario import QUANTITIES, TOGETHER, Scenario
from forecasts.units import Array


class Driver(NamedTuple):
    """What an assumption does to a metric over its range.

    Attributes
    ----------
    name : str
        The assumption.
    low, high : float
        The metric at its low and at its high end; NaN where it is undefined there.
    span : float
        How far the metric moves: the largest of base, low and high less the smallest.
    """

    name: str
    low: float
    high: float
    span: float


@dataclass(frozen=True, slots=True, eq=False)
class Range:
    """What an assumption may be.

    Attributes
    ----------
    name : str
        The assumption.
    low, high : (factory,) arrays
        Ends of the range its table row states, widened to hold the value in use.
    """

    name: str
    low: Array
    high: Array

    def at(self, share: float, value: Array) -> Array:
        """Return the values at -1 (low), 0 (in use), 1 (high) and between, (factory,)."""
        end = self.low if share < 0 else self.high
        return np.asarray(value + abs(share) * (end - value))


@dataclass(frozen=True, slots=True, eq=False)
class Tornado:
    """One-way sensitivity of a metric.

    Attributes
    ----------
    metric : str
        What is moved.
    factory : str or None
        Whose; None for all together.
    base : float
        Its value in the scenario.
    drivers : tuple of Driver
        Widest first; those that leave it undefined at an end come last.
    ranges : mapping of str to Range
        What each assumption was moved over.
    """

    metric: str
    factory: str | None
    base: float
    drivers: tuple[Driver, ...]
    ranges: dict[str, Range]


def planner_of(scenario: Scenario, catalog: Catalog | None = None) -> Planner:
    """Return what plans a scenario anew for other assumptions."""
    tables = catalog if catalog is not None else bundled()
    known = outlook(tables, scenario.follows)
    return Planner(compile_plan(scenario, tables), known, tables)


def ranges(planner: Planner) -> dict[str, Range]:
    """Return the range of every assumption that has one and acts on the expected path.

    An assumption that each site takes from its own table row is moved at all sites at once, each
    over its own range. Shares of one whole stay below 1 together.
    """
    found = {}
    for name, quantity in QUANTITIES.items():
        if quantity.section != RISK:
            value = planner.plan.quantities[name]
            low, high = np.array([_ends(planner, quantity, row) for row in range(len(value))]).T
            for pair in TOGETHER:
                for other in pair:
                    if name in pair and other != name:
                        high = np.minimum(
                            high, np.maximum(1 - planner.plan.quantities[other], value)
                        )
            if (high > low).any():
                found[name] = Range(name, low, high)
    return found


def _ends(planner: Planner, quantity: Quantity, row: int) -> tuple[float, float]:
    """Range of one assumption at one factory, in the model's unit."""
    plan, site = planner.plan, planner.plan.sites[row]
    value = float(plan.quantities[quantity.name][row])
    fact: Fact = data_fact(planner.catalog, quantity, site)
    scale = quantity.from_data.scale if quantity.from_data is not None else 1.0
    ends = [end * scale for end in (fact.low, fact.high) if end is not None]
    low, high = min([*ends, value]), max([*ends, value])
    return max(low, min(quantity.low, value)), min(high, max(quantity.high, value))


def tornado(planner: Planner, metric: str, factory: str | None = None) -> Tornado:
    """Move every assumption over its range, one at a time.

    Parameters
    ----------
    planner : Planner
        The scenario.
    metric : str
        Any of `METRICS`.
    factory : str, optional
        Whose metric; that of all factories together when not given. The assumption is moved at
        all factories either way.
    """
    over = ranges(planner)
    quantities = planner.copies(1 + 2 * len(over))
    for place, (name, one) in enumerate(over.items()):
        quantities[name][1 + 2 * place], quantities[name][2 + 2 * place] = one.low, one.high
    found = planner.metric(quantities, metric, factory)
    base = float(found[0])
    drivers = [
        _driver(name, base, float(found[1 + 2 * place]), float(found[2 + 2 * place]))
        for place, name in enumerate(over)
    ]
    ordered = sorted(drivers, key=lambda one: (not np.isfinite(one.span), -one.span, one.name))
    return Tornado(metric, factory, base, tuple(ordered), over)


def _driver(name: str, base: float, low: float, high: float) -> Driver:
    ends = np.array([base, low, high])
    span = float(ends.max() - ends.min()) if np.isfinite(ends).all() else np.nan
    return Driver(name, low, high, span)


def ranked_drivers(
    scenario: Scenario,
    metric: str = "npv",
    factory: str | None = None,
    catalog: Catalog | None = None,
) -> list[Driver]:
    """Return what moves a metric, widest first: (name, low, high, span) each.

    Examples
    --------
    >>> first = ranked_drivers(Scenario(factories=("belgium",)), "npv")[0]
    >>> first.span > 0
    True
    """
    return list(tornado(planner_of(scenario, catalog), metric, factory).drivers)


@dataclass(frozen=True, slots=True, eq=False)
class Spider:
    """A metric along the range of a few assumptions.

    Attributes
    ----------
    shares : (step,) array
        -1 at the low end, 0 at the value in use, 1 at the high end.
    lines : mapping of str to (step,) array
        The metric by assumption; NaN where it is undefined.
    """

    shares: Array
    lines: dict[str, Array]


def spider(
    planner: Planner, metric: str, names: Sequence[str], factory: str | None = None, steps: int = 9
) -> Spider:
    """Return a metric along the range of each named assumption.

    Raises
    ------
    ValueError
        If an assumption has no range.
    """
    over = known_ranges(ranges(planner), names)
    shares = np.linspace(-1.0, 1.0, steps)
    quantities = planner.copies(steps * len(names))
    for place, name in enumerate(names):
        for step, share in enumerate(shares):
            value = planner.plan.quantities[name]
            quantities[name][place * steps + step] = over[name].at(float(share), value)
    found = planner.metric(quantities, metric, factory).reshape(len(names), steps)
    return Spider(shares, dict(zip(names, found, strict=True)))


def known_ranges(over: dict[str, Range], names: Sequence[str]) -> dict[str, Range]:
    """Return the ranges when every name has one.

    Raises
    ------
    ValueError
        If one has none.
    """
    unknown = [name for name in names if name not in over]
    if unknown:
        raise ValueError(f"{', '.join(unknown)} has no range; use one of {', '.join(over)}")
    return over


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """A metric over two assumptions.

    Attributes
    ----------
    names : (str, str)
        The assumptions, across and up.
    across, up : (step,) arrays
        Their values, the mean over the factories where each has its own.
    values : (up, across) array
        The metric; NaN where it is undefined.
    """

    names: tuple[str, str]
    across: Array
    up: Array
    values: Array


def grid(
    planner: Planner,
    metric: str,
    names: tuple[str, str],
    factory: str | None = None,
    steps: int = 11,
) -> Grid:
    """Return a metric over the ranges of two assumptions.

    Raises
    ------
    ValueError
        If they are the same, or one has no range.
    """
    if names[0] == names[1]:
        raise ValueError(f"both assumptions are {names[0]}; choose two")
    over = known_ranges(ranges(planner), names)
    places = np.linspace(0.0, 1.0, steps)
    quantities = planner.copies(steps * steps)
    axes = []
    for turn, name in enumerate(names):
        ends = over[name]
        values = ends.low + places[:, None] * (ends.high - ends.low)  # (step, factory)
        axes.append(values[:, planner.row(factory) or 0] if factory else values.mean(axis=1))
        spread = np.tile(values, (steps, 1)) if turn == 0 else np.repeat(values, steps, axis=0)
        quantities[name] = spread
    found = planner.metric(quantities, metric, factory).reshape(steps, steps)
    return Grid(names, axes[0], axes[1], found)


def contour(found: Grid, level: float) -> Array:
    """Return where a metric reaches a level, (point, 2): across and up, by linear crossing.

    One point for each step up the grid whose row crosses the level, the first crossing.
    """
    points = []
    for up, row in zip(found.up, found.values, strict=True):
        gap = row - level
        with np.errstate(invalid="ignore"):
            crossed = np.flatnonzero((gap[:-1] * gap[1:] <= 0) & (gap[:-1] != gap[1:]))
        if crossed.size:
            at = crossed[0]
            share = gap[at] / (gap[at] - gap[at + 1])
            points.append(
                (found.across[at] + share * (found.across[at + 1] - found.across[at]), up)
            )
    return np.array(points).reshape(-1, 2)
