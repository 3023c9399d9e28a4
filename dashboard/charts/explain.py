"""Explain this number: what a metric means, what it is made of, and where its inputs come from."""

from collections.abc import Mapping

import pandas as pd

from dashboard.charts.study import Study
from dashboard.glossary import definition
from dashboard.theme import money, number, percent
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES
from forecasts.metrics import discount_factors
from forecasts.rate_parts import CostOfCapital, cost_of_capital

SUMS: Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]] = {
    "npv": (
        ("Revenue", REVENUE_LINES),
        ("Running cost", OPEX_LINES),
        ("First-time capex", CAPEX_LINES),
        ("Everything else: refresh, tax, grants, end value, working capital", ()),
    ),
    "capex": tuple((LINES[name].label, (name,)) for name in CAPEX_LINES),
}
"""Metrics that are sums of lines, with their parts; an empty part is all that is left."""


def parts(study: Study, row: int, metric: str) -> pd.DataFrame:
    """Table of what a metric is made of: present values for NPV, plain sums for capex, rates.

    Empty for metrics that are no sum.
    """
    if metric == "discount_rate":
        return rate_table(cost_of_capital(study.result, row))
    groups = SUMS.get(metric)
    if groups is None:
        return pd.DataFrame()
    result = study.result
    rate = result.discount_rate[row : row + 1, None]
    factors = discount_factors(rate, result.plan.months)[0]
    weights = factors if metric == "npv" else -1.0
    named = {name for _, names in groups for name in names}
    rows: list[tuple[str, float]] = []
    for label, names in groups:
        held = names or tuple(name for name in LINES if name not in named)
        value = float((result.total(held)[0, row] * weights).sum())
        rows.append((label, value / 1e6))
    rows.append(("Sum", sum(value for _, value in rows)))
    return pd.DataFrame(rows, columns=["Part", "USD m"])


def rate_table(made: CostOfCapital) -> pd.DataFrame:
    """Table of the parts of a discount rate, which add up to it."""
    rows = [(part.label, part.share * 100, part.said) for part in made.parts]
    rows.append(("Sum", made.rate * 100, ""))
    return pd.DataFrame(rows, columns=["Part", "% a year", "How"])


def why_rate(made: CostOfCapital) -> str:
    """Say in a sentence which parts make a discount rate."""
    bond, market, country = (percent(part.share, 2) for part in made.parts)
    return (
        f"Cost of capital asked: {percent(made.rate, 2)} a year = {bond} government bond + "
        f"{market} market + {country} country."
    )


def formula(metric: str) -> str:
    """Return the definition of a metric, from docs/definitions.md."""
    return definition(metric)


def numbers(study: Study, row: int, metric: str) -> list[str]:
    """Say the figures that enter a metric, in sentences."""
    found = study.returns[row]
    said = [why_rate(cost_of_capital(study.result, row))]
    capex, lcoc = found["capex"].value, found["lcoc"].value
    if metric in {"npv", "irr", "payback", "capex", "moic"} and capex is not None:
        said.append(f"First-time capex: {money(capex)}.")
    if metric in {"lcoc", "levelised_price", "npv"} and lcoc is not None:
        price = found["levelised_price"].value or 0.0
        said.append(
            f"An hour costs USD {number(lcoc, 2)} and sells at USD {number(price, 2)}, both "
            "levelised."
        )
    hours = float(study.result.sales.sold_gpu_hours[0, row].sum())
    said.append(f"GPU-hours sold over the projection: {number(hours / 1e6, 1)} m.")
    return said


DRIVERS_OF: Mapping[str, tuple[str, ...]] = {
    "capex": (
        "rack_price",
        "rack_price_trend",
        "network_storage_share",
        "build_cost",
        "construction_inflation",
        "grid_connection_cost",
        "land_price",
        "contingency_share",
    ),
    "lcoc": ("rack_price", "power_price", "pue", "staff_cost", "hardware_life_years"),
    "levelised_price": ("gpu_hour_price", "gpu_price_decay", "contracted_share"),
    "min_dscr": ("gearing", "target_dscr", "debt_margin", "debt_tenor_years", "gpu_hour_price"),
    "time_to_power": (
        "permit_months",
        "grid_lead_months",
        "construction_months",
        "rack_lead_months",
        "transformer_months",
    ),
    "discount_rate": (
        "risk_free_rate",
        "asset_beta",
        "equity_risk_premium",
        "country_risk_exposure",
        "country_risk_premium",
    ),
    "debt": ("gearing", "target_dscr", "merchant_dscr", "debt_tenor_years"),
}
"""Assumptions that enter a metric first; every other one under Inputs."""

MAIN = (
    "gpu_hour_price",
    "gpu_price_decay",
    "contracted_share",
    "merchant_utilisation",
    "rack_price",
    "power_price",
    "pue",
    "hardware_life_years",
    "country_risk_premium",
    "corporate_tax",
)
"""Those of the returns that everything enters."""


def inputs_of(metric: str) -> tuple[str, ...]:
    """Return the assumptions shown under a metric."""
    return DRIVERS_OF.get(metric, MAIN)
