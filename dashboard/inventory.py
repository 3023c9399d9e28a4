"""What there is to ask about: factories and assumptions as plain data, for other programs."""

from collections.abc import Mapping
from math import isfinite

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.plan import Site, data_fact, register
from forecasts.quantities import Quantity
from forecasts.scenario import QUANTITIES

Json = dict[str, object]
"""A JSON object."""


def factories_data(catalog: Catalog) -> Json:
    """Return the factories of the register, first wave first."""
    return {
        "data_version": catalog.version,
        "factories": [
            {
                "factory": site.key,
                "name": site.name,
                "country": site.iso3,
                "city": site.city,
                "wave": site.wave,
                "latitude": site.latitude,
                "longitude": site.longitude,
            }
            for site in register(catalog)
        ],
    }


def quantities_data(catalog: Catalog) -> Json:
    """Return every assumption a scenario can state.

    Each has its name, label, help, section and unit; the range that is accepted (`low`, `high`;
    null where there is no end) and whether the lower end itself is (`low_included`); and by
    `base` its base value with the range in use, source, date, grade and row. A quantity that each
    site takes from a table has `base` null and one `sites` entry a factory.
    """
    sites = register(catalog)
    return {
        "data_version": catalog.version,
        "quantities": [_quantity(one, sites, catalog) for one in QUANTITIES.values()],
    }


def _quantity(quantity: Quantity, sites: tuple[Site, ...], catalog: Catalog) -> Json:
    told: Json = {
        "name": quantity.name,
        "label": quantity.label,
        "help": quantity.help,
        "section": quantity.section.title,
        "unit": quantity.unit.table,
        "low": _end(quantity.low),
        "high": _end(quantity.high),
        "low_included": not quantity.above,
        "whole": quantity.whole,
    }
    if quantity.from_data is None:
        fact = data_fact(catalog, quantity, sites[0])
        return told | {"base": fact_data(fact, quantity.default), "sites": None}
    return told | {"base": None, "sites": _by_site(quantity, sites, catalog)}


def _by_site(quantity: Quantity, sites: tuple[Site, ...], catalog: Catalog) -> Mapping[str, Json]:
    scale = quantity.from_data.scale if quantity.from_data is not None else 1.0
    facts = {site.key: data_fact(catalog, quantity, site) for site in sites}
    return {
        key: fact_data(fact, None if fact.value is None else fact.value * scale, scale)
        for key, fact in facts.items()
    }


def fact_data(fact: Fact, value: float | None, scale: float = 1.0) -> Json:
    """Return a value in the model's unit with its range and where it comes from.

    Parameters
    ----------
    fact : Fact
        The row.
    value : float or None
        The value in the model's unit.
    scale : float
        Model value = table value x scale, for the ends of the range.
    """
    return {
        "value": value,
        "low": None if fact.low is None else fact.low * scale,
        "high": None if fact.high is None else fact.high * scale,
        "source": fact.source.publisher,
        "url": fact.source.url,
        "date": fact.source.date,
        "grade": str(fact.source.confidence),
        "row": fact.place,
        "notes": fact.notes,
    }


def _end(value: float) -> float | None:
    return value if isfinite(value) else None
