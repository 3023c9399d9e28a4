"""What decides: assumptions moved one at a time, the scenario planned anew each time."""

from dataclasses import dataclass
from math import isfinite

from data.catalog import Catalog
from forecasts.replanned import Planner
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.sensitivity import planner_of


@dataclass(frozen=True, slots=True)
class Nudge:
    """One assumption moved, and what that does to all factories together.

    Attributes
    ----------
    name : str
        The assumption.
    value : float
        What it was moved to.
    npv_usd : float
        Change of NPV.
    irr : float or None
        Change of project IRR; None where there is none.
    relative : int
        1 or -1 where the value was moved up or down by a tenth of itself; 0 where it was zero.
    """

    name: str
    value: float
    npv_usd: float
    irr: float | None
    relative: int


TENTH = 0.1
"""Share of itself by which a value is moved."""


def nudges(scenario: Scenario, names: list[str], catalog: Catalog | None = None) -> list[Nudge]:
    """Move assumptions to the worse side, one at a time; return them, the costliest first.

    A value is moved by a tenth of itself; a share that is zero, by ten points; any other that is
    zero, to the worse end of its range.

    Parameters
    ----------
    scenario : Scenario
        Where from.
    names : list of str
        Assumptions with a value of their own.
    catalog : Catalog, optional
        Tables; the bundled ones when not given.
    """
    planner = planner_of(scenario, catalog)
    moves = [
        (name, value, relative)
        for name in names
        for value, relative in _sides(scenario, name, planner.catalog)
    ]
    common = _common(planner)
    quantities = planner.copies(1 + len(moves))
    for case, (name, value, _) in enumerate(moves, start=1):
        quantities[name][case, common[name]] = value
    found = planner.cases(quantities).portfolio
    npv, irr = found["npv"].tolist(), found["irr"].tolist()
    tried: dict[str, list[Nudge]] = {}
    for case, (name, value, relative) in enumerate(moves, start=1):
        change = irr[case] - irr[0]
        known = change if isfinite(change) else None
        tried.setdefault(name, []).append(Nudge(name, value, npv[case] - npv[0], known, relative))
    worse = [min(own, key=lambda one: one.npv_usd) for own in tried.values()]
    return sorted(worse, key=lambda one: (round(one.npv_usd), one.name))


def _common(planner: Planner) -> dict[str, list[bool]]:
    """Return, by assumption, which factories follow what holds for all of them."""
    own = planner.plan.scenario.sites
    return {
        name: [name not in own.get(site.key, {}) for site in planner.plan.sites]
        for name in QUANTITIES
    }


def _sides(scenario: Scenario, name: str, catalog: Catalog) -> list[tuple[float, int]]:
    """Return the values to try: a tenth down and up within the limits, or the ends of the range."""
    quantity, value = QUANTITIES[name], getattr(scenario, name)
    if value is None:
        return []
    if value:
        wanted = [(value * (1 - TENTH), -1), (value * (1 + TENTH), 1)]
        if quantity.whole:
            wanted = [(round(one), way) for one, way in wanted]
    elif quantity.unit.scale == 100:
        wanted = [(-TENTH, 0), (TENTH, 0)]
    else:
        fact = catalog.fact("assumptions", quantity=name)
        wanted = [(end, 0) for end in (fact.low, fact.high) if end is not None]
    return [
        (one, way) for one, way in wanted if quantity.low <= one <= quantity.high and one != value
    ]
