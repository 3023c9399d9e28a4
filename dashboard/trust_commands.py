"""Commands on trust: the model beside announced projects and published ranges."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from dashboard import books_commands, site_commands, watch_commands
from dashboard.cli_options import AsJson, DataFolder, ScenarioName, StoreName, Workspace, say


def track_record(data: DataFolder = None, as_json: AsJson = False) -> None:
    """Compare the cost model with announced projects: fitted on early ones, judged on later."""
    from dashboard.files import read_catalog
    from dashboard.trust_text import record_text
    from forecasts.track_record import record_data
    from forecasts.track_record import track_record as compared

    found = compared(read_catalog(data))
    say(as_json, lambda: record_data(found), lambda: record_text(found))


def ratios(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Set the ratios an expert checks first beside published ranges; flag what lies outside."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.trust_text import ratios_text
    from forecasts.engine import run
    from forecasts.sanity_bands import ratios as compared
    from forecasts.sanity_bands import ratios_data

    catalog = read_catalog(data)
    found = compared(run(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: ratios_data(found), lambda: ratios_text(found))


def announcement(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Walk the announcement line by line: place, value, source, what a tenth more moves."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.trust_text import announcement_text
    from forecasts.announcement import announcement_data, line_by_line
    from forecasts.engine import run

    catalog = read_catalog(data)
    found = line_by_line(run(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: announcement_data(found), lambda: announcement_text(found))


def scorecard(
    issue: Annotated[
        bool, typer.Option("--issue", help="Keep today's forecasts and results, to be scored.")
    ] = False,
    note: Annotated[str, typer.Option(help="Why they are issued; kept beside them.")] = "",
    store: StoreName = None,
    workspace: Workspace = "main",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Score issued forecasts, what earlier data would have said, and published outlooks."""
    from dashboard import issue_runs
    from dashboard.issue_commands import asked_to_issue, issued_now, kept_text, looked_up
    from dashboard.trust_text import scorecard_text
    from forecasts.past_forecasts import past_forecasts, record_data
    from forecasts.published_record import published_record

    made = issued_now((store, workspace), note, data) if asked_to_issue(note, issue=issue) else None
    catalog, held = looked_up((store, workspace), data)
    found, others = past_forecasts(catalog), published_record(catalog)
    told: dict[str, object] = {"kept": issue_runs.kept_data(held)}
    if made is not None:
        told["issued"] = issue_runs.identity(made[0]) | {"new": made[1]}
    say(
        as_json,
        lambda: record_data(found, others) | told,
        lambda: f"{scorecard_text(found, others)}\n\n{kept_text(held, made)}",
    )


SwitchNames = Annotated[
    list[str] | None,
    typer.Option(
        "--switch",
        help="Rule to turn on, once or more: incentives, licences, strict, no_compliance, "
        "no_regime_demand.",
    ),
]
ScenarioOut = Annotated[
    Path | None, typer.Option("--out", help="YAML file for the scenario with what was turned on.")
]


def regimes(
    scenario: ScenarioName = "base",
    switch: SwitchNames = None,
    out: ScenarioOut = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the rules of every country and what they are worth; turn some on in a scenario."""
    from dashboard.files import read_catalog, read_scenario, write_scenario
    from dashboard.trust_text import regimes_text
    from forecasts.engine import run
    from forecasts.regimes import regimes as worked_out
    from forecasts.regimes import regimes_data
    from forecasts.rule_switches import SWITCHES, turned

    catalog, wanted = read_catalog(data), read_scenario(scenario)
    for name in _known(switch or []):
        wanted = turned(wanted, name, catalog, on=True)
        wanted = wanted.having(name=f"{wanted.name}, {name}"[:80], description=SWITCHES[name].help)
    if out is not None:
        write_scenario(out, wanted)
    found = worked_out(run(wanted, catalog), catalog)
    say(as_json, lambda: regimes_data(found), lambda: regimes_text(found))


def countries(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Set what countries differ in side by side: power, tax, duty, labour, building, risk, time."""
    from dashboard.charts.countries import text
    from dashboard.files import read_catalog, read_scenario
    from forecasts.plan import compile_plan
    from forecasts.side_by_side import cells_data, side_by_side

    catalog = read_catalog(data)
    cells = side_by_side(compile_plan(read_scenario(scenario), catalog), catalog)
    say(as_json, lambda: cells_data(cells), lambda: text(cells))


def risk_score(
    scenario: ScenarioName = "base",
    weights: Annotated[
        str, typer.Option(help="Weights by component, as rating=40,currency=0.")
    ] = "",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Score what could go wrong at every factory: outages, rating, currency, export, delay …."""
    from dashboard.charts.risk_score import text
    from dashboard.files import read_catalog, read_scenario
    from dashboard.risk_runs import risk_score_of

    made = risk_score_of(read_scenario(scenario), read_catalog(data), weights)
    say(as_json, lambda: made, lambda: text(made))


def currencies(
    code: Annotated[
        str, typer.Option("--in", help="ISO code: USD, EUR, MYR, RON, others.")
    ] = "USD",
    real: Annotated[bool, typer.Option("--real", help="In money of the first month.")] = False,
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Show the main figures of every factory in a currency, nominal or in real terms."""
    from dashboard.charts.currencies import NOMINAL, REAL, rates_of, text
    from dashboard.charts.currencies import data as told
    from dashboard.charts.study import study
    from dashboard.files import read_catalog, read_scenario
    from forecasts.engine import run

    catalog = read_catalog(data)
    made = study(run(read_scenario(scenario), catalog))
    terms = REAL if real else NOMINAL
    shown = text(made, rates_of(made, catalog), code.upper(), terms)
    say(as_json, lambda: told(made, catalog, code.upper(), terms), lambda: shown)


def _known(names: list[str]) -> list[str]:
    """Return the names, or refuse those that are no switch, all at once."""
    from data.problems import Problem, RefusedError
    from forecasts.rule_switches import SWITCHES

    expected = f"one of {', '.join(SWITCHES)}"
    wrong = [name for name in names if name not in SWITCHES]
    if wrong:
        raise RefusedError(
            [Problem("--switch", repr(name), expected, "correct the name") for name in wrong]
        )
    return names


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    app.command("track-record")(track_record)
    app.command("risk-score")(risk_score)
    watch_commands.add_to(app)
    books_commands.add_to(app)
    site_commands.add_to(app)
    for command in (ratios, announcement, scorecard, regimes, countries, currencies):
        app.command()(command)
