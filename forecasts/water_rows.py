"""Rows of the tables on humidity, water stress and cooling: what water is worked out from."""

from collections.abc import Mapping
from functools import lru_cache

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.units import MONTHS_PER_YEAR

HUMIDITY = tuple(f"humidity_{month:02d}" for month in range(1, MONTHS_PER_YEAR + 1))
"""Usual relative humidity of every calendar month, percent, by country in `sites`."""

STRESS = "water_stress"
"""Level of baseline water stress of a country, 0 to 4, in `sites`."""

COOLING = (
    "closed_loop_water",
    "tower_air_rise",
    "tower_cycles",
    "tower_approach",
    "dry_approach",
    "dry_air_rise",
    "adiabatic_start",
    "adiabatic_effectiveness",
    "hourly_spread",
)
"""What cooling needs to be known of, in `hardware` under the system `cooling`."""


@lru_cache(maxsize=64)
def water_rows(
    catalog: Catalog, places: tuple[tuple[str, str], ...]
) -> Mapping[tuple[str, str], Fact]:
    """Return the newest row of each by factory and name; cooling has no factory.

    Parameters
    ----------
    catalog : Catalog
        The tables.
    places : tuple of (str, str)
        Key and country of every factory.

    Returns
    -------
    mapping of (str, str) to Fact
        Silent where a table has no row: own tables need not state what moves no cash.
    """
    found: dict[tuple[str, str], Fact] = {}
    for key, iso3 in places:
        for name in (*HUMIDITY, STRESS):
            for fact in catalog.facts("sites", iso3=iso3, parameter=name):
                found[key, name] = fact
    for name in COOLING:
        for fact in catalog.facts("hardware", system="cooling", attribute=name):
            found["", name] = fact
    return found
