"""Electricity of a factory by month: draw of its racks and of tenants' racks, times PUE."""

from __future__ import annotations

import numpy as np

from forecasts.engine import Result
from forecasts.opex import monthly_pue
from forecasts.plan import Plan
from forecasts.units import HOURS_PER_MONTH, Array


def energy_mwh(result: Result, row: int, path: int = 0) -> Array:
    """Return the electricity a factory uses in every month, with tenants' racks, times PUE."""
    own, tenants = it_load_mw(result, row, path)
    used: Array = (own + tenants) * pue_by_month(result.plan, row) * HOURS_PER_MONTH
    return used


def it_load_mw(result: Result, row: int, path: int = 0) -> tuple[Array, Array]:
    """Return the mean draw of own racks and of tenants' racks in every month, MW."""
    q, sales = result.plan.quantities[row], result.sales
    busy = sales.sold_share[path, row] * (q["busy_power_share"] - q["idle_power_share"])
    own: Array = (sales.live_mw[row] - sales.leased_mw[row]) * (q["idle_power_share"] + busy)
    tenants: Array = sales.let_mw[path, row] * q["busy_power_share"]
    return own, tenants


def pue_by_month(plan: Plan, row: int) -> Array:
    """Return facility energy over IT energy in every month, as cash uses it."""
    pue = np.empty(plan.months)
    monthly_pue(plan.quantities[row], plan.temperature[row], pue)
    return pue
