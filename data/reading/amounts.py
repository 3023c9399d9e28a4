"""Columns of numbers: which decimal mark, which unit, and the exact values."""

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import pandas as pd

from data.reading.findings import Findings
from data.reading.grid import Codes, ErrorCell
from data.reading.headings import say_header
from data.reading.kinds import Analysis, text_of
from data.reading.numerals import SCALES, Number, is_error

EXACT = 2**53
"""Whole numbers up to this one are exact as floating-point numbers."""

WIDEST = 2**63 - 1
"""The largest whole number a column of numbers holds."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Decimal marks that the cells of a file prove.

    Attributes
    ----------
    proven : frozenset of str
        `.`, `,`, both or none.
    stated : str
        The mark the user names, or nothing.
    usual : str
        The mark assumed where nothing is proven.
    """

    proven: frozenset[str]
    stated: str = ""
    usual: str = "."


def marks_of(numbers: dict[int, Number]) -> frozenset[str]:
    """Return the decimal marks that some numbers prove."""
    made = set()
    for number in numbers.values():
        if number.point is None:
            made.add(",")
        elif number.comma is None:
            made.add(".")
    return frozenset(made)


def amounts(analysis: Analysis, rows: Codes, marks: Marks, findings: Findings) -> pd.Series:
    """Return a column of numbers; what could not be read stays as it is, and is said."""
    values = _chosen(analysis, rows, marks, findings)
    if _units_clash(analysis, values, rows, findings):
        return _verbatim(analysis)
    _say_left_out(analysis, rows, findings)
    return _series(analysis, values, rows, findings)


def _chosen(
    analysis: Analysis, rows: Codes, marks: Marks, findings: Findings
) -> dict[int, Decimal]:
    """Choose the decimal mark of a column and return its values."""
    numbers = {at: one for at, one in analysis.numbers.items() if at not in analysis.odd}
    own = marks_of(numbers)
    unclear = {at for at, one in numbers.items() if one.ambiguous}
    mark = marks.stated or _mark(own, marks)
    values: dict[int, Decimal] = {}
    for at, one in numbers.items():
        first, second = (one.point, one.comma) if mark == "." else (one.comma, one.point)
        value = first if first is not None or marks.stated else second
        if value is None:
            analysis.odd.add(at)
        else:
            values[at] = value
    if len(own) == 2 and not marks.stated:
        _say_mixed(analysis, unclear, rows, findings)
    elif unclear and not marks.stated:
        _say_assumed(analysis, unclear, own or marks.proven, mark, findings)
    if (own or unclear) and "," in own | ({mark} if unclear else set()):
        findings.assumed["decimal"] = (
            "," if findings.assumed.get("decimal", ",") == "," else ". and ,"
        )
    elif own:
        findings.assumed["decimal"] = (
            "." if findings.assumed.get("decimal", ".") == "." else ". and ,"
        )
    return values


def _mark(own: frozenset[str], marks: Marks) -> str:
    if len(own) == 1:
        return next(iter(own))
    if len(marks.proven) == 1 and not own:
        return next(iter(marks.proven))
    return marks.usual


def _say_mixed(analysis: Analysis, unclear: set[int], rows: Codes, findings: Findings) -> None:
    name = analysis.column.name
    findings.add(
        "warning", None, name, "decimal points and decimal commas", "one decimal mark",
        "each number was read by itself; write them all in one way",
    )  # fmt: skip
    findings.of_rows(
        "error", analysis.rows_of(unclear, rows), name, "a number that reads one way only",
        "say --decimal . or --decimal , or write it without grouping",
    )  # fmt: skip


def _say_assumed(
    analysis: Analysis, unclear: set[int], proven: frozenset[str], mark: str, findings: Findings
) -> None:
    name = analysis.column.name
    example = text_of(analysis.column.uniques[min(unclear)])
    number = analysis.numbers[min(unclear)]
    value = number.point if mark == "." else number.comma
    read_as = f"{float(value or 0):.15g}"
    named = "a point" if mark == "." else "a comma"
    if len(proven) == 1:
        findings.add(
            "note", None, name, example, f"numbers whose decimal mark is {named}, as others show",
            f"it was read as {read_as}",
        )  # fmt: skip
        return
    findings.add(
        "warning", None, name, example, "a number that reads one way only",
        f"the decimal mark was taken to be {named}, so it was read as {read_as}; "
        f"say --decimal {',' if mark == '.' else '.'} if that is wrong",
    )  # fmt: skip


