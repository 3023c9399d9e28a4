"""Cover and returns: what a reader sees first."""

import math
from collections.abc import Sequence

from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from dashboard.exports.case import Case
from dashboard.exports.model.grid import SECOND, Grid, Row
from dashboard.exports.model.kinds import MEANING, STYLES
from dashboard.exports.model.returns import STYLE
from forecasts.engine import Result
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric
from forecasts.returns import factory_returns, portfolio_returns


def write_returns_sheet(
    grid: Grid, factories: Sequence[tuple[str, Grid]], portfolio: Grid, result: Result
) -> None:
    """Write every metric of every factory, its status, and what the engine found beside it."""
    sheets = [portfolio, *(one for _, one in factories)]
    names = ["All factories", *(name for name, _ in factories)]
    engine = [portfolio_returns(result)]
    engine += [factory_returns(result, row) for row in range(len(factories))]
    grid.names(names)
    for title, kind in (("Returns", "value"), ("Status of each", "status")):
        grid.title(title)
        for name, info in METRICS.items():
            key = f"r_{name}"
            style = STYLE[info.unit] if kind == "value" else "text"
            column = 2 if kind == "value" else SECOND
            cells = [one.constant(key, column) for one in sheets]
            shown = [_shown(own[name], kind) for own in engine]
            unit = info.unit.replace("_", " ") if kind == "value" else ""
            grid.each(Row(f"{kind}_{name}", info.label, unit, "", style), cells, shown)
    grid.title("What Rackcast computed for this scenario (text, does not recalculate)")
    for name, info in METRICS.items():
        found: list[str | float] = []
        for own in engine:
            metric = own[name]
            found.append(str(metric.status) if metric.value is None else metric.value)
        grid.written(Row(f"engine_{name}", info.label, info.unit.replace("_", " "), "",
                         STYLE[info.unit]), found)  # fmt: skip


def _shown(metric: Metric, kind: str) -> str | float:
    if kind == "status":
        return str(metric.status)
    return "" if metric.value is None else metric.value


WIDE = 110
"""Width of the column of texts, characters."""


def write_cover(sheet: Worksheet, styles: dict[str, Format], case: Case, master: str) -> None:
    """Write stamp, master check, colours, what a change of an input does, contents."""
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 26)
    sheet.set_column(1, 1, WIDE)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 1)
    sheet.write_string(0, 0, "Rackcast: model of sovereign AI factories", styles["title"])
    row = 2
    for label, text in case.stamp:
        sheet.write_string(row, 0, label, styles["bold"])
        sheet.write_string(row, 1, text, styles["text"])
        row += 1
    for label, text in (
        ("Supposes", case.result.plan.scenario.description or "-"),
        ("Money", "Nominal US dollars; cash in positive, cash out negative; flows at month end."),
        ("Sources", "Sheet Sources: the row of the tables behind every value, with its grade."),
    ):
        sheet.write_string(row, 0, label, styles["bold"])
        _told(sheet, row, text, styles)
        row += 1
    row += 1
    sheet.write_string(row, 0, "Master check", styles["bold"])
    sheet.write_formula(row, 1, f'=IF({master}=1,"All checks hold","A check fails: see Checks")',
                        styles["bold"], "All checks hold")  # fmt: skip
    sheet.conditional_format(
        row,
        1,
        row,
        1,
        {"type": "text", "criteria": "begins with", "value": "All", "format": styles["good"]},
    )
    sheet.conditional_format(
        row,
        1,
        row,
        1,
        {"type": "text", "criteria": "begins with", "value": "A check", "format": styles["bad"]},
    )
    row += 2
    sheet.write_string(row, 0, "What a change does", styles["head"])
    sheet.write_string(row, 1, "Column C of the sheet Inputs says which applies", styles["head"])
    for kind, meaning in MEANING.items():
        row += 1
        sheet.write_string(row, 0, str(kind), styles[STYLES[kind]])
        _told(sheet, row, meaning, styles)
    row += 1
    sheet.write_string(row, 0, "decided by the planner", styles["planner"])
    _told(sheet, row, "Green on green: number, dates and racks of the phases, found by search; on "
          "the sheet Phases.", styles)  # fmt: skip
    row += 1
    sheet.write_string(row, 0, "data", styles["growth"])
    _told(sheet, row, "Green: forecast paths, on the sheet Drivers. Black: formulas.", styles)
    row += 2
    sheet.write_string(row, 0, "Sheet", styles["head"])
    sheet.write_string(row, 1, "What it holds", styles["head"])
    for name, words in CONTENTS:
        row += 1
        sheet.write_string(row, 0, name, styles["text"])
        _told(sheet, row, words, styles)


def _told(sheet: Worksheet, row: int, text: str, styles: dict[str, Format]) -> None:
    """Write a text that may take several lines, and make room for them."""
    sheet.set_row(row, 15 * max(math.ceil(len(text) / (WIDE - 10)), 1))
    sheet.write_string(row, 1, text, styles["wrap"])


CONTENTS = (
    ("Returns", "Every metric of every factory, with its status; beside it what Rackcast found."),
    ("Yearly", "Every line by calendar year."),
    ("Statements", "Income statement, cash flow and balance sheet by calendar year."),
    ("Portfolio", "All factories by month, and their returns together."),
    ("Inputs", "Every assumption by factory. What is written under 'For all' wins."),
    ("Terms", "Inputs in use, and what follows from them."),
    ("Timing", "Months, dates, tax years."),
    ("Drivers", "Forecast paths: growth is data, its fading into long-run rates is formulas."),
    ("Racks, Phases, Sets", "Rack systems; phases as planned; every set of racks ever bought, "
     "with its loans. 'late': the same a month later, for the cost of delay."),
    ("A sheet per factory", "Demand to returns, month by month."),
    ("Tax", "Tax years: losses carried forward, holidays, the sale at the end; one block for each "
     "round between tax and interest, so that no formula refers to itself."),
    ("Break-even", "Search for the price of an hour at which NPV is zero."),
    ("Rates", "Internal rates of return: how often the value changes its sign counts the roots."),
    ("Checks", "What must hold, and by how much it does."),
    ("Sources", "Where every value comes from; after it notes on assumptions, if there are any."),
)  # fmt: skip
"""Sheets in a sentence."""
