"""What a factory does to the accounts of the state by year: deficit, gross debt, contingencies.

ESA 2010 and GFSM 2014 record alike here. Off the balance sheet the state pays grants (capital
transfers), lends at face value and buys as a customer. On it the factory is the state's: what is
built is capital formation, what the partner pays for is an imputed loan (a lease, GFSM 2014
A4.64), and of the payments for the factory a part repays it. Whatever the state pays it borrows,
whatever it gets repays debt; interest on that is left out. Guarantees stay contingent until called.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.engine import Result
from forecasts.leased import HALLS, RACKS, borrowing_rate, bought, leases
from forecasts.lines import REVENUE_LINES
from forecasts.loans import CONCESSIONAL
from forecasts.state_rules import Answer, StateTerms, answer
from forecasts.tax import by_year, calendar_years
from forecasts.units import MONTHS_PER_YEAR, Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

FLOWS = (
    "Grants",
    "Gross fixed capital formation",
    "Purchases of compute",
    "Payments that repay the imputed loan",
    "Interest received on loans",
    "Net lending",
    "Loans to the factory",
    "Change of gross debt",
    "Taxes received",
    "Net lending with taxes",
)
"""Flows of a year, in order. Net lending is the sum of those above it, below zero a deficit; the
change of gross debt is loans to the factory less net lending."""

STOCKS = (
    "Gross debt",
    "Imputed loan",
    "Loans to the factory at face",
    "Guaranteed debt (contingent)",
    "Gross debt with taxes",
)
"""Balances at the end of a year; the imputed loan is part of gross debt, guarantees are not."""


@dataclass(frozen=True, slots=True, eq=False)
class StateAccounts:
    """Effect of a factory on the state against no factory.

    Attributes
    ----------
    on : bool
        Whether the books count it on the government's balance sheet.
    flows, stocks : DataFrame
        A row per item, a column per calendar year, USD. Positive flows improve the balance.
    benefit_usd : float
        What the low rate of concessional loans is worth at their first draw: face value less the
        present value of their service at the rate of the senior loan (memorandum, 7.246).
    """

    on: bool
    flows: pd.DataFrame
    stocks: pd.DataFrame
    benefit_usd: float

    @property
    def gap_usd(self) -> float:
        """Largest difference between a year's change of gross debt and the move of its level."""
        moved = np.diff(self.stocks.loc["Gross debt"].to_numpy(dtype=float), prepend=0.0)
        return float(np.abs(moved - self.flows.loc["Change of gross debt"].to_numpy()).max())


@dataclass(frozen=True, slots=True, eq=False)
class StateView:
    """The answer, and the accounts as answered and as they would be otherwise."""

    answer: Answer
    counted: StateAccounts
    otherwise: StateAccounts


def state_view(result: Result, row: int, terms: StateTerms) -> StateView:
    """Answer whether a factory is on the government's balance sheet and write both accounts.

    Parameters
    ----------
    result, row
        A projection, and the factory in it; the mean of every forecast.
    terms : StateTerms
        What the contract says.
    """
    found = answer(result, row, terms)
    counted, otherwise = (
        state_accounts(result, row, terms, on=on) for on in (found.on, not found.on)
    )
    return StateView(found, counted, otherwise)


def state_accounts(result: Result, row: int, terms: StateTerms, *, on: bool) -> StateAccounts:
    """Write the accounts of the state with the factory on its balance sheet, or off it."""
    calendar = calendar_years(result.plan.start, result.plan.months)
    years = result.plan.start.year + np.unique(calendar)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    monthly = _Monthly(result, row, terms)
    flows = monthly.on() if on else monthly.off()
    stocks = monthly.stocks(on=on)
    yearly = {name: by_year(flows[name], calendar) for name in FLOWS}
    debt = np.cumsum(flows["Change of gross debt"])
    held = {
        **stocks,
        "Gross debt": debt,
        "Gross debt with taxes": debt - np.cumsum(flows["Taxes received"]),
    }
    return StateAccounts(
        on=on,
        flows=pd.DataFrame(yearly, index=years).T,
        stocks=pd.DataFrame({name: held[name][last] for name in STOCKS}, index=years).T,
        benefit_usd=0.0 if on else monthly.benefit(),
    )


