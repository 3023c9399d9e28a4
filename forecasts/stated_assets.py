"""What a stated project buys, when it pays, and what is left of it at the end."""

from dataclasses import dataclass

import numpy as np

from forecasts.stated_blocks import Capex, Residual, periods_of
from forecasts.stated_energy import connections
from forecasts.stated_layout import Layout
from forecasts.stated_ledger import Ledger, amount, chosen, mark, quantity
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

SOURCES_LINE = "power_sources"
"""Capex line that the connections and plants of all power sources make together."""


@dataclass(frozen=True, slots=True, eq=False)
class Purchase:
    """One round of buying: (phase, total) payments, and the period in which each phase's goes."""

    paid: Array
    gone: Whole


def buy(book: Ledger) -> None:
    """Fill in capex and what it is worth when it goes."""
    layout, power = book.layout, book.project.power
    firsts: dict[str, Array] = {}
    if power is not None and any(one.capex_usd_per_kw for one in power.sources.values()):
        firsts[SOURCES_LINE] = connections(power, layout)
    for name, line in book.project.capex.items():
        rounds = _rounds(line, book, firsts)
        if line.receipt:
            rounds = [Purchase(-one.paid, one.gone) for one in rounds]
        firsts[name] = rounds[0].paid
        _enter(book, name, rounds, line.residual)
    if SOURCES_LINE in firsts and power is not None:
        gone = np.full(len(layout.sizes), layout.periods)
        _enter(book, SOURCES_LINE, [Purchase(firsts[SOURCES_LINE], gone)], power.residual)


def _enter(book: Ledger, name: str, rounds: list[Purchase], residual: Residual | None) -> None:
    book.paid[name] = np.sum([one.paid for one in rounds], axis=0)
    book.first[name] = rounds[0].paid.sum(axis=0)
    if len(rounds) > 1:
        book.again[name] = np.sum([one.paid.sum(axis=0) for one in rounds[1:]], axis=0)
    if residual is not None:
        book.terminal[name] = np.sum([_left(one, residual, book.layout) for one in rounds], axis=0)


def _rounds(line: Capex, book: Ledger, firsts: dict[str, Array]) -> list[Purchase]:
    """Payments of the first purchase and of each refresh."""
    layout = book.layout
    until = np.minimum(layout.end, layout.periods)
    if line.per in ("project", "acre"):
        until = np.full_like(until, until.max())
    if line.share is not None:
        of = [firsts[name] for name in line.lines or tuple(firsts)]
        return [Purchase(line.share * np.sum(of, axis=0), until)]
    price = amount(line, layout) * quantity(line, book)[:, None] * chosen(line, layout)
    if line.premium and book.project.capacity is not None:
        phases = book.project.capacity.phases.values()
        price = price * np.array([[1 + phase.capex_premium] for phase in phases])
    begin = _begin(line, layout)
    if line.repeat_months is None:
        return [Purchase(_paid(line, price, begin, layout), until)]
    step = periods_of(line.repeat_months, layout.per_year) or layout.total
    rounds: list[Purchase] = []
    while not rounds or (begin < until).any():
        buying = price * (begin < until)[:, None]
        rounds.append(Purchase(_paid(line, buying, begin, layout), np.minimum(begin + step, until)))
        begin = begin + step
    return rounds


def _begin(line: Capex, layout: Layout) -> Whole:
    """Period of each phase's first payment, (phase,)."""
    lead = periods_of(line.lead_months, layout.per_year) or 0
    if line.paid == "month":
        fixed = periods_of(line.month or 0, layout.per_year) or 0
        return np.maximum(layout.live * 0 + fixed - lead, 0)
    return np.maximum(mark(line.paid, layout) - lead, 0)


def _paid(line: Capex, price: Array, begin: Whole, layout: Layout) -> Array:
    """Spread each phase's price, at the time of payment, over its payments, (phase, total)."""
    count = periods_of(line.spread_months, layout.per_year) or 1
    shares = line.spread_shares or (1 / count,) * count
    paid = np.zeros_like(price)
    for row, period in enumerate(begin):
        for turn, share in enumerate(shares):
            if period + turn < layout.total:
                paid[row, period + turn] += share * price[row, period]
    return paid


def _left(bought: Purchase, residual: Residual, layout: Layout) -> Array:
    """What a purchase is worth when it goes: in the last period, or when it is replaced."""
    out = np.zeros(layout.total)
    since = np.broadcast_to(layout.period, bought.paid.shape)
    if residual.age_from == "live":
        since = np.maximum(since, layout.live[:, None])
    gone = bought.gone[:, None]
    age = np.maximum(gone - since, 0) * MONTHS_PER_YEAR / layout.per_year
    counted = bought.paid * (layout.period < gone)
    worth = (counted * residual_share(residual, age)).sum(axis=1)
    np.add.at(out, np.minimum(bought.gone, layout.periods - 1), worth)
    return out


def residual_share(residual: Residual, months: Array) -> Array:
    """Share of the price left at an age in months, same shape.

    Examples
    --------
    >>> residual_share(Residual(curve=(0.8, 0.5)), np.array([0.0, 12.0, 23.0, 60.0]))
    array([1. , 0.8, 0.8, 0.5])
    """
    if residual.curve:
        worth, years = np.array([1.0, *residual.curve]), months / MONTHS_PER_YEAR
        if residual.curve_between == "linear":
            return np.asarray(np.interp(years, np.arange(worth.size), worth), np.float64)
        return np.asarray(worth[np.minimum((years + 1e-9).astype(np.int64), worth.size - 1)])
    if residual.straight_line_months is not None:
        used = np.minimum(months / residual.straight_line_months, 1.0)
        return np.asarray(1 - (1 - residual.floor_share) * used)
    if residual.yearly_decline is not None:
        kept: Array = (1 - residual.yearly_decline) ** (months / MONTHS_PER_YEAR)
        return kept
    return np.full_like(months, residual.share or 0.0)
