"""Hardware cohorts: every set of racks a factory ever buys, first fit-out and refreshes.

A phase's racks are replaced at the end of their economic life by the generation then on sale,
at the same power. Arrays are (factory, slot) with empty slots holding no racks, so that the
stages can work on all cohorts at once.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.compiled import Record, bare, whole
from forecasts.hardware import on_sale
from forecasts.units import MONTHS_PER_YEAR, Array, Flags, Whole

LEAST_REFRESH_SHARE = 0.5
"""Racks are not replaced when less than this share of a new set's life is left before the end: it
would be bought at full price for a few months. The old ones then serve on."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """All racks ever bought.

    Attributes
    ----------
    order, delivery, live, end : (factory, slot) arrays of int
        Months of order, delivery and first sold hour; `end` is the first month out of service.
    generation, phase : (factory, slot) arrays of int
        Index of the rack generation, and of the phase the racks stand in.
    kw, gpus : (factory, slot) arrays
        IT power and GPU packages; 0 in an empty slot.
    is_refresh : (factory, slot) array of bool
        Whether the cohort replaces another.
    """

    order: Whole
    delivery: Whole
    live: Whole
    end: Whole
    generation: Whole
    phase: Whole
    kw: Array
    gpus: Array
    is_refresh: Flags

    def in_service(self, months: int) -> Flags:
        """Whether each cohort is live in each month, (factory, slot, month)."""
        month = np.arange(months)
        return (month >= self.live[..., None]) & (month < self.end[..., None])


def tabulated(rows: Record) -> Cohorts:
    """Return rows of COHORT, (factory, slot), as columns."""
    fields = ("order", "delivery", "live", "end", "generation", "phase", "kw", "gpus")
    columns = {name: np.ascontiguousarray(rows[name]) for name in fields}
    return Cohorts(**columns, is_refresh=rows["is_refresh"] > 0)


@bare
def life_months(years: float) -> int:
    """A life in whole months, at least one."""
    return max(1, whole(years * MONTHS_PER_YEAR))


def most_cohorts(years: float, months: int, phases: int) -> int:
    """Rows needed for all cohorts of so many phases."""
    return phases * (months // life_months(years) + 2)


@bare
def fit_out(q: Record, site: Record, build: Record, months: int) -> None:
    """Fill in every cohort of the phases of one factory, and their number."""
    life, lead = life_months(q.hardware_life_years), whole(q.rack_lead_months)
    count = 0
    for place in range(build.made[0]):
        phase = build.phases[place]
        live, delivery, order = phase.live, phase.energised, phase.order
        generation, racks, first = phase.generation, phase.racks, True
        while True:
            rack = site.roadmap[generation]
            last = months - (live + life) < life * LEAST_REFRESH_SHARE
            cohort = build.cohorts[count]
            count += 1
            cohort.order, cohort.delivery, cohort.live = order, delivery, live
            cohort.end = months if last else live + life
            cohort.generation, cohort.phase = generation, place
            cohort.is_refresh = 0 if first else 1
            cohort.kw, cohort.gpus = racks * rack.kw, racks * rack.gpus
            if last:
                break
            live, first = live + life, False
            delivery, order = live, live - min(lead, life)
            generation = on_sale(site.roadmap, delivery)
            own_mw = phase.it_mw - phase.leased_mw
            racks = int(own_mw * 1000 / site.roadmap[generation].kw + 1e-9)
            if racks < 1:
                break
    build.made[1] = count
