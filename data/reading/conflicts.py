"""Rows that repeat others, and rows that say something else of the same thing and time."""

import re
from collections.abc import Mapping

from data.reading.findings import Findings
from data.reading.grid import Column, Table
from data.reading.kinds import text_of

REPEATS = 200_000
"""Rows up to which a table is searched for rows that repeat others."""

PERIOD = re.compile(
    r"(?:^|[^a-z])(?:years?|jahr|ann[ée]e|anul?|jaar|tahun|periods?|quarters?|months?|fy)(?:$|[^a-z])",
    re.IGNORECASE,
)
"""Headers of periods written as numbers."""


def say_repeats(table: Table, findings: Findings) -> None:
    """Say which rows repeat another one in every cell; long tables are left to their dataset."""
    if (
        len(table.columns) < 2
        or len(table.rows) > REPEATS
        or any(one.plain is not None for one in table.columns)
    ):
        return
    rows = list(zip(*(one.codes.tolist() for one in table.columns), strict=True))
    first: dict[tuple[int, ...], int] = {}
    repeated = []
    for number, cells in zip(table.rows.tolist(), rows, strict=True):
        if cells in first:
            repeated.append((number, f"the same cells as in row {first[cells]}"))
        first.setdefault(cells, number)
    findings.of_rows(
        "warning", repeated, "", "each row once", "it was kept; delete it if it is no second fact"
    )


def say_conflicts(table: Table, kinds: Mapping[str, str], findings: Findings) -> None:
    """Say which rows give another number for the same names and the same time."""
    columns = [one for one in table.columns if one.plain is None]
    if len(columns) < len(table.columns) or not 1 < len(table.rows) <= REPEATS:
        return
    times = [one for one in columns if _is_time(one, kinds[one.name])]
    names = [one for one in columns if kinds[one.name] == "text"]
    values = [one for one in columns if kinds[one.name] == "number" and one not in times]
    if not times or len(values) != 1:
        return
    first: dict[tuple[int, ...], int] = {}
    found: list[tuple[int, str]] = []
    keys = zip(*(one.codes.tolist() for one in (*names, *times)), strict=True)
    for place, key in enumerate(keys):
        known = first.setdefault(key, place)
        if values[0].codes[known] != values[0].codes[place]:
            found.append((int(table.rows[place]), _told(values[0], place)))
    if len(found) * 2 <= len(table.rows):
        findings.of_rows(
            "warning", found, values[0].name, "one value for the same names and time",
            "an earlier row gives another one; both were kept, delete one",
        )  # fmt: skip


def _is_time(column: Column, kind: str) -> bool:
    return kind == "date" or (kind == "number" and bool(PERIOD.search(column.name)))


def _told(column: Column, place: int) -> str:
    code = int(column.codes[place])
    return text_of(column.uniques[code]) if code >= 0 else ""
