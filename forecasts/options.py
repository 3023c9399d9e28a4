"""What could be built where, how large and when: each committed, then carried along paths."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from forecasts.drivers import central
from forecasts.engine import evaluate
from forecasts.lines import CAPEX_LINES
from forecasts.plan import Plan
from forecasts.programme import Options
from forecasts.replanned import Planner
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import (
    Mapper,
    Progress,
    carrier_of,
    carry_metrics,
    part_of,
)
from forecasts.units import MONTHS_PER_YEAR, Array

SIZES = ("first phase", "half", "all phases")
"""Sizes an option may have: how many of the site's phases may be built."""

STARTS = (0, 12, 24, 36)
"""Months by which an option may begin later than the register says."""

ENTERED = "as entered"
"""Start of a site whose phases the scenario enters: no size and no start moves them."""


@dataclass(frozen=True, slots=True)
class Variant:
    """A size and a start, for all sites.

    Attributes
    ----------
    size : str
        One of `SIZES`.
    later_months : int
        Months later than the register's decision.
    """

    size: str
    later_months: int


def variant_plan(plan: Plan, variant: Variant) -> Plan:
    """Return a plan in which every site has a size and a start."""
    most = plan["max_phases"]
    phases = {SIZES[0]: np.ones_like(most), SIZES[1]: np.ceil(most / 2), SIZES[2]: most}
    return plan.having(
        max_phases=np.minimum(phases[variant.size], most),
        decision_month=plan["decision_month"] + variant.later_months,
    )


def start_label(later_months: int) -> str:
    """Return how an option's start is called."""
    return f"{later_months} months later" if later_months else "as registered"


def options_of(
    planner: Planner,
    design: Design,
    mapper: Mapper | None = None,
    variants: tuple[Variant, ...] = (),
    progress: Progress | None = None,
) -> Options:
    """Commit every size and start at every site, and carry the same paths through each.

    `progress` is told how many paths of how many are through. Options in which nothing is built,
    or which build what a smaller size builds, are left out.
    """
    asked = variants or tuple(Variant(size, later) for later in STARTS for size in SIZES)
    site: list[str] = []
    size: list[str] = []
    start: list[str] = []
    npv: list[Array] = []
    used: list[tuple[Array, Array, Array]] = []
    seen: set[tuple[str, str, bytes]] = set()
    entered = planner.plan.scenario.phases
    for place, variant in enumerate(asked):
        plan = variant_plan(planner.plan, variant)
        carrier = carrier_of(plan, planner.outlook, planner.catalog, design)
        told = part_of(progress, place, len(asked))
        values, _ = carry_metrics(carrier, mapper, told)
        needs = _needs(plan, planner)
        for row, one in enumerate(plan.sites):
            own = tuple(need[row] for need in needs)
            as_entered = one.key in entered
            begun = ENTERED if as_entered else start_label(variant.later_months)
            mark = (one.key, begun, own[2].tobytes())
            if own[2].sum() > 0 and mark not in seen:
                seen.add(mark)
                site.append(one.key)
                size.append(SIZES[-1] if as_entered else variant.size)
                start.append(begun)
                npv.append(values["npv"][:, row])
                used.append((own[0], own[1], own[2]))
    years = -(-planner.plan.months // MONTHS_PER_YEAR)
    stacked = [np.array([one[place] for one in used]).reshape(-1, years) for place in range(3)]
    values_by_path = np.array(npv).T if npv else np.zeros((design.paths, 0))
    return Options(tuple(site), tuple(size), tuple(start), values_by_path, *stacked)


def _needs(plan: Plan, planner: Planner) -> tuple[Array, Array, Array]:
    """First-time capex, facility MW energised and racks ordered, (factory, year) each."""
    result = evaluate(plan, central(plan, planner.outlook))
    years = -(-plan.months // MONTHS_PER_YEAR)
    spent = -result.total(CAPEX_LINES)[0]
    padded = np.zeros((len(plan.sites), years * MONTHS_PER_YEAR))
    padded[:, : plan.months] = spent
    capex = padded.reshape(-1, years, MONTHS_PER_YEAR).sum(axis=2)
    grid, racks = np.zeros_like(capex), np.zeros_like(capex)
    for row, phases in enumerate(result.phases):
        for phase in phases:
            if phase.grid < plan.months:
                mw = phase.it_mw * float(plan["pue"][row, 0])
                grid[row, phase.grid // MONTHS_PER_YEAR] += mw
            racks[row, phase.order // MONTHS_PER_YEAR] += phase.racks
    return capex, grid, racks


def with_programme(plan: Plan, options: Options, chosen: Sequence[int]) -> Scenario:
    """Return the plan's scenario with a programme written into it.

    The chosen factories alone, each with its most phases and the month of its first decision
    where these differ from what the scenario gives; phases that it enters stay as they are.

    Raises
    ------
    ValueError
        If nothing is chosen: a scenario has at least one factory.
    """
    if not chosen:
        raise ValueError("no option is chosen; a scenario has at least one factory")
    scenario, later = plan.scenario, {start_label(months): months for months in STARTS}
    factories = {options.site[row]: row for row in chosen}
    sites = {key: dict(own) for key, own in scenario.sites.items()}
    kept = [(place, one.key) for place, one in enumerate(plan.sites) if one.key in factories]
    for place, key in kept:
        row = factories[key]
        if options.start[row] == ENTERED:
            continue
        wanted = variant_plan(plan, Variant(options.size[row], later[options.start[row]]))
        for name in ("max_phases", "decision_month"):
            value = float(wanted.quantities[name][place])
            if value != float(plan.quantities[name][place]):
                sites.setdefault(key, {})[name] = value
    return scenario.having(
        factories=tuple(key for _, key in kept),
        sites=sites,
        name=f"{scenario.name[:69]}, programme",
    )


def as_candidates(plan: Plan) -> Plan:
    """Return a plan in which no first phase is bound to the announced rack and size."""
    return replace(plan, announced=np.zeros_like(plan.announced))
