"""Where a table begins in a file: the header among titles, comments and rows of units."""

import math
import re
from collections import Counter
from dataclasses import dataclass
from datetime import date

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Cell, Grid, Row, is_blank, shown
from data.reading.numerals import is_missing, number_of
from data.reading.periods import moment_of

SEARCHED = 60
"""Rows in which a header is looked for."""

UNIT = re.compile(
    r"[\(\[]?\s*(?:unit|units|einheit|%|percent|ratio|index|number|count|date|year|text|string|name|code"
    r"|-|–"
    r"|[kmgt]?w(?:h|p)?|[kmgt]?wh?|(?:us|a|c)?\$|€|£|(?:us\$|usd|eur|gbp|myr|zar|ron|aed|sar|€|\$)"
    r"[ /]*(?:k|m|mn|mio|million|bn|billion|thousand)?"
    r"(?:[ /]*(?:per )?[kmg]?wh?|/h|/gpu-?h(?:our)?)?"
    r"|(?:k|m|mn|mio|million|millions|bn|billion|billions|thousand|thousands)[ /]*(?:of )?"
    r"(?:us\$|usd|eur|gbp|€|\$)?|gco2(?:e)?/kwh|racks?|gpus?|hours?|h|years?|months?"
    r"|days?|people|persons"
    r"|km2?|m2|m²|kg|t|tonnes?|°c|mt|ktoe|toe)\s*[\)\]]?",
    re.IGNORECASE,
)
"""A cell that states a unit and nothing else."""


ABOUT = re.compile(
    r"(?:source|title|report|dataset|author|published|publisher|note|notes|created|updated"
    r"|last updated|last updated date|data source|contact|version|generated)|.*:",
    re.IGNORECASE,
)
"""First cell of a row that is about the file."""


@dataclass(frozen=True, slots=True)
class Header:
    """Names of the columns and where the rows below them begin.

    Attributes
    ----------
    names : tuple of str
        One for each column, empty where the file gives none.
    first, last : int
        Places of the header's rows in the grid; equal to -1 when the file has none.
    body : int
        Place of the first row of data.
    units : tuple of str
        Units by column, where a row states them.
    """

    names: tuple[str, ...]
    first: int
    last: int
    body: int
    units: tuple[str, ...] = ()


def header_of(grid: Grid, findings: Findings, stated: int | None = None) -> Header:
    """Find the header.

    Parameters
    ----------
    grid : Grid
        Rows of the file.
    findings : Findings
        Takes what was assumed.
    stated : int or None
        The header's row in the file, where the user names it; 0 for none.
    """
    if not grid.rows:
        raise UnreadableError(
            "an empty file", "a header and rows below it", "fill the file, or choose another sheet"
        )
    width = max(len(row) for row in grid.rows)
    if stated is not None:
        return _stated(grid, width, stated)
    typical = _typical(grid)
    first_data = _first_data(grid, typical)
    run = _run_above(grid, first_data, typical)
    if not run:
        return _headless(grid, width, first_data, typical, findings)
    return _composed(grid, run, width, findings)


def _stated(grid: Grid, width: int, stated: int) -> Header:
    if stated == 0:
        return Header(("",) * width, -1, -1, 0)
    if stated not in grid.numbers:
        raise UnreadableError(
            f"--header {stated}", "a row that holds cells", "name the header's row in the file"
        )
    place = grid.numbers.index(stated)
    return Header(_names(grid.rows[place], width), place, place, place + 1)


def filled(row: Row) -> int:
    """Return how many cells of a row hold anything."""
    return sum(not is_blank(cell) for cell in row)


def _typical(grid: Grid) -> int:
    """Return how many cells most rows fill; the fuller of equals."""
    counts = Counter(filled(row) for row in grid.rows[:300])
    return max(counts, key=lambda count: (counts[count] * (1 if count > 1 else 0.5), count))


def is_value(cell: Cell) -> bool:
    """Whether a cell looks like data: a number that is no year, a date, a yes or no, or a gap."""
    if is_blank(cell):
        return False
    if not isinstance(cell, str):
        return not _is_year(cell)
    if is_missing(cell):
        return cell.strip() not in {"-", "–", "%"}
    number = number_of(cell)
    if number is not None:
        return not re.fullmatch(r"(?:19|20|21)\d\d", cell.strip())
    if cell.strip().lower() in {"true", "false"}:
        return True
    moment = moment_of(cell)
    return moment is not None and moment.kind in {"date", "time"}


def _is_year(cell: Cell) -> bool:
    if isinstance(cell, date):
        return True
    return isinstance(cell, int | float) and not isinstance(cell, bool) and 1900 <= cell < 2200


