"""`rackcast …`: exit code 0 done, 1 refused with reasons, 2 wrong usage."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    import pandas as pd

    from data.ingest import Problem as FileProblem

app = typer.Typer(
    name="rackcast",
    help="Forecasts the build-out, cost and return of sovereign AI factories.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

ScenarioName = Annotated[
    str, typer.Option("--scenario", help="base, accelerated, constrained, or a YAML file.")
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Folder of tables instead of the bundled ones.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def main(arguments: list[str] | None = None) -> None:
    """Run a command; what cannot be used is named on stderr and exits with 1."""
    try:
        app(arguments if arguments is not None else sys.argv[1:])
    except RefusedError as refused:
        for problem in refused.problems:
            typer.echo(f"refused: {problem}", err=True)
        sys.exit(1)


def _say(json_wanted: bool, data: Callable[[], object], text: Callable[[], str]) -> None:
    """Print JSON (never NaN: that would be a slip of ours) or text for people."""
    typer.echo(json.dumps(data(), indent=1, allow_nan=False) if json_wanted else text())


@app.command()
def dashboard(
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port on 127.0.0.1.")] = 8501,
) -> None:
    """Open the app in the browser, on this machine only."""
    from dashboard.server import serve

    serve(port)


@app.command()
def project(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Project phases, costs and returns of every factory."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.text import projection_text
    from forecasts.checks import check
    from forecasts.engine import run
    from forecasts.report import projection

    result = run(read_scenario(scenario), read_catalog(data))
    checks = check(result)
    _say(as_json, lambda: projection(result, checks), lambda: projection_text(result, checks))


@app.command()
def forecast(
    file: Annotated[Path, typer.Argument(help="CSV with unique_id, ds, y.")],
    horizon: Annotated[int, typer.Option(min=1, max=1000, help="Steps ahead.")],
    freq: Annotated[str | None, typer.Option(help="Y, Q, M, W or D; found when left out.")] = None,
    levels: Annotated[str, typer.Option(help="Interval levels in percent.")] = "80,95",
    out: Annotated[Path | None, typer.Option(help="CSV to write; printed when left out.")] = None,
    as_json: AsJson = False,
) -> None:
    """Forecast every series of a file, with prediction intervals."""
    from data.ingest import read
    from forecasts.combine import forecast as forecast_frame

    ingested = read(file, "series")
    if ingested.report.status == "rejected":
        raise RefusedError([_in_file(file, one) for one in ingested.report.problems])
    made = forecast_frame(ingested.frame, horizon, freq, _levels(levels))
    _write(made, out, as_json)


def _in_file(file: Path, found: "FileProblem") -> Problem:
    """Say where in the user's file a problem is; a problem of the whole file has no row."""
    row = "" if found.row is None else f" row {found.row}"
    column = f", {found.column}" if found.column else ""
    return Problem(f"{file.name}{row}{column}", str(found.value), found.expected, found.fix)


def _write(made: "pd.DataFrame", out: Path | None, as_json: bool) -> None:
    if out is not None:
        try:
            made.to_csv(out, index=False)
        except OSError as error:
            problem = Problem(str(out), error.strerror or "", "a place to write", "name another")
            raise RefusedError([problem]) from error
    _say(
        as_json,
        lambda: json.loads(made.to_json(orient="records", date_format="iso") or "[]"),
        lambda: f"{len(made)} rows written to {out}" if out else made.to_csv(index=False),
    )


def _levels(text: str) -> tuple[int, ...]:
    """Read `80,95`; refuse anything but whole percentages between 1 and 99."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if parts and all(part.isdigit() and 1 <= int(part) <= 99 for part in parts):
        return tuple(sorted({int(part) for part in parts}))
    raise RefusedError(
        [Problem("--levels", repr(text), "whole percentages from 1 to 99", "write e.g. 80,95")]
    )


@app.command("check")
def check_command(
    scenario: ScenarioName = "base", data: DataFolder = None, as_json: AsJson = False
) -> None:
    """Check tables and model: identities must hold, notes say what to know."""
    from dashboard.files import read_catalog, read_scenario
    from forecasts.checks import check, failed
    from forecasts.engine import run
    from forecasts.report import checks_data

    checks = check(run(read_scenario(scenario), read_catalog(data)))
    _say(
        as_json,
        lambda: checks_data(checks),
        lambda: "\n".join(
            f"{one.level:6} {one.factory or 'all'}: {one.name}: {one.message}" for one in checks
        ),
    )
    broken = failed(checks)
    if broken:
        raise RefusedError(
            [
                Problem("model", one.message, one.name, "report it: results are wrong")
                for one in broken
            ]
        )


if __name__ == "__main__":
    main()
