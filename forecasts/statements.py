"""The three statements of a factory by calendar year: income, balance sheet, cash flow.

All cash that is not in the reserve or locked is paid out, so there is no other cash. Tax is paid in
the month it belongs to; books follow the tax lives, so there is no deferred tax. Grants stand as
capital. Interest and fees while building are an asset, written off over the senior loan's life.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import DEDUCTED
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")


@dataclass(frozen=True, slots=True, eq=False)
class Statements:
    """Yearly statements in USD; costs and uses of cash are negative, columns are calendar years.

    Attributes
    ----------
    income, balance, cash : DataFrame
        A row per item, a column per year. Balances stand at the end of the year.
    """

    income: pd.DataFrame
    balance: pd.DataFrame
    cash: pd.DataFrame


def statements(result: Result, row: int | None, path: int = 0) -> Statements:
    """Return the statements of a factory, or of all together when `row` is None."""
    calendar = calendar_years(result.plan.start, result.plan.months)
    years = result.plan.start.year + np.unique(calendar)
    monthly = _monthly(result, row, path)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))

    def flows(names: tuple[str, ...]) -> pd.DataFrame:
        items = {name: by_year(monthly[name], calendar) for name in names}
        return pd.DataFrame(items, index=years).T

    balance = {name: np.cumsum(monthly[of])[last] for name, of in BALANCE.items()}
    return Statements(flows(INCOME), pd.DataFrame(balance, index=years).T, flows(CASH))


INCOME = (
    "Revenue",
    "Operating costs",
    "EBITDA",
    "Depreciation",
    "Gain on sales",
    "Interest",
    "Finance cost written off",
    "Tax",
    "Profit",
)
"""Items of the income statement, in order; EBITDA and Profit are sums."""

BALANCE = {
    "Fixed assets": "assets",
    "Capitalised finance cost": "capitalised",
    "Working capital": "working",
    "Reserve and locked cash": "held",
    "Assets": "all assets",
    "Debt": "debt",
    "Grants": "granted",
    "Paid-in capital": "capital",
    "Retained profit": "retained",
    "Debt and equity": "all claims",
}
"""Items of the balance sheet, in order, and the monthly change each is summed from."""

CASH = (
    "Cash from operations",
    "Working capital",
    "Capex",
    "Grants",
    "Sales of assets",
    "Debt drawn",
    "Interest and fees",
    "Debt repaid",
    "Paid in by owners",
    "Paid to owners",
    "Change in reserve and locked cash",
)
"""Items of the cash flow statement, in order; all but the last add up to the last."""


def _monthly(result: Result, row: int | None, path: int) -> Mapping[str, Array]:
    """Return every item of a factory by month, or of all together when `row` is None."""
    rows = slice(None) if row is None else slice(row, row + 1)
    return {name: each.sum(axis=0) for name, each in _by_factory(result, rows, path).items()}


def _by_factory(result: Result, rows: slice, path: int) -> Mapping[str, Array]:
    """Return every item of some factories, (factory, month)."""
    nothing = np.zeros_like(result.cash_usd[path, rows])

    def line(*names: str) -> Array:
        return sum((result.lines[name][path, rows] for name in names), nothing)

    def held(*names: str) -> Array:
        return sum((result.finance[name][path, rows] for name in names), nothing)

    revenue, opex = line(*REVENUE_LINES), line(*OPEX_LINES)
    capex = line(*CAPEX_LINES, "refresh")
    written = np.broadcast_to(result.depreciation_usd, result.cash_usd.shape[1:])[rows]
    deducted = result.debt.totals[rows, DEDUCTED]
    land = np.zeros_like(nothing)
    land[:, -1] = result.assets.land_usd[rows].sum(axis=-1)
    interest, tax = held("interest"), held("levered_tax")
    gain = line("resale", "terminal_value") - land
    building = held("interest_building", "finance_fees")
    profit = revenue + opex - written + gain - interest - deducted - tax
    kept = np.diff(held("reserve", "locked"), prepend=0.0)
    capital = held("equity_paid_in", "support")
    out = held("distributions")
    drawn, repaid = held("debt_drawn"), held("principal", "prepaid")
    assets = {
        "assets": -capex - written - land,
        "capitalised": building - deducted,
        "working": -line("working_capital"),
        "held": kept,
    }
    claims = {
        "debt": drawn - repaid,
        "granted": line("grants"),
        "capital": capital,
        "retained": profit - out,
    }
    return {
        "Revenue": revenue,
        "Operating costs": opex,
        "EBITDA": revenue + opex,
        "Depreciation": -written,
        "Gain on sales": gain,
        "Interest": -interest,
        "Finance cost written off": -deducted,
        "Tax": -tax,
        "Profit": profit,
        **assets,
        "all assets": sum(assets.values(), nothing),
        **claims,
        "all claims": sum(claims.values(), nothing),
        "Cash from operations": revenue + opex - tax,
        "Working capital": line("working_capital"),
        "Capex": capex,
        "Grants": line("grants"),
        "Sales of assets": line("resale", "terminal_value"),
        "Debt drawn": drawn,
        "Interest and fees": -interest - building,
        "Debt repaid": -repaid,
        "Paid in by owners": capital,
        "Paid to owners": -out,
        "Change in reserve and locked cash": kept,
    }


def gaps(result: Result, path: int = 0) -> tuple[float, float, float]:
    """Largest gap of the balance sheet, of the cash flow, and of profit against finance, USD."""
    items = _by_factory(result, slice(None), path)
    balance = np.cumsum(items["all assets"] - items["all claims"], axis=-1)
    flow = sum((items[name] for name in CASH[:-1]), -items[CASH[-1]])
    profit = items["Profit"] - result.finance["profit"][path]
    found = [float(np.abs(values).max(initial=0.0)) for values in (balance, flow, profit)]
    return found[0], found[1], found[2]