def _units_clash(
    analysis: Analysis, values: dict[int, Decimal], rows: Codes, findings: Findings
) -> bool:
    """Say which unit the cells carry; leave the column as text where they carry several."""
    numbers = {at: analysis.numbers[at] for at in values}
    name = analysis.column.name
    units = {one.unit for at, one in numbers.items() if one.unit}
    bare = {at for at, one in numbers.items() if not one.unit and values[at] != 0}
    clash = len(units) > 1 or ("%" in units and bool(bare))
    if _is_tenor(numbers):
        findings.add(
            "warning", None, name, text_of(analysis.column.uniques[min(numbers)]), "plain numbers",
            "the letter may mean million, months or metres, so the column was left as text",
        )  # fmt: skip
        return True
    if clash:
        found = ", ".join(sorted(units)) + (" and none" if bare else "")
        minority = _minority(analysis, numbers)
        findings.add(
            analysis.severity, None, name, f"units {found}", "one unit in a column",
            "the column was left as text; convert it to one unit",
        )  # fmt: skip
        findings.of_rows(
            analysis.severity, analysis.rows_of(minority, rows), name, "the unit of the other rows",
            "convert it",
        )  # fmt: skip
        return True
    if units:
        _say_unit(analysis, next(iter(units)), bare, rows, findings)
    _say_scale(analysis, numbers, rows, findings)
    say_header(analysis, numbers, findings)
    return False


def _is_tenor(numbers: dict[int, Number]) -> bool:
    """Whether one letter follows whole numbers: 3M may be a term, 2B a class, 5 m a length."""
    sized = [one for one in numbers.values() if one.scale]
    return bool(sized) and all(
        one.scale in {"m", "M", "b", "B"}
        and not one.unit
        and one.point is not None
        and one.point % 10 ** SCALES[one.scale.lower()][0] == 0
        for one in sized
    )


def _minority(analysis: Analysis, numbers: dict[int, Number]) -> set[int]:
    weights: dict[str, int] = {}
    for at, one in numbers.items():
        weights[one.unit] = weights.get(one.unit, 0) + int(analysis.weights[at])
    usual = max(weights, key=lambda unit: weights[unit])
    return {at for at, one in numbers.items() if one.unit != usual}


def _say_unit(
    analysis: Analysis, unit: str, bare: set[int], rows: Codes, findings: Findings
) -> None:
    name = analysis.column.name
    held = findings.assumed.get("units", "")
    findings.assumed["units"] = f"{held}; {name}: {unit}" if held else f"{name}: {unit}"
    if unit in {"%", "‰"}:
        findings.add(
            "warning", None, name, f"numbers with {unit}", "plain numbers",
            "they were read as shares: 12% is 0.12, as a spreadsheet holds it",
        )  # fmt: skip
    if bare:
        findings.of_rows(
            "warning", analysis.rows_of(bare, rows)[:3], name, f"{unit}, as in other rows",
            f"it was taken to be in {unit}",
        )  # fmt: skip


def _say_scale(
    analysis: Analysis, numbers: dict[int, Number], rows: Codes, findings: Findings
) -> None:
    scaled = {at: one.scale for at, one in numbers.items() if one.scale}
    if not scaled:
        return
    unsure = {at for at, word in scaled.items() if not SCALES[word.lower()][1]}
    power = {word: SCALES[word.lower()][0] for word in sorted(set(scaled.values()))}
    said = ", ".join(f"{word} as 10^{size}" for word, size in power.items())
    plain = len(scaled) < len(numbers)
    findings.add(
        "warning" if unsure or plain else "note", None, analysis.column.name,
        text_of(analysis.column.uniques[min(scaled)]), "plain numbers",
        f"words of size were read: {said}; correct the cells if one means something else",
    )  # fmt: skip
    if plain:
        others = {at for at in numbers if at not in scaled and numbers[at].point != 0}
        findings.of_rows(
            "warning", analysis.rows_of(others, rows)[:3], analysis.column.name,
            "a word of size, as in other rows", "it was read as it stands",
        )  # fmt: skip


