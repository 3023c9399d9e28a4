"""What a reader should know of one factory: what does not fit together, and what decides."""

from collections.abc import Iterator

from forecasts.engine import Result
from forecasts.figures import FIGURE
from forecasts.units import MONTHS_PER_YEAR
from forecasts.written import percent

LOW_USE = 0.5
"""Billed share of live capacity below which a reader is told."""

LEAST_CAP_RATE = 0.04
"""Cap rate below which a reader is told: published deals stand at 5 to 9 percent."""

ROUNDING = 1e-6


def misfits(result: Result, row: int) -> Iterator[tuple[str, str]]:
    """Yield what was stated for a factory and does not fit: horizon, hall, grid, loans.

    Yields
    ------
    (str, str)
        Name of the check, and what was found.
    """
    q, phases = result.plan.quantities[row], result.phases[row]
    stated = int((result.plan.entered[row]["racks"] > 0).sum())
    if stated > len(phases):
        yield (
            "phases lie within the horizon",
            f"{stated - len(phases)} of {stated} phases would go live after the projection ends "
            "and are left out: decide earlier, or lengthen it.",
        )
    roadmap = result.plan.generations[row]
    dense = {
        roadmap[phase.generation].name: roadmap[phase.generation].rack_power_kw
        for phase in phases
        if roadmap[phase.generation].rack_power_kw > q["hall_density_kw"] + ROUNDING
    }
    for name, kw in dense.items():
        yield (
            "racks fit the hall",
            f"A rack {name} draws {kw:.0f} kW; the hall is built for {q['hall_density_kw']:.0f}.",
        )
    if q["lease_share"] > 0 and any(phase.leased_mw <= 0 for phase in phases):
        yield (
            "space is let in whole rack places",
            f"{percent(q['lease_share'], 1)} of a phase is less than half a place, or its only "
            "one: that phase lets none.",
        )
    if any(phase.leased_mw > 0 for phase in phases) and 0 < q["lease_cap_rate"] < LEAST_CAP_RATE:
        yield (
            "let space is sold for what others pay",
            f"A cap rate of {percent(q['lease_cap_rate'], 1)} values it at "
            f"{1 / q['lease_cap_rate']:,.0f} years of net rent; deals stand at 5 % and more.",
        )
    yield from _grid(result, row)
    longest = min(float(q["hardware_life_years"]), result.plan.months / MONTHS_PER_YEAR)
    if q["gearing"] > 0 and q["debt_tenor_years"] > longest + ROUNDING:
        yield (
            "loans end before the racks do",
            f"A tenor of {q['debt_tenor_years']:g} years is cut to the racks' {longest:g}.",
        )
    breaches = int(result.figures[0, row, FIGURE["breaches"]])
    if breaches:
        yield (
            "debt service is covered",
            f"Cover is below the covenant of {q['covenant_dscr']:g} in {breaches} months.",
        )
    support = float(result.figures[0, row, FIGURE["support"]])
    if support > 1:
        yield (
            "owners need not help",
            f"Owners put in {support / 1e6:,.1f} m USD beyond the plan to carry the factory.",
        )


def _grid(result: Result, row: int) -> Iterator[tuple[str, str]]:
    """Compare the power of entered phases with the site's, and with the steps it comes in."""
    q, phases = result.plan.quantities[row], result.phases[row]
    total = sum(phase.it_mw for phase in phases) * float(q["pue"])
    if total > q["site_capacity_mw"] + ROUNDING:
        yield (
            "the grid carries all phases",
            f"{total:.1f} MW of facility power, but the site has {q['site_capacity_mw']:g}.",
        )
    if q["grid_step_mw"] <= 0:
        return
    committed = 0.0
    for phase in phases:
        committed += phase.it_mw * float(q["pue"])
        gone = phase.grid - phases[0].grid
        steps = 1 + gone // max(round(float(q["grid_step_months"])), 1)
        there = min(steps * float(q["grid_step_mw"]), float(q["site_capacity_mw"]))
        if committed > there + ROUNDING:
            yield (
                "the grid step carries the phase",
                f"Phase {phase.number} brings facility power to {committed:.1f} MW when "
                f"{there:.1f} MW are connected.",
            )


def site_notes(result: Result, row: int) -> Iterator[tuple[str, str]]:
    """Yield what decides a factory's result without being wrong."""
    phases = result.phases[row]
    stated = int((result.plan.entered[row]["racks"] > 0).sum())
    asked = stated or result.plan.whole("max_phases")[row]
    if not phases:
        yield "something is built", "No phase fits the site, the grid and the horizon."
        return
    if len(phases) < asked and not stated:
        yield (
            "all phases are built",
            (f"{len(phases)} of {asked} phases: demand, site capacity or time forbids more."),
        )
    yield from _bridge(result, row)
    share = result.sales.sold_share[0, row]
    live = result.sales.live_mw[row] > 0
    if live.any() and share[live].mean() < LOW_USE:
        yield (
            "capacity is used",
            f"Only {percent(share[live].mean())} of live capacity is sold on average.",
        )
    roadmap = result.plan.generations[row]
    later = sorted(
        {
            roadmap[phase.generation].name
            for phase in phases
            if phase.generation > 0 and roadmap[phase.generation].on_sale
        }
    )
    if later:
        yield (
            "racks have a known price",
            (f"Later phases use {', '.join(later)}, priced at parity per kW: an assumption."),
        )


def _bridge(result: Result, row: int) -> Iterator[tuple[str, str]]:
    """Say of a stated bridge that it carries nothing, or that the grid never takes over."""
    phases = result.phases[row]
    if result.plan.quantities[row]["bridge_power_share"] <= 0:
        return
    bridged = [phase for phase in phases if phase.bridged_months]
    if not bridged:
        yield (
            "the bridge is used",
            "No phase waits for the grid alone, or generators come no sooner: nothing is bridged.",
        )
    late = [str(phase.number) for phase in bridged if phase.grid >= result.plan.months]
    if late:
        yield (
            "the grid takes over",
            f"Phase {', '.join(late)} stays on the bridge to the end of the projection.",
        )
