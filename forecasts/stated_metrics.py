"""Every figure of a stated project: value, unit, status and reason; by year and by phase."""

import numpy as np

from forecasts.metrics import Metric, Status
from forecasts.stated_assets import SOURCES_LINE
from forecasts.stated_costs import Metrics, annuity_factor, over, unit_costs, year_of
from forecasts.stated_layout import HOURS_PER_DAY, KW_PER_TON, Layout
from forecasts.stated_ledger import Ledger, demand_of
from forecasts.stated_returns import (
    break_even,
    depreciation,
    income_tax,
    returns,
    working_capital,
)
from forecasts.units import MONTHS_PER_YEAR, Array

Row = dict[str, object]


def metrics_of(book: Ledger) -> Metrics:
    """Return every metric of a project that needs no other project and no loan."""
    found = _sizes(book) | _capex(book) | _totals(book) | unit_costs(book) | returns(book)
    found |= _break_even(book, found) | _yields(book, found) | _coverage(book) | _energy(book)
    return found | _volumes(book) | _recovery(book, found)


def _recovery(book: Ledger, found: Metrics) -> Metrics:
    """Level payment at each year's end that pays 1 back at the cost of capital."""
    if "wacc" not in found:
        return {}
    years = book.layout.periods / book.layout.per_year
    factor = annuity_factor(found["wacc"].value or 0.0, years)
    return {"capital_recovery_factor": Metric(factor, "share_per_year")}


def _break_even(book: Ledger, found: Metrics) -> Metrics:
    cost, income = (found[f"pv_{name}"].value or 0.0 for name in ("cost", "revenue"))
    out = break_even(book, cost, income)
    ratio, level = out["break_even_price_ratio"], found["levelised_price"]
    if ratio.value is not None and level.value is not None:
        out["break_even_price"] = Metric(ratio.value * level.value, level.unit)
    return out


def _sizes(book: Ledger) -> Metrics:
    """Size of all phases together, where it is known."""
    layout, capacity = book.layout, book.project.capacity
    if capacity is None:
        return {}
    units = {
        "it_mw": "MW",
        "facility_mw": "MW",
        "racks": "racks",
        "servers": "servers",
        "gpus": "gpus",
    }
    found = {
        name: Metric(float(layout.sized(name).sum()), unit)
        for name, unit in units.items()
        if all(getattr(size, name) is not None for size in layout.sizes)
    }
    if "facility_mw" in found:
        facility = float(layout.sized("facility_mw").sum())
        found["nameplate_mw"] = Metric(facility * capacity.redundancy, "MW")
        it_kw = float(layout.sized("it_mw").sum()) * 1000
        found["cooling_tons"] = Metric(it_kw / KW_PER_TON, "tons_of_refrigeration")
        if "gpus" in found:
            each = Metric(it_kw, "kW")
            gpus = float(layout.sized("gpus").sum())
            found["kw_per_gpu"] = over(each, gpus, "kW_per_gpu", "There is no GPU.")
    return found


def _capex(book: Ledger) -> Metrics:
    """First-time capex by line, by group, in all, and for each MW and GPU."""
    lines = {name: float(book.cash(values).sum()) for name, values in book.first.items()}
    total = Metric(sum(lines.values()), "USD")
    found = {"total_capex": total}
    found |= {f"capex.{name}": Metric(value, "USD") for name, value in lines.items()}
    for name, line in book.project.capex.items():
        if line.group is not None:
            known = found.get(f"capex_group.{line.group}", Metric(0.0, "USD")).value or 0.0
            found[f"capex_group.{line.group}"] = Metric(known + lines[name], "USD")
    it_mw, gpus = (float(book.layout.sized(name).sum()) for name in ("it_mw", "gpus"))
    found["capex_per_mw"] = over(total, it_mw, "USD_per_MW", "The IT power is not stated.")
    found["capex_per_gpu"] = over(total, gpus, "USD_per_gpu", "There is no GPU.")
    if book.again:
        again = float(book.cash(book.sum(book.again)).sum())
        found["total_refresh"] = Metric(again, "USD")
    return found


