"""Forecasts and scenario become monthly driver paths: what the stages multiply with.

Each driver follows its forecast at first and fades into a stated long-run rate over the years of
`forecast_trust`, so that no curve runs away over fifteen years.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from data.problems import Problem, RefusedError
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

BACK = 72
"""Months before the start in which a series may have ended; its growth is carried to the start."""


@dataclass(frozen=True, slots=True, eq=False)
class Drivers:
    """Monthly paths of what is forecast.

    Attributes
    ----------
    ai_spending_index : (path, month) array
        Global AI spending, 1 at month 0.
    regional_mw : (path, factory, month) array
        Live data-centre capacity of each factory's region, MW of IT load.
    gpu_price_index : (path, factory, month) array
        Market price of a given GPU generation, 1 at month 0: one market, but a scenario may
        suppose another decay for one factory.
    power_index : (path, factory, month) array
        Power price, 1 at month 0.
    rack_price_index : (path, month) array
        Price of racks against their own trend.
    local_index : (path, factory, month) array
        USD value of what is paid in local currency, against purchasing-power parity.
    regional_weight : (factory,) array
        Weight of the region's own growth against the pooled growth.
    """

    ai_spending_index: Array
    regional_mw: Array
    gpu_price_index: Array
    power_index: Array
    rack_price_index: Array
    local_index: Array
    regional_weight: Array


def central(plan: Plan, outlook: Outlook) -> Drivers:
    """Return the drivers along the mean of every forecast: one path."""
    first = 12 * plan.start.year + plan.start.month - 1
    grid = np.arange(first - BACK, first + plan.months)
    trust = _trust(plan, grid - first)
    spending = _growth(outlook, "ai_capex", grid)[None]
    spending = spending + _yearly(plan["ai_spending_growth_change"][:1])
    spending = _fade(spending, plan["long_run_growth"][:1], trust[:1])
    price = _fade(_growth(outlook, "gpu_hour_price", grid), -plan["gpu_price_decay"], trust)
    regional, weight = _regional(plan, outlook, grid, trust)
    return Drivers(
        ai_spending_index=_index(spending[:, BACK:]),
        regional_mw=regional[None],
        gpu_price_index=_index(price[:, BACK:])[None],
        power_index=_power(plan, outlook, grid, trust)[None],
        rack_price_index=np.ones((1, plan.months)),
        local_index=np.ones((1, len(plan.sites), plan.months)) + plan["fx_change"][None],
        regional_weight=weight,
    )


def _yearly(rate: Array) -> Array:
    """Logarithmic growth per month of a yearly rate."""
    return np.log1p(rate) / MONTHS_PER_YEAR


def _trust(plan: Plan, ahead: Whole) -> Array:
    """Weight of the forecast by month on the grid: 1 until the start, then fading to 0."""
    span = np.maximum(plan["forecast_trust"] * MONTHS_PER_YEAR, 1e-9)
    return np.clip(1 - np.maximum(ahead, 0) / span, 0.0, 1.0)


def _fade(growth: Array, long_run: Array, trust: Array) -> Array:
    """Blend forecast growth into the long-run rate, monthly logarithms.

    Where the forecast has ended, growth is not known (NaN) and the long-run rate holds.
    """
    slow = _yearly(long_run)
    faded: Array = np.where(np.isnan(growth), slow, trust * growth + (1 - trust) * slow)
    return faded


def _index(growth: Array) -> Array:
    """Level from monthly logarithmic growth: 1 in the first month."""
    steps = np.cumsum(growth[..., 1:], axis=-1)
    level: Array = np.exp(np.concatenate([np.zeros_like(growth[..., :1]), steps], axis=-1))
    return level


def _growth(outlook: Outlook, key: str, grid: Whole) -> Array:
    """Monthly logarithmic growth of a series' yearly level; NaN once its forecast has ended.

    Seasonal series are summed over a year first, so that a season is not read as growth; a sum
    stands at the middle of its year. Before the first value growth counts as 0.
    """
    return _known_growth(outlook, key, int(grid[0]), grid.size)


@lru_cache(maxsize=512)
def _known_growth(outlook: Outlook, key: str, first: int, months: int) -> Array:
    grid = np.arange(first, first + months)
    history = outlook.histories.get(key)
    if history is None:
        raise RefusedError(
            [Problem("data", f"no series {key!r}", "its rows in the tables", "restore them")]
        )
    values = np.concatenate([history.values, outlook.forecasts[key].mean])
    ends = np.concatenate([history.ends, outlook.future_ends(key)])
    year = min(history.season, values.size)
    level = np.convolve(values, np.ones(year), mode="valid")
    known = np.log(np.maximum(level, 1e-9))
    middle = (ends[year - 1 :] + ends[: ends.size - year + 1]) / 2
    logs = np.interp(grid, middle, known)
    growth = np.diff(logs, prepend=logs[0])
    growth[grid > ends[-1]] = np.nan
    # Between the middle of the last year and its end the last known growth goes on.
    late = (grid > middle[-1]) & (grid <= ends[-1])
    growth[late] = (known[-1] - known[-2]) / (middle[-1] - middle[-2]) if known.size > 1 else 0.0
    growth.flags.writeable = False
    return growth


def _regional(plan: Plan, outlook: Outlook, grid: Whole, trust: Array) -> tuple[Array, Array]:
    """Live capacity of each region: own growth shrunk to the pooled growth, (factory, month)."""
    pooled = _growth(outlook, "ai_capex", grid) + _yearly(plan["ai_spending_growth_change"])
    pooled = pooled * plan["demand_elasticity"]
    levels, weights = [], []
    for row, site in enumerate(plan.sites):
        key = f"capacity_{site.region}"
        own = _growth(outlook, key, grid)
        history = outlook.histories[key]
        count = history.observations - 1
        weight = count / (count + max(float(plan["pooling_strength"][row, 0]), 1e-9))
        growth = weight * own + (1 - weight) * pooled[row]
        growth = _fade(growth, plan["long_run_growth"][row], trust[row])
        after = grid > history.ends[-1]
        level = history.values[-1] * np.exp(np.cumsum(growth * after))
        levels.append(level[BACK:])
        weights.append(weight)
    return np.stack(levels), np.array(weights)


def _power(plan: Plan, outlook: Outlook, grid: Whole, trust: Array) -> Array:
    """Power price of each site: its wholesale market's forecast where there is one."""
    paths = []
    for row, site in enumerate(plan.sites):
        long_run = plan["power_price_growth"][row]
        key = f"power_{site.iso3}"
        own = _growth(outlook, key, grid) if key in outlook.histories else _yearly(long_run)
        paths.append(_index(_fade(own + np.zeros(grid.size), long_run, trust[row])[BACK:]))
    return np.stack(paths)
