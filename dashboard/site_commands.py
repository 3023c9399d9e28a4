"""`rackcast site` and `rackcast evidence`: what stands at a month, and what anybody has seen."""

from typing import Annotated

import typer

from dashboard.cli_options import AsJson, DataFolder, ScenarioName, say
from data.problems import one_of

Factory = Annotated[str | None, typer.Option(help="A factory; every one if left out.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command()(site)
    app.command()(evidence)


def site(
    at: Annotated[str, typer.Option(help="Month, as 2030-06: its end is shown.")],
    factory: Factory = None,
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show what stands on a site at the end of a month: grid, halls, racks, cooling, capex."""
    from dashboard import site_text
    from dashboard.charts.study import study
    from dashboard.files import read_catalog, read_scenario
    from data.problems import Problem, RefusedError
    from forecasts.engine import run
    from forecasts.report import month_name

    made = study(run(read_scenario(scenario), read_catalog(data)))
    names = [month_name(made.result, month) for month in range(made.result.plan.months)]
    if at not in names:
        raise RefusedError(
            [Problem("--at", repr(at), f"{names[0]} to {names[-1]}", "write a month as these are")]
        )
    rows = _rows([one.key for one in made.sites], factory)
    say(
        as_json,
        lambda: site_text.site_data(made, rows, names.index(at)),
        lambda: site_text.site_text(made, rows, names.index(at)),
    )


def evidence(
    factory: Factory = None,
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Hold what is publicly known of a site's progress against the plan, with sources."""
    from dashboard import site_text
    from dashboard.charts.study import study
    from dashboard.files import read_catalog, read_scenario
    from forecasts.engine import run

    catalog = read_catalog(data)
    made = study(run(read_scenario(scenario), catalog))
    rows = _rows([one.key for one in made.sites], factory)
    say(
        as_json,
        lambda: site_text.evidence_data(made, rows, catalog),
        lambda: site_text.evidence_text(made, rows, catalog),
    )


def _rows(keys: list[str], factory: str | None) -> list[int]:
    """Return the places of the factories asked for."""
    if factory is not None:
        one_of("--factory", factory, tuple(keys))
    return [row for row, key in enumerate(keys) if factory in (None, key)]