def _totals(book: Ledger) -> Metrics:
    """Sums over the timeline, by kind and by line."""
    kinds = {
        "revenue": book.revenue,
        "opex": book.opex,
        "power": book.power,
        "terminal": book.terminal,
    }
    found: Metrics = {}
    for kind, lines in kinds.items():
        each = {name: float(book.cash(values).sum()) for name, values in lines.items()}
        found[f"total_{kind}"] = Metric(sum(each.values()), "USD")
        found |= {f"{kind}.{name}": Metric(value, "USD") for name, value in each.items()}
    capex = float(book.cash(book.capex).sum())
    spent = capex + sum(found[f"total_{kind}"].value or 0.0 for kind in ("opex", "power"))
    earned = found["total_revenue"].value or 0.0
    receipts = earned + (found["total_terminal"].value or 0.0)
    profit = Metric(receipts - spent, "USD")
    income = earned - spent + capex
    found["total_income"] = Metric(income, "USD")
    found["income_margin"] = over(Metric(income, "USD"), earned, "share", "Nothing is sold.")
    found["total_depreciation"] = Metric(float(depreciation(book).sum()), "USD")
    found["total_cost"] = Metric(spent, "USD")
    found["total_profit"] = profit
    found["profit_over_cost"] = over(profit, spent, "share", "Nothing is spent.")
    found["profit_margin"] = over(profit, receipts, "share", "Nothing is sold.")
    found["profit_over_capex"] = over(profit, capex, "share", "There is no capex.")
    found["revenue_over_capex"] = over(found["total_revenue"], capex, "ratio", "There is no capex.")
    return found


def _yields(book: Ledger, found: Metrics) -> Metrics:
    """Income of the reference year, and its yield on the cost."""
    income = Metric(year_of(book, book.income), "USD_per_year")
    cost = found["total_capex"].value or 0.0
    earned = Metric(year_of(book, book.sum(book.revenue)), "USD_per_year")
    out = {
        "income_per_year": income,
        "revenue_per_year": earned,
        "operating_margin": over(income, earned.value or 0.0, "share", "Nothing is sold."),
        "yield_on_cost": over(income, cost, "share", "There is no capex.")
        if book.project.revenue
        else Metric(None, "share", Status.UNDEFINED, "Nothing is sold."),
        "capex_over_income": over(
            found["total_capex"], income.value or 0.0, "years", "The reference year earns nothing."
        ),
    }
    exit_, market = book.project.exit, book.project.conventions.market_cap_rate
    cap_rate = exit_.cap_rate if market is None and exit_ is not None else market
    gained = out["yield_on_cost"].value
    if cap_rate is not None and gained is not None:
        out["development_spread"] = Metric(gained - cap_rate, "share")
    return out


def _coverage(book: Ledger) -> Metrics:
    """Demand captured, missed, and capacity without demand."""
    path = demand_of(book)
    if path is None:
        return {}
    months = MONTHS_PER_YEAR / book.layout.per_year
    demand, live = book.cash(path), book.cash(book.layout.live_mw)
    met = float(np.minimum(demand, live).sum()) * months
    wanted, stood = float(demand.sum()) * months, float(live.sum()) * months
    return {
        "demand_captured": over(Metric(met, "MW_months"), wanted, "share", "Nothing is wanted."),
        "shortfall": Metric(wanted - met, "MW_months"),
        "stranded": Metric(stood - met, "MW_months"),
    }


def _energy(book: Ledger) -> Metrics:
    """Energy and its cost in the reference year."""
    if book.project.power is None:
        return {}
    mwh = Metric(year_of(book, book.energy_mwh.sum(axis=0)), "MWh")
    cost = Metric(year_of(book, book.sum(book.power)), "USD_per_year")
    return {
        "energy_gwh_per_year": Metric((mwh.value or 0.0) / 1000, "GWh_per_year"),
        "power_per_year": cost,
        "power_price": over(cost, mwh.value or 0.0, "USD_per_MWh", "No energy is drawn."),
        "peak_load_mw": Metric(float(book.cash(book.load_mw).max()), "MW"),
    }


