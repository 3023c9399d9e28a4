"""Scenario and tables become frozen arrays: the last place that sees pydantic or a table."""

import datetime as dt
import difflib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from operator import itemgetter
from typing import Self

import numpy as np

from data.catalog import Catalog
from data.problems import Problem, RefusedError, named_again
from data.provenance import Fact
from forecasts.compiled import Record
from forecasts.hardware import Generation
from forecasts.own_series import tie_problems
from forecasts.quantities import Quantity
from forecasts.rack_library import LABELS
from forecasts.records import QUANTITY
from forecasts.roadmap import entered_rows, roadmap_rows, roadmaps_of
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.units import MONTHS_PER_YEAR, Array, Whole
from forecasts.water_rows import water_rows

FIRST_WAVE = "1"
"""Wave of the announced factories; all others are candidates."""


@dataclass(frozen=True, slots=True, eq=False)
class Site:
    """One factory of the register.

    Attributes
    ----------
    key : str
        Its name in files and links.
    name, iso3, city, wave : str
        As in the register; `region` is the country whose capacity series carries its demand.
    latitude, longitude : float
        Degrees, for the map.
    """

    key: str
    name: str
    iso3: str
    region: str
    city: str
    wave: str
    latitude: float
    longitude: float


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """Everything the model needs, resolved for every factory.

    Attributes
    ----------
    scenario : Scenario
        What it was made from.
    sites : tuple of Site
        The factories, in the order of every array's factory axis.
    facts : mapping of (str, str) to Fact
        The table row behind a quantity of a factory, where there is one.
    generations : tuple of tuple of Generation
        Rack roadmap by factory.
    data_version : str
        Hash of the tables.
    quantities : (factory,) array of QUANTITY
        Each quantity for each factory.
    roadmap : (factory, generation) array of GENERATION
        The same generations, filled up with rows that are not on sale.
    entered : (factory, phase) array of ENTERED
        Phases the scenario states; rows without racks are unused.
    announced : (factory,) array of int
        Whether phase one was announced with its size.
    temperature : (factory, month) array
        Usual outside temperature of each month, degrees Celsius.
    water : mapping of (str, str) to Fact
        Rows on humidity, water stress and cooling, which no cash line reads: `water_rows`.
    """

    scenario: Scenario
    sites: tuple[Site, ...]
    facts: Mapping[tuple[str, str], Fact]
    generations: tuple[tuple[Generation, ...], ...]
    data_version: str
    quantities: Record
    roadmap: Record
    entered: Record
    announced: Whole
    temperature: Array
    water: Mapping[tuple[str, str], Fact]

    def phases_most(self) -> int:
        """Most phases of any factory."""
        planned = float(self.quantities["max_phases"].max())
        return max(round(planned), int((self.entered["racks"] > 0).sum(axis=1).max(initial=0)), 1)

    @property
    def months(self) -> int:
        """Length of the projection."""
        return self.scenario.months

    @property
    def start(self) -> dt.date:
        """First month."""
        return self.scenario.start

    def __getitem__(self, name: str) -> Array:
        """Return one quantity, (factory, 1)."""
        column: Array = self.quantities[name][:, None]
        return column

    @property
    def values(self) -> Mapping[str, Array]:
        """Return every quantity, (factory, 1) each."""
        return {name: self[name] for name in QUANTITIES}

    def having(self, **columns: Array) -> Self:
        """Return a copy with some quantities changed, each (factory, 1) or a single number."""
        quantities = self.quantities.copy()
        for name, column in columns.items():
            quantities[name] = np.broadcast_to(column, (len(self.sites), 1))[:, 0]
        return replace(self, quantities=quantities)

    def whole(self, name: str) -> tuple[int, ...]:
        """Return one quantity as whole numbers by factory."""
        return tuple(round(value) for value in self.quantities[name].tolist())


@lru_cache(maxsize=8)
def register(catalog: Catalog) -> tuple[Site, ...]:
    """Return all factories of the register: first wave first, then by name."""
    keys = dict.fromkeys(catalog.tables["factories"]["factory"])
    sites = [_site(catalog, str(key)) for key in keys]
    return tuple(sorted(sites, key=lambda site: (site.wave != FIRST_WAVE, site.key)))


def _site(catalog: Catalog, key: str) -> Site:
    def text(parameter: str) -> str:
        return catalog.fact("factories", factory=key, parameter=parameter).text

    def number(parameter: str) -> float:
        return catalog.number("factories", factory=key, parameter=parameter)

    return Site(
        key=key,
        name=text("name"),
        iso3=text("iso3"),
        region=text("regional_series"),
        city=text("city"),
        wave=text("wave"),
        latitude=number("latitude"),
        longitude=number("longitude"),
    )


def compile_plan(scenario: Scenario, catalog: Catalog) -> Plan:
    """Resolve a scenario against the tables.

    A quantity stated for a factory wins over one stated for all, which wins over the factory's
    row in the tables.

    Raises
    ------
    RefusedError
        If the scenario names a factory that is not in the register, or a table lacks a row.
    """
    known = register(catalog)
    _refuse_unknown(scenario, [site.key for site in known])
    loose = list(tie_problems(catalog, scenario.follows))
    if loose:
        raise RefusedError(loose)
    chosen = scenario.factories
    sites = tuple(site for site in known if site.key in chosen) if chosen else known
    quantities, facts = _quantities(scenario, catalog, sites)
    keys = [site.key for site in sites]
    generations = roadmaps_of(scenario, catalog, quantities, keys)
    return Plan(
        scenario=scenario,
        sites=sites,
        facts=facts,
        generations=generations,
        data_version=catalog.version,
        quantities=quantities,
        roadmap=roadmap_rows(generations),
        entered=entered_rows(scenario, keys, generations),
        announced=np.array([site.wave == FIRST_WAVE for site in sites], dtype=np.int64),
        temperature=_temperatures(catalog, sites, scenario.start.month - 1, scenario.months),
        water=water_rows(catalog, tuple((site.key, site.iso3) for site in sites)),
    )


