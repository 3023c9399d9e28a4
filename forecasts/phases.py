"""Build-out phases: when each is decided, built, energised and live, and with which racks.

Phase one is decided in the month the register states. Where it was announced, it has the stated
size and the first rack generation; a candidate's is sized by the demand forecast for two years
after it goes live, and uses the generation then on sale. Each later phase is decided once the
demand forecast for the end of its lead time fills the stated share of all capacity, this phase
included. Permits run before construction, the grid connection beside both; racks arrive when
the hall is energised and sell their first hour after commissioning.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.hardware import Generation, generation_on_sale
from forecasts.units import Array

SIZING_MONTHS = 24
"""A candidate's first phase is sized for demand this long after it goes live."""

LEAST_LIVE_MONTHS = 24
"""A phase that would be live for less than this before the end is not begun."""


@dataclass(frozen=True, slots=True)
class Phase:
    """One block of the build-out. Months count from the start of the model.

    Attributes
    ----------
    number : int
        1 for the first phase.
    decision, construction, order, energised, live : int
        Months of the decision, the start of building, the rack order, the energised hall (racks
        delivered) and the first sold hour.
    generation : int
        Index of the rack generation.
    racks, gpus : int
        Whole racks, and the GPU packages in them.
    it_mw : float
        IT load at full power.
    critical : str
        What decided the date: `grid` or `construction`.
    """

    number: int
    decision: int
    construction: int
    order: int
    energised: int
    live: int
    generation: int
    racks: int
    gpus: int
    it_mw: float
    critical: str

    def __post_init__(self) -> None:
        if not self.decision <= self.order <= self.energised <= self.live:
            raise ValueError(
                f"phase {self.number} has decision {self.decision}, order {self.order}, energised "
                f"{self.energised}, live {self.live}: each must not come before the one before it; "
                "move the later date back"
            )


@dataclass(frozen=True, slots=True)
class SiteRules:
    """What bounds the build-out of one factory; months and MW as in the scenario."""

    decision: int
    done: int
    permit: int
    grid: int
    delay: int
    construction: int
    rack_lead: int
    commissioning: int
    spacing: int
    phase_kw: float
    max_phases: int
    site_mw: float
    pue: float
    threshold: float
    least_kw: float
    announced: bool


def plan_phases(
    rules: SiteRules, demand_mw: Array, generations: tuple[Generation, ...]
) -> tuple[Phase, ...]:
    """Return the phases of one factory, in order.

    Parameters
    ----------
    rules : SiteRules
        Lead times, sizes and limits.
    demand_mw : (month,) array
        IT load wanted from the factory.
    generations : tuple of Generation
        Racks on sale over time.
    """
    phases: list[Phase] = []
    while len(phases) < rules.max_phases:
        phase = _next_phase(rules, demand_mw, generations, phases)
        if phase is None:
            break
        phases.append(phase)
    return tuple(phases)


def _next_phase(
    rules: SiteRules,
    demand_mw: Array,
    generations: tuple[Generation, ...],
    phases: list[Phase],
) -> Phase | None:
    committed = sum(phase.it_mw for phase in phases)
    decision = _decision_month(rules, demand_mw, phases, committed)
    if decision is None:
        return None
    energised, critical = _energised(rules, decision, phases)
    live = energised + rules.commissioning
    if live + LEAST_LIVE_MONTHS > demand_mw.size:
        return None
    fixed = rules.announced and not phases
    generation = 0 if fixed else generation_on_sale(generations, energised)
    rack = generations[generation]
    room_kw = (rules.site_mw / rules.pue - committed) * 1000
    size_kw = _size_kw(rules, demand_mw, live, first=not phases)
    racks = int(min(size_kw, room_kw) / rack.rack_power_kw + 1e-9)
    if racks < 1:
        return None
    return Phase(
        number=len(phases) + 1,
        decision=decision,
        construction=max(decision, energised - rules.construction),
        order=max(decision, energised - rules.rack_lead),
        energised=energised,
        live=live,
        generation=generation,
        racks=racks,
        gpus=racks * rack.gpus_per_rack,
        it_mw=racks * rack.rack_power_kw / 1000,
        critical=critical,
    )


def _size_kw(rules: SiteRules, demand_mw: Array, live: int, *, first: bool) -> float:
    """As entered, but a candidate's first phase is no larger than what demand will fill."""
    if rules.announced or not first:
        return rules.phase_kw
    seen = demand_mw[min(live + SIZING_MONTHS, demand_mw.size - 1)]
    wanted_kw = float(seen) * 1000 / max(rules.threshold, 1e-9)
    return min(rules.phase_kw, max(wanted_kw, rules.least_kw))


def _decision_month(
    rules: SiteRules, demand_mw: Array, phases: list[Phase], committed: float
) -> int | None:
    """Phase one as entered; later ones when demand at the end of the lead time is enough."""
    if not phases:
        return rules.decision
    needed = (committed + rules.phase_kw / 1000) * rules.threshold
    month = np.arange(phases[-1].decision + rules.spacing, demand_mw.size)
    built = month + max(rules.construction, rules.rack_lead)
    live = np.maximum(built, phases[0].energised) + rules.commissioning
    in_time = live < demand_mw.size
    enough = np.flatnonzero(demand_mw[live[in_time]] >= needed)
    return int(month[enough[0]]) if enough.size else None


def _energised(rules: SiteRules, decision: int, phases: list[Phase]) -> tuple[int, str]:
    """Month the hall is energised, and what decided it.

    The first phase waits for permit and grid, less the work already done; later phases are built
    under the same permit and connection, and wait for them only while they are not there.
    """
    if phases:
        built = decision + max(rules.construction, rules.rack_lead)
        return max(built, phases[0].energised), "construction"
    permit = max(0, rules.permit - rules.done)
    grid = max(0, rules.grid - rules.done) + rules.delay
    built = decision + max(permit + rules.construction, rules.rack_lead)
    connected = decision + grid
    return max(built, connected), "grid" if connected > built else "construction"
