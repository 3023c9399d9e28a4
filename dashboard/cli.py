"""`rackcast …`: exit code 0 done, 1 refused with reasons, 2 wrong usage, 3 a watch alerts."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboard import api_cli, audit_cli, store_cli, trust_commands, verify_cli, what_if_commands
from dashboard.cli_options import AsJson, DataFolder, PathCount, ScenarioName, Seed, unreachable
from dashboard.cli_options import say as _say
from dashboard.path_counts import SIMULATED_PATHS
from dashboard.risk_commands import portfolio, sensitivity, stress, timing
from data.problems import RefusedError

app = typer.Typer(
    name="rackcast",
    help="Forecasts the build-out, cost and return of sovereign AI factories.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what cannot be used is named on stderr and exits with 1."""
    try:
        app(arguments if arguments is not None else sys.argv[1:])
    except RefusedError as refused:
        for problem in refused.problems:
            typer.echo(f"refused: {problem}", err=True)
        sys.exit(1)
    except OSError as error:
        typer.echo(f"refused: {unreachable(error)}", err=True)
        sys.exit(1)


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port to listen on.")] = 8501,
    address: Annotated[
        str, typer.Option(help="Where to listen; others than this machine must sign in.")
    ] = "127.0.0.1",
    replicas: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes that serve; one for each core suits a team."),
    ] = 1,
    as_json: AsJson = False,
) -> None:
    """Open the app in the browser, on this machine only unless an address is given."""
    if replicas > 1:
        from dashboard.replicas import serve_replicas

        if as_json:
            _say(as_json, lambda: {"address": address, "port": port, "replicas": replicas}, str)
        serve_replicas(port, address, replicas)
        return
    from dashboard import early

    early.tables()
    from dashboard.server import serve

    if as_json:
        _say(as_json, lambda: {"address": address, "port": port}, str)
    serve(port, address)


