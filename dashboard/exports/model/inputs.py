"""Sheets of what is put in: every assumption by factory, months and years, forecast paths."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
import xlsxwriter
from xlsxwriter.format import Format

from dashboard.exports.case import Case
from dashboard.exports.model.grid import HEAD_HEIGHT, START, Grid, Row, letter
from dashboard.exports.model.kinds import STYLES, kind_of
from dashboard.exports.model.layout import printed
from data.provenance import Fact
from forecasts.drivers import central_growth
from forecasts.fx import forward
from forecasts.outlook import outlook
from forecasts.plan import data_fact
from forecasts.scenario import QUANTITIES
from forecasts.units import MONTHS_PER_YEAR

SOURCE_WIDTHS = (38, 32, 14, 18, 11, 11, 46, 13, 13, 50, 90)
"""Columns of the sheet Sources, letters."""

LINE = 13.5
"""Height of a line, points."""

PUBLISHER = 6
"""Column of the sheet Sources that stands right of numbers."""

INSTRUCTIONS = (
    "Write a number under 'For all' to state it for every factory, or change a factory's own cell. "
    "Shares and rates are written as fractions: 0.1 is 10 %."
)


def write_inputs(
    book: xlsxwriter.Workbook, styles: dict[str, Format], case: Case, sweeps: bool
) -> Grid:
    """Write every quantity by factory with unit, what a change does, help and source."""
    plan, count = case.result.plan, len(case.result.plan.sites)
    grid = Grid(book, styles, "Inputs", count)
    sheet, after = grid.sheet, START + count
    sheet.write_string(0, 0, "Inputs", styles["title"])
    sheet.write_string(1, 0, INSTRUCTIONS, styles["note"])
    for column, words in enumerate(("Assumption", "Unit", "When changed", "Name", "For all", "")):
        sheet.write_string(3, column, words, styles["head"])
    for place, site in enumerate(plan.sites):
        sheet.write_string(3, START + place, site.name, styles["head"])
    sheet.write_string(3, after, "What it is", styles["head_beside"])
    sheet.write_string(3, after + 1, "Where it comes from", styles["head"])
    for column, width in ((0, 40), (1, 14), (2, 21), (3, 27), (4, 11), (5, 2)):
        sheet.set_column(column, column, width)
    sheet.set_column(START, after - 1, 13)
    sheet.set_column(after, after + 1, 70)
    sheet.set_row(3, HEAD_HEIGHT)
    sheet.freeze_panes(4, START)
    sheet.hide_gridlines(2)
    section = ""
    for name, quantity in QUANTITIES.items():
        if quantity.section.title != section:
            section = quantity.section.title
            grid.title(section)
        kind = kind_of(name, sweeps)
        style = STYLES[kind]
        unit = quantity.unit.text if quantity.unit.scale == 1 else quantity.unit.text.replace(
            "%", "share")  # fmt: skip
        grid.data(Row(name, quantity.label, unit, ""), plan.quantities[name].tolist(), style)
        here = grid.row(name) - 1
        sheet.write_string(here, 2, str(kind), styles["unit"])
        sheet.write_string(here, 3, name, styles["unit"])
        sheet.write_blank(here, 4, None, styles[style])
        sheet.write_string(here, after, quantity.help, styles["beside"])
        sheet.write_string(here, after + 1, _source(case, name), styles["text"])
        first, last = letter(START), letter(START + count - 1)
        book.define_name(name, f"=Inputs!${first}${here + 1}:${last}${here + 1}")
    printed(sheet, "Inputs", (grid.last(), after))
    sheet.repeat_rows(0, 3)
    return grid


def _source(case: Case, name: str) -> str:
    """Cite where the value comes from, or say that the scenario states it."""
    plan = case.result.plan
    quantity = QUANTITIES[name]
    stated = getattr(plan.scenario, name)
    alone = [key for key, own in plan.scenario.sites.items() if name in own]
    own = f"; stated by the scenario for {', '.join(alone)}" if alone else ""
    if quantity.from_data is not None and stated is None:
        table = quantity.from_data.table
        return f"by factory, from table {table}: see sheet Sources{own}"
    if stated != quantity.default:
        return f"stated by the scenario{own}"
    return data_fact(case.catalog, quantity, plan.sites[0]).source.cite() + own


def write_timing(book: xlsxwriter.Workbook, styles: dict[str, Format], case: Case) -> Grid:
    """Write months, dates, years and flags; every monthly sheet reads its head from here."""
    plan = case.result.plan
    grid = Grid(book, styles, "Timing", plan.months)
    grid.title("Model")
    sheet, first = grid.sheet, grid.last()
    start = dt.datetime(plan.start.year, plan.start.month, 1)
    sheet.write_string(first, 0, "First month", styles["label"])
    sheet.write_datetime(first, 2, start, styles["date"])
    sheet.write_string(first + 1, 0, "Months", styles["label"])
    sheet.write_number(first + 1, 2, plan.months, styles["planner"])
    book.define_name("Start", f"=Timing!$C${first + 1}")
    book.define_name("Horizon", f"=Timing!$C${first + 2}")
    grid.skip(2)
    grid.title("Months: flows come at their end")
    sheet.write_number(grid.last(), START - 1, -1, styles["whole"])
    grid.add(Row("m", "Month, 0 is the first", "month", "[m<]+1", "whole"))
    grid.add(Row("date", "Date", "", "EDATE(Start,[m])", "date"))
    grid.add(Row("year", "Calendar year, which is the tax year", "", "YEAR([date])", "year"))
    grid.add(Row("yr", "Number of the year", "", "[year]-YEAR(Start)+1", "whole"))
    grid.add(
        Row(
            "opens",
            "First month of its year",
            "1 = yes",
            "IF(OR([m]=0,MONTH([date])=1),1,0)",
            "whole",
        )
    )
    grid.add(
        Row(
            "closes",
            "Last month of its year",
            "1 = yes",
            "IF(OR([m]=Horizon-1,MONTH([date])=12),1,0)",
            "whole",
        )
    )
    last = "IF([m]=Horizon-1,1,0)"
    grid.add(Row("ends", "Last month of all", "1 = yes", last, "whole"))
    return grid


def write_drivers(grid: Grid, case: Case, terms: list[dict[str, str]]) -> list[dict[str, str]]:
    """Write the forecast paths: growth from the forecasts is data, the fading is formulas.

    Return, for each factory, whole rows that other sheets look months up in.
    """
    plan, drivers = case.result.plan, case.result.drivers
    view = outlook(case.catalog, plan.scenario.follows)

    def fading(key: str, growth: str, q: dict[str, str], slow: str) -> str:
        trust = f"MIN(MAX(1-[m]/{q['trust']},0),1)"
        faded = f"{trust}*[{growth}]+(1-{trust})*{slow}"
        return f"IF([m]=0,1,[{key}<]*EXP(IF(ISNUMBER([{growth}]),{faded},{slow})))"

    def growth(key: str, series: str, words: str) -> None:
        known = central_growth(plan, view, series) if series in view.histories else None
        values = np.full(plan.months, np.nan) if known is None else known
        cells = [value if np.isfinite(value) else None for value in values.tolist()]
        grid.data(Row(key, words, "log a month", ""), cells, "growth")

    grid.title("Growth that the forecasts give, until they end (data)")
    growth("g_price", "gpu_hour_price", "Price of a GPU-hour of a given generation")
    for iso3 in dict.fromkeys(site.iso3 for site in plan.sites):
        growth(f"g_power_{iso3}", f"power_{iso3}", f"Power price, {iso3}")
    grid.data(Row("racks", "Price of racks against their own trend", "index", ""),
              drivers.rack_price_index[0].tolist(), "growth")  # fmt: skip
    grid.title("Live data-centre capacity of each region (data)")
    for place, site in enumerate(plan.sites):
        grid.data(Row(f"region{place}", site.name, "MW", ""),
                  drivers.regional_mw[0, place].tolist())  # fmt: skip
    grid.title("Price of a given generation, 1 at month 0")
    for place, site in enumerate(plan.sites):
        q, key = terms[place], f"price{place}"
        text = fading(key, "g_price", q, q["price_slow"])
        grid.add(Row(key, site.name, "index", text, "fine"), drivers.gpu_price_index[0, place])
    grid.title("Power price, 1 at month 0")
    for place, site in enumerate(plan.sites):
        q, key = terms[place], f"power{place}"
        text = fading(key, f"g_power_{site.iso3}", q, q["power_slow"])
        grid.add(Row(key, site.name, "index", text, "fine"), drivers.power_index[0, place])
    _write_weather(grid, case, terms)
    months = grid.all("month")
    return [
        {"local_row": grid.all(f"local{place}"), "month_row": months}
        for place in range(len(plan.sites))
    ]


def _write_weather(grid: Grid, case: Case, terms: list[dict[str, str]]) -> None:
    """Write the local currency's value, and PUE by month from the usual temperature."""
    plan = case.result.plan
    grid.title("USD value of what is paid in local currency")
    grid.add(Row("month", "Month, 0 is the first", "month", "[m]", "whole"))
    for place, site in enumerate(plan.sites):
        q, curve = terms[place], plan.scenario.fx_curves.get(site.key)
        text = f"(1+{q['fx_change']})*(1+{q['fx_drift']})^([m]/12)"
        if curve:
            value, end = forward(plan, curve)
            stated = Row(f"forward{place}", f"{site.name}: forward curve (data)", "x", "")
            grid.data(stated, value.tolist(), "growth")
            drift = f"(1+{q['fx_drift']})^(MAX([m]-{end},0)/12)"
            text = f"(1+{q['fx_change']})*[forward{place}]*{drift}"
        grid.add(Row(f"local{place}", site.name, "x", text, "fine"))
    grid.title("Usual outside temperature (data)")
    for place, site in enumerate(plan.sites):
        weather = Row(f"temperature{place}", site.name, "°C", "")
        grid.data(weather, plan.temperature[place].tolist(), "growth")
    grid.title("Share of the chillers' full work")
    for place, site in enumerate(plan.sites):
        q = terms[place]
        span = f"MAX({q['chillers_full_above']}-{q['free_cooling_below']},0.001)"
        text = f"MIN(MAX(([temperature{place}]-{q['free_cooling_below']})/{span},0),1)"
        grid.add(Row(f"chilled{place}", site.name, "share", text, "fine"))
    grid.title("PUE by month: its mean over a year is the stated one")
    for place, site in enumerate(plan.sites):
        q, row = terms[place], f"[chilled{place}:]"
        mean = f"AVERAGE(INDEX({row},1):INDEX({row},{min(MONTHS_PER_YEAR, plan.months)}))"
        share, work = q["chiller_overhead_share"], f"[chilled{place}]"
        text = f"1+({q['pue']}-1)*IF({mean}>0,1-{share}+{share}*{work}/{mean},1)"
        grid.add(Row(f"pue{place}", site.name, "x", text, "fine"))


