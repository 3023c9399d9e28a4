"""Simulations as the command line and the pages ask for them."""

from collections.abc import Sequence
from math import isfinite

import numpy as np

from data.catalog import Catalog
from data.problems import Problem, RefusedError, one_of
from forecasts.cluster import cluster
from forecasts.compare import ranking_data
from forecasts.delay_curve import curves_data, delay_curves
from forecasts.engine import Result, run
from forecasts.figures import FIGURE
from forecasts.metric_register import METRICS
from forecasts.outlook import outlook
from forecasts.plan import compile_plan, register
from forecasts.rank_sensitivity import ranks_data
from forecasts.risk_report import Thresholds, simulation_data
from forecasts.risk_score import risk_data, risk_scores
from forecasts.sampling import Design, Method
from forecasts.scenario import Scenario
from forecasts.sensitivity import contour, grid, planner_of, ranges, spider, tornado
from forecasts.series_record import series_record
from forecasts.timing import timing, timing_data
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Progress, Simulation, simulate
from forecasts.units import Array

METHODS: dict[str, Method] = {"sobol": "sobol", "latin": "latin", "random": "random"}
"""Ways to spread points, by name."""


def case_of(scenario: Scenario, catalog: Catalog) -> dict[str, object]:
    """Return what a result is of, so that it can be told from others."""
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


def ranks_told(simulation: Simulation, catalog: Catalog) -> dict[str, object]:
    """Return how closely each sampled input goes with NPV, IRR and cover, on the same paths."""
    known = outlook(catalog, simulation.plan.scenario.follows)
    return ranks_data(simulation, Sampler(simulation.plan, known, catalog, simulation.design))


def simulated(simulation: Simulation, catalog: Catalog, asked: Thresholds) -> dict[str, object]:
    """Return a simulation as plain data, as `rackcast simulate --json` prints it."""
    ranks = {"rank_sensitivity": ranks_told(simulation, catalog)}
    return simulation_data(simulation, asked) | ranks | record_told(simulation, catalog)


def record_told(simulation: Simulation, catalog: Catalog) -> dict[str, object]:
    """Return how often the intervals of the series behind a simulation held on the past."""
    return series_record(outlook(catalog, simulation.plan.scenario.follows))


def refuse_endless(**asked: float | None) -> None:
    """Refuse thresholds that no path compares with.

    Raises
    ------
    RefusedError
        With every one that is no finite number, by its flag.
    """
    problems = [
        Problem(f"--{name.replace('_', '-')}", str(value), "a finite number", "give a number")
        for name, value in asked.items()
        if value is not None and not isfinite(value)
    ]
    if problems:
        raise RefusedError(problems)


def ranking_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    budget: float | None,
    progress: Progress | None = None,
) -> dict[str, object]:
    """Rank the sites of a scenario, and choose within a budget."""
    if budget is not None and not isfinite(budget):
        raise RefusedError([Problem("--budget", str(budget), "an amount in USD", "give a number")])
    result = run(scenario, catalog)
    return ranked(result, simulation_of(scenario, catalog, wanted, progress), catalog, budget)


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


def risk_score_of(scenario: Scenario, catalog: Catalog, weights: str) -> dict[str, object]:
    """Return the composite risk score of every factory, by weights as `rating=40,currency=0`.

    Raises
    ------
    RefusedError
        If the weights cannot be read, or do not fit.
    """
    pairs = [part.partition("=") for part in weights.split(",") if part.strip()]
    names, result = [name.strip() for name, _, _ in pairs], run(scenario, catalog)

    def refused(why: str) -> RefusedError:
        expected = f"weights as rating=40,currency=0 ({why})"
        return RefusedError([Problem("--weights", repr(weights[:60]), expected, "correct them")])

    if len(set(names)) < len(names):
        raise refused("each name once")
    try:
        by = {name: float(value) for name, (_, _, value) in zip(names, pairs, strict=True)}
        found = risk_scores(result, catalog, by)
    except ValueError as error:
        raise refused(str(error)) from error
    return case_of(scenario, catalog) | risk_data(found, by)


def timing_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    progress: Progress | None = None,
) -> dict[str, object]:
    """Return the timing of every site as plain data."""
    planner = planner_of(scenario, catalog)
    return {
        **case_of(scenario, catalog),
        "paths": wanted[0],
        "seed": wanted[1],
        "sites": timing_data(timing(planner, design_of(wanted), progress=progress)),
        "delay": curves_data(delay_curves(planner.plan, planner.outlook)),
    }


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
    planner = planner_of(scenario, catalog)
    one_of("--metric", metric, list(METRICS))
    if factory is not None:
        one_of("--factory", factory, [site.key for site in register(catalog)])
    try:
        found = tornado(planner, metric, factory)
    except ValueError as error:
        expected = "a metric and a factory of the model"
        raise RefusedError([Problem("sensitivity", str(error), expected, "correct it")]) from error
    return {
        **case_of(scenario, catalog),
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
