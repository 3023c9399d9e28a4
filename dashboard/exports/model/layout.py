"""How a sheet looks and prints: widths, frozen panes, print areas, groups."""

from xlsxwriter.worksheet import Worksheet

from dashboard.exports.model.grid import FIRST, LABEL, OPENING, START, UNIT, Grid
from dashboard.exports.model.table import Table

A3 = 8
"""Paper of the printed sheets."""


def printed(sheet: Worksheet, name: str, last: tuple[int, int]) -> None:
    """Let a sheet print across one page of A3, with its name and the page in the foot."""
    sheet.set_landscape()
    sheet.set_paper(A3)
    sheet.print_area(0, 0, *last)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{name}&C&P of &N&RRackcast")
    sheet.hide_gridlines(2)


def dress(grid: Grid, width: float = 13.5, constants: float = 13.5) -> None:
    """Set widths, freeze labels and head, and let the sheet print on few pages.

    Parameters
    ----------
    grid : Grid
        The sheet.
    width, constants : float
        Of the columns of periods, and of constants.
    """
    sheet = grid.sheet
    sheet.set_column(LABEL, LABEL, 46)
    sheet.set_column(UNIT, UNIT, 11)
    sheet.set_column(FIRST, OPENING - 1, constants)
    sheet.set_column(OPENING, OPENING, 2)
    sheet.set_column(START, START + grid.count - 1, width)
    sheet.freeze_panes(4, START)
    printed(sheet, grid.name, (grid.last(), START + grid.count - 1))
    sheet.repeat_rows(0, 3)
    pages = -(-grid.count // 36)
    sheet.fit_to_pages(pages, 0)
    sheet.repeat_columns(LABEL, UNIT)


def dress_table(table: Table, title: str) -> None:
    """The same for a sheet of one thing per row."""
    sheet = table.sheet
    sheet.write_string(0, 0, title, table.style("title"))
    sheet.set_row(3, 62)
    sheet.set_column(0, 0, 32)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, table.width() - 1, 14)
    sheet.freeze_panes(5, 2)
    printed(sheet, table.name, (table.next_row() - 1, table.width() - 1))
    sheet.repeat_rows(0, 4)
