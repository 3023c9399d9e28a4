"""The ledger of a stated project, and how one of its lines is priced."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from forecasts.stated_blocks import Priced
from forecasts.stated_layout import Layout, Sales, demand_path, stock
from forecasts.stated_schema import Project
from forecasts.units import Array, Whole

Lines = dict[str, Array]


@dataclass(frozen=True, slots=True, eq=False)
class Ledger:
    """Every line, (total,) each and positive; only the first `layout.periods` count as cash.

    Attributes
    ----------
    paid : dict
        All payments of each capex line by phase, (phase, total).
    first, again : dict
        Capex by line: first purchases, and refreshes.
    terminal : dict
        Receipts for what is replaced or left, by line.
    load_mw, unserved_mw, energy_mwh : arrays
        Facility load, load without supply, and energy.
    """

    project: Project
    layout: Layout
    sales: Sales
    power: Lines
    load_mw: Array
    unserved_mw: Array
    energy_mwh: Array
    paid: Lines = field(default_factory=dict)
    first: Lines = field(default_factory=dict)
    again: Lines = field(default_factory=dict)
    terminal: Lines = field(default_factory=dict)
    opex: Lines = field(default_factory=dict)
    revenue: Lines = field(default_factory=dict)

    def sum(self, lines: Mapping[str, Array]) -> Array:
        """Sum of lines, (total,)."""
        return np.sum(list(lines.values()), axis=0) if lines else np.zeros(self.layout.total)

    @property
    def capex(self) -> Array:
        """All purchases."""
        return self.sum(self.first) + self.sum(self.again)

    @property
    def income(self) -> Array:
        """Net operating income: revenue less operating cost and power."""
        return self.sum(self.revenue) - self.sum(self.opex) - self.sum(self.power)

    def cash(self, values: Array) -> Array:
        """Cut to the periods of the calculation."""
        return values[: self.layout.periods]


def growth(yearly: float, step: str, years: Array) -> Array:
    """Factor of a yearly change after so many years, at once or on anniversaries."""
    grown: Array = (1 + yearly) ** (np.floor(years + 1e-9) if step == "yearly" else years)
    return grown


def since(name: str, layout: Layout) -> Whole:
    """First period of a yearly change in each phase, (phase,)."""
    if name == "first_live":
        return np.full_like(layout.live, layout.live.min())
    return layout.live * (name == "live")


def amount(line: Priced, layout: Layout) -> Array:
    """Amount for one of `per` in each period, (phase, total)."""
    years = layout.year(since(line.change_from, layout))
    factor = growth(line.yearly_change, line.change_step, years) * line.count
    if line.usd_by_year:
        by_year = np.array(line.usd_by_year)
        return by_year[np.minimum(years.astype(np.int64), by_year.size - 1)] * factor
    return (1.0 if line.usd is None else line.usd) * factor


def chosen(line: Priced, layout: Layout) -> Array:
    """1 for phases the line is for, (phase, 1)."""
    return np.array([[not line.phases or name in line.phases] for name in layout.names]) * 1.0


def quantity(line: Priced, book: Ledger) -> Array:
    """How many of `per` each phase has, (phase,)."""
    capacity = book.project.capacity
    if line.per == "acre" and capacity is not None:
        return stock("acre", book.layout) * (capacity.land_acres or 0.0)
    if line.per == "project" and line.phases:
        first = next(row for row, name in enumerate(book.layout.names) if name in line.phases)
        return np.asarray(np.eye(len(book.layout.names))[first])
    return stock(line.per, book.layout)


def mark(name: str, layout: Layout) -> Whole:
    """First period of a state of each phase, (phase,)."""
    return layout.live * 0 if name == "decision" else getattr(layout, name)


def demand_of(book: Ledger) -> Array | None:
    """Demand by period, (total,) MW, where it is stated."""
    demand = book.project.demand
    return None if demand is None else demand_path(demand, book.layout)
