"""Names of assumptions on screen where the field's own words would not be understood."""

from collections.abc import Mapping

SHORT: Mapping[str, str] = {
    "ai": "AI",
    "gpu": "GPU",
    "gpus": "GPUs",
    "pue": "PUE",
    "mw": "(MW)",
    "kw": "(kW)",
    "dscr": "DSCR",
}
"""Short words of field names as they are written."""

TITLES: Mapping[str, str] = {
    "generation_price_change": "Rental price of each new GPU generation",
    "generation_rack_price_change": "Purchase price of each new rack generation",
    "generation_months": "Months between rack generations",
    "fx_change": "Lasting move of the local currency",
    "fx_drift": "Yearly drift of the local currency",
    "fx_volatility": "Volatility of exchange rates",
    "fx_half_life_years": "Half-life of exchange-rate moves (years)",
    "dsra_months": "Debt service reserve (months)",
    "merchant_dscr": "DSCR of uncontracted cash",
    "security_premium": "Security premium (beside cash)",
    "lockup_dscr": "Lock-up DSCR",
    "lease_share": "Colocation: share of rack places let",
    "lease_rent": "Colocation: rent",
    "lease_escalator": "Colocation: yearly step of the rent",
    "lease_vacancy": "Colocation: vacancy",
    "lease_up_months": "Colocation: months until space is let",
    "lease_power_billed": "Colocation: power billed to tenants",
    "lease_cap_rate": "Colocation: cap rate at the end",
    "bridge_power_share": "Bridge: share of a phase's power",
    "bridge_lead_months": "Bridge: months until generators run",
    "bridge_fuel_cost": "Bridge: fuel and running cost",
    "bridge_rent": "Bridge: rent of generators",
    "bridge_carbon": "Bridge: carbon intensity",
    "ppa_share": "Power purchase agreement: share of energy",
    "ppa_price": "Power purchase agreement: price",
    "ppa_carbon": "Power purchase agreement: carbon intensity",
    "useful_share": "Useful share of sold hours",
}
"""Names by field."""


def screen_name(field: str) -> str:
    """Return the name of an assumption as people read it.

    Examples
    --------
    >>> screen_name("gpu_hour_price"), screen_name("fx_change")
    ('GPU hour price', 'Lasting move of the local currency')
    """
    if field in TITLES:
        return TITLES[field]
    words = " ".join(SHORT.get(word, word) for word in field.split("_"))
    return words[0].upper() + words[1:]
