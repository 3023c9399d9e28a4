"""A worksheet whose rows have names, so that formulas can be written in words.

In a formula `[revenue]` is the cell of that row in the same period, `[revenue<]` the one before,
`[revenue>]` the one after, `[revenue:]` the whole row, `[#book]` all rows of a block in the same
period (`[#book<]` one earlier), `[debt|C]` the constant in column C, `@` the letter of the column,
for other sheets on the same axis.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_col_to_name

from dashboard.exports.model.sheet import Plain
from forecasts.units import Array

LABEL, UNIT, FIRST, SECOND, THIRD, OPENING, START = range(7)
"""Columns: label, unit, up to three constants, an empty one (what opens at zero), the periods."""

HEAD = 4
"""First row below the head, counted from 0."""

MARK = re.compile(r"\[(#?)(\w+)([<>:]|\|[CDE]|)\]|@")

STEP = {"": 0, "<": 1, ">": 2}
"""Place of the neighbouring column in a compiled formula."""

HEAD_HEIGHT = 41
"""Points of a row of names: three lines."""


@lru_cache(maxsize=2048)
def letter(column: int) -> str:
    """Name of a column, 0 for A."""
    return str(xl_col_to_name(column))


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a sheet over all periods.

    Attributes
    ----------
    key, label, unit : str
        Name in formulas; words on the sheet.
    formula : str
        One for all periods; see the head of this module.
    style : str
        A style of `styles.STYLES`.
    constants : tuple of str
        Formulas of the constant columns, in their order; empty for none.
    """

    key: str
    label: str
    unit: str
    formula: str
    style: str = "usd"
    constants: tuple[str, ...] = ()


