"""Forecasts and scenario become monthly driver paths: what the stages multiply with.

Each driver follows its forecast at first and fades into a stated long-run rate over the years of
`forecast_trust`, so that no curve runs away over fifteen years. The mean of every forecast is one
path, made by the same code as ten thousand sampled ones.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.compiled import Record, compiled
from forecasts.driver_paths import Growth, history_of, monthly_growth
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
    slip_months : (path, factory) array of int
        Months by which phases are energised later than committed.
    """

    ai_spending_index: Array
    regional_mw: Array
    gpu_price_index: Array
    power_index: Array
    rack_price_index: Array
    local_index: Array
    regional_weight: Array
    slip_months: Whole


def grid_of(plan: Plan) -> Whole:
    """Months from `BACK` before the start to the end, as 12 x year + month - 1."""
    first = 12 * plan.start.year + plan.start.month - 1
    return np.arange(first - BACK, first + plan.months)


def central(plan: Plan, outlook: Outlook, quantities: Record | None = None) -> Drivers:
    """Return the drivers along the mean of every forecast: one path for each set of assumptions.

    Parameters
    ----------
    plan, outlook
        Sites and horizon; every forecast.
    quantities : (path, factory) array of QUANTITY, optional
        Assumptions on each path; the plan's alone when not given.
    """
    grid = grid_of(plan)

    def growth(key: str) -> Array:
        return _central_growth(outlook, key, int(grid[0]), grid.size)

    return along(plan, outlook, plan.quantities[None] if quantities is None else quantities, growth)


def central_growth(plan: Plan, outlook: Outlook, key: str) -> Array:
    """Return the monthly logarithmic growth of a series along its mean, (month,).

    NaN once its forecast has ended.
    """
    grid = grid_of(plan)
    return _central_growth(outlook, key, int(grid[0]), grid.size)[0, BACK:]


@lru_cache(maxsize=512)
def _central_growth(outlook: Outlook, key: str, first: int, months: int) -> Array:
    """Growth along the mean, (1, month)."""
    history_of(outlook, key)
    mean = outlook.forecasts[key].mean[None]
    found = monthly_growth(outlook, key, mean, np.arange(first, first + months))
    found.flags.writeable = False
    return found


def along(plan: Plan, outlook: Outlook, quantities: Record, growth: Growth) -> Drivers:
    """Return the drivers along the growth of each series, without noise of their own.

    Parameters
    ----------
    plan : Plan
        Sites and horizon.
    outlook : Outlook
        Histories, for the levels from which capacity grows.
    quantities : (path, factory) array of QUANTITY
        Assumptions on each path.
    growth : Growth
        Monthly growth of a series by key.
    """
    paths, shape = quantities.shape[0], (*quantities.shape, plan.months)
    grid = grid_of(plan)

    def strayed(key: str) -> Array:
        """How far each path has left the mean before the first month, logarithm."""
        mean = _central_growth(outlook, key, int(grid[0]), grid.size)
        return np.asarray(np.nansum((growth(key) - mean)[:, 1 : BACK + 1], axis=1))

    spending = growth("ai_capex")
    price, power, regional = np.empty(shape), np.empty(shape), np.empty(shape)
    index = np.empty((paths, 1, plan.months))
    changed = spending + _yearly(quantities["ai_spending_growth_change"][:, :1])
    _index(
        changed, strayed("ai_capex"), quantities[:, :1], quantities["long_run_growth"][:, :1], index
    )
    market, decay = growth("gpu_hour_price"), -quantities["gpu_price_decay"]
    begun = strayed("gpu_hour_price")
    levels, weights = np.empty(len(plan.sites)), np.empty(len(plan.sites))
    for row, site in enumerate(plan.sites):
        own, one = quantities[:, row : row + 1], slice(row, row + 1)
        _index(market, begun, own, decay[:, one], price[:, one])
        key = f"power_{site.iso3}"
        slow = own["power_price_growth"]
        if key in outlook.histories:
            _index(growth(key), strayed(key), own, slow, power[:, one])
        else:
            _index(_flat(slow, grid.size), np.zeros(paths), own, slow, power[:, one])
        key = f"capacity_{site.region}"
        ahead = growth(key)
        history = outlook.histories[key]
        levels[row] = history.values[-1]
        # Growth counts from the month after the last observation.
        begin = int(np.searchsorted(grid, history.ends[-1], side="right"))
        _regional(ahead, changed, own[:, 0], (history.observations - 1, begin), regional[:, row])
        pooling = max(float(plan["pooling_strength"][row, 0]), 1e-9)
        weights[row] = (history.observations - 1) / (history.observations - 1 + pooling)
    for logs in (index, price, power, regional):
        np.exp(logs, out=logs)
    regional *= levels[:, None]
    local = np.ones(shape) + quantities["fx_change"][..., None]
    return Drivers(
        ai_spending_index=index[:, 0],
        regional_mw=regional,
        gpu_price_index=price,
        power_index=power,
        rack_price_index=np.ones((paths, plan.months)),
        local_index=local,
        regional_weight=weights,
        slip_months=np.zeros(quantities.shape, np.int64),
    )


def _yearly(rate: Array) -> Array:
    """Logarithmic growth per month of a yearly rate."""
    return np.log1p(rate) / MONTHS_PER_YEAR


def _flat(rate: Array, months: int) -> Array:
    """The same growth in every month, (path, month)."""
    return _yearly(rate) + np.zeros(months)


@compiled
def _blend(fast: float, slow: float, trust_months: float, ahead: int) -> float:
    """Forecast growth faded into the long-run rate; that rate once the forecast has ended."""
    if np.isnan(fast):
        return slow
    trust = min(max(1 - max(ahead, 0) / max(trust_months, 1e-9), 0.0), 1.0)
    return trust * fast + (1 - trust) * slow


@compiled
def _index(growth: Array, begun: Array, own: Record, long_run: Array, found: Array) -> None:
    """Fill in the logarithm of a level against its mean in the first month, (path, 1, month)."""
    for path in range(found.shape[0]):
        q = own[path, 0]
        slow = np.log1p(long_run[path, 0]) / MONTHS_PER_YEAR
        trust = q.forecast_trust * MONTHS_PER_YEAR
        steps = growth[min(path, growth.shape[0] - 1)]
        total = begun[min(path, begun.size - 1)]
        found[path, 0, 0] = total
        for month in range(1, found.shape[2]):
            total += _blend(steps[BACK + month], slow, trust, month)
            found[path, 0, month] = total


@compiled
def _regional(
    ahead: Array, spending: Array, own: Record, known: tuple[int, int], found: Array
) -> None:
    """Fill in the logarithm of capacity over its last observation, (path, month).

    A region's own growth is shrunk to the pooled growth, which follows AI spending.
    """
    seen, begin = known
    for path in range(found.shape[0]):
        q = own[path]
        slow = np.log1p(q.long_run_growth) / MONTHS_PER_YEAR
        trust = q.forecast_trust * MONTHS_PER_YEAR
        weight = seen / (seen + max(q.pooling_strength, 1e-9))
        mine = ahead[min(path, ahead.shape[0] - 1)]
        common = spending[min(path, spending.shape[0] - 1)]
        total = 0.0
        for place in range(BACK + found.shape[1]):
            month = place - BACK
            if place >= begin:
                pooled = common[place] * q.demand_elasticity
                fast = weight * mine[place] + (1 - weight) * pooled
                total += _blend(fast, slow, trust, month)
            if month >= 0:
                found[path, month] = total
