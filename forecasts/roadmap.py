"""Which racks a factory can buy, and the phases a scenario states, as rows for the stages."""

import datetime as dt
from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from data.catalog import Catalog
from forecasts.compiled import Record
from forecasts.entered import EnteredPhase
from forecasts.hardware import FIRST_SYSTEM, Generation
from forecasts.phases import MOST_PHASES
from forecasts.rack_library import RackSystem, rack_library
from forecasts.records import ENTERED, GENERATION
from forecasts.scenario import Scenario


def roadmaps_of(
    scenario: Scenario, catalog: Catalog, quantities: Record, factories: Sequence[str]
) -> tuple[tuple[Generation, ...], ...]:
    """Return what each factory can buy: generations on sale over time, then racks it names.

    Generations come one every so many months until the end of the projection.
    """
    first = _launch_month(scenario, catalog)
    kw, gpus, every = (
        quantities[name].tolist()
        for name in ("rack_power_kw", "gpus_per_rack", "generation_months")
    )
    found = []
    for row, factory in enumerate(factories):
        racks = kw[row], round(gpus[row])
        on_sale = _generations(*racks, first, round(every[row]), scenario.months)
        stated = scenario.phases.get(factory)
        named = _named(stated, catalog, quantities[row]) if stated else ()
        found.append(on_sale + named)
    return tuple(found)


@lru_cache(maxsize=256)
def _generations(
    kw: float, gpus: int, first: int, every: int, months: int
) -> tuple[Generation, ...]:
    launches = range(first, months, every) if every > 0 else [first]
    return tuple(
        Generation(f"successor_{index}" if index else FIRST_SYSTEM, launch, kw, gpus)
        for index, launch in enumerate(launches)
    )


def _launch_month(scenario: Scenario, catalog: Catalog) -> int:
    stated = catalog.fact("hardware", system=FIRST_SYSTEM, attribute="available_from").text
    year, month = (int(part) for part in stated.split("-")[:2])
    return (year - scenario.start.year) * 12 + month - scenario.start.month


def _named(stated: Sequence[EnteredPhase], catalog: Catalog, q: Record) -> tuple[Generation, ...]:
    """Return the racks that a factory's entered phases name, priced by themselves."""
    names = dict.fromkeys(phase.rack_model for phase in stated if phase.rack_model)
    return tuple(_priced(rack_library(catalog)[name], q) for name in names if name != FIRST_SYSTEM)


def _priced(system: RackSystem, q: Record) -> Generation:
    """Price a rack of the library; where no hour is priced, at parity per kW with the first."""
    parity = float(q["gpu_hour_price"] * q["gpus_per_rack"] / q["rack_power_kw"])
    hour = parity * system.kw_per_gpu if system.hour_usd is None else system.hour_usd
    price = system.price_usd
    if price is None:
        price = float(q["rack_price"] / q["rack_power_kw"]) * system.kw
    gpus = round(system.gpus)
    return Generation(system.key, 0, system.kw, gpus, price, hour, on_sale=False)


def roadmap_rows(generations: tuple[tuple[Generation, ...], ...]) -> Record:
    """Return roadmaps as rows of GENERATION, (factory, generation); short ones are filled up."""
    longest = max(len(own) for own in generations)
    rows = np.empty((len(generations), longest), GENERATION)
    for row, own in enumerate(generations):
        if row == 0 or own is not generations[row - 1]:
            rows[row:] = _rows(own, longest)  # most factories have the roadmap of the one before
    return rows


@lru_cache(maxsize=256)
def _rows(own: tuple[Generation, ...], longest: int) -> Record:
    rows = np.zeros(longest, GENERATION)
    for place, one in enumerate(own):
        rows[place] = (
            one.launch_month,
            place if one.on_sale else -1,
            one.on_sale,
            one.rack_power_kw,
            one.gpus_per_rack,
            one.rack_price,
            one.hour_price,
        )
    return rows


def entered_rows(
    scenario: Scenario, factories: list[str], generations: tuple[tuple[Generation, ...], ...]
) -> Record:
    """Return the phases that a scenario states, (factory, phase) of ENTERED, by decision."""
    rows = np.zeros((len(factories), MOST_PHASES), ENTERED)
    for row, factory in enumerate(factories):
        if factory not in scenario.phases:
            continue
        names = [one.name for one in generations[row]]
        stated = sorted(scenario.phases[factory], key=lambda one: one.decision)
        for place, one in enumerate(stated):
            energised = -1 if one.energised is None else _month(scenario, one.energised)
            generation = names.index(one.rack_model) if one.rack_model else -1
            decision = max(_month(scenario, one.decision), 0)
            rows[row, place] = (decision, energised, one.racks, generation)
    return rows


def _month(scenario: Scenario, day: dt.date) -> int:
    return (day.year - scenario.start.year) * 12 + day.month - scenario.start.month