@app.command()
def project(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Project phases, costs and returns of every factory."""
    from dashboard.files import read_catalog, read_scenario, read_stated
    from dashboard.text import projection_text, stated_text
    from forecasts.checks import check, refuse_failed
    from forecasts.engine import run
    from forecasts.report import projection
    from forecasts.stated import stated_projection

    held = read_stated(scenario)
    if held is not None:
        made = stated_projection(*held)
        _say(as_json, lambda: made, lambda: stated_text(made))
        return
    result = run(read_scenario(scenario), read_catalog(data))
    checks = check(result)
    _say(as_json, lambda: projection(result, checks), lambda: projection_text(result, checks))
    refuse_failed(checks)


@app.command()
def forecast(  # noqa: PLR0913 - one option a parameter
    file: Annotated[
        Path,
        typer.Argument(
            help="Table with unique_id (series), ds (period), y (value), or a column a series."
        ),
    ],
    horizon: Annotated[int, typer.Option(min=1, max=1000, help="Steps ahead.")],
    freq: Annotated[
        str | None, typer.Option(help="Y, H (half), Q, M, W, B (workday), D or h; found otherwise.")
    ] = None,
    levels: Annotated[str, typer.Option(help="Interval levels in percent.")] = "80,95",
    out: Annotated[Path | None, typer.Option(help="CSV to write; printed when left out.")] = None,
    judge: Annotated[
        bool, typer.Option("--backtest", help="Report how each model did on the past, and why.")
    ] = False,
    every: Annotated[
        bool,
        typer.Option(
            "--every-model", help="Backtest statsmodels' ETS, Theta, ARIMA, components too: slow."
        ),
    ] = False,
    overrides: Annotated[
        Path | None,
        typer.Option(help="CSV of judgements: unique_id, ds, y, known, who, reason."),
    ] = None,
    driver: Annotated[
        str | None,
        typer.Option(help="A series of the file: explain the others by its yearly growth instead."),
    ] = None,
    lag: Annotated[int, typer.Option(min=0, max=48, help="Steps by which it leads.")] = 0,
    futures: Annotated[
        Path | None,
        typer.Option(help="CSV of its futures: future, ds, y; its own forecast when left out."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Forecast every series of a file, with prediction intervals."""
    from dashboard import driven_file, series_text
    from dashboard import series_file as series

    mixed = {"--lag": lag > 0, "--futures": futures is not None, "--overrides": bool(overrides)}
    driven_file.refuse_mixed(driver, mixed | {"--backtest": judge, "--every-model": every})
    frame, wanted = series.read_series(file), series.levels_of(levels)
    judgements = series.read_overrides(overrides) if overrides else ()
    if driver is not None:
        made = driven_file.explain(frame, horizon, freq, driver=driver, lag=lag, futures=futures)
        if out is not None:
            series.write(made.futures, out)
        typer.echo(driven_file.verdicts(made, driver, lag), err=True)
        _say(
            as_json,
            lambda: driven_file.data(made, driver, lag),
            lambda: driven_file.paths(made, out),
        )
        return
    asked = (frame, horizon, freq, wanted)
    report = series.backtest_all(*asked, every=every) if judge or every else None
    found = series.answer_of(*asked, report=report, judgements=judgements)
    if out is not None:
        series.write(found.made, out)
    if report is None:
        typer.echo(series_text.aside(found), err=True)
    _say(as_json, found.data, lambda: series_text.text(found, out))


@app.command()
def simulate(  # noqa: PLR0913 - one option a parameter
    scenario: ScenarioName = "base",
    paths: PathCount = SIMULATED_PATHS,
    seed: Seed = 0,
    method: Annotated[str, typer.Option(help="sobol, latin or random points.")] = "sobol",
    hurdle: Annotated[
        float | None,
        typer.Option(help="Project IRR asked, as 0.15; each factory's own if not given."),
    ] = None,
    covenant: Annotated[
        float | None, typer.Option(help="Lowest 12-month DSCR asked; the scenario's if not given.")
    ] = None,
    stranded_mw: Annotated[
        float, typer.Option(min=0, help="Mean MW without demand asked about.")
    ] = 5.0,
    payback: Annotated[float, typer.Option(min=0, help="Years of payback asked about.")] = 10.0,
    cluster: Annotated[
        str | None, typer.Option(help="A Dask scheduler, as tcp://10.0.0.5:8786.")
    ] = None,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Carry sampled paths through a scenario: distributions and probabilities, with errors."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.progress import Bar
    from dashboard.risk_runs import refuse_endless, simulated, simulation_of
    from dashboard.risk_text import simulation_text
    from forecasts.risk_report import Thresholds

    refuse_endless(hurdle=hurdle, covenant=covenant, stranded_mw=stranded_mw, payback=payback)
    catalog, wanted = read_catalog(data), (paths, seed, method)
    found = simulation_of(read_scenario(scenario), catalog, wanted, Bar(), cluster)
    asked = Thresholds(hurdle, covenant, stranded_mw=stranded_mw, payback_years=payback)
    made = simulated(found, catalog, asked)
    _say(as_json, lambda: made, lambda: simulation_text(made))


@app.command()
def rank(
    scenario: ScenarioName = "base",
    budget: Annotated[
        float | None, typer.Option(min=0, help="USD of first-time capex to spend.")
    ] = None,
    paths: PathCount = SIMULATED_PATHS,
    seed: Seed = 0,
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Rank the sites under uncertainty; choose among them within a budget."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.risk_runs import ranking_of
    from dashboard.risk_text import ranking_text

    made = ranking_of(read_scenario(scenario), read_catalog(data), (paths, seed, "sobol"), budget)
    _say(as_json, lambda: made, lambda: ranking_text(made))


@app.command()
def ingest(  # noqa: PLR0913 - one option a parameter
    file: Annotated[
        Path | None, typer.Argument(help="CSV, XLSX, ODS, Parquet or JSON, as it is.")
    ] = None,
    dataset: Annotated[
        str, typer.Option(help="Dataset it belongs to; any reads structure and types alone.")
    ] = "any",
    sheet: Annotated[str, typer.Option(help="Sheet of a workbook, by name or number.")] = "",
    out: Annotated[Path | None, typer.Option(help="CSV to write what was read to.")] = None,
    encoding: Annotated[str, typer.Option(help="Such as utf-8 or cp1252; found out.")] = "",
    delimiter: Annotated[str, typer.Option(help="One character, or tab; found out.")] = "",
    decimal: Annotated[str, typer.Option(help="Decimal mark: . or , ; found out.")] = "",
    dates: Annotated[str, typer.Option(help="Order of dates: dmy, mdy or ymd; found out.")] = "",
    header: Annotated[
        int | None, typer.Option(min=0, help="Row of the column names; 0 for none.")
    ] = None,
    mapping: Annotated[
        str, typer.Option(help="Country=iso3,MW=value; a JSON file; or kept, as last time.")
    ] = "",
    keep: Annotated[
        bool, typer.Option("--keep-mapping", help="Keep the mapping for the source's next file.")
    ] = False,
    leave_out: Annotated[
        bool, typer.Option("--leave-out", help="Leave out rows with errors, take the others.")
    ] = False,
    template: Annotated[
        str, typer.Option(help="Print a CSV to start from for this dataset, and stop.")
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Read a file: what was assumed, what is wrong with it in which row, and how to mend it."""
    from dashboard.ingest_file import read_file, report_text, template_of, write_frame
    from dashboard.mapping_options import keep_mapping, with_mapping
    from data.reading.findings import Options

    if file is None and not template:
        raise typer.BadParameter("name a file, or a dataset with --template", param_hint="FILE")
    if file is None:
        typer.echo(template_of(template), nl=False)
        return
    said = Options(sheet, encoding, delimiter, decimal, dates, header, leave_out=leave_out)
    said = with_mapping(said, mapping, file, dataset)
    made = read_file(file, dataset, said)
    if keep and made.report.status != "rejected":
        keep_mapping(said, made, dataset)
    if out is not None:
        write_frame(made, out)
    _say(as_json, made.report.data, lambda: report_text(made, file.name, out))
    if made.report.status == "rejected":
        sys.exit(1)


@app.command()
def export(  # noqa: PLR0913 - one option a parameter
    to: Annotated[Path, typer.Option("--to", help="File to write: its ending says what.")],
    scenario: ScenarioName = "base",
    against: Annotated[
        str | None,
        typer.Option(help="Scenario to compare with; left out, base, or for it constrained."),
    ] = None,
    audience: Annotated[
        str, typer.Option(help="all, board, investors or public: what decks and pages hold.")
    ] = "all",
    chart: Annotated[str, typer.Option(help="Which chart a PNG or SVG shows.")] = "capacity",
    theme: Annotated[str, typer.Option(help="light or dark, for pictures.")] = "light",
    scale: Annotated[int, typer.Option(min=1, max=4, help="Pixels per point of a PNG.")] = 2,
    pack: Annotated[str, typer.Option(help="What a ZIP holds: data or charts.")] = "data",
    template: Annotated[
        Path | None, typer.Option(help="A company's PPTX whose master the deck uses.")
    ] = None,
    date: Annotated[
        str | None, typer.Option(help="Day to declare, 2026-11-26; today when left out.")
    ] = None,
    link: Annotated[
        str, typer.Option(help="Address of the app that links open.")
    ] = "http://127.0.0.1:8501",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Write a deck, a workbook, a brief, a chart or all data of a scenario."""
    from dashboard.export_runs import Wanted, exported

    audit_cli.noted_export(to.name)
    wanted = Wanted(
        to=to, scenario=scenario, against=against, data=data, day=date, audience=audience,
        chart=chart, theme=theme, scale=scale, template=template, app=link, pack=pack,
    )  # fmt: skip
    made = exported(wanted)
    _say(as_json, made.data, lambda: f"{to}: {made.bytes:,} bytes; {made.manifest.name}")


for command in (portfolio, timing, sensitivity, stress):
    app.command()(command)


@app.command("check")
def check_command(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Check tables and model: identities must hold, notes say what to know."""
    from dashboard.files import read_catalog, read_scenario, read_stated
    from dashboard.text import stated_checks_text
    from forecasts.checks import check, refuse_failed
    from forecasts.engine import run
    from forecasts.report import checks_data
    from forecasts.stated import stated_projection

    held = read_stated(scenario)
    if held is not None:
        made = stated_projection(*held)
        _say(as_json, lambda: made["checks"], lambda: stated_checks_text(made))
        return
    checks = check(run(read_scenario(scenario), read_catalog(data)))
    _say(
        as_json,
        lambda: checks_data(checks),
        lambda: "\n".join(
            f"{one.level:6} {one.factory or 'all'}: {one.name}: {one.message}" for one in checks
        ),
    )
    refuse_failed(checks)


store_cli.add_to(app)
trust_commands.add_to(app)
audit_cli.add_to(app)
verify_cli.add_to(app)
what_if_commands.add_to(app)
api_cli.add_to(app)

if __name__ == "__main__":
    main()
