"""Carbon of a factory's electricity by calendar year, and the record of its grid.

The record is the rows `carbon_intensity` of the table `country_year`. The projection begins with
the row `grid_carbon` in the row's own year, or with what the scenario states at the start of the
model, and changes by `grid_carbon_change` a year: an assumption, also where a record speaks for it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.energy_mix import PARTS, source_shares
from forecasts.energy_used import energy_mwh
from forecasts.engine import Result
from forecasts.tax import calendar_years
from forecasts.units import MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3
GRAMS_PER_TONNE = 1e6
PERCENT = 100.0


@dataclass(frozen=True, slots=True)
class CarbonYear:
    """Electricity of a factory and its carbon in one calendar year.

    Attributes
    ----------
    year : int
        Calendar year.
    energy_mwh : float
        Electricity used.
    grams_per_kwh, low, high : float
        Carbon intensity of the grid, mean of the year's months; with the yearly change at the low
        and at the high end of its row.
    carbon_t : float
        Tonnes of CO2: energy of the grid at its intensity, of other sources at theirs.
    """

    year: int
    energy_mwh: float
    grams_per_kwh: float
    low: float
    high: float
    carbon_t: float


def carbon_by_year(result: Result, row: int, path: int = 0) -> tuple[CarbonYear, ...]:
    """Return electricity, intensity and carbon of every calendar year of the projection."""
    mwh = energy_mwh(result, row, path)
    fact = result.plan.facts.get((result.plan.sites[row].key, "grid_carbon_change"))
    change = float(result.plan.quantities[row]["grid_carbon_change"])
    ends = _ends(fact, change)
    middle, low, high = (intensity(result, row, rate) for rate in (change, *ends))
    tonnes = mwh * KW_PER_MW * mixed(result, row, middle) / GRAMS_PER_TONNE
    places = calendar_years(result.plan.start, result.plan.months)
    found = []
    for place in np.unique(places).tolist():
        of = places == place
        found.append(
            CarbonYear(
                year=result.plan.start.year + int(place),
                energy_mwh=float(mwh[of].sum()),
                grams_per_kwh=float(middle[of].mean()),
                low=float(np.minimum(low, high)[of].mean()),
                high=float(np.maximum(low, high)[of].mean()),
                carbon_t=float(tonnes[of].sum()),
            )
        )
    return tuple(found)


def _ends(fact: Fact | None, change: float) -> tuple[float, float]:
    """Yearly change at both ends of its row; the change itself where no row speaks."""
    if fact is None or fact.low is None or fact.high is None:
        return change, change
    return fact.low / PERCENT, fact.high / PERCENT


def mixed(result: Result, row: int, grid: Array) -> Array:
    """Return the intensity of a month's energy, gCO2/kWh: the grid's, and that of other sources."""
    q = result.plan.quantities[row]
    shares = dict(zip(PARTS, source_shares(result, row), strict=True))
    if not (shares["ppa"].any() or shares["bridge"].any()):
        return grid
    others: Array = shares["ppa"] * q["ppa_carbon"] + shares["bridge"] * q["bridge_carbon"]
    return shares["grid"] * grid + others


def intensity(result: Result, row: int, change: float) -> Array:
    """Return the grid's carbon intensity in every month, gCO2/kWh, at a yearly change."""
    years = _years_before(result, row) + np.arange(result.plan.months) / MONTHS_PER_YEAR
    grams: Array = result.plan.quantities[row]["grid_carbon"] * (1 + change) ** years
    return grams


def _years_before(result: Result, row: int) -> float:
    """Years from the middle of the row's year to the start; none where the scenario states it."""
    fact = result.plan.facts.get((result.plan.sites[row].key, "grid_carbon"))
    if fact is None:
        return 0.0
    known = _year_of(fact) + 0.5
    start = result.plan.start
    return max(start.year + (start.month - 1) / MONTHS_PER_YEAR - known, 0.0)


def grid_record(catalog: Catalog, iso3: str) -> dict[int, Fact]:
    """Return the row of a country's grid for every year on record, oldest first."""
    facts = catalog.facts("country_year", iso3=iso3, indicator="carbon_intensity")
    return {_year_of(fact): fact for fact in facts if fact.value is not None}


def _year_of(fact: Fact) -> int:
    """Year in the place of a row: its last key is the period."""
    return int(fact.place.rstrip("]").rpartition(", ")[2][:4])
