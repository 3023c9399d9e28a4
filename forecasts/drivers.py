"""Forecasts and scenario become monthly driver paths: what the stages multiply with.

Each driver follows its forecast at first and fades into a stated long-run rate over the years of
`forecast_trust`, so that no curve runs away over fifteen years. The mean of every forecast is one
path, made by the same code as ten thousand sampled ones.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.compiled import Record, bare, compiled
from forecasts.driver_paths import BACK, Course, Growth, course, history_of, monthly_growth
from forecasts.exponential import exponential, powers, running
from forecasts.fx import local_index
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.units import MONTHS_PER_YEAR, Array, Flags, Whole


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


def first_kept(plan: Plan, outlook: Outlook) -> int:
    """Place on the grid from which the growth of series is needed.

    That is the month after the oldest last observation of capacity, or the second of the model.
    """
    grid = grid_of(plan)
    ends = [outlook.histories[f"capacity_{site.region}"].ends[-1] for site in plan.sites]
    return min(BACK + 1, _after(grid, min(ends)))


def _after(grid: Whole, end: int) -> int:
    """Place on the grid of the month after another: its months follow each other."""
    return min(max(int(end) + 1 - int(grid[0]), 0), grid.size)


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
    for site in plan.sites:
        history_of(outlook, f"capacity_{site.region}")
    first = first_kept(plan, outlook)

    def growth(key: str) -> Course:
        return _central_course(outlook, key, (int(grid[0]), grid.size), first)

    return along(plan, outlook, plan.quantities[None] if quantities is None else quantities, growth)


def central_growth(plan: Plan, outlook: Outlook, key: str) -> Array:
    """Return the monthly logarithmic growth of a series along its mean, (month,).

    NaN once its forecast has ended.
    """
    history_of(outlook, key)
    mean = outlook.forecasts[key].mean[None]
    return monthly_growth(outlook, key, mean, grid_of(plan))[0, BACK:]


@lru_cache(maxsize=512)
def _central_course(outlook: Outlook, key: str, months: tuple[int, int], first: int) -> Course:
    """Course along the mean, one path."""
    history_of(outlook, key)
    grid = np.arange(months[0], months[0] + months[1])
    return course(outlook, key, outlook.forecasts[key].mean[None], grid, first)


def along(
    plan: Plan,
    outlook: Outlook,
    quantities: Record,
    growth: Growth,
    hour_level: Array | None = None,
) -> Drivers:
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
        Course of a series by key, from `first_kept` on.
    hour_level : (path, factory) array, optional
        What each factory's GPU-hour prices are multiplied by.
    """
    paths, shape = quantities.shape[0], (*quantities.shape, plan.months)
    grid, spending = grid_of(plan), growth("ai_capex")
    price, power, regional = np.empty(shape), np.empty(shape), np.empty(shape)
    index = np.empty((paths, 1, plan.months))
    more = np.ascontiguousarray(quantities["ai_spending_growth_change"][:, 0])
    _index(_of(spending), quantities, (quantities["long_run_growth"][:, 0] + 0.0, more), 0, index)
    weights, nothing = np.empty(len(plan.sites)), np.zeros(paths)
    pooling = plan.quantities["pooling_strength"].tolist()
    decay, slow = (
        np.ascontiguousarray(quantities[name].T)
        for name in ("gpu_price_decay", "power_price_growth")
    )
    shared, falling = _shared_market(quantities), 0.0 - decay
    for row, site in enumerate(plan.sites):
        if row == 0 or not shared[row]:
            _index(_of(growth("gpu_hour_price")), quantities, (falling[row], nothing), row, price)
        key = f"power_{site.iso3}"
        market = growth(key) if key in outlook.histories else UNKNOWN
        _index(_of(market), quantities, (slow[row], nothing), row, power)
        history = outlook.histories[f"capacity_{site.region}"]
        # Growth counts from the month after the last observation.
        begin = _after(grid, history.ends[-1])
        known = (history.observations - 1, begin, float(history.values[-1]))
        ahead = growth(f"capacity_{site.region}")
        _regional((_of(ahead), _of(spending)), (quantities, more), known, row, regional)
        strength = max(pooling[row], 1e-9)
        weights[row] = (history.observations - 1) / (history.observations - 1 + strength)
    _price(shared, np.ones(quantities.shape) if hour_level is None else hour_level, price)
    return Drivers(
        ai_spending_index=index[:, 0],
        regional_mw=regional,
        gpu_price_index=price,
        power_index=power,
        rack_price_index=np.ones((paths, plan.months)),
        local_index=local_index(plan, quantities),
        regional_weight=weights,
        slip_months=np.zeros(quantities.shape, np.int64),
    )


UNKNOWN = Course(np.zeros(1), BACK + 1, np.zeros((1, 0)))
"""A series without history: its long-run rate from the start."""

Known = tuple[int, Array, Array]
"""A course as compiled functions take it: first place, what is begun, growth."""


def _of(one: Course) -> Known:
    return one.first, one.begun, one.growth


