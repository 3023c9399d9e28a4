"""World Bank, World Development Indicators: output, prices, people, exchange rates by year."""

from collections.abc import Mapping
from typing import Final

from data.connectors.connector import Connector, Rows, parsed, unlike
from data.schemas import COUNTRIES

INDICATORS: Final = {
    "NY.GDP.MKTP.CD": ("gdp_current_usd", "USD"),
    "NY.GDP.MKTP.KD.ZG": ("gdp_real_growth", "percent"),
    "FP.CPI.TOTL.ZG": ("cpi_inflation", "percent"),
    "PA.NUS.FCRF": ("exchange_rate", "local_per_USD"),
    "SP.POP.TOTL": ("population", "persons"),
}
"""Our indicator and unit by the World Bank's code."""

FIRST_YEAR, LAST_YEAR = 2005, 2100


def address(code: str) -> str:
    """Return where an indicator of all our countries is."""
    countries = ";".join(sorted(COUNTRIES))
    query = f"format=json&per_page=20000&date={FIRST_YEAR}:{LAST_YEAR}"
    return f"https://api.worldbank.org/v2/country/{countries}/indicator/{code}?{query}"


def rows_of(url: str, content: bytes, day: str) -> Rows:
    """Return one row per country and year that has a value."""
    held = parsed(content, url)
    # A page of one element holds the service's message instead of data.
    if not isinstance(held, list) or len(held) != 2 or not isinstance(held[1], list):
        raise unlike(url, f"{str(held)[:80]}")
    rows: Rows = []
    for one in held[1]:
        if not isinstance(one, Mapping) or one.get("value") is None:
            continue
        indicator = one.get("indicator")
        code = str(indicator.get("id")) if isinstance(indicator, Mapping) else ""
        if code not in INDICATORS or one.get("countryiso3code") not in COUNTRIES:
            continue
        name, unit = INDICATORS[code]
        rows.append(
            {
                "iso3": one["countryiso3code"],
                "indicator": name,
                "period": str(one.get("date")),
                "value": one["value"],
                "unit": unit,
                "source": f"World Bank, World Development Indicators {code}",
                "url": f"https://data.worldbank.org/indicator/{code}",
                "date": day,
                "confidence": "reported",
            }
        )
    return rows


WORLD_BANK: Final = Connector(
    "world_bank",
    "World Bank: output, prices, population, exchange rates",
    "country_year",
    tuple(address(code) for code in INDICATORS),
    rows_of,
)
"""The connector."""
