"""Energy of a stated project: load, supply by source, and what connections cost."""

from math import inf

import numpy as np

from forecasts.stated_blocks import periods_of
from forecasts.stated_layout import Layout, Sales
from forecasts.stated_ledger import Lines, growth, since
from forecasts.stated_plant import Power, PowerSource
from forecasts.stated_schema import Project
from forecasts.units import MONTHS_PER_YEAR, Array


def load_of(project: Project, layout: Layout, sales: Sales) -> Array:
    """Facility load of each phase, (phase, total) MW."""
    power = project.power
    if power is None:
        return np.zeros((len(layout.sizes), layout.total))
    rated = layout.sized("facility_mw") * power.rated_share
    if power.counts == "gpus" and project.capacity is not None:
        shared = project.capacity.server_overhead or 1.0
        own = [phase.server_overhead or shared for phase in project.capacity.phases.values()]
        rated = rated / np.array(own)
    drawn = np.ones_like(sales.used)
    if power.billed_on == "used":
        drawn = power.idle_share + (1 - power.idle_share) * sales.used
    return rated[:, None] * drawn * layout.standing(layout.energised)


def supplied(power: Power | None, load: Array, layout: Layout) -> tuple[Lines, Array]:
    """Cost of energy by source, and load that none of them serves."""
    if power is None:
        return {}, np.zeros(layout.total)
    prices = {name: _price(source, layout) for name, source in power.sources.items()}
    room = {name: _room(source, layout) for name, source in power.sources.items()}
    costs = {
        name: room[name] * source.usd_per_kw_month * 1000 * MONTHS_PER_YEAR / layout.per_year
        if source.usd_per_kw_month
        else np.zeros(layout.total)
        for name, source in power.sources.items()
    }
    left = load.copy()
    names, table = list(prices), np.array(list(prices.values()))
    order = np.argsort(table, axis=0, kind="stable")
    if power.dispatch == "listed":
        order = np.tile(np.arange(len(names))[:, None], layout.total)
    for rank in order:
        for row, name in enumerate(names):
            served = np.where(rank == row, np.minimum(left, room[name]), 0.0)
            left = left - served
            costs[name] = costs[name] + served * layout.hours * prices[name]
    return costs, left


def _price(source: PowerSource, layout: Layout) -> Array:
    """Price of energy by period, USD per MWh."""
    start = source.usd_per_mwh if source.usd_per_mwh is not None else source.usd_per_kwh
    per_mwh = 1.0 if source.usd_per_mwh is not None else 1000.0
    years = layout.year(since(source.change_from, layout))[0]
    return (start or 0.0) * per_mwh * growth(source.yearly_change, source.change_step, years)


def _room(source: PowerSource, layout: Layout) -> Array:
    ready = layout.period >= (periods_of(source.ready_month, layout.per_year) or 0)
    return np.where(ready, inf if source.capacity_mw is None else source.capacity_mw, 0.0)


def connections(power: Power, layout: Layout) -> Array:
    """Capex of all sources when they are paid, in the first phase, (phase, total)."""
    paid = np.zeros((len(layout.sizes), layout.total))
    for source in power.sources.values():
        month = max(0, source.ready_month - source.lead_months)
        period = periods_of(month, layout.per_year) or 0
        if period < layout.total:
            paid[0, period] += source.capex_usd_per_kw * 1000 * (source.capacity_mw or 0.0)
    return paid
