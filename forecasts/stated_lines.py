"""Lines of money of a stated project by period: energy, capex, costs, revenue, what is left."""

import numpy as np

from forecasts.stated_assets import buy
from forecasts.stated_blocks import FLOWS, Flow, periods_of
from forecasts.stated_energy import load_of, supplied
from forecasts.stated_layout import HOURS_PER_DAY, Layout, filling, lay_out, sell
from forecasts.stated_ledger import Ledger, Lines, amount, chosen, mark, quantity
from forecasts.stated_schema import Project
from forecasts.stated_terms import Exit
from forecasts.units import Array

EXIT_LINE = "exit"
"""Line of the sale of the whole at the end."""


def ledger(project: Project, scale: float = 1.0, price: float = 1.0) -> Ledger:
    """Compute every line of a project, with use times `scale` and prices times `price`."""
    layout = lay_out(project)
    sales = sell(project, layout, scale)
    by_phase = load_of(project, layout, sales)
    load = by_phase.sum(axis=0)
    supply, unserved = supplied(project.power, load, layout)
    book = Ledger(project, layout, sales, supply, load, unserved, by_phase * layout.hours)
    buy(book)
    _run(book, scale, price)
    if project.exit is not None:
        book.terminal[EXIT_LINE] = _sale(project.exit, book)
    return book


def _run(book: Ledger, scale: float, price: float) -> None:
    """Fill in costs and revenue: amounts first, then shares of what is there, in their order."""
    tables = ((book.project.revenue, book.revenue), (book.project.opex, book.opex))
    for lines, entered in tables:
        for name, line in lines.items():
            if line.share is None:
                sold = entered is book.revenue
                entered[name] = _flow(line, book, scale if sold else 1.0) * (price if sold else 1)
    for lines, entered in tables:
        for name, line in lines.items():
            if line.share is not None:
                entered[name] = _part(line, line.share, book)


def _flow(line: Flow, book: Ledger, occupied: float) -> Array:
    layout = book.layout
    if line.amounts_usd:
        out = np.zeros(layout.total)
        out[: len(line.amounts_usd)] = line.amounts_usd[: layout.total]
        return out
    if line.per in FLOWS:
        counted = _counted(line.per, book)
    else:
        occupied = 1.0 if line.per in ("project", "acre") else occupied
        counted = quantity(line, book)[:, None] * _due(line, book) * occupied
    counted = counted * _active(line, layout) * chosen(line, layout)
    flow: Array = (counted * amount(line, layout)).sum(axis=0) * (1 - line.vacancy)
    return flow


def _counted(per: str, book: Ledger) -> Array:
    """What is sold or used in each phase and period, (phase, total)."""
    sales = book.sales
    return {
        "gpu_hour": sales.sold_gpu_hours,
        "installed_gpu_hour": sales.installed_gpu_hours,
        "mwh": book.energy_mwh,
        "million_tokens": sales.input + sales.cached + sales.output,
        "million_input_tokens": sales.input,
        "million_cached_tokens": sales.cached,
        "million_output_tokens": sales.output,
        "thousand_requests": sales.requests,
    }[per]


def _due(line: Flow, book: Ledger) -> float:
    """Times the amount falls due in a period."""
    days = book.project.conventions.hours_per_year / HOURS_PER_DAY
    times = {"hour": days * HOURS_PER_DAY, "day": days, "month": 12.0, "quarter": 4.0, "year": 1.0}[
        line.every or "year"
    ]
    return times / book.layout.per_year


def _active(line: Flow, layout: Layout) -> Array:
    """Part of the line that flows in each phase and period, (phase, total)."""
    delay = periods_of(line.delay_months, layout.per_year) or 0
    begin = mark(line.start, layout) + delay
    ramp = periods_of(line.ramp_months, layout.per_year) or 0
    ends = layout.end
    if line.share is not None or line.per in ("project", "acre"):
        ends = np.full_like(ends, ends.max())
    standing = (layout.period >= begin[:, None]) & (layout.period < ends[:, None])
    active = standing * filling(layout, begin, ramp)
    if line.end_month is not None:
        active = active * (layout.period < (periods_of(line.end_month, layout.per_year) or 0))
    return active


def _part(line: Flow, share: float, book: Ledger) -> Array:
    """Share of other lines, (total,)."""
    of: dict[str, Lines] = {
        "revenue": book.revenue,
        "opex": book.opex,
        "power": book.power,
        "capex": book.first,
        "capex_to_date": book.first,
    }
    table = of[line.of or "revenue"]
    base = book.sum({name: table[name] for name in line.lines or tuple(table) if name in table})
    if line.of == "capex_to_date":
        base = np.cumsum(base) / book.layout.per_year
    flow: Array = base * share * amount(line, book.layout)[0] * _active(line, book.layout)[0]
    return flow * (1 - line.vacancy)


def _sale(exit_: Exit, book: Ledger) -> Array:
    """Value of the whole in the last period, (total,)."""
    layout, income = book.layout, book.income
    end = layout.periods
    yearly = {
        "next_year": income[end : end + layout.per_year].sum(),
        "last_year": income[max(end - layout.per_year, 0) : end].sum(),
        "last_period": income[end - 1] * layout.per_year,
    }[exit_.income]
    worth = yearly / exit_.cap_rate if exit_.cap_rate else yearly * (exit_.multiple or 0.0)
    out = np.zeros(layout.total)
    out[end - 1] = max(worth, 0.0) * (1 - exit_.cost_share)
    return out
