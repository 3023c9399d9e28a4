"""`rackcast audit`: who did what and when, checked and written out."""

import csv
import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_options import AsJson, StoreName, Workspace
from dashboard.store_cli import opened
from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from data.audit import Trail
    from data.store import Store

LAST = 20
"""Rows printed; a file or `--json` has them all."""


def add_to(app: typer.Typer) -> None:
    """Add the command to the command line."""
    app.command()(audit)


def audit(
    out: Annotated[
        Path | None, typer.Option("--out", help="File to write: .csv, .json or .ndjson.")
    ] = None,
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """Show who did what and when; --out writes all of it. Broken chains are told."""
    from data.audit import trail

    with opened(store) as held:
        found = trail(held, held.operator(workspace))
        if out is not None:
            _write(out, found)
            note_export(held, out.name, workspace)
    if as_json:
        typer.echo(json.dumps(list(found.rows), indent=1, allow_nan=False))
    else:
        typer.echo(text(found))
    if found.broken:
        numbers = ", ".join(map(str, found.broken[:10]))
        value = f"row {numbers} does not follow from the one before"
        fix = "compare with the newest backup: somebody has changed the store by other means"
        raise RefusedError([Problem("audit", value, "an unbroken chain", fix)])


def text(found: "Trail") -> str:
    """Return the newest rows, one a line."""
    lines = [
        f"{str(row['at'])[:19]}  {row['who']} ({row['role']})  {row['action']}: {row['subject']}"
        for row in found.rows[-LAST:]
    ]
    left = len(found.rows) - len(lines)
    return "\n".join([*([f"{left} earlier rows: --out has them"] if left else []), *lines])


def _write(out: Path, found: "Trail") -> None:
    makers = {".csv": _csv, ".json": _json, ".ndjson": _lines}
    make = makers.get(out.suffix.lower())
    if make is None:
        raise RefusedError([Problem("--out", repr(out.suffix), ", ".join(makers), "choose one")])
    try:
        out.write_text(make(found), "utf-8")
    except OSError as error:
        found_ = error.strerror or "it cannot be written"
        raise RefusedError([Problem("--out", found_, "a file to write", "try another")]) from error


def _json(found: "Trail") -> str:
    return json.dumps(list(found.rows), indent=1, ensure_ascii=False, allow_nan=False)


def _lines(found: "Trail") -> str:
    return "".join(
        json.dumps(row, ensure_ascii=False, allow_nan=False) + "\n" for row in found.rows
    )


def _csv(found: "Trail") -> str:
    from dashboard.exports.datapack import safe
    from data.audit import COLUMNS

    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    for row in found.rows:
        cells = [
            json.dumps(row[name], ensure_ascii=False) if name in ("before", "after") else row[name]
            for name in COLUMNS
        ]
        writer.writerow([safe(one) for one in cells])
    return made.getvalue()


def note_export(store: "Store", name: str, workspace: str = "main") -> None:
    """Leave an audit row for a file that leaves by command.

    Raises
    ------
    RefusedError
        If whoever works may not export.
    """
    from data.actors import permit

    who = store.operator(workspace)
    permit(who, store.role(who), "export")
    if not store.read_only:
        store.record(who, "export", name)


def noted_export(name: str) -> None:
    """Leave the row in the store in use, where there is one: an own machine needs none."""
    from data.store_opening import address, exists

    if exists(address()):
        with opened(None) as held:
            note_export(held, name)
