"""Units as people write them to the closed list of units, and from one unit to another."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from data.reading.numerals import CURRENCIES, SCALES

PLAIN: dict[str, tuple[str, int]] = {
    "%": ("percent", 0), "percent": ("percent", 0), "pct": ("percent", 0),
    "per cent": ("percent", 0),
    "kw": ("MW", -3), "mw": ("MW", 0), "gw": ("MW", 3), "mwh": ("MWh", 0), "kwh": ("MWh", -3),
    "gwh": ("TWh", -3), "twh": ("TWh", 0), "usd/kwh": ("USD_per_kWh", 0),
    "$/kwh": ("USD_per_kWh", 0),
    "usd/mwh": ("USD_per_kWh", -3), "$/mwh": ("USD_per_kWh", -3), "€/mwh": ("EUR_per_MWh", 0),
    "eur/mwh": ("EUR_per_MWh", 0), "$/h": ("USD_per_gpu_hour", 0), "usd/h": ("USD_per_gpu_hour", 0),
    "usd/gpu-hour": ("USD_per_gpu_hour", 0), "$/gpu-hour": ("USD_per_gpu_hour", 0),
    "$/gpu-hr": ("USD_per_gpu_hour", 0), "usd/gpu-h": ("USD_per_gpu_hour", 0),
    "$/gpu/hr": ("USD_per_gpu_hour", 0), "usd/gpu-hr": ("USD_per_gpu_hour", 0),
    "$/w": ("USD_per_W", 0), "usd/w": ("USD_per_W", 0), "usd/m2": ("USD_per_m2", 0),
    "months": ("months", 0), "month": ("months", 0), "years": ("years", 0), "days": ("days", 0),
    "people": ("persons", 0), "persons": ("persons", 0), "gco2/kwh": ("gCO2_per_kWh", 0),
    "ratio": ("ratio", 0), "share": ("share", 0), "count": ("count", 0), "number": ("count", 0),
    "racks": ("racks", 0), "gpus": ("gpus", 0), "degrees": ("degrees", 0),
}  # fmt: skip
"""Unit of the list and power of ten, by what people write, lower case."""

FAMILIES: tuple[dict[str, int], ...] = (
    {"USD": 0, "USD_m": 6, "USD_bn": 9},
    {"EUR": 0, "EUR_m": 6, "EUR_bn": 9},
    {"MWh": 0, "TWh": 6},
    {"kW": -3, "MW": 0},
    {"share": 0, "percent": -2},
    {"share_per_year": 0, "percent_per_year": -2},
    {"ratio": 0, "percent": -2},
)
"""Units that differ by a power of ten."""


def _form(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).strip().strip("()[]").strip()
    return re.sub(r"\s*/\s*|\s+per\s+", "/", plain)


@lru_cache(maxsize=1024)
def unit_of(text: str, units: frozenset[str]) -> tuple[str, int] | None:
    """Return a written unit as one of the list with its power of ten; None where it is unknown.

    Examples
    --------
    >>> unit_of("GW", frozenset({"MW"}))
    ('MW', 3)
    >>> unit_of("US$ million", frozenset({"USD_m"}))
    ('USD_m', 0)
    """
    form = _form(text)
    if form in units:
        return form, 0
    exact = {one.lower(): one for one in units}
    if form.lower().replace(" ", "_") in exact:
        return exact[form.lower().replace(" ", "_")], 0
    if form.lower() in PLAIN:
        return PLAIN[form.lower()]
    return _money(form, units)


def _money(form: str, units: frozenset[str]) -> tuple[str, int] | None:
    """Read a currency with a word of size, in either order."""
    words = re.findall(r"[^\W\d_]*\$|[€£¥₹]|[^\W\d_]+", form.lower())
    currency = next((CURRENCIES[word] for word in words if word in CURRENCIES), "")
    scale = next((SCALES[word][0] for word in words if word in SCALES), 0)
    if not currency or any(word not in CURRENCIES and word not in SCALES for word in words):
        return None
    for suffix, power in (("_bn", 9), ("_m", 6), ("", 0)):
        if f"{currency}{suffix}" in units and (power == scale or suffix == ""):
            return f"{currency}{suffix}", scale - power
    for suffix, power in (("_bn", 9), ("_m", 6)):
        if f"{currency}{suffix}" in units:
            return f"{currency}{suffix}", scale - power
    return None


def power_between(unit: str, wanted: str) -> int | None:
    """Return the power of ten from one unit to another; None where they differ in kind."""
    if unit == wanted:
        return 0
    for family in FAMILIES:
        if unit in family and wanted in family:
            return family[unit] - family[wanted]
    return None


def scaled(value: float, power: int) -> float:
    """Return a value times a power of ten, without the artefacts of binary fractions."""
    return value if not power else float(Decimal(repr(value)).scaleb(power))