class Grid:
    """A worksheet with one axis of periods.

    Attributes
    ----------
    sheet : Worksheet
        Where the cells go.
    count : int
        Number of periods.
    """

    def __init__(
        self, book: xlsxwriter.Workbook, styles: dict[str, Format], name: str, count: int
    ) -> None:
        self.sheet = Plain.of(book, name)
        self.count = count
        self.name = name
        self.quoted = f"'{name}'"
        self._styles = styles
        self._place: dict[str, int] = {}
        self._blocks: dict[str, tuple[int, int]] = {}
        self._headings: dict[int, Format] = {}
        self._next = HEAD
        self._ends = letter(START), letter(START + count - 1)
        self._columns = [
            (letter(START + n), letter(START + n - 1), letter(START + n + 1)) for n in range(count)
        ]

    def title(self, text: str, level: str = "section") -> None:
        """Write a heading above the rows that follow."""
        self._next += 1
        self._headings[self._next] = self._styles[level]
        self.sheet.set_row(self._next, None, self._styles[level])
        self.sheet.write_string(self._next, LABEL, text, self._styles[level])
        self._next += 1

    def skip(self, count: int) -> None:
        """Leave rows to be filled by hand."""
        self._next += count

    def head(self, title: str, note: str, rows: Sequence[tuple[str, str, str, str]]) -> None:
        """Write the title and the rows at the top: key, label, formula, style."""
        self.sheet.write_string(0, LABEL, title, self._styles["title"])
        self.sheet.write_string(0, FIRST, note, self._styles["note"])
        for place, (key, label, formula, style) in enumerate(rows, start=1):
            self._place[key] = place
            self.sheet.write_string(place, LABEL, label, self._styles["label"])
            text = self.compiled(formula)
            self.sheet.write_run((place, START), text, self._styles[style], self._columns, None)

    def add(self, row: Row, values: Array | None = None) -> None:
        """Write a row of formulas; `values` are shown by programs that do not calculate."""
        here = self._open(row)
        write, style = self.sheet.write_formula, self._styles[row.style]
        for offset, formula in enumerate(row.constants):
            if formula:
                text = "=" + self.compiled(formula).format(*self._columns[0])
                write(here, FIRST + offset, text, style, "")
        if not row.formula:
            return
        shown = None if values is None else values.tolist()
        self.sheet.write_run((here, START), self.compiled(row.formula), style, self._columns, shown)

    def each(
        self, row: Row, formulas: Sequence[str], shown: Sequence[str | float] | None = None
    ) -> None:
        """Write a row whose cells read other sheets, one formula a period."""
        here = self._open(row)
        for place, formula in enumerate(formulas):
            value = "" if shown is None else shown[place]
            style = self._styles[row.style]
            self.sheet.write_formula(here, START + place, "=" + formula, style, value)

    def written(self, row: Row, cells: Sequence[str | float]) -> None:
        """Write a row of numbers and words."""
        here = self._open(row)
        for place, value in enumerate(cells):
            if isinstance(value, str):
                self.sheet.write_string(here, START + place, value, self._styles["engine"])
            else:
                self.sheet.write_number(here, START + place, value, self._styles[row.style])

    def names(self, texts: Sequence[str]) -> None:
        """Head the columns with words, and the sheet with its name."""
        self.sheet.write_string(0, LABEL, self.name, self._styles["title"])
        self.sheet.set_row(HEAD - 1, HEAD_HEIGHT)
        for place, text in enumerate(texts):
            self.sheet.write_string(HEAD - 1, START + place, text, self._styles["head"])

    def _open(self, row: Row) -> int:
        """Give a row the next place, write its words, and return it."""
        here = self._next
        self._place[row.key] = here
        self._next += 1
        self.sheet.write_string(here, LABEL, row.label, self._styles["label"])
        self.sheet.write_string(here, UNIT, row.unit, self._styles["unit"])
        return here

    def data(self, row: Row, values: Sequence[float | None], style: str = "data") -> None:
        """Write a row of numbers; None leaves a cell empty."""
        here = self._open(row)
        for place, value in enumerate(values):
            if value is not None:
                self.sheet.write_number(here, START + place, value, self._styles[style])

    def block(self, name: str, rows: Sequence[Row]) -> None:
        """Write rows that formulas can also name together."""
        first = self._next
        for row in rows:
            self.add(row)
        self._blocks[name] = first, self._next - 1

    def add_together(
        self, rows: Sequence[Row], blocks: dict[str, tuple[str, str]] | None = None
    ) -> None:
        """Write rows that name each other, also rows further down.

        Parameters
        ----------
        rows : sequence of Row
            In order.
        blocks : dict of str to (str, str)
            First and last row of each block among them.
        """
        for offset, row in enumerate(rows):
            self._place[row.key] = self._next + offset
        for name, (first, last) in (blocks or {}).items():
            self._blocks[name] = self._place[first], self._place[last]
        for row in rows:
            self.add(row)

    def fold(self, first: int) -> None:
        """Group the rows from one on, so that a reader can close them."""
        for place in range(first, self._next):
            self.sheet.set_row(place, None, self._headings.get(place), {"level": 1})

    def compiled(self, formula: str) -> str:
        """Return a formula with `{0}`, `{1}`, `{2}` for this column, the one before and after."""
        return MARK.sub(self._spelled, formula)

    def _spelled(self, found: re.Match[str]) -> str:
        if found[0] == "@":
            return "{0}"
        is_block, name, step = found[1], found[2], found[3]
        first, last = self._blocks[name] if is_block else (self._place[name],) * 2
        if step in {"|C", "|D", "|E"}:
            return f"${step[1]}${first + 1}"
        if step == ":":
            return f"${self._ends[0]}${first + 1}:${self._ends[1]}${last + 1}"
        column = f"{{{STEP[step]}}}"
        if is_block:
            return f"{column}{first + 1}:{column}{last + 1}"
        return f"{column}{first + 1}"

    def row(self, key: str) -> int:
        """Row number as spreadsheets count."""
        return self._place[key] + 1

    def all(self, key: str) -> str:
        """Return the whole of a row, for formulas on any sheet."""
        return f"{self.quoted}!" + self.compiled(f"[{key}:]")

    def at(self, key: str) -> str:
        """Return a row in the same column of another sheet with the same axis."""
        return f"{self.quoted}!@{self._place[key] + 1}"

    def cell(self, key: str, period: int) -> str:
        """Return one period of a row, for formulas on any sheet."""
        return f"{self.quoted}!${letter(START + period)}${self._place[key] + 1}"

    def constant(self, key: str, column: int = FIRST) -> str:
        """Return a constant of a row, for formulas on any sheet."""
        return f"{self.quoted}!${letter(column)}${self._place[key] + 1}"

    def constants(self, block: str, column: int = FIRST) -> str:
        """Return a constant of every row of a block, for formulas on any sheet."""
        first, last = self._blocks[block]
        name = letter(column)
        return f"{self.quoted}!${name}${first + 1}:${name}${last + 1}"

    def last(self) -> int:
        """Row below the last one, counted from 0."""
        return self._next
