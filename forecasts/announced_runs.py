"""Announced projects run through the ordinary model, on what was known on their day.

A project brings its country, its rack system and the rack price known in the year of its
announcement, and nothing that came later. Where a country has no factory of ours, the median of our
sites stands in.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from statistics import median

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.announced import Announced
from forecasts.engine import Result, run
from forecasts.entered import EnteredPhase
from forecasts.lines import CAPEX_LINES
from forecasts.rack_library import LABELS, rack_library
from forecasts.scenario import Scenario

HARDWARE = ("racks", "network_storage", "integration", "security_platform", "freight_duty")
"""Capex lines that an announcement of equipment alone covers."""

TYPICAL = ("build_cost", "pue", "land_price", "import_duty_it")
DATES = ("permit_months", "grid_lead_months", "construction_months")
"""Rows of `sites` whose median stands in for countries without a factory."""

START = dt.date(2026, 1, 1)
RACKS = 100
"""Size of the run: the model knows no economies of scale, so cost per MW is that of any size."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the model makes of a project before anything is fitted.

    Attributes
    ----------
    capex_usd_per_mw, hardware_usd_per_mw : float
        All first-time capex, and its equipment, per MW of IT load.
    capex_usd_per_gpu, kw_per_gpu, pue, months : float
        Capex and IT power per GPU, facility over IT energy, months from decision to power.
    price_fact : Fact
        The row of the rack price that was known.
    """

    capex_usd_per_mw: float
    hardware_usd_per_mw: float
    capex_usd_per_gpu: float
    kw_per_gpu: float
    pue: float
    months: float
    price_fact: Fact


def expected(project: Announced, catalog: Catalog) -> Expected:
    """Run the model for a project on what was known when it was announced."""
    fact, price = known_price(catalog, project.system, int(project.announced))
    result = _run(catalog, project.iso3, project.system, price)
    phase, racks = result.phases[0][0], rack_library(catalog)[project.system]
    capex = -float(result.total(CAPEX_LINES)[0, 0].sum())
    return Expected(
        capex_usd_per_mw=capex / phase.it_mw,
        hardware_usd_per_mw=-float(result.total(HARDWARE)[0, 0].sum()) / phase.it_mw,
        capex_usd_per_gpu=capex / phase.gpus,
        kw_per_gpu=racks.kw_per_gpu,
        pue=float(result.plan["pue"][0, 0]),
        months=phase.energised - phase.decision,
        price_fact=fact,
    )


def known_price(catalog: Catalog, system: str, year: int) -> tuple[Fact, float]:
    """Return the price of a rack as known in a year, and its row.

    Where the system had none yet, the newest older system that had one lends its price per kW.

    Raises
    ------
    ValueError
        If no system up to this one was priced by then.
    """
    library, keys = rack_library(catalog), list(LABELS)
    for key in reversed(keys[: keys.index(system) + 1]):
        facts = catalog.facts("hardware", system=key, attribute="rack_price_usd")
        known = [one for one in facts if _period(one) <= year and one.value is not None]
        if known and known[-1].value is not None:
            return known[-1], known[-1].value / library[key].kw * library[system].kw
    raise ValueError(f"no rack up to {system!r} has a price by {year}; add a row rack_price_usd")


def _period(fact: Fact) -> int:
    """Year of a row of `hardware`: the last part of its key."""
    return int(fact.place.rstrip("]").rpartition(", ")[2][:4])


@lru_cache(maxsize=256)
def _run(catalog: Catalog, iso3: str, system: str, price: float) -> Result:
    own = catalog.facts("factories", parameter="iso3")
    keys = {fact.text: fact.place.split("[")[1].split(",")[0] for fact in own}
    racks = rack_library(catalog)[system]
    stated = {
        "rack_price": price,
        "rack_power_kw": racks.kw,
        "gpus_per_rack": racks.gpus,
        "hall_density_kw": max(racks.kw, Scenario().hall_density_kw),
        "lead_months_done": 0.0,
    }
    if iso3 not in keys:
        stated |= {name: typical(catalog, name) for name in (*TYPICAL, *DATES)}
        stated["import_duty"] = stated.pop("import_duty_it") / 100
    key = keys.get(iso3, next(iter(keys.values())))
    entered: dict[str, tuple[EnteredPhase, ...]] = {
        key: (EnteredPhase(decision=START, racks=RACKS),)
    }
    scenario = Scenario(
        name="announced", start=START, months=120, factories=(key,), sites={key: stated},
        phases=entered,
    )  # fmt: skip
    return run(scenario, catalog)


def typical(catalog: Catalog, name: str) -> float:
    """Return the median of a row of `sites` over our countries."""
    found = [
        fact.value for fact in catalog.facts("sites", parameter=name) if fact.value is not None
    ]
    return median(found)
