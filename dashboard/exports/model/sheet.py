"""A worksheet that writes a row of like formulas at once.

xlsxwriter looks for forty young functions in every formula and escapes every cell by itself: nine
tenths of the time of a large model. Here a row is escaped once, and none of our formulas holds such
a function. It leans on three private names of the pinned xlsxwriter; a test reads the file back.
"""

from collections.abc import Sequence
from typing import Self, cast
from xml.sax.saxutils import escape

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet


class Plain(Worksheet):  # type: ignore[misc]  # xlsxwriter has no types
    """A worksheet with rows of formulas."""

    @classmethod
    def of(cls, book: xlsxwriter.Workbook, name: str) -> Self:
        """Add one to a workbook."""
        return cast("Self", book.add_worksheet(name, cls))

    def write_run(
        self,
        at: tuple[int, int],
        pattern: str,
        style: Format,
        columns: Sequence[tuple[str, str, str]],
        shown: Sequence[float] | None,
    ) -> None:
        """Write one formula across a row.

        Parameters
        ----------
        at : (int, int)
            Row and first column, counted from 0.
        pattern : str
            The formula with `{0}`, `{1}`, `{2}` for the letters of `columns`.
        style : Format
            Of every cell.
        columns : sequence of (str, str, str)
            Letters of each column, the one before and the one after.
        shown : sequence of float or None
            Values for programs that do not calculate.
        """
        row, column = at
        self._check_dimensions(row, column)
        self._check_dimensions(row, column + len(columns) - 1)
        head = f'<c r="{{0}}{row + 1}" s="{style._get_xf_index()}"><f>'
        whole = f"{head}{escape(pattern)}</f><v>{{3}}</v></c>"
        cells = self.table[row]
        for place, names in enumerate(columns):
            value = "" if shown is None else repr(shown[place])
            cells[column + place] = whole.format(*names, value)

    def _write_cell(self, row: int, col: int, cell: object) -> None:
        """Write a cell: those of a run are finished already."""
        if isinstance(cell, str):
            self.fh.write(cell)
        else:
            super()._write_cell(row, col, cell)
