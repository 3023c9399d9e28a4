"""Which factories the map of the overview shows: by wave, region, finding and first sale. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from dashboard.charts.sitemap import STATES, state_of
from dashboard.charts.study import Study
from forecasts.coherence import REGIONS as GROUPS
from forecasts.plan import FIRST_WAVE

ANY = ""
"""A filter that lets every factory through."""

WAVES = {"first": "First wave", "candidates": "Candidates"}

REGIONS: Mapping[str, tuple[str, ...]] = {
    name: countries for name, (_, _, countries) in GROUPS.items()
}
"""Countries with a factory by region, as published demand groups them."""


@dataclass(frozen=True, slots=True)
class MapFilter:
    """What a factory must be to stand on the map; empty lets all through.

    Attributes
    ----------
    wave : str
        `first` or `candidates`.
    region : str
        A name of `REGIONS`.
    pays : str
        A name of `STATES`: earns its cost of capital, misses it, is not built.
    live : str
        Year in which its first phase sells at the latest.
    """

    wave: str = ANY
    region: str = ANY
    pays: str = ANY
    live: str = ANY

    def text(self) -> str:
        """Write the filter for a link.

        Examples
        --------
        >>> MapFilter(region="Europe", live="2029").text()
        'region~Europe,live~2029'
        """
        said = ((one.name, getattr(self, one.name)) for one in fields(self))
        return ",".join(f"{name}~{value}" for name, value in said if value)


def read_filter(text: str) -> MapFilter:
    """Read a filter from a link; parts that are none are left out.

    Examples
    --------
    >>> read_filter("region~Europe,pays~often,live~soon,what")
    MapFilter(wave='', region='Europe', pays='', live='')
    """
    pairs = dict(part.partition("~")[::2] for part in text.split(","))
    known = {"wave": WAVES, "region": REGIONS, "pays": STATES}
    kept = {name: pairs[name] for name, of in known.items() if pairs.get(name) in of}
    year = pairs.get("live", "")
    if year.isascii() and year.isdigit() and len(year) == 4:
        kept["live"] = year
    return MapFilter(**kept)


def first_year(study: Study, row: int) -> int | None:
    """Return the year of a factory's first sale; None where nothing is built."""
    phases = study.result.phases[row]
    if not phases:
        return None
    start = study.result.plan.start
    return int(start.year + (start.month - 1 + min(one.live for one in phases)) // 12)


def years(study: Study) -> list[str]:
    """Return the years in which a factory sells for the first time, in order."""
    found = {first_year(study, row) for row in range(len(study.sites))}
    return [str(year) for year in sorted(one for one in found if one is not None)]


def rows_shown(study: Study, asked: MapFilter) -> list[int]:
    """Return the factories that a filter lets through."""
    return [row for row in range(len(study.sites)) if _fits(study, row, asked)]


def _fits(study: Study, row: int, asked: MapFilter) -> bool:
    site = study.sites[row]
    if asked.wave and (site.wave == FIRST_WAVE) != (asked.wave == "first"):
        return False
    if asked.region and site.iso3 not in REGIONS[asked.region]:
        return False
    if asked.pays and state_of(study, row) != asked.pays:
        return False
    year = first_year(study, row)
    return not asked.live or (year is not None and year <= int(asked.live))
