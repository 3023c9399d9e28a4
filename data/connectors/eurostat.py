"""Eurostat: enterprises that use artificial intelligence, by year (JSON-stat 2.0)."""

from collections.abc import Mapping
from typing import Final

from data.connectors.connector import Connector, Rows, mapping_at, parsed, unlike

COUNTRIES_EU: Final = {"BE": "BEL", "RO": "ROU"}
"""Our code by Eurostat's."""

URL: Final = (
    "https://ec.europa.eu/eurostat/api/dissemination/statistics/1.0/data/isoc_eb_ai"
    "?format=JSON&lang=EN&geo=BE&geo=RO&indic_is=E_AI_TANY&size_emp=GE10&unit=PC_ENT"
    "&nace_r2=C10-S951_X_K"
)
"""Share of enterprises with 10 or more people that use any AI technology."""


def rows_of(url: str, content: bytes, day: str) -> Rows:
    """Return one row per country and year that has a value."""
    held = parsed(content, url)
    values = mapping_at(held, "value", url=url)
    places = _places(held, url)
    rows: Rows = []
    for geo, iso3 in COUNTRIES_EU.items():
        for year in places["time"][1]:
            value = values.get(str(_index(places, {"geo": geo, "time": year})))
            if value is not None:
                rows.append(_row(iso3, year, value, day))
    return rows


Places = dict[str, tuple[int, dict[str, int]]]


def _places(held: object, url: str) -> Places:
    """Return size and positions of every dimension, in the order of the values."""
    if not isinstance(held, Mapping):
        raise unlike(url, "no JSON-stat")
    names, sizes = held.get("id"), held.get("size")
    if not isinstance(names, list) or not isinstance(sizes, list) or len(names) != len(sizes):
        raise unlike(url, "no dimensions")
    found: Places = {}
    for name, size in zip(names, sizes, strict=True):
        index = mapping_at(held, "dimension", str(name), "category", "index", url=url)
        found[str(name)] = (int(size), {str(key): int(str(at)) for key, at in index.items()})
    if not {"geo", "time"} <= set(found):
        raise unlike(url, "no country or time")
    return found


def _index(places: Places, wanted: Mapping[str, str]) -> int:
    """Return where a value stands: dimensions in order, the last one fastest."""
    index = 0
    for name, (size, positions) in places.items():
        at = positions.get(wanted[name], -size * 10**9) if name in wanted else 0
        index = index * size + at
    return index


def _row(iso3: str, year: str, value: object, day: str) -> dict[str, object]:
    return {
        "iso3": iso3,
        "region": "national",
        "indicator": "enterprise_ai_adoption",
        "period": year,
        "status": "actual",
        "value": value,
        "unit": "percent",
        "source": "Eurostat, isoc_eb_ai (any AI technology)",
        "url": "https://ec.europa.eu/eurostat/databrowser/view/isoc_eb_ai",
        "date": day,
        "confidence": "reported",
        "notes": "Firms with 10 or more staff.",
    }


EUROSTAT: Final = Connector(
    "eurostat", "Eurostat: enterprises using AI", "regional_demand", (URL,), rows_of
)
"""The connector."""
