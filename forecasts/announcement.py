"""The announcement, line by line: where each element acts, and what a tenth more of it moves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.drivers import central
from forecasts.engine import Result, run
from forecasts.outlook import outlook
from forecasts.plan import FIRST_WAVE, Plan, data_fact
from forecasts.returns import portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.units import MONTHS_PER_YEAR

PROGRAMME = "gmi_cloud_magna_ai_sovereign_ai_factories_programme"
"""The announced programme in `comparables`; its rows `element_…` are the elements."""

TENTH = 0.1
"""By how much an element is changed."""

EVERY, FIRST, CANDIDATES = "all factories", "the first three", "the candidates"
"""Which factories an element acts on."""

MOVED = ("npv", "irr", "lcoc", "capex", "min_dscr_12m")
"""Metrics of all factories together that are watched."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an element acts: one quantity.

    Attributes
    ----------
    quantity : str
        Assumption of the scenario.
    factories : str
        Whose: `EVERY`, `FIRST` or `CANDIDATES`.
    what : str
        What a tenth more of it is, in words.
    """

    quantity: str
    factories: str
    what: str


@dataclass(frozen=True, slots=True)
class Element:
    """One element of the announcement.

    Attributes
    ----------
    key, label : str
        The row of `comparables` without `element_`, and its name on screen.
    how : str
        How the model takes it, in a sentence.
    page : str
        The page that shows it best.
    places : tuple of Place
        The quantities it acts through.
    """

    key: str
    label: str
    how: str
    page: str
    places: tuple[Place, ...]


def _more(quantity: str, what: str, factories: str = EVERY) -> Place:
    return Place(quantity, factories, what)


ELEMENTS: tuple[Element, ...] = (
    Element(
        "sites", "First sites",
        "Three factories of the register, decided as it says; their sizes are assumptions.",
        "overview", (_more("phase_racks", "racks of a phase up by a tenth", FIRST),),
    ),
    Element(
        "candidates", "Candidate sites",
        "Nine factories of the register, each built once demand there is enough.",
        "portfolio", (_more("demand_change", "demand there up by a tenth", CANDIDATES),),
    ),
    Element(
        "racks", "Vera Rubin NVL72",
        "Racks by number: each has its power, its GPUs and its price, which falls with age.",
        "factory", (
            _more("rack_price", "price of a rack up by a tenth"),
            _more("rack_power_kw", "power of a rack up by a tenth, at the same price"),
        ),
    ),
    Element(
        "cloud", "GPU cloud",
        "Hours of GPUs are sold, under contract and on the market, for a fee to the cloud's owner.",
        "factory", (
            _more("gpu_hour_price", "price of an hour up by a tenth"),
            _more("cloud_platform_share", "fee for the cloud up by a tenth"),
        ),
    ),
    Element(
        "security", "Cybersecurity",
        "A platform bought with the racks, and operations paid every year for each MW.",
        "factory", (
            _more("security_platform_share", "price of the platform up by a tenth"),
            _more("security_operations_cost", "cost of security operations up by a tenth"),
        ),
    ),
    Element(
        "integration", "Integration",
        "A share of the rack price, paid with the racks.",
        "factory", (_more("integration_share", "price of integration up by a tenth"),),
    ),
    Element(
        "services", "Transformation services",
        "Sold with compute, as a share of its revenue, at a margin of their own.",
        "factory", (_more("services_share", "services sold up by a tenth"),),
    ),
    Element(
        "compliance", "Compliance and sovereignty",
        "A yearly cost by country; and the share of demand that must stay under its own law.",
        "factory", (
            _more("compliance_cost", "cost of compliance up by a tenth"),
            _more("sovereign_share", "sovereign share of demand up by a tenth"),
        ),
    ),
    Element(
        "evaluation", "Evaluation of sites",
        "Sites are ranked by value under uncertainty; country risk is part of what is asked.",
        "risk", (_more("country_risk_premium", "country risk premium up by a tenth"),),
    ),
    Element(
        "phases", "Phased deployment",
        "A phase is begun once demand at the end of its lead time fills most of all before it.",
        "timing", (_more("expansion_threshold", "filling asked before a phase up by a tenth"),),
    ),
    Element(
        "demand", "Rising regional demand",
        "Capacity of every country is forecast with intervals; demand for the factory is its part.",
        "outlooks", (_more("demand_change", "demand everywhere up by a tenth"),),
    ),
    Element(
        "spending", "AI spending",
        "The capex of the five largest buyers is forecast; regional growth follows it in part.",
        "outlooks",
        (_more("ai_spending_growth_change", "growth of AI spending up by a tenth of itself"),),
    ),
)  # fmt: skip
"""Every element in the order of the announcement."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What a tenth more of one quantity does.

    Attributes
    ----------
    element : Element
        The element it belongs to.
    place : Place
        The quantity and its factories.
    said : Fact
        The row of the announcement.
    fact : Fact or None
        The row behind the model's value, of the first factory where each has its own; None where
        the scenario states it.
    low, high : float
        The model's value: least and most over the factories.
    changes : mapping of str to float
        Change of each metric of all factories together; metrics without a value are left out.
    """

    element: Element
    place: Place
    said: Fact
    fact: Fact | None
    low: float
    high: float
    changes: Mapping[str, float]


def line_by_line(result: Result, catalog: Catalog) -> tuple[Moved, ...]:
    """Return every element with its place, value, source and what a tenth more of it moves.

    Parameters
    ----------
    result : Result
        A projection.
    catalog : Catalog
        The tables it was made from.
    """
    before = _watched(result)
    found = []
    for element in ELEMENTS:
        said = catalog.fact("comparables", project=PROGRAMME, attribute=f"element_{element.key}")
        for place in element.places:
            rows = _rows(result.plan, place.factories)
            values = result.plan[place.quantity][rows, 0]
            after = _watched(run(changed(result.plan, place, catalog), catalog)) if rows else before
            moves = {name: after[name] - before[name] for name in before if name in after}
            found.append(
                Moved(
                    element=element,
                    place=place,
                    said=said,
                    fact=_fact(result.plan, place.quantity, rows, catalog),
                    low=float(values.min()) if rows else 0.0,
                    high=float(values.max()) if rows else 0.0,
                    changes=moves,
                )
            )
    return tuple(found)


def _rows(plan: Plan, factories: str) -> list[int]:
    return [
        row
        for row, site in enumerate(plan.sites)
        if factories == EVERY or (site.wave == FIRST_WAVE) == (factories == FIRST)
    ]


def _watched(result: Result) -> dict[str, float]:
    held = portfolio_returns(result)
    return {name: value for name in MOVED if (value := held[name].value) is not None}


def _fact(plan: Plan, name: str, rows: list[int], catalog: Catalog) -> Fact | None:
    """Return the row behind a quantity, unless the scenario states it."""
    if not rows or name in plan.scenario.stated():
        return None
    site = plan.sites[rows[0]]
    if name in plan.scenario.sites.get(site.key, {}):
        return None
    return plan.facts.get((site.key, name)) or data_fact(catalog, QUANTITIES[name], site)


def changed(plan: Plan, place: Place, catalog: Catalog) -> Scenario:
    """Return a plan's scenario with a tenth more of one quantity, kept within its limits."""
    quantity = QUANTITIES[place.quantity]
    sites = {key: dict(own) for key, own in plan.scenario.sites.items()}
    for row in _rows(plan, place.factories):
        now = float(plan[place.quantity][row, 0])
        wanted = now + _step(plan, place.quantity, now, catalog)
        if quantity.whole:
            wanted = float(max(round(wanted), round(now) + 1))
        key = plan.sites[row].key
        sites.setdefault(key, {})[place.quantity] = min(max(wanted, quantity.low), quantity.high)
    return plan.scenario.having(sites=sites)


def _step(plan: Plan, name: str, now: float, catalog: Catalog) -> float:
    """Return a tenth of a quantity; of changes, a tenth of what they change."""
    if name == "demand_change":
        return TENTH * (1 + now)
    if name == "ai_spending_growth_change":
        index = central(plan, outlook(catalog, plan.scenario.follows)).ai_spending_index[0]
        year = min(MONTHS_PER_YEAR, index.size - 1)
        return TENTH * float(np.power(index[year] / index[0], MONTHS_PER_YEAR / year) - 1)
    return TENTH * now


def announcement_data(found: tuple[Moved, ...]) -> list[dict[str, object]]:
    """Return the announcement as plain data."""
    return [
        {
            "element": one.element.key,
            "announced": one.said.text,
            "announced_row": one.said.place,
            "how": one.element.how,
            "page": one.element.page,
            "quantity": one.place.quantity,
            "factories": one.place.factories,
            "change": one.place.what,
            "low": one.low,
            "high": one.high,
            "unit": QUANTITIES[one.place.quantity].unit.table,
            "row": None if one.fact is None else one.fact.place,
            "confidence": None if one.fact is None else str(one.fact.source.confidence),
            "moves": dict(one.changes),
        }
        for one in found
    ]
