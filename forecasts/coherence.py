"""Do the forecasts of capacity add up? Countries, regions and world, reconciled year by year.

A country's forecast is its own series'. A region's and the world's are the published level and
outlook, with growth between them; the rest of a region is what its countries leave. Each is
moved by its variance, so that a small country is not moved by the doubts about a continent. The
model takes the countries as they are forecast (bottom-up): what is shown here is how far the rest
of the world would move them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.catalog import Catalog
from data.late import Late
from forecasts.outlook import Outlook, country_name
from forecasts.reconcile import Reconciled, hierarchy, reconciled
from forecasts.units import MONTHS_PER_YEAR, Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

WORLD = "World"

REGIONS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "Africa": ("Data-centre capacity", "Africa", ("EGY", "KEN", "MAR", "NGA", "ZAF")),
    "Middle East": ("Data-centre capacity", "Middle East", ("ARE", "OMN", "QAT", "SAU")),
    "Europe": ("Data-centre capacity", "EU-27", ("BEL", "ROU")),
    "Asia Pacific": ("Data-centre capacity, JLL", "Asia Pacific", ("MYS",)),
}
"""Region: topic and region of its rows in the table of outlooks, and our countries in it."""

WORLD_ROWS = ("Data-centre capacity, JLL", "World")
"""Topic and region of the world's rows."""

OUTLOOK_ERROR = 0.3
"""Standard error of a published outlook of capacity five years ahead, as a share (an assumption:
the outlooks of one year differ by about as much)."""

LEAST_REST = 0.1
"""Smallest share of a whole that its unnamed parts hold, where the counts contradict."""

REST = "Rest of {}"


@dataclass(frozen=True, slots=True, eq=False)
class Coherence:
    """Capacity forecasts of one year before and after they are made to add up.

    Attributes
    ----------
    year : int
        Calendar year, at its end.
    table : DataFrame
        `node, parent, base_mw, coherent_mw, moved`: moved as a share of the base.
    gap : float
        World as forecast over the sum of its parts as forecast, less 1.
    result : Reconciled
        The projection behind it.
    """

    year: int
    table: pd.DataFrame
    gap: float
    result: Reconciled


def capacity_coherence(catalog: Catalog, known: Outlook, year: int) -> Coherence:
    """Reconcile the capacity forecasts of one year.

    Parameters
    ----------
    catalog : Catalog
        Tables; levels and outlooks of regions come from `outlooks`.
    known : Outlook
        Forecasts of the countries' series.
    year : int
        A calendar year within five years of the series' ends.

    Raises
    ------
    ValueError
        If the year lies beyond every forecast.
    """
    parents: dict[str, str] = {}
    base: dict[str, tuple[float, float]] = {}
    for region, (topic, place, countries) in REGIONS.items():
        line = _published(catalog, topic, place)
        base[region], parents[region] = line.at(year), WORLD
        then = 0.0
        for iso3 in countries:
            base[country_name(iso3)] = _country(known, f"capacity_{iso3}", year)
            parents[country_name(iso3)] = region
            then += _country(known, f"capacity_{iso3}", line.first)[0]
        base[REST.format(region)] = line.rest(then, year)
        parents[REST.format(region)] = region
    world = _published(catalog, *WORLD_ROWS)
    then = sum(_published(catalog, *rows[:2]).at(world.first)[0] for rows in REGIONS.values())
    base[WORLD], base[REST.format(WORLD)] = world.at(year), world.rest(then, year)
    parents[REST.format(WORLD)] = WORLD
    tree = hierarchy(parents)
    values = np.array([[base[node][0]] for node in tree.nodes])
    spread = np.array([[base[node][1]] for node in tree.nodes])
    result = reconciled(values, tree, method="weighted", errors=spread)
    flat = values[:, 0]
    coherent = result.values[:, 0]  # noqa: PD011 - an array, which ruff takes for a frame
    table = pd.DataFrame(
        {
            "node": tree.nodes,
            "parent": [parents.get(node, "") for node in tree.nodes],
            "base_mw": flat,
            "coherent_mw": coherent,
            "moved": np.where(flat > 0, coherent / np.where(flat > 0, flat, 1.0) - 1, 0.0),
        }
    )
    parts = sum(base[leaf][0] for leaf in tree.leaves)
    return Coherence(year, table, base[WORLD][0] / parts - 1, result)


def falling_short(known: Outlook, year: int) -> tuple[str, ...]:
    """Name the countries whose forecast ends before a year is over: it cannot be compared then.

    Parameters
    ----------
    known : Outlook
        Forecasts of the countries' series.
    year : int
        A calendar year.
    """
    codes = [iso3 for _, _, countries in REGIONS.values() for iso3 in countries]
    last = {iso3: int(known.future_ends(f"capacity_{iso3}")[-1]) for iso3 in codes}
    return tuple(country_name(iso3) for iso3, end in last.items() if end < _end_of(year))


def _end_of(year: int) -> int:
    return MONTHS_PER_YEAR * year + MONTHS_PER_YEAR - 1


@dataclass(frozen=True, slots=True)
class _Line:
    """A published level and outlook, with steady growth between and beyond them."""

    first: int
    level: float
    growth: float
    years: int

    def at(self, year: int) -> tuple[float, float]:
        """Level of a year in MW and its standard error."""
        level = self.level * float(np.exp(self.growth * (year - self.first)))
        return level, level * OUTLOOK_ERROR * max(abs(year - self.first) / self.years, 0.1)

    def rest(self, parts_then: float, year: int) -> tuple[float, float]:
        """What its parts left of it in its first year, grown as the whole is to grow."""
        left = max(self.level - parts_then, LEAST_REST * self.level)
        level, spread = self.at(year)
        return left * level / self.level, spread * left / self.level


def _published(catalog: Catalog, topic: str, region: str) -> _Line:
    """Return the newest published actual and outlook of a region."""
    rows = catalog.tables["outlooks"]
    own = rows[(rows["topic"] == topic) & (rows["region"] == region)].sort_values("vintage")
    now, later = (own[own["status"] == status].iloc[-1] for status in ("actual", "outlook"))
    first, last = int(str(now["period"])[:4]), int(str(later["period"])[:4])
    growth = float(np.log(float(later["value"]) / float(now["value"]))) / (last - first)
    return _Line(first, float(now["value"]), growth, last - first)


def _country(known: Outlook, key: str, year: int) -> tuple[float, float]:
    """A country's own level at the end of a year, and its standard error (80 % is 2.563 wide)."""
    history, forecast = known.histories[key], known.forecasts[key]
    ends = np.concatenate([history.ends, known.future_ends(key)])
    when = _end_of(year)

    def at(path: Array) -> float:
        whole = np.concatenate([history.values, path])  # noqa: PD011 - an array
        return float(np.interp(when, ends, whole))

    if when > ends[-1]:
        raise ValueError(f"{year} lies beyond the forecast of {key}; ask for an earlier year")
    width = at(forecast.upper[80]) - at(forecast.lower[80])
    return at(forecast.mean), width / 2.563