def _shared_market(quantities: Record) -> Flags:
    """Whether each factory's GPU-hour price takes the same way as the first one's on every path."""
    same = [
        (quantities[name] == quantities[name][:, :1]).all(axis=0)
        for name in ("gpu_price_decay", "forecast_trust")
    ]
    shared: Flags = np.logical_and(*same)
    return shared


@compiled
def _price(shared: Flags, level: Array, found: Array) -> None:
    """Multiply each factory's prices by its level; where shared, they are the first one's."""
    for path in range(found.shape[0]):
        market = found[path, 0]
        for row in range(1, found.shape[1]):
            own, factor = found[path, row], level[path, row]
            before = market if shared[row] else own
            for month in range(own.size):
                own[month] = before[month] * factor
        for month in range(market.size):
            market[month] *= level[path, 0]


@bare
def _blend(fast: float, slow: float, trust_months: float, ahead: int) -> float:
    """Forecast growth faded into the long-run rate."""
    trust = min(max(1 - max(ahead, 0) / max(trust_months, 1e-9), 0.0), 1.0)
    return trust * fast + (1 - trust) * slow


@bare
def _levels(logs: Array, room: Array, begin: int, slow: float) -> None:
    """Turn logarithms before a month into levels, and go on from there at a steady rate."""
    exponential(logs[:begin], room[:begin])
    step = np.exp(slow)
    powers(logs[begin - 1] * step, step, logs[begin:])


@compiled
def _index(
    one: Known, quantities: Record, yearly: tuple[Array, Array], row: int, found: Array
) -> None:
    """Fill in levels of one factory against the mean of the first month.

    Parameters
    ----------
    one : Known
        Growth of the series.
    quantities : (path, factory) array of QUANTITY
        Assumptions.
    yearly : tuple of (path,) arrays
        Rate once the forecast has faded; what is added to the forecast's growth.
    row : int
        Place of the factory.
    found : (path, factory, month) array
        Filled at that place.
    """
    first, begun, growth = one
    months, room = found.shape[2], np.empty(found.shape[2])
    for path in range(found.shape[0]):
        trust = quantities[path, row].forecast_trust * MONTHS_PER_YEAR
        slow = np.log1p(yearly[0][path]) / MONTHS_PER_YEAR
        added = np.log1p(yearly[1][path]) / MONTHS_PER_YEAR
        steps, logs = growth[min(path, growth.shape[0] - 1)], found[path, row]
        logs[0] = begun[min(path, begun.size - 1)]
        stop = int(min(np.ceil(trust), float(min(first + steps.size - BACK, months))))
        for month in range(1, stop):
            logs[month] = _blend(steps[BACK + month - first] + added, slow, trust, month)
        running(logs[: max(stop, 1)], logs[: max(stop, 1)])
        _levels(logs, room, max(stop, 1), slow)


@compiled
def _regional(
    growing: tuple[Known, Known],
    own: tuple[Record, Array],
    known: tuple[int, int, float],
    row: int,
    found: Array,
) -> None:
    """Fill in capacity of one factory's region.

    A region's own growth is shrunk to the pooled growth, which follows AI spending.

    Parameters
    ----------
    growing : tuple
        Growth of the region's capacity, and of AI spending.
    own : tuple
        Assumptions by path and factory; what is added to the yearly growth of AI spending.
    known : tuple
        Growth rates observed; place on the grid after the last observation; its value.
    row : int
        Place of the factory.
    found : (path, factory, month) array
        Filled at that place.
    """
    (ahead, spending), (seen, begin, level) = growing, known
    grid = BACK + found.shape[2]
    months, room, since = found.shape[2], np.empty(found.shape[2]), np.empty(grid)
    end = min(ahead[0] + ahead[2].shape[1], spending[0] + spending[2].shape[1])
    for path in range(found.shape[0]):
        q = own[0][path, row]
        slow = np.log1p(q.long_run_growth) / MONTHS_PER_YEAR
        added = np.log1p(own[1][path]) / MONTHS_PER_YEAR
        trust = q.forecast_trust * MONTHS_PER_YEAR
        weight = seen / (seen + max(q.pooling_strength, 1e-9))
        mine = ahead[2][min(path, ahead[2].shape[0] - 1)]
        common = spending[2][min(path, spending[2].shape[0] - 1)]
        logs = found[path, row]
        stop = BACK + int(min(max(np.ceil(trust), 1.0), float(months)))
        logs[: min(max(begin - BACK, 0), months)] = 0.0
        grown = since[: max(stop - begin, 0)]
        for place in range(begin, min(stop, end)):
            pooled = (common[place - spending[0]] + added) * q.demand_elasticity
            fast = weight * mine[place - ahead[0]] + (1 - weight) * pooled
            grown[place - begin] = _blend(fast, slow, trust, place - BACK)
        for place in range(max(begin, end), stop):
            grown[place - begin] = slow
        running(grown, grown)
        for place in range(max(begin, BACK), stop):
            logs[place - BACK] = grown[place - begin]
        _levels(logs, room, min(max(stop, begin) - BACK, months), slow)
        for month in range(months):
            logs[month] *= level
