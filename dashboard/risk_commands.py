"""Commands on risk: portfolio, timing, sensitivity, stress tests."""

from pathlib import Path
from typing import Annotated

import typer

from dashboard.cli_options import AsJson, DataFolder, ScenarioName, Seed, say
from dashboard.path_counts import PROGRAMME_PATHS, TIMING_PATHS


def portfolio(  # noqa: PLR0913 - one option a parameter
    scenario: ScenarioName = "base",
    budget: Annotated[
        str, typer.Option(help="USD of capex a year, as 2e9, or by year: 1e9,2e9,3e9.")
    ] = "inf",
    grid_mw: Annotated[
        float, typer.Option(min=0, help="Most facility MW energised in a year.")
    ] = float("inf"),
    racks: Annotated[float, typer.Option(min=0, help="Most racks ordered in a year.")] = float(
        "inf"
    ),
    paths: Annotated[int, typer.Option(min=64, max=4096, help="Sampled paths.")] = PROGRAMME_PATHS,
    seed: Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option("--out", help="YAML file for the scenario that holds the chosen programme."),
    ] = None,
    point: Annotated[
        int | None,
        typer.Option(min=1, help="Which programme is told, and goes there: 1 is worth most."),
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Choose sites, sizes and starts within yearly limits: value against tail risk."""
    from dashboard.files import read_catalog, read_scenario, write_scenario
    from dashboard.portfolio_runs import limits_of, options_for, picked, point_of, portfolio_of
    from dashboard.portfolio_text import portfolio_text
    from dashboard.progress import Bar

    limits = limits_of(budget, grid_mw, racks)
    wanted = (paths, seed, "sobol")
    planner, options = options_for(read_scenario(scenario), read_catalog(data), wanted, Bar())
    made = portfolio_of(planner, options, wanted, limits)
    if point is not None:
        made |= {"point": point, "programme": point_of(made, point)}
    if out is not None:
        write_scenario(out, picked(planner, options, made, point or 1))
    say(as_json, lambda: made, lambda: portfolio_text(made))


def stress(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Put a scenario through named stress tests: every metric, as stated and under stress."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.risk_text import stress_text
    from forecasts.stress import stress_data, stress_tests

    made = stress_data(stress_tests(read_scenario(scenario), read_catalog(data)))
    say(as_json, lambda: made, lambda: stress_text(made))


def sensitivity(
    scenario: ScenarioName = "base",
    metric: Annotated[str, typer.Option(help="Any metric, as npv, irr, lcoc, min_dscr.")] = "npv",
    factory: Annotated[
        str | None, typer.Option(help="A factory; all together if left out.")
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Move every assumption over its stated range: what moves a metric most."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.risk_runs import tornado_of
    from dashboard.risk_text import tornado_text

    made = tornado_of(read_scenario(scenario), read_catalog(data), metric, factory)
    say(as_json, lambda: made, lambda: tornado_text(made))


def timing(
    scenario: ScenarioName = "base",
    paths: Annotated[int, typer.Option(min=64, max=16_384, help="Sampled paths.")] = TIMING_PATHS,
    seed: Seed = 0,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """When to build: cost of a month's delay, other plans, and what it is worth to wait."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.progress import Bar
    from dashboard.risk_runs import timing_of
    from dashboard.risk_text import timing_text

    made = timing_of(read_scenario(scenario), read_catalog(data), (paths, seed, "sobol"), Bar())
    say(as_json, lambda: made, lambda: timing_text(made))