def _volumes(book: Ledger) -> Metrics:
    """Hours and tokens sold over the timeline, and the time until capacity is live."""
    layout, sales = book.layout, book.sales
    found = {
        "total_gpu_hours": Metric(
            float(book.cash(sales.sold_gpu_hours.sum(axis=0)).sum()), "gpu_hours"
        ),
        "time_to_power": Metric(
            float(layout.energised.min()) * MONTHS_PER_YEAR / layout.per_year, "months"
        ),
    }
    if book.project.tokens is not None:
        days = layout.hours * layout.per_year / HOURS_PER_DAY
        for name, made in (("input", sales.input + sales.cached), ("output", sales.output)):
            daily = year_of(book, made.sum(axis=0)) / days / 1000
            found[f"{name}_billion_tokens_per_day"] = Metric(daily, "billion_tokens_per_day")
    return found


def annual_rows(book: Ledger) -> list[Row]:
    """Lines by year from the decision; year 1 begins with month 0."""
    layout = book.layout
    year = np.arange(layout.periods) // layout.per_year
    demand = demand_of(book)
    last = np.flatnonzero(np.diff(year, append=year[-1] + 1))

    def flow(values: Array) -> list[float]:
        totals: list[float] = (np.bincount(year, weights=values) + 0.0).tolist()
        return totals

    operating = book.cash(book.income)
    net = operating - book.cash(book.capex) + book.cash(book.sum(book.terminal))
    columns = {
        "live_mw": layout.live_mw[last].tolist(),
        "sold_gpu_hours": flow(book.cash(book.sales.sold_gpu_hours.sum(axis=0))),
        "revenue_usd": flow(book.cash(book.sum(book.revenue))),
        "opex_usd": flow(-book.cash(book.sum(book.opex))),
        "power_usd": flow(-book.cash(book.sum(book.power))),
        "income_usd": flow(operating),
        "capex_usd": flow(-book.cash(book.capex)),
        "terminal_usd": flow(book.cash(book.sum(book.terminal))),
        "tax_usd": flow(-income_tax(book)),
        "working_capital_usd": flow(working_capital(book)),
        "net_cash_usd": flow(net - income_tax(book) + working_capital(book)),
    }
    if demand is not None:
        columns["demand_mw"] = demand[last].tolist()
    return [
        {"year": number + 1, **{name: values[number] for name, values in columns.items()}}
        for number in range(int(year[-1]) + 1)
    ]


def phase_rows(book: Ledger) -> list[Row]:
    """Sizes, months and capex of each phase; what belongs to no phase counts in the first."""
    layout = book.layout
    if book.project.capacity is None:
        return []
    shared = book.first.get(SOURCES_LINE)
    rows: list[Row] = []
    for row, (name, size) in enumerate(zip(layout.names, layout.sizes, strict=True)):
        lines = [paid for key, paid in book.paid.items() if key != SOURCES_LINE]
        capex = sum(float(book.cash(paid[row]).sum()) for paid in lines)
        if row == 0 and shared is not None:
            capex += float(book.cash(shared).sum())
        rows.append(
            {
                "name": name,
                "racks": size.racks,
                "servers": size.servers,
                "gpus": size.gpus,
                "it_mw": size.it_mw,
                "facility_mw": size.facility_mw,
                "construction_month": month_of(layout, int(layout.construction[row])),
                "energised_month": month_of(layout, int(layout.energised[row])),
                "live_month": month_of(layout, int(layout.live[row])),
                "capex_usd": capex,
            }
        )
    return rows


def month_of(layout: Layout, period: int) -> float:
    """First month of a period."""
    return period * MONTHS_PER_YEAR / layout.per_year
