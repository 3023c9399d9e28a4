"""The same leases in the books of who lets: finance leases and operating leases (IFRS 16.61 to 97).

In a finance lease the lessor shows its net investment: what is still to be paid and left at the
end, at the rate of the lease; its income is interest on it. In an operating lease it keeps the
asset, writes it off to what is left at the end, and earns the rent evenly. ASC 842-30 does the
same; both give the lessor rent and value at the end less cost, over the whole term.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.engine import Result
from forecasts.leased import Lease
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

FLOWS = ("Rent received", "Interest income", "Rent earned", "Depreciation", "Profit of the lessor")
"""Flows of a year: rent received is cash, of both kinds; interest is of finance leases, rent earned
and depreciation of operating leases."""

STOCKS = ("Net investment in leases", "Assets let", "Rent earned, not yet received")
"""Balances at the end of a year: of finance leases, and two of operating leases."""


def net_investment(lease: Lease) -> Array:
    """Return what a finance lease is worth to its lessor at the end of each month, (month,) USD."""
    left = lease.residual_usd or 0.0
    ahead = np.arange(lease.months - 1, -1, -1.0)
    return lease.schedule.liability_usd + left * (1 + lease.rate) ** -ahead


def lessor_books(result: Result, leases: tuple[Lease, ...]) -> pd.DataFrame:
    """Return the lessor's books by calendar year, a row per item; USD, costs negative.

    Leases without a stated price (generators of a bridge) are left out. What an asset is worth at
    the end of its lease leaves the books in that month, at that value.
    """
    months = result.plan.months
    total = {name: np.zeros(months) for name in (*FLOWS, *STOCKS)}
    for one in leases:
        if one.cost_usd is None:
            continue
        own = _finance(one) if one.tests.finance else _operating(one)
        own["Rent received"] = one.schedule.payments_usd
        for name, values in own.items():
            total[name] += one.along(values, months)
    total["Profit of the lessor"] = (
        total["Interest income"] + total["Rent earned"] + total["Depreciation"]
    )
    calendar = calendar_years(result.plan.start, months)
    years = result.plan.start.year + np.unique(calendar)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    rows = {name: by_year(total[name], calendar) for name in FLOWS}
    rows |= {name: total[name][last] for name in STOCKS}
    return pd.DataFrame(rows, index=years).T


def _finance(one: Lease) -> dict[str, Array]:
    held = net_investment(one)
    before = np.concatenate([[one.cost_usd or 0.0], held[:-1]])
    interest = one.rate * (before - one.schedule.payments_usd)
    return {"Interest income": interest, "Net investment in leases": _until_returned(held)}


def _operating(one: Lease) -> dict[str, Array]:
    cost, left = one.cost_usd or 0.0, one.residual_usd or 0.0
    written = np.full(one.months, (cost - left) / one.months)
    earned = one.schedule.cost_usd
    return {
        "Rent earned": earned,
        "Depreciation": -written,
        "Assets let": _until_returned(cost - np.cumsum(written)),
        "Rent earned, not yet received": np.cumsum(earned - one.schedule.payments_usd),
    }


def _until_returned(held: Array) -> Array:
    """Take the asset out of the books in the last month of its lease."""
    return np.concatenate([held[:-1], [0.0]])