class _Monthly:
    """What the state pays, lends and gets by month, (month,) USD each."""

    def __init__(self, result: Result, row: int, terms: StateTerms) -> None:
        q = result.plan.quantities[row]
        self._terms, self._rate = terms, borrowing_rate(result, row) / MONTHS_PER_YEAR
        self._spent, self._granted = bought(result, row, (RACKS, HALLS))
        self._bought = result.total(REVENUE_LINES)[0, row] * terms.bought_share
        self._lent = result.debt.owed_usd[row, CONCESSIONAL]
        soft = float(q["concessional_rate"]) / MONTHS_PER_YEAR
        self._earned = soft * np.concatenate([[0.0], self._lent[:-1]])
        self._others = result.finance["debt"][0, row] - self._lent
        self._taxes = taxes(result, row)
        held = leases(result, row, "both", residual=False)
        months = self._spent.size
        own = [one for one in held if one.chosen]
        nothing = np.zeros(months)
        self._repaid = sum((one.along(one.schedule.principal_usd, months) for one in own), nothing)
        self._imputed = np.cumsum(self._spent - self._granted - self._repaid)

    def off(self) -> Mapping[str, Array]:
        """Flows of a factory that is not the state's."""
        lent = np.diff(self._lent, prepend=0.0)
        return self._flows(
            {
                "Grants": -self._granted,
                "Purchases of compute": -self._bought,
                "Interest received on loans": self._earned,
            },
            lent,
        )

    def on(self) -> Mapping[str, Array]:
        """Flows of a factory that is the state's.

        Its grants and loans are then ways to pay for its own asset: no transfer, no claim.
        """
        return self._flows(
            {
                "Gross fixed capital formation": -self._spent,
                "Purchases of compute": -self._bought,
                "Payments that repay the imputed loan": self._repaid,
            },
            np.zeros_like(self._spent),
        )

    def _flows(self, moved: Mapping[str, Array], lent: Array) -> Mapping[str, Array]:
        nothing = np.zeros_like(lent)
        net = sum(moved.values(), nothing)
        sums = {
            "Net lending": net,
            "Loans to the factory": lent,
            "Change of gross debt": lent - net,
            "Taxes received": self._taxes,
            "Net lending with taxes": net + self._taxes,
        }
        return {name: sums.get(name, moved.get(name, nothing)) for name in FLOWS}

    def stocks(self, *, on: bool) -> Mapping[str, Array]:
        """Balances beside gross debt."""
        nothing = np.zeros_like(self._lent)
        return {
            "Imputed loan": self._imputed if on else nothing,
            "Loans to the factory at face": nothing if on else self._lent,
            "Guaranteed debt (contingent)": nothing
            if on
            else np.maximum(self._others, 0.0) * self._terms.guaranteed_share,
        }

    def benefit(self) -> float:
        """Return what borrowing at the low rate is worth to the factory at the first draw."""
        drawn = np.flatnonzero(self._lent > 0)
        if drawn.size == 0:
            return 0.0
        received = np.diff(self._lent, prepend=0.0) - self._earned
        after = np.arange(received.size) - drawn[0]
        return float((received * (1 + self._rate) ** -np.maximum(after, 0)).sum())


def taxes(result: Result, row: int) -> Array:
    """Taxes a factory pays by month: income, dividends, property, import duty; (month,) USD."""
    q = result.plan.quantities[row]
    duty = float(q["import_duty"] / max(q["import_duty"] + q["freight_share"], 1e-12))
    paid = result.finance["levered_tax"][0, row] + result.finance["withholding_tax"][0, row]
    lines = result.lines
    found: Array = paid - lines["property_tax"][0, row] - lines["freight_duty"][0, row] * duty
    return found
