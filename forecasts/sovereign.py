"""What a factory is worth to its country beside cash: never added to NPV.

Value added, taxes and imports saved are sums of the projection's own lines, undiscounted; jobs,
energy and carbon are counts. What is paid abroad (racks and their freight, software, the platform,
security, the other part of building) is stated, so that the balance of payments can be seen.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.engine import Result
from forecasts.opex import monthly_pue
from forecasts.units import HOURS_PER_MONTH, MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3
GRAMS_PER_TONNE = 1e6

AT_HOME = (
    "power",
    "staff",
    "maintenance",
    "compliance",
    "property_tax",
    "connectivity",
    "overhead",
)
"""Running costs that are paid in the country."""

BUILT = ("shell", "electrical", "cooling", "grid_connection", "contingency", "owners_cost")
"""Capex of which the local share is paid in the country."""

FROM_ABROAD = (
    "racks",
    "network_storage",
    "integration",
    "security_platform",
    "refresh",
    "hardware_support",
    "software",
    "security_operations",
    "cloud_platform",
    "model_licence",
)
"""What is bought abroad."""


@dataclass(frozen=True, slots=True)
class SovereignItem:
    """One kind of value to the country.

    Attributes
    ----------
    name, label : str
        Key, and name on screen.
    value : float
        Sum over the projection; jobs are the yearly mean while live.
    unit : str
        Unit of `data.schemas.UNITS`.
    method : str
        How it is counted, in a sentence.
    """

    name: str
    label: str
    value: float
    unit: str
    method: str


def sovereign_value(result: Result, row: int, path: int = 0) -> tuple[SovereignItem, ...]:
    """Return what a factory brings its country beside the owners' cash."""
    q = result.plan.quantities[row]

    def paid(*names: str) -> float:
        return -float(result.total(names)[path, row].sum())

    local_build = float(q["local_build_share"]) * paid(*BUILT)
    at_home = paid(*AT_HOME) + paid("land") + local_build
    delivery = paid("services_delivery")
    duty_share = float(q["import_duty"] / max(q["import_duty"] + q["freight_share"], 1e-12))
    duty = paid("freight_duty") * duty_share
    income_tax = float(result.finance["levered_tax"][path, row].sum())
    withheld = float(result.finance["withholding_tax"][path, row].sum())
    taxes = income_tax + withheld + paid("property_tax") + duty
    abroad = paid(*FROM_ABROAD) + (paid("freight_duty") - duty) + paid(*BUILT) - local_build
    compute = -paid("contracted_compute", "merchant_compute", "tokens", "services")
    energy_mwh, carbon_t = _energy(result, row, path)
    live = result.sales.live_mw[row]
    served = live > 0
    crew = (q["staff_base"] + q["staff_cost"] * live[served]) / q["staff_salary"]
    hours = float(result.sales.sold_gpu_hours[path, row].sum())
    return (
        SovereignItem(
            "spent_at_home", "Spent in the country", at_home + delivery, "USD",
            "Power, staff, upkeep, compliance, property tax, fibre, administration, land, the "
            "local share of building and the delivery of services.",
        ),
        SovereignItem(
            "taxes", "Taxes", taxes, "USD",
            "Income tax after interest, tax withheld from dividends, property tax and import duty.",
        ),
        SovereignItem(
            "imports_saved", "Compute no longer imported", compute - abroad, "USD",
            "Compute and services sold, which would have been bought abroad, less what the factory "
            "itself buys abroad.",
        ),
        SovereignItem(
            "jobs", "Jobs at the site", float(crew.mean()) if served.any() else 0.0, "persons",
            "Crew cost over the cost of one of them, mean of the live months, without building.",
        ),
        SovereignItem(
            "regulated_hours", "GPU-hours under own law", hours * float(q["regulated_share"]),
            "gpu_hours", "Hours sold times the share of demand that law binds to the country.",
        ),
        SovereignItem(
            "energy", "Electricity used", energy_mwh, "MWh",
            "Draw of racks at work and idle, times PUE.",
        ),
        SovereignItem(
            "carbon", "Carbon of its electricity", carbon_t, "t_CO2",
            "Electricity times the grid's intensity, which changes by the stated rate a year.",
        ),
    )  # fmt: skip


def _energy(result: Result, row: int, path: int) -> tuple[float, float]:
    """MWh used and tonnes of CO2 over the projection."""
    q = result.plan.quantities[row]
    busy = result.sales.sold_share[path, row] * (q["busy_power_share"] - q["idle_power_share"])
    draw = q["idle_power_share"] + busy
    pue = np.empty(result.plan.months)
    monthly_pue(result.plan.quantities[row], result.plan.temperature[row], pue)
    mwh: Array = result.sales.live_mw[row] * draw * pue * HOURS_PER_MONTH
    years = np.arange(mwh.size) / MONTHS_PER_YEAR
    grams = q["grid_carbon"] * (1 + q["grid_carbon_change"]) ** years
    return float(mwh.sum()), float((mwh * KW_PER_MW * grams).sum() / GRAMS_PER_TONNE)
