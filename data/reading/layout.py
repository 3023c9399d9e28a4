"""Rows to a table: names made clear, and rows that are no data left out and said."""

import re
from collections import Counter
from collections.abc import Callable
from decimal import Decimal

import numpy as np

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Cell, Grid, Row, Table, column_of, is_blank, shown
from data.reading.headers import Header, filled, header_of, is_label, is_value
from data.reading.limits import LIMITS, Limits, require
from data.reading.numerals import number_of
from data.reading.texts import flag_text

TOTAL = re.compile(
    r"(?:grand |sub-?|overall )?"
    r"(?:total|totals|sum|summe|gesamt|somme|totaal|totale|suma|insgesamt)"
    r"(?:[ :].*| général)?|all (?:countries|rows|regions)",
    re.IGNORECASE,
)
"""A label of a row that sums others."""

LONE = re.compile(r"[\w \-./%()#€$£&+:']{1,60}")
"""The name of a file's only column."""

NOTE = re.compile(
    r"\s*(?:[*†‡]|\(\*\)|\[?\(?\d\)|\[\d\]|[¹²³]|notes?\b|source|quelle|bron|sursa|fuente|footnote|remarks?\b|n\.b\.|nb:|"
    r"copyright|©|disclaimer|last updated|updated|generated|exported|downloaded|published|end of)",
    re.IGNORECASE,
)
"""How a footnote begins."""


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
    table = Table(
        [
            column_of(name, [_at(grid.rows[place], at) for place in places])
            for name, at in zip(names, columns, strict=True)
        ],
        np.array([grid.numbers[place] for place in places], dtype=np.int64),
        grid.numbers[found.last] if found.last >= 0 else 0,
    )
    if not table.columns:
        raise UnreadableError("no columns", "a header and rows below it", "fill the file")
    return table


def _at(row: Row, at: int) -> Cell:
    return row[at] if at < len(row) else None


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


# Rows that are no data -----------------------------------------------------------------------


def _without(grid: Grid, places: list[int], header: Header, findings: Findings) -> list[int]:
    for step in (_without_repeats, _without_notes, _without_totals):
        places = step(grid, places, header, findings)
    _judge_second_table(grid, places, header, findings)
    return places


def _without_repeats(
    grid: Grid, places: list[int], header: Header, findings: Findings
) -> list[int]:
    if header.last < 0:
        return places
    names = [" ".join(shown(cell).split()) for cell in grid.rows[header.last]]
    while names and not names[-1]:
        names.pop()
    first = names[0] if names else ""
    repeated = [
        place
        for place in places
        if " ".join(shown(_at(grid.rows[place], 0)).split()) == first
        and [" ".join(shown(cell).split()) for cell in grid.rows[place]][: len(names)] == names
    ]
    findings.of_rows(
        "warning", [(grid.numbers[place], ", ".join(names[:5])) for place in repeated], "",
        "the header once", "the row repeats the header and was left out",
    )  # fmt: skip
    return [place for place in places if place not in set(repeated)] if repeated else places


def _without_notes(grid: Grid, places: list[int], header: Header, findings: Findings) -> list[int]:
    """Leave out footnotes below the table: rows with one long text, or one that begins so."""
    kept = list(places)
    notes: list[int] = []
    if len(header.names) < 2:
        return kept
    while kept and _is_note(grid, kept, header):
        notes.insert(0, kept.pop())
    findings.of_rows(
        "warning", [(grid.numbers[place], _text(grid.rows[place])) for place in notes], "",
        "rows of data", "the row was taken for a footnote and left out",
    )  # fmt: skip
    return kept


def _text(row: Row) -> str:
    return " ".join(shown(cell).strip() for cell in row if not is_blank(cell))


def _is_note(grid: Grid, kept: list[int], header: Header) -> bool:
    row = grid.rows[kept[-1]]
    cells = [at for at, cell in enumerate(row) if not is_blank(cell)]
    text = _text(row)
    begins = bool(NOTE.match(text))
    if begins and all(not is_value(row[at]) for at in cells) and len(cells) < len(header.names):
        return True
    if begins and cells[:1] == [0] and len(row) != len(header.names) and len(cells) < 3:
        return True
    if len(cells) != 1 or is_value(row[cells[0]]):
        return False
    apart = len(kept) > 1 and grid.numbers[kept[-1]] - grid.numbers[kept[-2]] > 1
    return apart or (len(text) > 40 and " " in text)


def _without_totals(
    grid: Grid, places: list[int], _header: Header, findings: Findings
) -> list[int]:
    """Leave out rows that sum those above, where the sums prove it; else say it."""
    summed: list[int] = []
    since: list[int] = []
    above: list[int] = []
    for place in places:
        if not _is_total(grid.rows[place]):
            since.append(place)
            above.append(place)
            continue
        others = [one for one in places if one != place and not _is_total(grid.rows[one])]
        if any(_sums(grid, place, parts) for parts in (since, above, others)):
            summed.append(place)
            since = []
            continue
        findings.add(
            "warning", grid.numbers[place], "", _text(grid.rows[place]), "rows of data",
            "the row looks like a total, but is no sum of those above; delete it if it is one",
        )  # fmt: skip
    findings.of_rows(
        "warning", [(grid.numbers[place], _text(grid.rows[place])) for place in summed], "",
        "rows of data", "the row sums those above and was left out, or it would count twice",
    )  # fmt: skip
    return [place for place in places if place not in set(summed)] if summed else places


def _is_total(row: Row) -> bool:
    labels = (cell for cell in row[:3] if isinstance(cell, str) and cell.strip())
    return any(TOTAL.fullmatch(label.strip()) for label in labels)


def _sums(grid: Grid, place: int, above: list[int]) -> bool:
    """Whether some number of a row is the sum of those above it, and none contradicts."""
    if not above:
        return False
    agreed = 0
    for at, cell in enumerate(grid.rows[place]):
        total = _amount(cell)
        if total is None:
            continue
        parts = [_amount(_at(grid.rows[one], at)) for one in above]
        held = [part for part in parts if part is not None]
        if held and abs(sum(held) - total) <= abs(total) * Decimal("0.005") + Decimal("0.01"):
            agreed += 1
    return agreed > 0


def _amount(cell: Cell) -> Decimal | None:
    if isinstance(cell, bool) or cell is None:
        return None
    if isinstance(cell, int | float):
        return Decimal(repr(cell)) if cell == cell and abs(cell) != float("inf") else None
    number = number_of(cell) if isinstance(cell, str) else None
    return None if number is None else (number.point if number.point is not None else number.comma)


def _judge_second_table(grid: Grid, places: list[int], header: Header, findings: Findings) -> None:
    """Refuse a second table below the first: a row of labels after a gap, over numbers."""
    for before, place, after in zip(places, places[1:], places[2:], strict=False):
        if grid.numbers[place] - grid.numbers[before] < 2:
            continue
        row, above, below = grid.rows[place], grid.rows[before], grid.rows[after]
        clash = sum(
            is_label(cell) and is_value(_at(above, at)) and is_value(_at(below, at))
            for at, cell in enumerate(row)
        )
        if clash and filled(row) > 1 and not any(is_value(cell) for cell in row):
            findings.add(
                "error", grid.numbers[place], "", _text(row), "one table in a file",
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
        if named or any(not is_blank(_at(grid.rows[place], at)) for place in places):
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
