"""A worksheet of one thing per row: racks on sale, phases, sets of racks."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format

from dashboard.exports.model.grid import HEAD, letter
from dashboard.exports.model.sheet import Plain

MARK = re.compile(r"\[(\w+)(<?)\]")


@dataclass(frozen=True, slots=True)
class Column:
    """One property of every row: name in formulas, words on the sheet, format."""

    key: str
    label: str
    unit: str
    style: str = "usd"


class Table:
    """Rows of one kind. In a formula `[kw]` is that column of the same row, `[kw<]` of the last."""

    def __init__(
        self,
        book: xlsxwriter.Workbook,
        styles: dict[str, Format],
        name: str,
        columns: Sequence[Column],
    ) -> None:
        self.sheet = Plain.of(book, name)
        self.name = name
        self._styles = styles
        self._columns = {column.key: (place, column) for place, column in enumerate(columns)}
        self._next = HEAD + 1
        for place, column in enumerate(columns):
            self.sheet.write_string(HEAD - 1, place, column.label, styles["head"])
            self.sheet.write_string(HEAD, place, column.unit, styles["unit"])

    def add(self, cells: Mapping[str, str | float], styles: Mapping[str, str]) -> int:
        """Write a row: texts that begin with `=` are formulas of ours, numbers are data.

        Returns
        -------
        int
            Its number as spreadsheets count.
        """
        here = self._next
        self._next += 1
        for key, value in cells.items():
            place, column = self._columns[key]
            style = self._styles[styles.get(key, column.style)]
            if isinstance(value, float | int):
                self.sheet.write_number(here, place, value, style)
            else:
                self.sheet.write_formula(here, place, self._compiled(value, here), style, "")
        return here + 1

    def fill(self, row: int, cells: Mapping[str, str]) -> None:
        """Write further formulas into a row."""
        for key, formula in cells.items():
            place, column = self._columns[key]
            text = self._compiled(formula, row - 1)
            self.sheet.write_formula(row - 1, place, text, self._styles[column.style], "")

    def text(self, row: int, key: str, words: str) -> None:
        """Write words into a row."""
        self.sheet.write_string(row - 1, self._columns[key][0], words, self._styles["text"])

    def style(self, name: str) -> Format:
        """Return a format by name."""
        return self._styles[name]

    def width(self) -> int:
        """Number of columns."""
        return len(self._columns)

    def next_row(self) -> int:
        """Number of the row that comes next, as spreadsheets count."""
        return self._next + 1

    def _compiled(self, formula: str, here: int) -> str:
        def spelled(found: re.Match[str]) -> str:
            return f"${letter(self._columns[found[1]][0])}{here + (0 if found[2] else 1)}"

        return MARK.sub(spelled, formula)

    def cell(self, key: str, row: int) -> str:
        """Return one cell, for formulas on any sheet."""
        return f"'{self.name}'!${letter(self._columns[key][0])}${row}"

    def span(self, key: str, rows: tuple[int, int]) -> str:
        """Return a column from the first to the last row, for formulas on any sheet."""
        name = letter(self._columns[key][0])
        return f"'{self.name}'!${name}${rows[0]}:${name}${rows[1]}"
