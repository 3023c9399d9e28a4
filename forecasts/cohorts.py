"""Hardware cohorts: every set of racks a factory ever buys, first fit-out and refreshes.

A phase's racks are replaced at the end of their economic life by the generation then on sale,
at the same power. Arrays are (factory, slot) with empty slots holding no racks, so that the
stages can work on all cohorts at once.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.hardware import Generation, generation_on_sale
from forecasts.phases import Phase
from forecasts.units import Array, Flags, Whole

LEAST_REFRESH_MONTHS = 12
"""Racks are not replaced when fewer months than this are left; the old ones then serve on."""


@dataclass(frozen=True, slots=True, eq=False)
class Cohorts:
    """All racks ever bought.

    Attributes
    ----------
    order, delivery, live, end : (factory, slot) arrays of int
        Months of order, delivery and first sold hour; `end` is the first month out of service.
    generation : (factory, slot) array of int
        Index of the rack generation.
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
    kw: Array
    gpus: Array
    is_refresh: Flags

    def in_service(self, months: int) -> Flags:
        """Whether each cohort is live in each month, (factory, slot, month)."""
        month = np.arange(months)
        return (month >= self.live[..., None]) & (month < self.end[..., None])


@dataclass(frozen=True, slots=True)
class Renewal:
    """How racks are replaced: life, order lead, commissioning and horizon, in months."""

    life: int
    rack_lead: int
    months: int


_Row = tuple[int, int, int, int, int, float, float, bool]


def cohorts_of(
    phases: tuple[tuple[Phase, ...], ...],
    renewals: tuple[Renewal, ...],
    generations: tuple[tuple[Generation, ...], ...],
) -> Cohorts:
    """Return every cohort of every factory.

    Parameters
    ----------
    phases : tuple of tuple of Phase
        Build-out by factory.
    renewals : tuple of Renewal
        Replacement rule by factory.
    generations : tuple of tuple of Generation
        Roadmap by factory.
    """
    rows = [
        [row for phase in own for row in _phase_rows(phase, rule, roadmap)]
        for own, rule, roadmap in zip(phases, renewals, generations, strict=True)
    ]
    slots = max((len(own) for own in rows), default=0) or 1
    empty: _Row = (0, 0, 0, 0, 0, 0.0, 0.0, False)
    table = [[*own, *[empty] * (slots - len(own))] for own in rows]

    def whole(field: int) -> Whole:
        return np.array([[row[field] for row in own] for own in table], dtype=np.int64)

    def real(field: int) -> Array:
        return np.array([[row[field] for row in own] for own in table], dtype=np.float64)

    return Cohorts(
        order=whole(0),
        delivery=whole(1),
        live=whole(2),
        end=whole(3),
        generation=whole(4),
        kw=real(5),
        gpus=real(6),
        is_refresh=real(7) > 0,
    )


def _phase_rows(phase: Phase, rule: Renewal, roadmap: tuple[Generation, ...]) -> list[_Row]:
    rows: list[_Row] = []
    order, delivery, live = phase.order, phase.energised, phase.live
    generation, kw, gpus = phase.generation, phase.it_mw * 1000, float(phase.gpus)
    while True:
        last = rule.months - (live + rule.life) < LEAST_REFRESH_MONTHS
        end = rule.months if last else live + rule.life
        rows.append((order, delivery, live, end, generation, kw, gpus, bool(rows)))
        if last:
            return rows
        live += rule.life
        delivery, order = live, live - min(rule.rack_lead, rule.life)
        generation = generation_on_sale(roadmap, delivery)
        rack = roadmap[generation]
        racks = int(phase.it_mw * 1000 / rack.rack_power_kw + 1e-9)
        kw, gpus = racks * rack.rack_power_kw, float(racks * rack.gpus_per_rack)
        if racks < 1:
            return rows
