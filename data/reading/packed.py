"""Workbooks and Parquet files, opened in a process of its own and bounded from outside."""

import json
import subprocess
import sys
from datetime import datetime, time
from pathlib import Path

import pyarrow as pa

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Cell, ErrorCell, Grid, Row, is_blank
from data.reading.limits import LIMITS, Deadline, Limits, require

OPENER = Path(__file__).with_name("opener.py")

SAVE = "save the file anew, or as CSV"


def workbook_grid(
    content: bytes, sheet: str, findings: Findings, deadline: Deadline, limits: Limits = LIMITS
) -> Grid:
    """Return the rows of a workbook's sheet; which one, and what else it holds, is said."""
    made = json.loads(_run("workbook", content, sheet, deadline, limits))
    if "refused" in made:
        raise UnreadableError(made["refused"], "a whole workbook without surprises", SAVE)
    names = [str(one["name"]) for one in made["sheets"]]
    if not made.get("chosen"):
        raise UnreadableError(
            f"sheet {sheet!r}" if sheet else "no sheet with cells",
            f"one of {', '.join(names)}" if names else "a sheet with cells",
            "name another with --sheet",
        )
    if "rows" not in made:
        raise UnreadableError("a sheet without cells", "a table", "name another with --sheet")
    _say_sheet(made["sheets"], made["chosen"], sheet, findings)
    rows: list[Row] = [[_cell(cell) for cell in row] for row in made["rows"]]
    require("rows", len(rows), limits.rows)
    require("columns", max((len(row) for row in rows), default=0), limits.columns)
    _place_odd(rows, made["odd"], findings)
    if made["errors"]:
        findings.of_file(
            "warning", f"{made['errors']} cells with a formula's error", "values",
            "they were read as empty; mend the formulas",
        )  # fmt: skip
    grid = _without_blank(rows, [(a, b, c, d) for a, b, c, d in made["merged"]])
    grid.since_1904 = bool(made["since_1904"])
    return grid


def _run(kind: str, content: bytes, sheet: str, deadline: Deadline, limits: Limits) -> bytes:
    """Run the opener on some bytes; whatever becomes of it, this process goes on."""
    numbers = (limits.cells, limits.rows, limits.unpacked_bytes, limits.memory_bytes)
    command = [sys.executable, "-P", str(OPENER), kind, sheet.replace("\0", "")]
    command += [str(number) for number in (*numbers, int(deadline.left) + 1)]
    try:
        done = subprocess.run(
            command, input=content, capture_output=True, timeout=deadline.left, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise UnreadableError(
            f"more than {deadline.seconds:g} seconds",
            f"a file that opens in {deadline.seconds:g} seconds",
            SAVE,
        ) from error
    except (OSError, ValueError) as error:
        raise UnreadableError(str(error), "a sheet name", "name another with --sheet") from error
    if done.returncode != 0 or not done.stdout:
        raise UnreadableError(
            "a file that breaks while it is opened, or takes too much memory or time",
            "a whole file",
            SAVE,
        )
    return done.stdout


def _say_sheet(
    sheets: list[dict[str, object]], chosen: str, wanted: str, findings: Findings
) -> None:
    findings.assumed["sheet"] = chosen
    hidden = [str(one["name"]) for one in sheets if not one["visible"]]
    others = [
        str(one["name"])
        for one in sheets
        if one["name"] != chosen and one["visible"] and one["rows"]
    ]
    if others and not wanted:
        findings.of_file(
            "warning", f"{len(others) + 1} sheets with cells", "one table",
            f"sheet {chosen!r} was read; say --sheet to read one of {', '.join(others[:8])}",
        )  # fmt: skip
    if hidden and chosen not in hidden:
        rows = {str(one["name"]): int(str(one["rows"])) for one in sheets}
        fuller = rows.get(chosen, 0) < 2 <= max(rows[name] for name in hidden)
        findings.of_file(
            "warning" if fuller else "note",
            f"hidden sheets {', '.join(hidden[:8])}", "no hidden sheets",
            "they were not read; say --sheet to read one",
        )  # fmt: skip
    if chosen in hidden:
        findings.of_file(
            "warning", f"the hidden sheet {chosen!r}", "a visible sheet", "it was read all the same"
        )


def _cell(cell: object) -> Cell:
    if not isinstance(cell, dict):
        return cell if isinstance(cell, str | int | float | bool) else None
    ((tag, value),) = cell.items()
    if tag == "d":
        text = str(value)
        made = datetime.fromisoformat(text)
        return made if "T" in text and made.time() != time() else made.date()
    if tag == "t":
        return time.fromisoformat(str(value))
    return duration(float(value))


def duration(seconds: float) -> str:
    """Return a length of time as hours, minutes and seconds."""
    minutes, rest = divmod(round(abs(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{'-' if seconds < 0 else ''}{hours}:{minutes:02d}:{rest:02d}"


def _place_odd(rows: list[Row], odd: list[tuple[int, int, str]], findings: Findings) -> None:
    """Put error values where the workbook has them; say which formulas have no result."""
    uncalculated: list[tuple[int, str]] = []
    for row, column, text in odd:
        if row >= len(rows) or column >= len(rows[row]) or not is_blank(rows[row][column]):
            continue
        if text == "formula":
            uncalculated.append((row + 1, _letters(column)))
            rows[row][column] = ErrorCell("a formula without result")
        else:
            rows[row][column] = ErrorCell(text)
    if uncalculated:
        findings.of_rows(
            "warning", [(row, f"a formula in column {name}") for row, name in uncalculated], "",
            "a calculated value", "open the workbook, let it calculate, and save it",
        )  # fmt: skip


def _letters(column: int) -> str:
    name = ""
    number = column + 1
    while number:
        number, rest = divmod(number - 1, 26)
        name = chr(65 + rest) + name
    return name


def _without_blank(rows: list[Row], merged: list[tuple[int, int, int, int]]) -> Grid:
    kept = [at for at, row in enumerate(rows) if any(not is_blank(cell) for cell in row)]
    place = {at: index for index, at in enumerate(kept)}
    areas = [
        (place[top], left, place[max(at for at in kept if at <= bottom)], right)
        for top, left, bottom, right in merged[:10_000]
        if top in place
    ]
    return Grid([rows[at] for at in kept], [at + 1 for at in kept], areas)


def parquet_table(content: bytes, deadline: Deadline, limits: Limits = LIMITS) -> pa.Table:
    """Return a Parquet file as an Arrow table."""
    made = _run("parquet", content, "", deadline, limits)
    if made.startswith(b'{"refused"'):
        raise UnreadableError(json.loads(made)["refused"], "a whole Parquet file", SAVE)
    table: pa.Table = pa.ipc.open_stream(made).read_all()
    require("columns", table.num_columns, limits.columns)
    return table
