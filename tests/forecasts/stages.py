"""Small factories for tests of single stages."""

import numpy as np

from forecasts.hardware import FIRST_SYSTEM, Generation
from forecasts.phases import MOST_PHASES, build_out, no_phases, phases_of
from forecasts.records import COHORT, ENTERED, QUANTITY, Build, Paths, Site
from forecasts.roadmap import roadmap_rows
from forecasts.scenario import QUANTITIES

VERA_RUBIN = Generation(FIRST_SYSTEM, -3, 227.0, 72)
LATER = Generation("successor_1", 21, 227.0, 72)


def quantities(**stated):
    """One row of QUANTITY: base values, plain ones where a site's row would stand, then stated."""
    rows = np.zeros(1, QUANTITY)
    for name, quantity in QUANTITIES.items():
        rows[name] = quantity.default if quantity.default is not None else 0.0
    plain = {
        "phase_racks": 10_000 / 227, "max_phases": 3, "site_capacity_mw": 100.0, "pue": 1.25,
        "permit_months": 6, "grid_lead_months": 24, "construction_months": 12,
        "transformer_months": 0, "regime_demand": 1.0, "build_cost": 10.0,
        "power_price": 0.1, "labour_index": 1.0,
    }  # fmt: skip
    for name, value in (plain | stated).items():
        rows[name] = value
    return rows[0]


def site(*generations, announced=True, entered=(), first_month=0):
    rows = np.zeros(len(entered), ENTERED)
    for place, one in enumerate(entered):
        rows[place] = one
    roadmap = roadmap_rows((generations or (VERA_RUBIN,),))[0]
    return Site(roadmap, rows, announced, first_month)


def planned(q, where, demand):
    """Phases the planner builds."""
    rows = no_phases()
    return phases_of(rows, build_out(q, where, np.asarray(demand, dtype=float), rows))


def building(phases, cohorts=40):
    """A build-out with these phases and room for their cohorts."""
    rows = no_phases()
    for place, one in enumerate(phases):
        rows[place] = (*one, 0.0, one[3])  # nothing is let, or bridged
    return Build(
        rows, np.zeros(cohorts, COHORT), np.array([len(phases), 0]), np.zeros(MOST_PHASES),
        np.zeros(MOST_PHASES), np.zeros(cohorts), np.zeros(cohorts),
    )  # fmt: skip


def paths(months=180, **stated):
    drivers = dict.fromkeys(Paths._fields, 1.0) | stated
    return Paths(**{name: np.zeros(months) + value for name, value in drivers.items()})
