"""A file's cells before anything is known about them: rows with their numbers in the file."""

from dataclasses import dataclass
from datetime import date, datetime, time

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class ErrorCell:
    """A spreadsheet's error value such as #N/A."""

    text: str


Cell = str | int | float | bool | date | datetime | time | ErrorCell | None
"""A cell as the file holds it; text files hold text only."""

Row = list[Cell]


@dataclass(slots=True)
class Grid:
    """Rows as they stand in a file.

    Attributes
    ----------
    rows : list of list
        Cells; rows may differ in length.
    numbers : list of int
        Row of the file, counted from 1, for each.
    merged : list of tuple
        Areas of merged cells as (first row, first column, last row, last column), from 0.
    since_1904 : bool
        Whether day numbers count from 1904, as some workbooks do.
    """

    rows: list[Row]
    numbers: list[int]
    merged: list[tuple[int, int, int, int]]
    since_1904: bool = False


Codes = npt.NDArray[np.int64]


@dataclass(slots=True)
class Column:
    """One column: its distinct cells, and which of them stands in each row.

    Attributes
    ----------
    name : str
        Header, stripped.
    uniques : list
        Distinct cells in the order they first appear.
    codes : array of int
        Index into `uniques` for each row, -1 for an empty cell.
    plain : array or None
        The cells as an Arrow array of text, where a large text file was read quickly.
    since_1904 : bool
        Whether day numbers count from 1904.
    """

    name: str
    uniques: list[Cell]
    codes: Codes
    plain: pa.Array | None = None
    since_1904: bool = False


@dataclass(slots=True)
class Table:
    """Named columns of equal length, with each row's number in the file."""

    columns: list[Column]
    rows: Codes
    header_row: int = 1

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(column.name for column in self.columns)


def is_blank(cell: Cell) -> bool:
    """Whether a cell holds nothing."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def column_of(name: str, cells: list[Cell]) -> Column:
    """Return a column of cells, with each distinct one kept once."""
    places: dict[tuple[type, Cell], int] = {}
    uniques: list[Cell] = []
    codes = np.empty(len(cells), dtype=np.int64)
    for index, cell in enumerate(cells):
        if is_blank(cell):
            codes[index] = -1
            continue
        key = (type(cell), cell)
        place = places.get(key)
        if place is None:
            place = places[key] = len(uniques)
            uniques.append(cell)
        codes[index] = place
    return Column(name, uniques, codes)


def shown(cell: Cell) -> str:
    """Return a cell as a person would write it."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.isoformat(sep="T")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return cell.text if isinstance(cell, ErrorCell) else str(cell)
