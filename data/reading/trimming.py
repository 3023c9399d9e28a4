"""Rows of a text file that only draw lines or comment, and keys that share one cell."""

import re
from collections.abc import Callable

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Grid, Row, is_blank, shown

RULE = re.compile(r":?[-=_\u2500\u2501]{3,}:?|\+?[-=+]{3,}\+?")
"""A cell that draws a line."""

MARKUP = re.compile(r"\s*<[?!/]?[a-zA-Z].*>\s*", re.DOTALL)
"""A text that is markup from its first letter to its last."""

SCALAR = re.compile(r"\s*(?:null|true|false)\s*")


def judge_text(text: str) -> None:
    """Refuse markup, and a single word of JSON."""
    if MARKUP.fullmatch(text):
        raise UnreadableError(
            "an XML or HTML document", "a table: CSV, XLSX, ODS, Parquet or JSON",
            "save the table as CSV or XLSX",
        )  # fmt: skip
    if SCALAR.fullmatch(text):
        raise UnreadableError(repr(text.strip()), "a header and rows below it", "fill the file")


def trimmed(grid: Grid, findings: Findings) -> Grid:
    """Leave out drawn lines and comments between rows, and cut keys that share one cell."""
    wide = max((len(row) for row in grid.rows), default=0) > 1
    grid = _without(
        grid, lambda row: _is_rule(row, wide=wide), "a drawn line, no row of data", findings
    )
    if wide and any(_is_comment(row) for row in grid.rows[:1]):
        grid = _without(grid, _is_comment, "a comment, no row of data", findings)
    return _with_keys_cut(grid, findings)


def _is_rule(row: Row, *, wide: bool) -> bool:
    held = [shown(cell).strip() for cell in row if not is_blank(cell)]
    drawn = [text for text in held if RULE.fullmatch(text)]
    alone = len(held) == 1 and (not wide or len(held[0]) < 5)
    return len(drawn) == len(held) and bool(held) and not alone


def _is_comment(row: Row) -> bool:
    held = [shown(cell) for cell in row if not is_blank(cell)]
    return len(held) == 1 and held[0].lstrip().startswith("#") and row[0] is not None


def _without(grid: Grid, marked: Callable[[Row], bool], expected: str, findings: Findings) -> Grid:
    left = [at for at, row in enumerate(grid.rows) if marked(row)]
    if not left or len(left) == len(grid.rows):
        return grid
    first = "; ".join(shown(cell) for cell in grid.rows[left[0]] if not is_blank(cell))
    more = f"{len(left)} such rows were" if len(left) > 1 else "it was"
    findings.add(
        "note", grid.numbers[left[0]], "", first, "rows of data", f"{more} left out: {expected}"
    )
    kept = [at for at in range(len(grid.rows)) if at not in set(left)]
    return Grid([grid.rows[at] for at in kept], [grid.numbers[at] for at in kept], [])


def _with_keys_cut(grid: Grid, findings: Findings) -> Grid:
    r"""Cut `freq,unit,geo\TIME_PERIOD`, as Eurostat writes its keys, into columns."""
    head = shown(grid.rows[0][0]) if grid.rows and grid.rows[0] else ""
    count = head.count(",")
    if "\\" not in head or not count or len(grid.rows[0]) < 2:
        return grid
    cells = [shown(row[0]) if row else "" for row in grid.rows]
    if any(cell.count(",") != count for cell in cells):
        return grid
    cells[0] = head.rpartition("\\")[0]
    findings.add(
        "note", grid.numbers[0], "", head, "one key in a column",
        f"the first column was cut into {count + 1} columns at its commas",
    )  # fmt: skip
    rows: list[Row] = [
        [*(part.strip() for part in cell.split(",")), *row[1:]]
        for cell, row in zip(cells, grid.rows, strict=True)
    ]
    return Grid(rows, grid.numbers, grid.merged)