def is_label(cell: Cell) -> bool:
    """Whether a cell may stand in a header."""
    return not is_blank(cell) and not is_value(cell)


def _is_comment(row: Row) -> bool:
    return (isinstance(row[0], str) and row[0].lstrip().startswith("#") and filled(row) <= 1) or (
        isinstance(row[0], str) and row[0].lstrip().startswith(("# ", "//", "##"))
    )


def _first_data(grid: Grid, typical: int) -> int:
    """Return the place of the first full row that holds data; the number of rows without any."""
    needed = max(1, math.ceil(0.75 * typical))
    for place, row in enumerate(grid.rows[:SEARCHED]):
        if _is_comment(row) or _is_about(row) or filled(row) < needed:
            continue
        if any(is_value(cell) for cell in row):
            return place
    return len(grid.rows)


def _run_above(grid: Grid, first_data: int, typical: int) -> list[int]:
    """Return the places of the rows of labels just above the data, from the top."""
    needed = max(1, round(0.6 * typical))
    if first_data >= len(grid.rows):
        fitting = [at for at, row in enumerate(grid.rows[:SEARCHED]) if _may_head(row, needed)]
        return fitting[:1]
    if _heads(grid, first_data, typical):
        return [first_data]
    run: list[int] = []
    for place in range(first_data - 1, -1, -1):
        if run and grid.numbers[run[0]] - grid.numbers[place] > 1:
            break
        if run and filled(grid.rows[place]) < 2 and typical > 1:
            break
        if _may_head(grid.rows[place], needed if not run else min(needed, 2)):
            run.insert(0, place)
        elif run:
            break
    return run[-4:]


def _may_head(row: Row, needed: int) -> bool:
    return (
        not _is_comment(row) and filled(row) >= needed and not any(is_value(cell) for cell in row)
    )


def _heads(grid: Grid, place: int, typical: int) -> bool:
    """Whether the first full row is itself a header that holds a number or two as names."""
    row = grid.rows[place]
    below = [one for one in grid.rows[place + 1 : place + 30] if filled(one) >= 0.6 * typical]
    if len(below) < 2 or (place > 0 and _may_head(grid.rows[place - 1], round(0.6 * typical))):
        return False
    for at, cell in enumerate(row):
        cells = [one[at] for one in below if at < len(one) and not is_blank(one[at])]
        if is_label(cell) and cells and all(is_value(one) for one in cells):
            return isinstance(cell, str) and not is_missing(cell)
    return False


def _headless(grid: Grid, width: int, first_data: int, typical: int, findings: Findings) -> Header:
    start = first_data if first_data < len(grid.rows) else 0
    while start > 0 and filled(grid.rows[start - 1]) >= max(2, 0.6 * typical):
        start -= 1
    if start >= len(grid.rows):
        start = 0
    findings.assumed["header_row"] = "none"
    findings.add(
        "warning", grid.numbers[start], "", ", ".join(shown(one) for one in grid.rows[start][:5]),
        "a row of column names", "the columns were numbered; say --header ROW if there is one",
    )  # fmt: skip
    return Header(tuple(f"column_{at + 1}" for at in range(width)), -1, -1, start)


def _composed(grid: Grid, run: list[int], width: int, findings: Findings) -> Header:
    """Choose the header among rows of labels: joined rows, a row of units below, titles above."""
    first, last = _chosen(grid, run)
    end = last
    units: tuple[str, ...] = ()
    if last + 1 < len(run) and _is_unit_row(grid.rows[run[last + 1]], grid.rows[run[last]]):
        end += 1
        units = _names(grid.rows[run[end]], width)
    rows = [grid.rows[place] for place in run[first : last + 1]]
    names = _names(rows[-1], width) if len(rows) == 1 else _joined(rows, width)
    _say(grid, run[first], run[last], run[end], units, names, findings)
    return Header(names, run[first], run[last], run[end] + 1, units)


def _chosen(grid: Grid, run: list[int]) -> tuple[int, int]:
    """Return the first and last row of the header in a run of rows of labels.

    It is the first row that is as full as any below it: what comes before is a title, what comes
    after is data that happens to be text.
    """
    fullest = max(filled(grid.rows[place]) for place in run)
    typical = _typical(grid)
    if any(filled(grid.rows[place]) == typical for place in run):
        fullest = min(fullest, typical)  # a fuller row below is broken data, no header
    fitting = [
        at
        for at, place in enumerate(run)
        if filled(grid.rows[place]) >= 0.8 * fullest and not _is_about(grid.rows[place])
    ]
    first = fitting[0] if fitting else len(run) - 1
    while first > 0 and _spans(grid, run[first - 1], run[first]):
        first -= 1
    last = first
    while last + 1 < len(run) and _spans(grid, run[last], run[last + 1]):
        last += 1
    return first, last


