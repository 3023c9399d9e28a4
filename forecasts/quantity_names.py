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
