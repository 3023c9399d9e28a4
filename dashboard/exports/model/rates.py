"""Internal rates of return: signs of the value at many rates count the roots, IRR() finds one."""

import xlsxwriter
from xlsxwriter.format import Format

from dashboard.exports.model.grid import letter
from dashboard.exports.model.layout import printed
from forecasts.irr_rows import CURVES

NAME = "Rates"
TOP = 12
"""First row of the grid of rates, counted from 0."""

ROWS = (
    "Times the value changes its sign on the grid of rates",
    "Middle of the step in which it does, log a month",
    "IRR(), a month",
    "Refined by one step of Newton's method, log a month",
    "And by another",
    "A year",
    "Status",
)


class Rates:
    """The sheet of rates: one column a series of flows.

    Parameters
    ----------
    book, styles
        The workbook and its formats.
    months : str
        The row of months, as every formula may name it.
    """

    def __init__(self, book: xlsxwriter.Workbook, styles: dict[str, Format], months: str) -> None:
        self._sheet = book.add_worksheet(NAME)
        self._styles = styles
        self._months = months
        self._next = 2
        self._end = TOP + CURVES.size
        for place, words in enumerate(ROWS):
            self._sheet.write_string(4 + place, 0, words, styles["label"])
        self._sheet.write_string(TOP - 1, 0, "Value at each rate", styles["bold"])
        self._sheet.write_string(TOP - 1, 1, "log a month", styles["unit"])
        for place, value in enumerate(CURVES.tolist()):
            self._sheet.write_number(TOP + place, 1, value, styles["growth"])

    def dress(self) -> None:
        """Set widths and title, freeze labels and head, and let the sheet print."""
        sheet = self._sheet
        sheet.write_string(0, 0, "Rates of return: where each series is worth nothing",
                           self._styles["title"])  # fmt: skip
        sheet.set_column(0, 0, 50)
        sheet.set_column(1, 1, 12)
        sheet.set_column(2, self._next - 1, 17)
        sheet.set_row(3, 28)
        sheet.freeze_panes(4, 2)
        printed(sheet, NAME, (self._end - 1, self._next - 1))
        sheet.repeat_rows(0, 3)
        sheet.repeat_columns(0, 1)
        sheet.fit_to_pages(-(-self._next // 18), 0)

    def add(self, label: str, flows: str) -> tuple[str, str]:
        """Write one series of flows; return its yearly rate and its status."""
        column, name = self._next, letter(self._next)
        self._next += 1
        sheet, styles, m = self._sheet, self._styles, self._months
        sheet.write_string(3, column, label, styles["head"])
        for place in range(CURVES.size):
            rate = f"$B{TOP + place + 1}"
            text = f"=SUMPRODUCT({flows},EXP(-{rate}*({m}-IF({rate}<0,Horizon-1,0))))"
            sheet.write_formula(TOP + place, column, text, styles["usd"], "")
        upper = f"{name}{TOP + 1}:{name}{self._end - 1}"
        lower = f"{name}{TOP + 2}:{name}{self._end}"
        changes = f"(({upper}>0)<>({lower}>0))"
        mid = f"($B{TOP + 1}:$B{self._end - 1}+$B{TOP + 2}:$B{self._end})/2"
        only = f'{name}11="ok"'

        def better(cell: str) -> str:
            weights = f"EXP(-{cell}*{m})"
            step = f"SUMPRODUCT({flows},{weights})/SUMPRODUCT({flows},{m},{weights})"
            return f'=IF({only},{cell}+{step},"")'

        start = f"IFERROR(LN(1+{name}7),{name}6)"
        steps = (
            (f"=SUMPRODUCT(--{changes})", "whole"),
            (f'=IF({name}5=1,SUMPRODUCT({changes}*{mid}),"")', "fine"),
            (f'=IF({only},IFERROR(IRR({flows},EXP({name}6)-1),EXP({name}6)-1),"")', "fine"),
            (better(start), "fine"),
            (better(f"{name}8"), "fine"),
            (f'=IF({only},EXP(12*{name}9)-1,"")', "rate"),
            (
                f'=IF(AND(MIN({flows})>-0.01,MAX({flows})<0.01),"empty",'
                f'IF(OR(MIN({flows})>-0.01,MAX({flows})<0.01),"same_sign",'
                f'IF({name}5=0,"none",IF({name}5=1,"ok","multiple"))))',
                "text",
            ),
        )
        for place, (formula, style) in enumerate(steps):
            sheet.write_formula(4 + place, column, formula, styles[style], "")
        return f"{NAME}!${name}$10", f"{NAME}!${name}$11"