def _is_about(row: Row) -> bool:
    """Whether a row states something about the file, as `Source: | World Bank`."""
    held = [shown(cell).strip() for cell in row if not is_blank(cell)]
    return len(held) == 2 and bool(ABOUT.fullmatch(held[0]))


def _is_unit_row(row: Row, above: Row) -> bool:
    held = [shown(cell).strip() for cell in row if not is_blank(cell)]
    if filled(above) < filled(row):
        return False
    fitting = sum(bool(UNIT.fullmatch(text)) for text in held)
    return fitting >= 1 and fitting >= 0.6 * len(held) and not any(is_value(c) for c in row)


def _spans(grid: Grid, upper: int, lower: int) -> bool:
    """Whether a row of labels stands over several columns of the row below it."""
    above, below = grid.rows[upper], grid.rows[lower]
    texts = [shown(cell).strip() for cell in above if not is_blank(cell)]
    if len(texts) < 2 and not any(area[0] == upper for area in grid.merged):
        return False
    repeated = len(set(texts)) < len(texts)
    lower_texts = [shown(cell).strip() for cell in below if not is_blank(cell)]
    gaps = any(is_blank(cell) for cell in above[: max(len(below), 1)]) or len(above) < len(below)
    return (
        repeated
        or _complement(above, below)
        or (gaps and len(set(lower_texts)) < len(lower_texts))
        or (any(area[0] == upper for area in grid.merged))
    )


def _complement(above: Row, below: Row) -> bool:
    """Whether each of two rows names columns that the other leaves blank."""
    width = max(len(above), len(below))
    upper = [at < len(above) and not is_blank(above[at]) for at in range(width)]
    lower = [at < len(below) and not is_blank(below[at]) for at in range(width)]
    return (True, False) in zip(upper, lower, strict=True) and (False, True) in zip(
        upper, lower, strict=True
    )


def _joined(rows: list[Row], width: int) -> tuple[str, ...]:
    """Return names of several rows joined; a name stands over the blank cells to its right."""
    spread = [_spread(row, rows[-1], width) for row in rows[:-1]] + [list(_names(rows[-1], width))]
    names = []
    for parts in zip(*spread, strict=True):
        kept = list(dict.fromkeys(part for part in parts if part))
        names.append(" ".join(kept))
    return tuple(names)


def _spread(row: Row, below: Row, width: int) -> list[str]:
    made: list[str] = []
    held = ""
    for at, name in enumerate(_names(row, width)):
        covers = at < len(below) and not is_blank(below[at])
        if name:
            held = name if covers else ""
        made.append(held if covers and not name else name)
    return made


def _names(row: Row, width: int) -> tuple[str, ...]:
    names = [
        " ".join(shown(cell).split()).strip("\ufeff") if cell is not None else "" for cell in row
    ]
    return tuple([*names, *[""] * (width - len(names))])


def _say(  # noqa: PLR0913 - places of one header
    grid: Grid, first: int, last: int, end: int, units: tuple[str, ...], names: tuple[str, ...],
    findings: Findings,
) -> None:  # fmt: skip
    numbers = grid.numbers
    skipped = [at for at in range(first) if not _is_comment(grid.rows[at])]
    findings.assumed["header_row"] = str(numbers[last])
    if skipped:
        texts = "; ".join(shown(one) for one in grid.rows[skipped[0]] if not is_blank(one))
        findings.add(
            "warning", numbers[skipped[0]], "", texts, "the header in the first row",
            f"row {numbers[last]} was taken as the header and the rows above it were left out; "
            "say --header ROW if that is wrong",
        )  # fmt: skip
    elif first:
        findings.add(
            "note", 1, "", shown(grid.rows[0][0]), "a table", "lines of comment were left out"
        )
    if last > first:
        findings.add(
            "warning", numbers[first], "", "a header of several rows", "one row of names",
            f"their names were joined, as in {names[-1]!r}; say --header ROW if that is wrong",
        )  # fmt: skip
    if units:
        findings.add(
            "note", numbers[end], "", ", ".join(one for one in units if one), "rows of data",
            "the row was taken as units of the columns",
        )  # fmt: skip
        stated = [f"{name}: {unit}" for name, unit in zip(names, units, strict=True) if unit]
        findings.assumed["units"] = "; ".join(stated)
