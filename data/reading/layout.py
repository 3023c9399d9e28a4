"""Rows to a table: names made clear, and rows that are no data left out and said."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Grid, Row, Table, column_of, is_blank, shown
from data.reading.headers import Header, filled, header_of, is_label, is_value
from data.reading.left_out import (
    amount_of,
    cell_at,
    text_of_row,
    without_notes,
    without_repeats,
    without_totals,
)
from data.reading.limits import LIMITS, Limits, require
from data.reading.texts import flag_text

LONE = re.compile(r"[\w \-./%()#€$£&+:']{1,60}")
"""The name of a file's only column."""


def table_of(
    grid: Grid, findings: Findings, header: int | None = None, limits: Limits = LIMITS
) -> Table:
    """Turn rows into named columns.

    Parameters
    ----------
    grid : Grid
        Rows of the file.
    findings : Findings
        Takes what was assumed and what was left out.
    header : int or None
        The header's row, where the user names it; 0 for none.
    """
    _fill_merged(grid)
    found = header_of(grid, findings, header)
    require("columns", len(found.names), limits.columns)
    places = list(range(found.body, len(grid.rows)))
    places = _without(grid, places, found, findings)
    widths = _judge_ragged(grid, places, found, findings)
    columns = _kept_columns(grid, places, found, widths)
    names = _clear_names(found, columns, grid, findings)
    _say_merged(grid, found, findings)
    table = Table(
        [
            replace(
                column_of(name, [cell_at(grid.rows[place], at) for place in places]),
                since_1904=grid.since_1904,
            )
            for name, at in zip(names, columns, strict=True)
        ],
        np.array([grid.numbers[place] for place in places], dtype=np.int64),
        grid.numbers[found.last] if found.last >= 0 else 0,
    )
    if not table.columns:
        raise UnreadableError("no columns", "a header and rows below it", "fill the file")
    return table


def _fill_merged(grid: Grid) -> None:
    """Write the value of merged cells into all of them, but never a title over the whole table."""
    for top, left, bottom, right in grid.merged[:10_000]:
        if top >= len(grid.rows) or left >= len(grid.rows[top]):
            continue
        value = grid.rows[top][left]
        wide = right > left and filled(grid.rows[top]) <= 1
        if is_blank(value) or (wide and right - left + 1 >= 0.8 * len(grid.rows[top])):
            continue
        for place in range(top, min(bottom, len(grid.rows) - 1) + 1):
            row = grid.rows[place]
            for at in range(left, min(right, len(row) - 1) + 1):
                if is_blank(row[at]):
                    row[at] = value


def _say_merged(grid: Grid, header: Header, findings: Findings) -> None:
    """Say where one number stands in several cells: it may be meant once."""
    for top, left, bottom, right in grid.merged[:10_000]:
        inside = header.body <= top < len(grid.rows) and (bottom > top or right > left)
        value = cell_at(grid.rows[top], left) if inside else None
        if is_value(value) and amount_of(value) is not None:
            findings.add(
                "warning", grid.numbers[top], "", shown(value), "one cell for each value",
                "merged cells hold it, so it was written into each of them; part them",
            )  # fmt: skip


# Rows that are no data -----------------------------------------------------------------------


def _without(grid: Grid, places: list[int], header: Header, findings: Findings) -> list[int]:
    places = without_repeats(grid, places, header, findings)
    places = without_notes(grid, places, header, findings)
    places = without_totals(grid, places, findings)
    _judge_second_table(grid, places, header, findings)
    return places


def _judge_second_table(grid: Grid, places: list[int], header: Header, findings: Findings) -> None:
    """Refuse a second table below the first: a row of labels after a gap, over numbers."""
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        if grid.numbers[place] - grid.numbers[before] < 2:
            continue
        while filled(grid.rows[before]) < 2 and before > header.body:
            before -= 1  # a title of its own may stand between
        row, above, below = grid.rows[place], grid.rows[before], grid.rows[after]
        clash = sum(
            is_label(cell) and is_value(cell_at(above, at)) and is_value(cell_at(below, at))
            for at, cell in enumerate(row)
        )
        if clash and filled(row) > 1 and not any(is_value(cell) for cell in row):
            findings.add(
                "error", grid.numbers[place], "", text_of_row(row), "one table in a file",
                "a second table seems to begin here; put each into a file of its own",
            )  # fmt: skip
            return
    if header.last >= 0 and not places:
        _judge_lone_line(header)
        findings.add(
            "warning", None, "", "a header and no rows", "at least one row of data", "add rows"
        )


def _judge_lone_line(header: Header) -> None:
    """Refuse one line of one cell that is no name: such a file holds no table."""
    names = [name for name in header.names if name]
    if len(names) == 1 and not LONE.fullmatch(names[0]):
        raise UnreadableError(
            f"one line: {names[0]}", "a header and rows below it", "save the table as CSV or XLSX"
        )


# Columns --------------------------------------------------------------------------------------


def _judge_ragged(grid: Grid, places: list[int], header: Header, findings: Findings) -> int:
    """Say which rows have too few or too many cells; return how many columns there are."""
    if header.last < 0:
        width = Counter(len(grid.rows[place]) for place in places).most_common(1)[0][0]
    else:
        width = len(grid.rows[header.last])
    ends = {place: _end(grid.rows[place]) for place in places}
    long = [place for place in places if ends[place] > width]
    findings.of_rows(
        "error", [(grid.numbers[at], f"{ends[at]} cells") for at in long], "", f"{width} cells",
        "quote cells that hold the delimiter, a decimal comma perhaps, or name every column",
    )  # fmt: skip
    least = min(width, _named_width(header, width))
    short = [place for place in places if len(grid.rows[place]) < least]
    findings.of_rows(
        "warning", [(grid.numbers[at], f"{len(grid.rows[at])} cells") for at in short], "",
        f"{width} cells", "the missing cells at its end were read as empty",
    )  # fmt: skip
    return width


def _end(row: Row) -> int:
    for at in range(len(row), 0, -1):
        if not is_blank(row[at - 1]):
            return at
    return 0


def _named_width(header: Header, width: int) -> int:
    named = [at for at, name in enumerate(header.names[:width]) if name]
    return named[-1] + 1 if named else width


def _kept_columns(grid: Grid, places: list[int], header: Header, width: int) -> list[int]:
    """Return the columns that have a name or hold anything."""
    kept = []
    for at in range(max(width, len(header.names))):
        named = at < len(header.names) and bool(header.names[at]) and header.last >= 0
        if named or any(not is_blank(cell_at(grid.rows[place], at)) for place in places):
            kept.append(at)
    return [at for at in kept if at < width]


def _clear_names(header: Header, columns: list[int], grid: Grid, findings: Findings) -> list[str]:
    """Give every column a name of its own."""
    row = grid.numbers[header.last] if header.last >= 0 else 1
    names: list[str] = []
    for at in columns:
        name = header.names[at] if at < len(header.names) else ""
        if not name:
            name = f"column_{at + 1}"
            if header.last >= 0:
                findings.add(
                    "warning", row, name, "a column without a name", "a name", "name the column"
                )
        if name in names:
            name = _own(name, names, row, findings)
        names.append(name)
        if header.last >= 0:
            flag_text(name, row, name, findings)
    return names


def _own(name: str, names: list[str], row: int, findings: Findings) -> str:
    make: Callable[[int], str] = lambda count: f"{name}_{count}"  # noqa: E731
    count = 2
    while make(count) in names:
        count += 1
    findings.add(
        "warning", row, name, "two columns of one name", "each name once",
        f"the second one is called {make(count)!r}; rename it",
    )  # fmt: skip
    return make(count)
