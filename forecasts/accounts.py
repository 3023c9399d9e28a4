"""The books of a factory by calendar year with leases: as rent, under IFRS 16, under US GAAP.

A view of a result: no cash of the model moves. What is leased instead of bought leaves capex, its
grants and its value at the end to the lessor; loans shrink with the cost that is left to pay for,
as does cash held beside them; tax stays as the model pays it on what it buys, since tax on leases
follows each country's law; owners bear the rest. With nothing leased every view is `statements`,
but for generators of a bridge and rents of tenants, where there are any.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.engine import Result
from forecasts.leased import CHOICES, HALLS, Lease, bought, leases, written_off
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import DEDUCTED
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")


class View(StrEnum):
    """By which rule the books are written."""

    CASH = "cash"
    IFRS = "ifrs"
    USGAAP = "usgaap"


VIEWS = {
    View.CASH: "Rent as a cost",
    View.IFRS: "IFRS 16",
    View.USGAAP: "US GAAP (ASC 842)",
}
"""Name of each view on screen; the first is what covenants written before IFRS 16 look at."""

INCOME = (
    "Revenue",
    "Operating costs",
    "Rent",
    "EBITDA",
    "Depreciation",
    "ROU depreciation",
    "Gain on sales",
    "Interest",
    "Finance cost written off",
    "Interest on leases",
    "Profit before tax",
    "Tax",
    "Profit",
)
"""Items of the income statement, in order; EBITDA, profit before tax and profit are sums."""

BALANCE = (
    "Fixed assets",
    "Right of use",
    "Capitalised finance cost",
    "Working capital",
    "Rent earned, not yet billed",
    "Reserve and locked cash",
    "Assets",
    "Loans",
    "Lease liabilities",
    "Grants",
    "Equity",
    "Debt and equity",
)
"""Items of the balance sheet at the end of each year, in order."""


@dataclass(frozen=True, slots=True, eq=False)
class Accounts:
    """The books of one factory in one view.

    Attributes
    ----------
    view : View
        The rule.
    leases : tuple of Lease
        What is leased.
    income, balance : DataFrame
        A row per item, a column per calendar year; USD, costs negative.
    paid_usd : (year,) array
        Rent paid to lessors, positive.
    cover : (year,) array
        Cash over what is owed to lenders, and to lessors where the view counts leases as debt;
        NaN in years that owe nothing.
    covenant : float
        Cover below which a loan is in default.
    """

    view: View
    leases: tuple[Lease, ...]
    income: pd.DataFrame
    balance: pd.DataFrame
    paid_usd: Array
    cover: Array
    covenant: float

    @property
    def net_debt_usd(self) -> Array:
        """Loans and lease liabilities less cash held, at the end of each year."""
        owed = self.balance.loc["Loans"] + self.balance.loc["Lease liabilities"]
        return np.asarray(owed - self.balance.loc["Reserve and locked cash"], dtype=float)

    @property
    def leverage(self) -> Array:
        """Net debt over EBITDA of the year; NaN where EBITDA is not positive."""
        earned = np.asarray(self.income.loc["EBITDA"], dtype=float)
        some = earned > 0
        return np.where(some, self.net_debt_usd / np.where(some, earned, 1.0), np.nan)

    @property
    def breaches(self) -> tuple[int, ...]:
        """Years whose cover is below the covenant."""
        below = np.nan_to_num(self.cover, nan=np.inf) < self.covenant
        return tuple(int(year) for year in self.income.columns[below])

    @property
    def gap_usd(self) -> float:
        """Largest difference between assets and claims, USD."""
        apart = self.balance.loc["Assets"] - self.balance.loc["Debt and equity"]
        return float(np.abs(apart).max())


def accounts(result: Result, row: int, view: View, what: str = "nothing") -> Accounts:
    """Write the books of a factory in a view, on the mean of every forecast.

    Parameters
    ----------
    result, row
        A projection, and the factory in it.
    view : View
        The rule.
    what : str
        What is leased instead of bought, a key of `leased.CHOICES`.

    Raises
    ------
    ValueError
        If `what` is no key of `CHOICES`.
    """
    held = leases(result, row, what)
    own = _Own(result, row, CHOICES[what])
    rented = _rented(held, view, result.plan.months)
    items = own.items(rented, _unbilled(result, row, view))
    calendar = calendar_years(result.plan.start, result.plan.months)
    years = result.plan.start.year + np.unique(calendar)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    income = {name: by_year(items[name], calendar) for name in INCOME}
    balance = {name: np.cumsum(items[name])[last] for name in BALANCE}
    cash, owed = own.covering(rented)
    owing = owed > 0
    due = by_year(owed, calendar)
    some = due > 1.0
    paying = by_year(cash * owing, calendar)
    return Accounts(
        view=view,
        leases=held,
        income=pd.DataFrame(income, index=years).T,
        balance=pd.DataFrame(balance, index=years).T,
        paid_usd=by_year(rented.paid_usd, calendar),
        cover=np.where(some, paying / np.where(some, due, 1.0), np.nan),
        covenant=float(result.plan.quantities[row]["covenant_dscr"]),
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Rented:
    """What leases do to the books by month in a view, (month,) USD each, positive.

    `paid_usd` is all rent, `model_usd` that of it which the model's running costs hold, `cost_usd`
    what stands as cost, `debt_usd` what is paid on leases that count as debt, `begun_usd` new
    liabilities, `repaid_usd` what lowers them, `written_usd` what lowers the right of use.
    """

    paid_usd: Array
    model_usd: Array
    cost_usd: Array
    debt_usd: Array
    begun_usd: Array
    repaid_usd: Array
    interest_usd: Array
    written_usd: Array
    depreciation_usd: Array


def _rented(held: tuple[Lease, ...], view: View, months: int) -> _Rented:
    """Add up what the leases do to the books."""
    fields = tuple(_Rented.__dataclass_fields__)
    total = {name: np.zeros(months) for name in fields}
    for one in held:
        for name, values in _lease_in(one, view, months).items():
            total[name] += values
    return _Rented(**total)


def _lease_in(one: Lease, view: View, months: int) -> Mapping[str, Array]:
    """Return what one lease does to the books."""
    made = one.schedule

    def along(values: Array) -> Array:
        return one.along(values, months)

    paid = along(made.payments_usd)
    found = {"paid_usd": paid}
    if not one.chosen:
        found["model_usd"] = paid
    if view is View.CASH or one.short:
        return found | {"cost_usd": paid}
    begun = np.zeros(months)
    begun[one.start] = made.opening_usd
    found |= {"begun_usd": begun, "repaid_usd": along(made.principal_usd)}
    if view is View.USGAAP and not one.tests.finance:
        single = along(made.cost_usd)
        written = along(made.cost_usd - made.interest_usd)
        return found | {"cost_usd": single, "written_usd": written}
    written = along(made.depreciation_usd)
    return found | {
        "debt_usd": paid,
        "interest_usd": along(made.interest_usd),
        "written_usd": written,
        "depreciation_usd": written,
    }


def _unbilled(result: Result, row: int, view: View) -> Array:
    """Rent of tenants earned above what is billed, (month,); below zero where it is billed first.

    Leases of space are operating leases: a step of the rent every year is spread evenly over the
    months let (IFRS 16.81, ASC 842-30-25-11), here to the end of the projection.
    """
    rent, let = result.lines["lease_rent"][0, row], result.sales.let_mw[0, row]
    total = let.sum()
    if view is View.CASH or total <= 0:
        return np.zeros_like(rent)
    level: Array = let * (rent.sum() / total) - rent
    return level


class _Own:
    """What the factory still owns, borrows and earns, by month, (month,) USD each."""

    def __init__(self, result: Result, row: int, kinds: tuple[str, ...]) -> None:
        self._result, self._row = result, row
        spent, granted = bought(result, row, kinds)
        uses = self._line(*CAPEX_LINES, "refresh", "grants")
        net = -float(uses.sum())
        self.kept = 1 - float((spent - granted).sum()) / net if net > 0 else 1.0
        """Part of the cost that is left to pay for, and of the loans."""
        self.capex = self._line(*CAPEX_LINES, "refresh") + spent
        self.grants = self._line("grants") - granted
        taken = leases(result, row, _choice(kinds))
        back = np.zeros_like(spent)
        for one in taken:
            if one.chosen:
                end = one.start + one.months
                back[min(end, back.size - 1)] += one.residual_usd or 0.0
        self.sales = self._line("resale", "terminal_value") - back
        self.written = result.depreciation_usd[row] - written_off(result, row, kinds)
        self.land = np.zeros_like(spent)
        self.land[-1] = 0.0 if HALLS in kinds else result.assets.land_usd[row].sum()

    def _line(self, *names: str) -> Array:
        return np.asarray(self._result.total(names)[0, self._row])

    def _held(self, *names: str) -> Array:
        found = sum((self._result.finance[name][0, self._row] for name in names), 0.0)
        return np.asarray(found) * self.kept

    def items(self, rented: _Rented, unbilled: Array) -> Mapping[str, Array]:
        """Return every item of the books: income, and the change of every balance."""
        revenue = self._line(*REVENUE_LINES)
        opex = self._line(*OPEX_LINES) + rented.model_usd
        interest, tax = self._held("interest"), self._result.finance["levered_tax"][0, self._row]
        deducted = self._result.debt.totals[self._row, DEDUCTED] * self.kept
        building = self._held("interest_building", "finance_fees")
        kept = np.diff(self._held("reserve", "locked"), prepend=0.0)
        drawn, repaid = self._held("debt_drawn"), self._held("principal", "prepaid")
        working, gain = self._line("working_capital"), self.sales - self.land
        ebitda = revenue + unbilled + opex - rented.cost_usd
        before = ebitda - self.written - rented.depreciation_usd + gain - interest - deducted
        before = before - rented.interest_usd
        to_owners = (
            (revenue + opex - rented.paid_usd - tax + working + self.capex + self.grants)
            + (self.sales + drawn - repaid - interest - building)
            - kept
        )
        assets = {
            "Fixed assets": -self.capex - self.written - self.land,
            "Right of use": rented.begun_usd - rented.written_usd,
            "Capitalised finance cost": building - deducted,
            "Working capital": -working,
            "Rent earned, not yet billed": unbilled,
            "Reserve and locked cash": kept,
        }
        claims = {
            "Loans": drawn - repaid,
            "Lease liabilities": rented.begun_usd - rented.repaid_usd,
            "Grants": self.grants,
            "Equity": before - tax - to_owners,
        }
        nothing = np.zeros_like(revenue)
        return {
            "Revenue": revenue + unbilled,
            "Operating costs": opex,
            "Rent": -rented.cost_usd,
            "EBITDA": ebitda,
            "Depreciation": -self.written,
            "ROU depreciation": -rented.depreciation_usd,
            "Gain on sales": gain,
            "Interest": -interest,
            "Finance cost written off": -deducted,
            "Interest on leases": -rented.interest_usd,
            "Profit before tax": before,
            "Tax": -tax,
            "Profit": before - tax,
            **assets,
            "Assets": sum(assets.values(), nothing),
            **claims,
            "Debt and equity": sum(claims.values(), nothing),
        }

    def covering(self, rented: _Rented) -> tuple[Array, Array]:
        """Return cash that pays lenders and lessors, and what is owed to them, by month."""
        cash = self._result.finance["cfads"][0, self._row]
        cash = cash + rented.model_usd - rented.paid_usd + rented.debt_usd
        return cash, self._held("interest", "principal") + rented.debt_usd


def _choice(kinds: tuple[str, ...]) -> str:
    return next(name for name, held in CHOICES.items() if held == kinds)