def _quantities(
    scenario: Scenario, catalog: Catalog, sites: tuple[Site, ...]
) -> tuple[Record, Mapping[tuple[str, str], Fact]]:
    """Every quantity as stated, or from each factory's row in the tables, with those rows."""
    row = np.array(_STATED(vars(scenario)), dtype=np.float64)  # what is not stated becomes NaN
    silent = np.flatnonzero(np.isnan(row)).tolist()
    own = frozenset((key, name) for key, stated in scenario.sites.items() for name in stated)
    found = np.tile(row, (len(sites), 1))
    found[:, silent], facts = _tabled_columns(catalog, sites, tuple(silent), own)
    quantities = found.view(QUANTITY)[:, 0]
    for place, site in enumerate(sites):
        for name, value in scenario.sites.get(site.key, {}).items():
            quantities[name][place] = value
    return quantities, facts


_STATED = itemgetter(*QUANTITIES)
"""Every quantity of a scenario's fields, in order."""


@lru_cache(maxsize=64)
def _tabled_columns(
    catalog: Catalog,
    sites: tuple[Site, ...],
    silent: tuple[int, ...],
    own: frozenset[tuple[str, str]],
) -> tuple[Array, dict[tuple[str, str], Fact]]:
    """Quantities at some places that the tables say, with their rows; those of `own` stay 0."""
    names, found = tuple(QUANTITIES), np.zeros((len(sites), len(silent)))
    facts: dict[tuple[str, str], Fact] = {}
    for place, name in enumerate(names[one] for one in silent):
        for row, site in enumerate(sites):
            if (site.key, name) not in own:
                found[row, place], facts[site.key, name] = _tabled(catalog, name, site)
    return found, facts


@lru_cache(maxsize=64)
def _temperatures(
    catalog: Catalog, sites: tuple[Site, ...], first_month: int, months: int
) -> Array:
    """Usual temperature of every month of the model, (factory, month)."""
    year = np.array([climate(catalog, site.iso3) for site in sites]).reshape(len(sites), -1)
    month = (first_month + np.arange(months)) % MONTHS_PER_YEAR
    return np.ascontiguousarray(year[:, month], dtype=np.float64)


@lru_cache(maxsize=256)
def climate(catalog: Catalog, iso3: str) -> tuple[float, ...]:
    """Return the usual temperature of the twelve calendar months, degrees Celsius."""
    names = [f"temperature_{month:02d}" for month in range(1, MONTHS_PER_YEAR + 1)]
    return tuple(catalog.number("sites", iso3=iso3, parameter=name) for name in names)


def _nearest(key: str, known: list[str]) -> str:
    near = difflib.get_close_matches(key, known, n=1, cutoff=0.4)
    return f"did you mean {near[0]!r}?" if near else f"use one of {', '.join(known)}"


def _refuse_unknown(scenario: Scenario, known: list[str]) -> None:
    named = {
        "factories": scenario.factories,
        "sites": tuple(scenario.sites),
        "phases": tuple(scenario.phases),
        "fx_curves": tuple(scenario.fx_curves),
    }
    problems = [
        Problem(f"{place}.{key}", repr(key), "a factory of the register", _nearest(key, known))
        for place, keys in named.items()
        for key in keys
        if key not in known
    ]
    problems += named_again("factories", scenario.factories)
    problems += [
        Problem(f"sites.{key}.{name}", f"{value:g}", QUANTITIES[name].limits, "correct it")
        for key, own in scenario.sites.items()
        for name, value in own.items()
        if name in QUANTITIES and not QUANTITIES[name].within(value)
    ]
    problems += [
        Problem(
            f"phases.{key}.{place}",
            repr(one.rack_model),
            "a rack system of the table hardware",
            f"use one of {', '.join(LABELS)}",
        )
        for key, phases in scenario.phases.items()
        for place, one in enumerate(phases)
        if one.rack_model is not None and one.rack_model not in LABELS
    ]
    problems += [
        Problem(
            f"phases.{key}.{place}",
            f"{one.decision:%Y-%m}",
            f"a decision from {scenario.start:%Y-%m} on, before the hall is energised",
            "move the decision, or start the model earlier",
        )
        for key, phases in scenario.phases.items()
        for place, one in enumerate(phases)
        if one.decision < scenario.start.replace(day=1)
        or (one.energised is not None and one.energised < one.decision)
    ]
    if problems:
        raise RefusedError(problems)


@lru_cache(maxsize=4096)
def _tabled(catalog: Catalog, name: str, site: Site) -> tuple[float, Fact]:
    """Return a quantity of a factory from its row in the tables."""
    quantity = QUANTITIES[name]
    fact = data_fact(catalog, quantity, site)
    if fact.value is None or quantity.from_data is None:
        raise RefusedError(
            [Problem(fact.place, repr(fact.text), "a number", "write it in the value column")]
        )
    return fact.value * quantity.from_data.scale, fact


def data_fact(catalog: Catalog, quantity: Quantity, site: Site) -> Fact:
    """Return the row a quantity of a factory is taken from when the scenario is silent."""
    if quantity.from_data is None:
        return catalog.fact("assumptions", quantity=quantity.name)
    key = {"parameter": quantity.from_data.parameter}
    if quantity.from_data.table == "sites":
        return catalog.fact("sites", iso3=site.iso3, **key)
    return catalog.fact("factories", factory=site.key, **key)
