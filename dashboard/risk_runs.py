"""Simulations as the command line and the pages ask for them."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.cluster import cluster
from forecasts.compare import ranking_data
from forecasts.engine import Result, run
from forecasts.figures import FIGURE
from forecasts.metric_register import METRICS
from forecasts.options import options_of
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.programme import TAIL, Limits, Options, Programme, budget_steps, frontier
from forecasts.sampling import Design, Method
from forecasts.scenario import Scenario
from forecasts.sensitivity import contour, grid, planner_of, ranges, spider, tornado
from forecasts.timing import timing, timing_data
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Progress, Simulation, simulate
from forecasts.units import Array

METHODS: dict[str, Method] = {"sobol": "sobol", "latin": "latin", "random": "random"}
"""Ways to spread points, by name."""


def _case(scenario: Scenario, catalog: Catalog) -> dict[str, object]:
    """What a result is of, so that it can be told from others."""
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "data_version": catalog.version,
    }


def design_of(wanted: tuple[int, int, str]) -> Design:
    """Return a design from paths, seed and method.

    Raises
    ------
    RefusedError
        If there is no such method.
    """
    paths, seed, method = wanted
    if method not in METHODS:
        expected = f"one of {', '.join(METHODS)}"
        raise RefusedError([Problem("--method", repr(method), expected, "use sobol")])
    return Design(paths, seed, METHODS[method])


def simulation_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    progress: Progress | None = None,
    address: str | None = None,
) -> Simulation:
    """Simulate a scenario on paths, seed and method; on a cluster when an address is given."""
    plan = compile_plan(scenario, catalog)
    mapper = cluster(address) if address is not None else None
    return simulate(
        plan, outlook(catalog, scenario.follows), catalog, design_of(wanted), mapper, progress
    )


def portfolio_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    limits: Limits,
    progress: Progress | None = None,
) -> dict[str, object]:
    """Choose sites, sizes and starts within limits: the frontier, and what each budget buys."""
    options = options_of(planner_of(scenario, catalog), design_of(wanted), progress=progress)
    most = limits.budgets(1)[0]
    highest = most if isfinite(most) else float(options.capex_usd.sum(axis=0).max(initial=1e9))
    budgets = [highest * share for share in BUDGET_SHARES]
    made = frontier(options, limits)
    bought = budget_steps(options, limits, budgets)
    return {
        **_case(scenario, catalog),
        "paths": wanted[0],
        "seed": wanted[1],
        "options": len(options.site),
        "tail_share": TAIL,
        "frontier": [_told(options, one) for one in made],
        "budgets": [
            {"budget_usd_per_year": budget} | _told(options, one)
            for budget, one in zip(budgets, bought, strict=True)
        ],
        "reason": ""
        if made[0].chosen
        else "No option within the limits has a mean NPV above zero on these paths: build nothing.",
    }


BUDGET_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
"""Budgets tried, as shares of the largest."""


def _told(options: Options, one: Programme) -> dict[str, object]:
    return {
        "mean_npv_usd": one.mean_usd,
        "tail_npv_usd": one.tail_usd,
        "gap": one.gap,
        "capex_usd": float(options.capex_usd[list(one.chosen)].sum()),
        "chosen": [
            {"site": options.site[row], "size": options.size[row], "start": options.start[row]}
            for row in one.chosen
        ],
    }


def ranking_of(
    scenario: Scenario, catalog: Catalog, wanted: tuple[int, int, str], budget: float | None
) -> dict[str, object]:
    """Rank the sites of a scenario, and choose within a budget."""
    if budget is not None and not isfinite(budget):
        raise RefusedError([Problem("--budget", str(budget), "an amount in USD", "give a number")])
    result = run(scenario, catalog)
    return ranked(result, simulation_of(scenario, catalog, wanted), catalog, budget)


def ranked(
    result: Result, simulation: Simulation, catalog: Catalog, budget: float | None
) -> dict[str, object]:
    """Rank the sites of a projection on simulated paths."""
    known = outlook(catalog, simulation.plan.scenario.follows)
    sampler = Sampler(simulation.plan, known, catalog, simulation.design)
    expected = {name: result.figures[0, :, FIGURE[name]] for name in ("npv", "capex")}
    expected["power_months"] = months_to_power(result)
    return ranking_data(simulation, sampler, expected, budget)


def months_to_power(result: Result) -> Array:
    """Months from the first decision to power, (factory,); NaN where nothing is built."""
    return np.array(
        [own[0].energised - own[0].decision if own else np.nan for own in result.phases]
    )


def timing_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    progress: Progress | None = None,
) -> dict[str, object]:
    """Return the timing of every site as plain data."""
    return {
        **_case(scenario, catalog),
        "paths": wanted[0],
        "seed": wanted[1],
        "sites": timing_data(
            timing(planner_of(scenario, catalog), design_of(wanted), progress=progress)
        ),
    }


def limits_of(budget: str, grid_mw: float, racks: float) -> Limits:
    """Return limits from what the command line states.

    Raises
    ------
    RefusedError
        If the budget is no list of amounts.
    """
    try:
        return Limits(tuple(float(one) for one in budget.split(",")), grid_mw, racks)
    except ValueError as error:
        expected = "amounts in USD from 0 on, as 2e9 or 1e9,2e9"
        raise RefusedError([Problem("--budget", repr(budget), expected, "correct it")]) from error


def spider_of(
    scenario: Scenario, catalog: Catalog, metric: str, names: Sequence[str]
) -> dict[str, object]:
    """Return a metric of all factories along the range of a few assumptions; null: undefined."""
    planner = planner_of(scenario, catalog)
    found, over = spider(planner, metric, names), ranges(planner)
    return {
        "metric": metric,
        "unit": METRICS[metric].unit,
        "shares": found.shares.tolist(),
        "lines": [
            {
                "assumption": name,
                "from": [float(over[name].low.min()), float(over[name].high.max())],
                "values": [_number(value) for value in found.lines[name].tolist()],
            }
            for name in names
        ],
    }


def grid_of(
    scenario: Scenario, catalog: Catalog, metric: str, names: tuple[str, str]
) -> dict[str, object]:
    """Return a metric of all factories over the ranges of two assumptions, and where it is 0."""
    found = grid(planner_of(scenario, catalog), metric, names)
    level = 0.0
    return {
        "metric": metric,
        "unit": METRICS[metric].unit,
        "names": list(names),
        "across": found.across.tolist(),
        "up": found.up.tolist(),
        "values": [[_number(value) for value in row] for row in found.values.tolist()],
        "level": level,
        "contour": contour(found, level).tolist(),
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None


def tornado_of(
    scenario: Scenario, catalog: Catalog, metric: str, factory: str | None
) -> dict[str, object]:
    """Return what moves a metric, widest first, as plain data; undefined ends are null.

    Raises
    ------
    RefusedError
        If there is no such metric or factory.
    """
    try:
        found = tornado(planner_of(scenario, catalog), metric, factory)
    except ValueError as error:
        expected = "a metric and a factory of the model"
        raise RefusedError([Problem("sensitivity", str(error), expected, "correct it")]) from error

    return {
        **_case(scenario, catalog),
        "metric": metric,
        "unit": METRICS[metric].unit,
        "factory": factory,
        "base": _number(found.base),
        "drivers": [
            {
                "assumption": one.name,
                "from": [_number(float(end)) for end in (over.low.min(), over.high.max())],
                "at_low": _number(one.low),
                "at_high": _number(one.high),
                "span": _number(one.span),
            }
            for one in found.drivers
            for over in [found.ranges[one.name]]
        ],
    }
