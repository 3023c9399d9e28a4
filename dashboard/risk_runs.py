"""Simulations as the command line and the pages ask for them."""

from math import isfinite

from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.compare import ranking_data
from forecasts.engine import Result, run
from forecasts.figures import FIGURE
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design, Method
from forecasts.scenario import Scenario
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Progress, Simulation, simulate

METHODS: dict[str, Method] = {"sobol": "sobol", "latin": "latin", "random": "random"}
"""Ways to spread points, by name."""


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
) -> Simulation:
    """Simulate a scenario on paths, seed and method."""
    plan = compile_plan(scenario, catalog)
    return simulate(plan, outlook(catalog), catalog, design_of(wanted), progress=progress)


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
    sampler = Sampler(simulation.plan, outlook(catalog), catalog, simulation.design)
    expected = {name: result.figures[0, :, FIGURE[name]] for name in ("npv", "capex")}
    return ranking_data(simulation, sampler, expected, budget)
