"""Build-out phases: when each is decided, built, energised and live, and with which racks.

Phase one is decided in the month the register states. Where it was announced, it has the stated
size and the first rack generation; a candidate's is sized by the demand forecast for two years
after it goes live, and uses the generation then on sale. Each later phase is decided once the
demand forecast for the end of its lead time fills the stated share of all capacity, this phase
included. Permits run before construction, the grid connection beside both; racks arrive when
the hall is energised and sell their first hour after commissioning. Where a scenario states a
bridge, a phase that only the grid holds back is energised once generators stand on the site. A
scenario may state its phases instead: then their dates and racks stand as entered, and checks say
what does not fit.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.compiled import Record, bare, whole
from forecasts.hardware import on_sale
from forecasts.records import PHASE
from forecasts.units import Array

SIZING_MONTHS = 24
"""A candidate's first phase is sized for demand this long after it goes live."""

LEAST_LIVE_MONTHS = 24
"""A phase that would be live for less than this before the end is not begun."""

MOST_PHASES = 12
"""Phases a site can take."""

CRITICAL = ("construction", "grid", "transformer", "racks", "grid step", "entered", "bridge")
"""What can decide the date of an energised hall."""

BUILT, GRID, TRANSFORMER, RACKS, GRID_STEP, AS_ENTERED, BRIDGE = range(7)


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
        IT load at full power, with the space for tenants.
    critical : str
        What decided the date of the energised hall, one of `CRITICAL`.
    leased_mw : float
        Part of the load that is space for tenants: whole rack places without racks of ours.
    grid : int
        Month from which the grid carries the hall; later than `energised` only where a bridge
        carries it until then.
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
    leased_mw: float = 0.0
    grid: int = 0

    def __post_init__(self) -> None:
        if not self.decision <= self.order <= self.energised <= self.live:
            raise ValueError(
                f"phase {self.number} has decision {self.decision}, order {self.order}, energised "
                f"{self.energised}, live {self.live}: each must not come before the one before it; "
                "move the later date back"
            )

    @property
    def bridged_months(self) -> int:
        """Months in which a bridge carries the energised hall."""
        return max(self.grid - self.energised, 0)

    @property
    def places(self) -> int:
        """Rack places of the hall: those with racks, and those for tenants."""
        return round(self.racks * self.it_mw / (self.it_mw - self.leased_mw))


def phases_of(rows: Record, count: int) -> tuple[Phase, ...]:
    """Return the first `made` rows of PHASE as phases."""
    found = []
    for place, row in enumerate(rows[:count].tolist()):
        fields = dict(zip(PHASE.names or (), row, strict=True))
        fields["critical"] = CRITICAL[fields["critical"]]
        found.append(Phase(number=place + 1, **fields))
    return tuple(found)


def no_phases() -> Record:
    """Return room for the phases of one factory, (phase,) of PHASE."""
    return np.zeros(MOST_PHASES, PHASE)


@bare
def build_out(q: Record, site: Record, demand_mw: Array, phases: Record) -> int:
    """Plan the phases of one factory and return their number.

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    site : Site
        Roadmap, entered phases, whether phase one was announced.
    demand_mw : (month,) array
        IT load wanted, as forecast when the build-out is committed.
    phases : (phase,) array of PHASE
        Filled.
    """
    entered = site.entered.size
    most = entered if entered > 0 else whole(q.max_phases)
    count = 0
    for _ in range(min(most, phases.size)):
        if entered > 0:
            built = _enter(q, site, phases, count, demand_mw.size)
        else:
            built = _plan(q, site, demand_mw, phases, count)
        if not built:
            break
        count += 1
    return count


@bare
def _plan(q: Record, site: Record, demand_mw: Array, phases: Record, count: int) -> bool:
    """Plan the next phase where demand, time, site and capital allow one."""
    committed = 0.0
    for place in range(count):
        committed += phases[place].it_mw
    decision = _decision(q, demand_mw, phases, count, committed)
    if decision < 0:
        return False
    energised, critical, grid = _energised(q, decision, phases, count)
    live = energised + whole(q.commissioning_months)
    if live + LEAST_LIVE_MONTHS > demand_mw.size:
        return False
    fixed = site.announced and count == 0
    generation = 0 if fixed else on_sale(site.roadmap, energised)
    rack = site.roadmap[generation]
    room_kw = (q.site_capacity_mw / q.pue - committed) * 1000
    size_kw = q.phase_racks * q.rack_power_kw
    if count == 0 and not site.announced:
        seen = demand_mw[min(live + SIZING_MONTHS, demand_mw.size - 1)]
        wanted_kw = seen * 1000 / max(q.expansion_threshold, 1e-9)
        size_kw = min(size_kw, max(wanted_kw, q.smallest_phase_racks * q.rack_power_kw))
    racks = int(min(size_kw, room_kw) / rack.kw + 1e-9)
    if racks < 1:
        return False
    stepped = _step_month(q, phases, count, (committed + racks * rack.kw / 1000) * q.pue)
    if stepped > grid:
        grid, there = stepped, _bridge_month(q, decision, phases, count)
        energised, critical = _powered(q, (energised, critical), (grid, GRID_STEP), there)
        live = energised + whole(q.commissioning_months)
        if live + LEAST_LIVE_MONTHS > demand_mw.size:
            return False
    _write(q, phases[count], rack, generation, racks)
    _date(q, phases[count], decision, (energised, grid), critical)
    return True


