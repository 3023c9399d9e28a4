"""Options that commands share, and how they answer."""

import contextlib
import errno
import json
import os
import sys
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


FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO)
"""What the machine says when an answer cannot be written where it is sent."""


def written(told: object) -> str:
    """Write plain data as JSON, never NaN: that would be a slip of ours."""
    return json.dumps(told, indent=1, allow_nan=False)


def _forget_output() -> None:
    """Let what was not written go, so that Python's own end does not try again."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(json_wanted: bool, data: Callable[[], object], text: Callable[[], str]) -> None:
    """Print JSON or text for people."""
    typer.echo(written(data()) if json_wanted else text())


def unreachable(error: OSError) -> Problem:
    """Return what to say of a file that the machine does not let us read or write.

    One without a name is where the answer goes: a full disk that it is sent to, as a rule.
    """
    if error.filename is None:
        if error.errno not in FULL:
            raise error
        _forget_output()
        why = (error.strerror or str(error)).lower()
        expected = "an output that takes the answer"
        return Problem("output", why, expected, "send it elsewhere, or make room")
    name, why = repr(error.filename), (error.strerror or "no access").lower()
    told = name if len(name) <= LONGEST_NAME else f"{name[:LONGEST_NAME]}..."
    return Problem(told, why, "a file that can be reached", "check its name and rights")
