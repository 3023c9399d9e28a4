"""Sheet of notes that people wrote on assumptions of a saved scenario."""

import xlsxwriter
from xlsxwriter.format import Format

from dashboard.exports.case import Case
from dashboard.exports.model.layout import printed
from forecasts.scenario import QUANTITIES

WIDTHS = (38, 28, 100, 24, 12, 30)
"""Columns, letters."""

LINE = 15.0
"""Height of a line, points."""


def write_notes(book: xlsxwriter.Workbook, styles: dict[str, Format], case: Case) -> None:
    """Write every note with its assumption, author and day."""
    sheet = book.add_worksheet("Notes")
    sheet.write_string(0, 0, "Notes on assumptions", styles["title"])
    heads = ("Assumption", "Name", "Note", "By", "On", "In")
    for column, (words, width) in enumerate(zip(heads, WIDTHS, strict=True)):
        sheet.write_string(3, column, words, styles["head"])
        sheet.set_column(column, column, width)
    for row, one in enumerate(case.notes, start=4):
        label = QUANTITIES[one.assumption].label if one.assumption in QUANTITIES else ""
        texts = (label, one.assumption, one.text, one.who, one.day, one.scenario)
        for column, text in enumerate(texts):
            sheet.write_string(row, column, text, styles["wrap"])
        pieces = one.text.splitlines() or [""]
        lines = sum(max(-(-len(piece) // (WIDTHS[2] - 4)), 1) for piece in pieces)
        sheet.set_row(row, min(LINE * max(lines, 1), 400.0))
    sheet.freeze_panes(4, 1)
    printed(sheet, "Notes", (3 + len(case.notes), len(heads) - 1))
    sheet.repeat_rows(0, 3)