def _facts(case: Case) -> Iterator[tuple[str, str, Fact]]:
    """Yield every assumption's label, the factory it is for, and its row in the tables."""
    plan = case.result.plan
    names = {site.key: site.name for site in plan.sites}
    for name, quantity in QUANTITIES.items():
        if quantity.from_data is None:
            yield quantity.label, "all", data_fact(case.catalog, quantity, plan.sites[0])
        for (key, of), fact in plan.facts.items():
            if of == name:
                yield quantity.label, names[key], fact


def write_sources(book: xlsxwriter.Workbook, styles: dict[str, Format], case: Case) -> None:
    """Write the row of the tables behind every value: source, date, grade, range, note."""
    sheet = book.add_worksheet("Sources")
    heads = ("Assumption", "Factory", "Value in the table", "Unit", "Low", "High", "Source",
             "Date", "Grade", "Address", "Note")  # fmt: skip
    for column, words in enumerate(heads):
        beside = column == PUBLISHER
        sheet.write_string(3, column, words, styles["head_beside" if beside else "head"])
    row = 4
    for label, factory, fact in _facts(case):
        source = fact.source
        texts = (label, factory, fact.text, fact.unit, "", "", source.publisher, source.date,
                 str(source.confidence), source.url, fact.notes)  # fmt: skip
        for column, text in enumerate(texts):
            style = "beside_wrap" if column == PUBLISHER else "wrap"
            sheet.write_string(row, column, text, styles[style])
        for column, value in ((2, fact.value), (4, fact.low), (5, fact.high)):
            if value is not None:
                sheet.write_number(row, column, value, styles["general_top"])
        lines = [
            -(-len(text) // (width - 2)) for text, width in zip(texts, SOURCE_WIDTHS, strict=True)
        ]
        sheet.set_row(row, LINE * max(lines))
        row += 1
    sheet.autofilter(3, 0, row - 1, len(heads) - 1)
    for column, width in enumerate(SOURCE_WIDTHS):
        sheet.set_column(column, column, width)
    sheet.freeze_panes(4, 1)
    sheet.write_string(0, 0, "Sources", styles["title"])
    printed(sheet, "Sources", (row - 1, len(heads) - 1))
    sheet.repeat_rows(0, 3)
