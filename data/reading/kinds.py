"""What each column holds, judged from all of its cells: numbers, dates, yes or no, or text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.reading.findings import Severity
from data.reading.grid import Cell, Codes, Column, ErrorCell
from data.reading.numerals import Number, is_error, is_missing, number_of
from data.reading.periods import ORDERS, Moment, compact_date, moment_of, pair_of_years, serial_date

Kind = Literal["number", "date", "boolean", "text", "empty"]
"""What a column holds."""

Wanted = Literal["number", "date", "text", "period"]
"""What a dataset asks a column to hold; a period is a date, a year or a number of any form."""

MAJORITY = 0.6
"""Share of cells that make a column one of numbers or dates although others do not fit."""

PROBED = 2_000
"""Distinct cells that decide whether a long column is text."""

DATE_HEADER = re.compile(
    r"(?:^|[^a-z])(?:dates?|datum|data|fecha|jour|day|tag|time|timestamp|period|periode|période|"
    r"perioada|month|mois|monat|maand|luna|mes|ds|year_?month|yyyymm(?:dd)?|as_?of|quarter)"
    r"(?:$|[^a-z])",
    re.IGNORECASE,
)
"""Headers under which a bare number may be a date."""

PLACE_HEADER = re.compile(
    r"(?:^|[^a-z])(?:country|countries|land|pays|țara|tara|ţara|país|pais|iso_?[23]?|geo|code|cc|"
    r"alpha_?[23]|nation|state|name|surname)(?:$|[^a-z])",
    re.IGNORECASE,
)
"""Headers under which NA is Namibia, or a name, rather than nothing."""

CODE_HEADER = re.compile(
    r"(?:^|[^a-z])(?:version|release|section|code|zip|postcode|postal|plz|phone|tel|id|sku|isin|iban)"
    r"(?:$|[^a-z])",
    re.IGNORECASE,
)
"""Headers under which digits are a name rather than an amount."""

LARGEST_SHORT = 2.0**53
"""Numbers of a workbook beyond this one are whole, whatever their shortest digits are."""

BOOLEANS = {"true": True, "false": False}


@dataclass(slots=True)
class Analysis:
    """A column with each distinct cell read as a number or a date, where it can be.

    Attributes
    ----------
    column : Column
        The cells.
    kind : str
        What the column holds.
    weights : array of int
        How often each distinct cell occurs.
    numbers, moments : dict
        Cells that read so, by their index.
    missing, odd : set of int
        Cells that say "nothing", and cells that do not fit the column's kind.
    strict : bool
        Whether a dataset asks for this kind, so that an odd cell is an error.
    lenient : bool
        Whether the dataset judges forms and odd cells itself.
    """

    column: Column
    kind: Kind
    weights: npt.NDArray[np.int64]
    numbers: dict[int, Number]
    moments: dict[int, Moment]
    missing: set[int]
    odd: set[int]
    strict: bool = False
    lenient: bool = False

    @property
    def severity(self) -> Severity:
        """How bad a cell is that does not fit."""
        return "error" if self.strict else "warning"

    def rows_of(self, indices: set[int], rows: Codes) -> list[tuple[int, str]]:
        """Return (row, cell) of every row that holds one of some distinct cells."""
        if not indices:
            return []
        wanted = np.zeros(len(self.column.uniques) + 1, dtype=bool)
        wanted[list(indices)] = True
        places = np.flatnonzero(wanted[self.column.codes] & (self.column.codes >= 0))
        uniques = self.column.uniques
        return [(int(rows[at]), text_of(uniques[self.column.codes[at]])) for at in places]


def text_of(cell: Cell) -> str:
    """Return a cell for a message."""
    return cell.text if isinstance(cell, ErrorCell) else str(cell).strip()


def analysed(column: Column, wanted: Wanted | None = None) -> Analysis:
    """Read every distinct cell of a column and decide what the column holds.

    Parameters
    ----------
    column : Column
        The cells.
    wanted : str or None
        What it must hold, where a dataset asks for it; cells that do not fit are odd.
    """
    weights = np.bincount(column.codes[column.codes >= 0], minlength=len(column.uniques))
    made = Analysis(column, "text", weights.astype(np.int64), {}, {}, set(), set())
    if column.plain is not None:
        is_text = pa.types.is_string(column.plain.type)
        made.kind = "text" if is_text else "number"
        return made
    if wanted == "text" or (wanted is None and _is_surely_text(column)):
        return made
    for index, cell in enumerate(column.uniques):
        _read(made, index, cell)
    made.kind = _kind(made)
    if wanted in {"number", "date"}:
        _force(made, wanted)
    made.lenient = wanted == "period"
    return made


def _force(made: Analysis, wanted: Literal["number", "date"]) -> None:
    """Hold a column to the kind a dataset asks for."""
    held = set(range(len(made.column.uniques))) - made.missing
    fitting: set[int] = set(made.numbers) if wanted == "number" else set(made.moments)
    made.kind, made.strict = wanted, True
    made.odd = held - fitting


def _is_surely_text(column: Column) -> bool:
    """Judge a column of very many distinct cells by some of them."""
    count = len(column.uniques)
    if count <= 2 * PROBED:
        return False
    probe = [column.uniques[at] for at in np.linspace(0, count - 1, PROBED).astype(int)]
    read = sum(
        not isinstance(cell, str) or number_of(cell) is not None or moment_of(cell) is not None
        for cell in probe
    )
    return read < PROBED * 0.2


def _read(made: Analysis, index: int, cell: Cell) -> None:
    if isinstance(cell, ErrorCell):
        made.missing.add(index)
    elif isinstance(cell, str):
        _read_text(made, index, cell)
    elif isinstance(cell, bool | time):
        return
    elif isinstance(cell, int | float):
        if cell == cell and abs(cell) != float("inf"):
            whole = isinstance(cell, int) or abs(cell) > LARGEST_SHORT
            exact = Decimal(cell) if whole else Decimal(repr(cell))
            made.numbers[index] = Number(exact, exact)
        else:
            made.missing.add(index)
    elif isinstance(cell, date):
        made.moments[index] = _typed(cell)


def _typed(cell: date) -> Moment:
    text = cell.isoformat()
    return Moment("time" if isinstance(cell, datetime) else "date", dict.fromkeys(ORDERS, text))


def _read_text(made: Analysis, index: int, cell: str) -> None:
    if is_missing(cell) or is_error(cell):
        made.missing.add(index)
        return
    number = number_of(cell)
    if number is not None:
        made.numbers[index] = number
        return
    moment = moment_of(cell)
    if moment is not None:
        made.moments[index] = moment


def _share(made: Analysis, indices: set[int]) -> int:
    return int(made.weights[list(indices)].sum()) if indices else 0


def _kind(made: Analysis) -> Kind:
    """Decide by weight; what does not fit becomes odd."""
    column = made.column
    held = set(range(len(column.uniques))) - made.missing
    if not held:
        has_text = any(isinstance(one, str) for one in column.uniques)
        return "text" if has_text and PLACE_HEADER.search(column.name) else "empty"
    if _is_boolean(column, held) and not PLACE_HEADER.search(column.name):
        return "boolean"
    total = _share(made, held)
    _numbers_as_dates(made, held)
    if _share(made, set(made.moments)) >= MAJORITY * total and not _are_codes(made):
        made.odd = held - set(made.moments)
        return "date"
    mostly = bool(made.numbers) and _share(made, set(made.numbers)) >= MAJORITY * total
    if mostly and not _is_code(made, held):
        made.odd = held - set(made.numbers)
        return "number"
    return "text"


def _is_boolean(column: Column, held: set[int]) -> bool:
    cells = [column.uniques[at] for at in held]
    return all(
        isinstance(cell, bool) or (isinstance(cell, str) and cell.strip().lower() in BOOLEANS)
        for cell in cells
    )


def _is_code(made: Analysis, held: set[int]) -> bool:
    """Whether digits are names: leading zeros, or 1.10 under the header of a version."""
    texts = [
        str(made.column.uniques[at]).strip()
        for at in held
        if isinstance(made.column.uniques[at], str)
    ]
    if any(re.fullmatch(r"0\d+", text) for text in texts):
        others = [made.column.uniques[at] for at in set(made.numbers)]
        if all(re.fullmatch(r"\d+", str(cell).strip()) for cell in others):
            return True
    if any(re.fullmatch(r"\+?0\d[\d .]+|\+\d[\d .]{6,}", text) for text in texts):
        return True
    if not CODE_HEADER.search(made.column.name):
        return False
    return any(re.fullmatch(r"\d+\.\d*0|\d+(?:[Ee]\d+)", text) for text in texts)


def _are_codes(made: Analysis) -> bool:
    """Whether dates of short years stand under the header of a code: MAR-01 is rather a name."""
    named = CODE_HEADER.search(made.column.name) and not DATE_HEADER.search(made.column.name)
    return bool(named) and all(one.short for one in made.moments.values())


def _numbers_as_dates(made: Analysis, held: set[int]) -> None:
    """Take bare numbers for dates where the header or the other cells say so."""
    impossible = any(at in made.moments and not made.moments[at].ways for at in held)
    if impossible or _all_pairs(made, held):
        _pairs(made, held)
    numbers = set(made.numbers) & held
    dated = bool(DATE_HEADER.search(made.column.name)) or (
        bool(made.moments) and _share(made, set(made.moments)) >= MAJORITY * _share(made, held)
    )
    if not numbers or not dated:
        return
    serial = partial(_serial, since_1904=made.column.since_1904)
    readers: tuple[Callable[[str], str], ...] = (_compact, serial, _year_text)
    for reader in readers[: 3 if made.moments else 2]:
        cells = {at: text_of(made.column.uniques[at]) for at in numbers}
        texts = {at: reader(cell) for at, cell in cells.items()}
        days = reader is _compact and all(EIGHT.fullmatch(cell) for cell in cells.values())
        if all(texts.values()) or (days and any(texts.values())):
            for at, text in texts.items():
                kind = "serial" if reader is serial else _kind_of(text)
                made.moments[at] = Moment(kind, dict.fromkeys(ORDERS, text) if text else {})
            return


EIGHT = re.compile(r"(?:19|20)\d{6}(?:\.0)?")
"""A day as eight digits, whether or not the calendar has it."""


def _kind_of(text: str) -> str:
    return {4: "year", 7: "month"}.get(len(text), "date")


def _compact(text: str) -> str:
    return compact_date(text.removesuffix(".0"))


def _year_text(text: str) -> str:
    digits = text.removesuffix(".0")
    return digits if re.fullmatch(r"(?:19|20)\d\d", digits) else ""


def _serial(text: str, *, since_1904: bool = False) -> str:
    try:
        return serial_date(float(text), since_1904=since_1904)
    except ValueError:
        return ""


def _all_pairs(made: Analysis, held: set[int]) -> bool:
    """Whether every cell reads as two years that follow each other, as 2010-11, 2011-12."""
    cells = [made.column.uniques[at] for at in held]
    return len(held) > 1 and all(isinstance(cell, str) and pair_of_years(cell) for cell in cells)


def _pairs(made: Analysis, held: set[int]) -> None:
    for at in held:
        cell = made.column.uniques[at]
        years = pair_of_years(cell) if isinstance(cell, str) else ""
        if years and (not made.moments[at].ways or _all_pairs(made, held)):
            made.moments[at] = Moment("years", dict.fromkeys(ORDERS, years))
