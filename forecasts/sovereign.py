"""What a factory is worth to its country beside cash: never added to NPV.

Value added, taxes and imports saved are sums of the projection's own lines, undiscounted; jobs,
energy and carbon are counts; the security premium is what buyers would pay and do not. What is
paid abroad (racks and their freight, software, the platform, security, the other part of building)
is stated, so that the balance of payments can be seen.
"""

from dataclasses import dataclass

from forecasts.carbon import carbon_by_year
from forecasts.engine import Result

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

SOLD = ("contracted_compute", "merchant_compute", "tokens", "services", "lease_rent")
"""What is sold in the country and would be bought abroad otherwise."""

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
    compute = -paid(*SOLD)
    years = carbon_by_year(result, row, path)
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
            "Compute and services sold and space let, which would be bought abroad, less what the "
            "factory itself buys abroad.",
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
            "security_premium", "Security premium", security_worth(result, row, path), "USD",
            "Compute sold to those whom law binds, at the international price, times what a "
            "sovereign cloud costs above others, less the premium that the price holds already.",
        ),
        SovereignItem(
            "energy", "Electricity used", sum(one.energy_mwh for one in years), "MWh",
            "Draw of racks at work and idle, times PUE.",
        ),
        SovereignItem(
            "carbon", "Carbon of its electricity", sum(one.carbon_t for one in years), "t_CO2",
            "Electricity of each year times the grid's intensity of that year: the newest row, "
            "carried on by its yearly change, which is an assumption.",
        ),
    )  # fmt: skip


def security_worth(result: Result, row: int, path: int = 0) -> float:
    """Return what buyers bound by own law gain above what they pay, USD over the projection.

    Their part of the compute sold, at the international price, times the security premium that
    the price does not hold already.
    """
    q = result.plan.quantities[row]
    sold = float(
        result.total(("contracted_compute", "merchant_compute", "tokens"))[path, row].sum()
    )
    paid = float(q["sovereign_price_premium"])
    left = max(float(q["security_premium"]) - paid, 0.0)
    return sold / (1 + paid) * float(q["regulated_share"]) * left