@bare
def _enter(q: Record, site: Record, phases: Record, count: int, months: int) -> bool:
    """Take the next phase as the scenario states it; what is left open follows the lead times."""
    stated = site.entered[count]
    energised, critical, grid = _energised(q, stated.decision, phases, count)
    if stated.energised >= 0:
        energised, critical = max(stated.energised, stated.decision), AS_ENTERED
        grid = energised
    if energised + whole(q.commissioning_months) >= months:
        return False
    generation = stated.generation
    if generation < 0:
        generation = 0 if count == 0 and site.announced else on_sale(site.roadmap, energised)
    _write(q, phases[count], site.roadmap[generation], generation, stated.racks)
    _date(q, phases[count], stated.decision, (energised, grid), critical)
    return True


@bare
def _write(q: Record, phase: Record, rack: Record, generation: int, places: int) -> None:
    """Fill the hall: some places are kept for tenants, but never the last one."""
    leased = min(whole(places * q.lease_share), places - 1)
    phase.generation = generation
    phase.racks = places - leased
    phase.gpus = int(phase.racks * rack.gpus)
    phase.it_mw = places * rack.kw / 1000
    phase.leased_mw = leased * rack.kw / 1000


@bare
def _date(q: Record, phase: Record, decision: int, powered: tuple[int, int], critical: int) -> None:
    energised, grid = powered
    phase.grid = grid
    phase.decision = decision
    phase.construction = max(decision, energised - whole(q.construction_months))
    phase.order = max(decision, energised - whole(q.rack_lead_months))
    phase.energised = energised
    phase.live = energised + whole(q.commissioning_months)
    phase.critical = critical


@bare
def _built_months(q: Record) -> int:
    """Months from decision to a hall with plant and racks, under a permit and a grid in place."""
    longest = max(whole(q.construction_months), whole(q.rack_lead_months))
    return int(max(longest, whole(q.transformer_months)))


@bare
def _decision(q: Record, demand_mw: Array, phases: Record, count: int, committed: float) -> int:
    """Phase one as entered; later ones when demand at the end of the lead time is enough."""
    if count == 0:
        return whole(q.decision_month)
    needed = (committed + q.phase_racks * q.rack_power_kw / 1000) * q.expansion_threshold
    lead = _built_months(q)
    start = phases[count - 1].decision + whole(q.phase_spacing_months)
    for month in range(start, demand_mw.size):
        live = max(month + lead, phases[0].energised) + whole(q.commissioning_months)
        if live >= demand_mw.size:
            return -1
        if demand_mw[live] >= needed:
            return month
    return -1


@bare
def _energised(q: Record, decision: int, phases: Record, count: int) -> tuple[int, int, int]:
    """Month the hall is energised, what decided it, and the month from which the grid carries it.

    The first phase waits for permit and grid, less the work already done; later phases are built
    under the same permit and connection, and wait for them only while they are not there.
    """
    construction, racks = whole(q.construction_months), whole(q.rack_lead_months)
    transformer = whole(q.transformer_months)
    done = whole(q.lead_months_done)
    connected = decision
    if count == 0:
        construction += max(0, whole(q.permit_months) - done)
        transformer = max(0, transformer - done)
        connected += max(0, whole(q.grid_lead_months) - done)
        connected += whole(q.grid_delay_months)
    else:
        connected = phases[0].grid
    ready, critical = decision + construction, BUILT
    if decision + transformer > ready:
        ready, critical = decision + transformer, TRANSFORMER
    if decision + racks > ready:
        ready, critical = decision + racks, RACKS
    there = _bridge_month(q, decision, phases, count)
    energised, critical = _powered(q, (ready, critical), (connected, GRID), there)
    return energised, critical, max(energised, connected)


@bare
def _bridge_month(q: Record, decision: int, phases: Record, count: int) -> int:
    """Month by which generators stand; later phases come under the first one's permit."""
    there = decision + whole(q.bridge_lead_months)
    return int(there if count == 0 else max(there, phases[0].energised))


@bare
def _powered(
    q: Record, ready: tuple[int, int], connected: tuple[int, int], there: int
) -> tuple[int, int]:
    """Month a hall has power, and what decided it: the grid, or generators where they are sooner.

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    ready, connected : (int, int)
        Month of a hall with all but the grid, and of its grid; each with what decides it.
    there : int
        Month by which generators stand.
    """
    if connected[0] <= ready[0]:
        return ready
    if q.bridge_power_share <= 0 or max(ready[0], there) >= connected[0]:
        return connected
    return (there, BRIDGE) if there > ready[0] else ready


@bare
def _step_month(q: Record, phases: Record, count: int, facility_mw: float) -> int:
    """Month by which the grid has been stepped up to a facility power; -1 without steps."""
    if q.grid_step_mw <= 0 or count == 0:
        return -1
    steps = int(np.ceil(facility_mw / q.grid_step_mw - 1e-9))
    return int(phases[0].grid + (steps - 1) * whole(q.grid_step_months))
