"""Options that commands share, and how they answer."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from data.problems import Problem

ScenarioName = Annotated[
    str,
    typer.Option("--scenario", help="base, accelerated, constrained, a saved one, or a YAML file."),
]
DataFolder = Annotated[
    Path | None, typer.Option("--data", help="Folder of tables instead of the bundled ones.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]

StoreName = Annotated[
    str | None, typer.Option("--store", help="File or address; else RACKCAST_STORE, else your own.")
]
Workspace = Annotated[str, typer.Option("--workspace", help="Whose data and scenarios.")]

PathCount = Annotated[int, typer.Option("--paths", min=8, max=1_000_000, help="Sampled paths.")]
Seed = Annotated[int, typer.Option("--seed", min=0, help="The same seed gives the same bytes.")]

LONGEST_NAME = 80
"""Characters of a file's name that are told."""


def written(told: object) -> str:
    """Write plain data as JSON, never NaN: that would be a slip of ours."""
    return json.dumps(told, indent=1, allow_nan=False)


def say(json_wanted: bool, data: Callable[[], object], text: Callable[[], str]) -> None:
    """Print JSON or text for people."""
    typer.echo(written(data()) if json_wanted else text())


def unreachable(error: OSError) -> Problem:
    """Return what to say of a file that the machine does not let us read or write."""
    name, why = repr(error.filename), (error.strerror or "no access").lower()
    told = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
    return Problem(told, why, "a file that can be reached", "check its name and rights")