def _say_left_out(analysis: Analysis, rows: Codes, findings: Findings) -> None:
    name, uniques = analysis.column.name, analysis.column.uniques
    errors = {
        at
        for at in analysis.missing
        if isinstance(uniques[at], ErrorCell) or is_error(str(uniques[at]))
    }
    findings.of_rows(
        "warning", analysis.rows_of(errors, rows), name, "a value, not a formula's error",
        "the cell was read as empty; mend the formula",
    )  # fmt: skip
    words = analysis.rows_of(analysis.missing - errors, rows)
    if words:
        found = ", ".join(sorted({word for _, word in words})[:5])
        findings.add(
            "note", words[0][0], name, found, "a number",
            f"{len(words)} such cells were read as empty",
        )  # fmt: skip
    marked = {at for at, one in analysis.numbers.items() if one.footnote}
    findings.of_rows(
        "warning", analysis.rows_of(marked - analysis.odd, rows), name, "a plain number",
        "the footnote's mark was left out",
    )  # fmt: skip
    texts = {at for at in analysis.numbers if isinstance(uniques[at], str)}
    if texts and len(texts) < len(analysis.numbers):
        findings.of_rows(
            "warning", analysis.rows_of(texts - analysis.odd, rows), name,
            "a number, not digits stored as text", "it was read as a number",
        )  # fmt: skip
    odd = set() if analysis.lenient else analysis.odd
    findings.of_rows(
        analysis.severity, analysis.rows_of(odd, rows), name,
        "a number such as 1234.5" if analysis.strict else "a number as in the other rows",
        "correct or clear the cell" if analysis.strict else
        "the cell was kept as text; correct or clear it",
    )  # fmt: skip


def _verbatim(analysis: Analysis) -> pd.Series:
    texts = np.array([*(text_of(cell) for cell in analysis.column.uniques), None], dtype=object)
    return pd.Series(texts[analysis.column.codes], dtype="str")


def _series(
    analysis: Analysis, values: dict[int, Decimal], rows: Codes, findings: Findings
) -> pd.Series:
    """Return the values in the smallest type that holds them exactly."""
    codes = analysis.column.codes
    whole = all(value == value.to_integral_value() for value in values.values())
    if analysis.odd:
        return _mixed(analysis, values)
    if whole and any(int(float(value)) != value for value in values.values()):
        return _long(analysis, values, findings)
    vanished = {at for at, value in values.items() if value and not float(value)}
    findings.of_rows(
        "warning", analysis.rows_of(vanished, rows)[:3], analysis.column.name,
        "a number that is not too small to be held", "it was read as 0",
    )  # fmt: skip
    rounded = {at for at, value in values.items() if _is_rounded(value)}
    if rounded:
        findings.of_rows(
            "note", analysis.rows_of(rounded, rows)[:3], analysis.column.name,
            "at most 17 digits", "further digits were rounded",
        )  # fmt: skip
    table = np.full(len(analysis.column.uniques) + 1, np.nan)
    for at, value in values.items():
        table[at] = float(value)
    made = table[codes] + 0.0
    if whole and not np.isnan(made).any() and (np.abs(made) <= EXACT).all():
        return pd.Series(made.astype(np.int64))
    return pd.Series(made)


def _is_rounded(value: Decimal) -> bool:
    return len(value.normalize().as_tuple().digits) > 17 and Decimal(float(value)) != value


def _long(analysis: Analysis, values: dict[int, Decimal], findings: Findings) -> pd.Series:
    if any(abs(value) > WIDEST for value in values.values()):
        findings.add(
            "note", None, analysis.column.name, "whole numbers of more than 18 digits",
            "numbers that can be held exactly", "they were kept as text, digit by digit",
        )  # fmt: skip
        return _verbatim(analysis)
    whole = [
        int(values[at]) if at in values else None for at in range(len(analysis.column.uniques))
    ]
    held = np.array([*whole, None], dtype=object)[analysis.column.codes]
    return pd.Series(held, dtype="Int64")


def _mixed(analysis: Analysis, values: dict[int, Decimal]) -> pd.Series:
    """Return numbers as numbers and the other cells as text."""
    cells: list[object] = [None] * (len(analysis.column.uniques) + 1)
    for at, cell in enumerate(analysis.column.uniques):
        if at in analysis.odd:
            cells[at] = text_of(cell)
    for at, value in values.items():
        whole = value == value.to_integral_value() and abs(value) <= WIDEST
        cells[at] = int(value) if whole else float(value)
    table = np.empty(len(cells), dtype=object)
    table[:] = cells
    return pd.Series(table[analysis.column.codes], dtype="object")
