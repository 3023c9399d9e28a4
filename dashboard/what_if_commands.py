"""`rackcast goal` and `rackcast spread`: what it would take, and where the spread comes from."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer

from dashboard.cli_options import AsJson, DataFolder, ScenarioName, Seed, say
from dashboard.path_counts import SHARE_POINTS
from data.problems import Problem, RefusedError

Metric = Annotated[str, typer.Option(help="Any metric, as npv, irr, lcoc, min_dscr.")]
Factory = Annotated[str | None, typer.Option(help="A factory; all together if left out.")]


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (goal, spread):
        app.command()(command)


def goal(  # noqa: PLR0913 - one option a parameter
    target: Annotated[float, typer.Option(help="Value to reach, as 0.12 for an IRR of 12 %.")],
    by: Annotated[str, typer.Option(help="The assumption that is moved, as gpu_hour_price.")],
    metric: Metric = "npv",
    factory: Factory = None,
    between: Annotated[
        str, typer.Option(help="Where to look, as 4,12; the assumption's stated range otherwise.")
    ] = "",
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Find the value of an assumption at which a metric reaches a target, or say why none does."""
    from dashboard.charts.shares import goal_sentence
    from dashboard.files import read_catalog, read_scenario
    from dashboard.what_if_runs import goal_of
    from forecasts.goals import Aim

    aim = Aim(metric, target, by, factory)
    made = goal_of(read_scenario(scenario), read_catalog(data), aim, _between(between))
    whose = "all factories" if factory is None else factory
    say(as_json, lambda: made, lambda: goal_sentence(made, whose))


def _between(text: str) -> tuple[float, float] | None:
    if not text:
        return None
    try:
        low, high = (float(one) for one in text.split(","))
    except ValueError:
        expected = "two values, as 4,12"
        raise RefusedError([Problem("--between", repr(text), expected, "write it so")]) from None
    return low, high


def spread(  # noqa: PLR0913 - one option a parameter
    metric: Metric = "npv",
    factory: Factory = None,
    points: Annotated[
        int, typer.Option(min=32, max=8192, help="Base points; paths are some 75 times as many.")
    ] = SHARE_POINTS,
    seed: Seed = 0,
    scenario: ScenarioName = "base",
    data: DataFolder = None,
    as_json: AsJson = False,
) -> None:
    """Tell what share of a metric's variance each uncertain input brings (Sobol indices)."""
    from dashboard.files import read_catalog, read_scenario
    from dashboard.progress import Bar
    from dashboard.what_if_runs import shares_of

    asked = (metric, factory)
    made = shares_of(
        read_scenario(scenario), read_catalog(data), (points, seed), asked, progress=Bar()
    )
    say(as_json, lambda: made, lambda: spread_text(made))


def spread_text(data: Mapping[str, Any], shown: int = 20) -> str:
    """Return the shares of a metric's variance as a table."""
    whose = data["factory"] or "all together"
    lines = [
        f"{data['scenario']}: {data['metric']} of {whose}; {data['paths']:,} paths, seed "
        f"{data['seed']}",
        "",
        f"{'input':32}{'alone, %':>16}{'in all, %':>16}",
    ]
    lines += [
        f"{one['input']:32}{_share(one, 'alone'):>16}{_share(one, 'in_all'):>16}"
        for one in data["inputs"][:shown]
    ]
    return "\n".join([*lines, "", str(data["meaning"])])


def _share(one: Mapping[str, Any], key: str) -> str:
    if one[key] is None:
        return "does not vary"
    return f"{100 * one[key]:.1f} ± {100 * one[f'{key}_standard_error']:.1f}"
