"""What stands on a site at the end of a month: grid, generators, halls, racks, cooling, money.

Read off a projection, month by month; nothing is worked out anew but shares of time and of money
that its own dates and lines give.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

import numpy as np

from forecasts.energy_mix import rented_kw, source_shares
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES
from forecasts.phases import Phase

KW_PER_MW = 1e3


class Stage(StrEnum):
    """How far a hall is at the end of a month."""

    PLANNED = "planned"
    DECIDED = "decided"
    BUILDING = "building"
    ENERGISED = "energised"
    LIVE = "live"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Hall:
    """One phase at the end of a month. Months count from the start of the model.

    Attributes
    ----------
    number : int
        Of the phase, from 1.
    stage : Stage
        Planned, decided, being built, energised (racks are commissioned), live, or without racks
        once the last set is out of service.
    built : float
        Share of the months of construction that are over, 0 to 1.
    racks, planned_racks, ordered_racks : int
        Racks of ours that stand in the hall; of the first set; ordered and not yet delivered, with
        those that replace others.
    let_places : int
        Rack places kept for tenants.
    live_mw, planned_mw : float
        IT load in service, tenants' space included, as far as it has power; a bridge carries a
        share of it. IT load of the hall as planned.
    since, until : int or None
        Month in which this stage began, and in which the next begins; None where there is none.
    on_grid : bool
        Whether the grid carries the hall.
    """

    number: int
    stage: Stage
    built: float
    racks: int
    planned_racks: int
    ordered_racks: int
    let_places: int
    live_mw: float
    planned_mw: float
    since: int | None
    until: int | None
    on_grid: bool


@dataclass(frozen=True, slots=True)
class SiteMonth:
    """A site at the end of a month.

    Attributes
    ----------
    month : int
        Of the model, from 0.
    halls : tuple of Hall
        Phases in order.
    live_mw, planned_mw : float
        IT load in service and of all phases.
    facility_mw : float
        Facility power of live load at full draw: times PUE.
    pue : float
        Facility energy over IT energy, mean of a year.
    grid_month : int or None
        First month in which the grid carries a hall; None without phases.
    grid_mw, contracted_mw : float
        Facility power that the grid brings now, by its steps; that the connection can carry in all.
    bridge_mw : float
        Facility power for which generators are rented.
    grid_share, ppa_share, bridge_share : float
        Shares of this month's energy by source; all 0 while nothing is live.
    sold_share : float or None
        Share of available GPU-hours sold in the month; None while nothing is live.
    capex_usd, planned_capex_usd : float
        First-time capex spent by the end of the month, and in all; nominal.
    """

    month: int
    halls: tuple[Hall, ...]
    live_mw: float
    planned_mw: float
    facility_mw: float
    pue: float
    grid_month: int | None
    grid_mw: float
    contracted_mw: float
    bridge_mw: float
    grid_share: float
    ppa_share: float
    bridge_share: float
    sold_share: float | None
    capex_usd: float
    planned_capex_usd: float

    @property
    def racks(self) -> int:
        """Racks that stand on the site."""
        return sum(hall.racks for hall in self.halls)

    @property
    def planned_racks(self) -> int:
        """Racks of the first sets of all phases."""
        return sum(hall.planned_racks for hall in self.halls)

    @property
    def ordered_racks(self) -> int:
        """Racks ordered and not yet delivered."""
        return sum(hall.ordered_racks for hall in self.halls)

    @property
    def cooling_mw(self) -> float:
        """Facility power beyond IT at full draw: cooling and losses."""
        return self.facility_mw - self.live_mw


def site_month(result: Result, row: int, month: int) -> SiteMonth:
    """Return what stands on a site at the end of a month, along the expected path.

    Parameters
    ----------
    result : Result
        A projection.
    row : int
        Factory.
    month : int
        Month of the model.

    Raises
    ------
    ValueError
        If the projection has no such month.
    """
    months = result.plan.months
    if not 0 <= month < months:
        raise ValueError(f"month {month} is outside the projection: use 0 to {months - 1}")
    q, phases = result.plan.quantities[row], result.phases[row]
    live, pue = float(result.sales.live_mw[row, month]), float(q["pue"])
    spent = sum(-result.lines[name][0, row] for name in CAPEX_LINES)
    paid = np.cumsum(np.asarray(spent, dtype=np.float64))
    shares = [float(share[month]) if live > 0 else 0.0 for share in source_shares(result, row)]
    return SiteMonth(
        month=month,
        halls=tuple(_hall(result, row, place, month) for place in range(len(phases))),
        live_mw=live,
        planned_mw=sum(phase.it_mw for phase in phases),
        facility_mw=live * pue,
        pue=pue,
        grid_month=phases[0].grid if phases else None,
        grid_mw=_grid_mw(result, row, month),
        contracted_mw=float(q["site_capacity_mw"]),
        bridge_mw=float(rented_kw(result, row)[month]) / KW_PER_MW,
        grid_share=shares[0],
        ppa_share=shares[1],
        bridge_share=shares[2],
        sold_share=float(result.sales.sold_share[0, row, month]) if live > 0 else None,
        capex_usd=float(paid[month]),
        planned_capex_usd=float(paid[-1]),
    )


def _grid_mw(result: Result, row: int, month: int) -> float:
    """Facility power that the grid brings by the end of a month: all at once, or by its steps."""
    q, phases = result.plan.quantities[row], result.phases[row]
    if not phases or month < phases[0].grid:
        return 0.0
    most, step = float(q["site_capacity_mw"]), float(q["grid_step_mw"])
    if step <= 0:
        return most
    steps = 1 + (month - phases[0].grid) // max(round(float(q["grid_step_months"])), 1)
    return min(steps * step, most)


def _hall(result: Result, row: int, place: int, month: int) -> Hall:
    phase, sets = result.phases[row][place], result.cohorts
    roadmap = result.plan.generations[row]
    own = np.flatnonzero((sets.phase[row] == place) & (sets.kw[row] > 0)).tolist()
    racks = {
        one: round(float(sets.kw[row, one]) / roadmap[int(sets.generation[row, one])].rack_power_kw)
        for one in own
    }
    there = [one for one in own if sets.delivery[row, one] <= month < sets.end[row, one]]
    serves = [one for one in there if sets.live[row, one] <= month]
    ordered = [one for one in own if sets.order[row, one] <= month < sets.delivery[row, one]]
    ends = [int(sets.end[row, one]) for one in own]
    stage, since, until = _stage(phase, month, max(ends, default=phase.live))
    length = max(phase.energised - phase.construction, 1)
    served = sum(float(sets.kw[row, one]) for one in serves) / KW_PER_MW
    served += phase.leased_mw if month >= phase.live else 0.0
    bridged = 1.0 if month >= phase.grid else result.plan.quantities[row]["bridge_power_share"]
    return Hall(
        number=phase.number,
        stage=stage,
        built=min(max((month + 1 - phase.construction) / length, 0.0), 1.0),
        racks=sum(racks[one] for one in there),
        planned_racks=phase.racks,
        ordered_racks=sum(racks[one] for one in ordered),
        let_places=phase.places - phase.racks,
        live_mw=served * float(bridged),
        planned_mw=phase.it_mw,
        since=since,
        until=until if until is None or until < result.plan.months else None,
        on_grid=month >= phase.grid,
    )


def _stage(phase: Phase, month: int, end: int) -> tuple[Stage, int | None, int | None]:
    """Return the stage at the end of a month, when it began and when the next begins.

    A stage that lasts no month is passed over.
    """
    steps: list[tuple[Stage, int | None]] = [
        (Stage.PLANNED, None),
        (Stage.DECIDED, phase.decision),
        (Stage.BUILDING, phase.construction),
        (Stage.ENERGISED, phase.energised),
        (Stage.LIVE, phase.live),
        (Stage.EMPTY, end),
    ]
    for (stage, since), (_, until) in pairwise(steps):
        if until is not None and month < until:
            return stage, since, until
    return Stage.EMPTY, end, None
