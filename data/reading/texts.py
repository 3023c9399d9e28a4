"""Columns of text: kept as they are; broken, invisible and formula-like text is flagged."""

import re

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.findings import Findings, Severity
from data.reading.grid import Cell, Codes, Column, ErrorCell, shown
from data.reading.kinds import Analysis

MOJIBAKE = (
    "Ã[\u0080-\u00bf\u0192\u02c6\u0160\u2018-\u201e\u2020-\u2022\u0178\u017d\u017e]"
    "|â[\u0080\u20ac][\u0090-\u009f\u2122\u0153\u0161\u201c\u201d\u2013\u2014\u00a6\u02dc\u0098\u0099\u0080-\u00bf]"
    "|Â[\u00a0-\u00bf]|ï»¿|Å[\u0080-\u00bf\u201a\u0178]|È[\u0098-\u009b\u2122\u203a\u02dc\u0161]"
    "|Ð[\u0080-\u00bf\u017e-\u0192]Ñ?"
)
"""UTF-8 that was read as something else on its way."""

CONTROLS = "[\u0001-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]"

INVISIBLE = "[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]"

FLAGS: tuple[tuple[str, Severity, str, str], ...] = (
    ("\ufffd", "warning", "whole letters", "a letter was lost before or while reading; it is kept"),
    (MOJIBAKE, "warning", "letters read in the right encoding",
     "the text was broken before it came here; it is kept, correct it in the source"),
    (CONTROLS, "warning", "text without control characters",
     "they are kept; check the cell"),
    (INVISIBLE, "warning", "text without invisible characters",
     "they are kept; two texts may look alike and differ"),
    (r"^\s*[=@]", "warning", "text that no spreadsheet takes for a formula",
     "it is kept as text and never calculated; mind it when you open the file in a spreadsheet"),
    (r"^[\t\r]|^\s*[-+][^\d\s.,].*[(!|]|^\s*[-+]\d.*[(!|]", "warning",
     "text that no spreadsheet takes for a formula", "it is kept as text and never calculated"),
)  # fmt: skip
"""Patterns of text that deserves a look: severity, what was expected, what was done."""


def flag_text(text: str, row: int, column: str, findings: Findings) -> None:
    """Flag one text, such as a header."""
    for form, severity, expected, fix in FLAGS:
        if re.search(form, text):
            findings.add(severity, row, column, text, expected, fix)


def texts(analysis: Analysis, rows: Codes, findings: Findings) -> pd.Series:
    """Return a column of text as it is, trimmed at its ends; flag what deserves a look."""
    column = analysis.column
    flag_column(column, rows, findings)
    _say_errors(analysis, rows, findings)
    cells = [_trimmed(cell) for cell in column.uniques]
    table = np.array([*cells, None], dtype=object)
    return pd.Series(table[column.codes], dtype="str")


def _say_errors(analysis: Analysis, rows: Codes, findings: Findings) -> None:
    uniques = analysis.column.uniques
    errors = {at for at in analysis.missing if isinstance(uniques[at], ErrorCell)}
    findings.of_rows(
        "warning", analysis.rows_of(errors, rows), analysis.column.name,
        "a value, not a formula's error", "the cell was read as empty; mend the formula",
    )  # fmt: skip


def _trimmed(cell: Cell) -> str | None:
    return None if isinstance(cell, ErrorCell) else shown(cell).strip()


def flag_column(column: Column, rows: Codes, findings: Findings) -> None:
    """Flag the cells of a column that hold broken, invisible or formula-like text."""
    held = [cell if isinstance(cell, str) else "" for cell in column.uniques]
    if not held:
        return
    cells = pa.array([_encodable(cell) for cell in held], type=pa.large_string())
    for form, severity, expected, fix in FLAGS:
        marks = pc.match_substring_regex(cells, form).to_numpy(zero_copy_only=False)
        if not marks.any():
            continue
        wanted = np.append(marks, False)
        places = np.flatnonzero(wanted[column.codes])
        found = [(int(rows[at]), held[column.codes[at]]) for at in places]
        findings.of_rows(severity, found, column.name, expected, fix)


def _encodable(cell: str) -> str:
    return cell if cell.isascii() else cell.encode("utf-8", "replace").decode("utf-8")


def booleans(column: Column) -> pd.Series:
    """Return a column of true and false."""
    cells = [shown(cell).strip().lower() == "true" for cell in column.uniques]
    table = np.array([*cells, None], dtype=object)
    return pd.Series(table[column.codes], dtype="boolean")
