"""What countries differ in, side by side: value in use, base value and source of every cell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass

import numpy as np

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import discount_rate
from forecasts.plan import Plan, Site, climate, compile_plan, data_fact
from forecasts.scenario import QUANTITIES
from forecasts.water import missing, stress_level, usual_year

GROUPS: Mapping[str, tuple[str, ...]] = {
    "Time": ("permit_months", "grid_lead_months", "construction_months"),
    "Power and climate": (
        "power_price",
        "pue",
        "temperature",
        "water_stress",
        "tower_wue",
        "grid_carbon",
        "grid_carbon_change",
    ),
    "Building and labour": ("build_cost", "land_price", "labour_index"),
    "Tax and duty": (
        "corporate_tax",
        "tax_holiday_years",
        "withholding_tax",
        "import_duty",
        "property_tax",
    ),
    "Risk and money": (
        "country_risk_premium",
        "country_default_spread",
        "fx_volatility",
        "discount_rate",
        "senior_rate",
    ),
    "Law": ("regime_demand", "compliance_cost"),
}
"""What a country's own rows say, in the order shown, and figures worked out from rows."""

WATER = ("water_stress", "tower_wue")
"""Figures that are left out where the tables of some country say nothing of its water."""

STATED = "Stated by factory"
"""Group of what a scenario states for single factories although no row of a country does."""


@dataclass(frozen=True, slots=True)
class Derived:
    """A figure that is worked out from rows of the tables.

    Attributes
    ----------
    label, unit : str
        Name and unit on screen.
    scale : float
        Screen value = value x scale.
    digits : int
        Decimals on screen.
    said : str
        From what it is worked out.
    """

    label: str
    unit: str
    scale: float
    digits: int
    said: str


DERIVED: Mapping[str, Derived] = {
    "temperature": Derived(
        "Mean temperature of the year", "°C", 1.0, 1, "mean of the twelve months"
    ),
    "water_stress": Derived(
        "Water stress, 0 to 4 (extreme)", "0 to 4", 1.0, 0, "the country's own row"
    ),
    "tower_wue": Derived(
        "Water of evaporative towers (WUE)", "l/kWh", 1.0, 2,
        "evaporation in the usual air of each month, mean of the year",
    ),
    "discount_rate": Derived(
        "Discount rate", "%/yr", 100.0, 2,
        "government bond + beta x equity premium + exposure x country premium",
    ),
    "senior_rate": Derived(
        "Rate of the senior loan", "%/yr", 100.0, 2,
        "government bond + default spread + lenders' margin",
    ),
}  # fmt: skip
"""Worked-out figures by name."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure of one factory.

    Attributes
    ----------
    factory, iso3, group, name, label, unit : str
        Whose, and what.
    value, base : float
        In use and in the base case, in screen units; base is the row's own value.
    digits : int
        Decimals on screen.
    low, high : float or None
        Range of the row, in screen units.
    stated : bool
        Whether the scenario states another value than the base case.
    row, source, date, grade, address, notes : str
        Where the base value comes from.
    fact : Fact or None
        That row itself; None for what is worked out from several.
    """

    factory: str
    iso3: str
    group: str
    name: str
    label: str
    unit: str
    value: float
    base: float
    digits: int
    low: float | None
    high: float | None
    stated: bool
    row: str
    source: str
    date: str
    grade: str
    address: str
    notes: str
    fact: Fact | None


def side_by_side(plan: Plan, catalog: Catalog) -> tuple[Cell, ...]:
    """Return every figure in which countries differ, for every factory of a plan.

    Ordered by group and name, then by factory as in the plan.
    """
    scenario = plan.scenario
    base = compile_plan(
        type(scenario)(start=scenario.start, months=scenario.months, factories=scenario.factories),
        catalog,
    )
    known = {name for names in GROUPS.values() for name in names}
    dry = WATER if any(missing(plan, row) for row in range(len(plan.sites))) else ()
    others = {name for own in scenario.sites.values() for name in own if name not in known}
    extra = tuple(name for name in QUANTITIES if name in others)
    groups = {**GROUPS, STATED: extra} if extra else GROUPS
    return tuple(
        cell
        for group, names in groups.items()
        for name in names
        if name not in dry
        for cell in _cells((group, name), plan, base, catalog)
    )


def cells_data(cells: tuple[Cell, ...]) -> list[dict[str, object]]:
    """Return the cells as plain data."""
    return [
        {name: value for name, value in asdict(cell).items() if name != "fact"} for cell in cells
    ]


def _cells(asked: tuple[str, str], plan: Plan, base: Plan, catalog: Catalog) -> Iterator[Cell]:
    group, name = asked
    now, before = _values(plan, name, catalog), _values(base, name, catalog)
    for row, site in enumerate(plan.sites):
        yield _cell((group, name, site), (now[row], before[row]), catalog)


def _values(plan: Plan, name: str, catalog: Catalog) -> list[float]:
    """Return a figure of every factory, in the unit of the model."""
    if name == "temperature":
        return [float(np.mean(climate(catalog, site.iso3))) for site in plan.sites]
    if name == "water_stress":
        return [float(stress_level(plan, row)) for row in range(len(plan.sites))]
    if name == "tower_wue":
        years = [usual_year(plan, row) for row in range(len(plan.sites))]
        return [float(np.mean([one.wue["tower"] for one in year])) for year in years]
    if name == "discount_rate":
        found: list[float] = discount_rate(plan)[:, 0].tolist()
        return found
    if name == "senior_rate":
        parts = ("risk_free_rate", "country_default_spread", "debt_margin")
        return [float(sum(plan.quantities[part][row] for part in parts))
                for row in range(len(plan.sites))]  # fmt: skip
    return [float(value) for value in plan.quantities[name]]


def _cell(asked: tuple[str, str, Site], values: tuple[float, float], catalog: Catalog) -> Cell:
    group, name, site = asked
    worked, fact = DERIVED.get(name), _fact(name, site, catalog)
    unit = QUANTITIES[name].unit if worked is None else worked
    low, high = _range(name, fact) if worked is None else (None, None)
    return Cell(
        factory=site.key,
        iso3=site.iso3,
        group=group,
        name=name,
        label=QUANTITIES[name].label if worked is None else worked.label,
        unit=QUANTITIES[name].unit.text if worked is None else worked.unit,
        value=round(values[0] * unit.scale, 10),
        base=round(values[1] * unit.scale, 10),
        digits=unit.digits,
        low=low,
        high=high,
        stated=values[0] != values[1],
        row="" if fact is None else fact.place,
        source=f"worked out: {DERIVED[name].said}" if fact is None else fact.source.publisher,
        date="" if fact is None else fact.source.date,
        grade="derived" if fact is None else str(fact.source.confidence),
        address="" if fact is None else fact.source.url,
        notes="" if fact is None else fact.notes,
        fact=fact,
    )


def _fact(name: str, site: Site, catalog: Catalog) -> Fact | None:
    """Return the row of a figure; None where it is worked out from several assumptions."""
    if name == "temperature":
        return catalog.fact("sites", iso3=site.iso3, parameter="temperature_01")
    if name == "water_stress":
        return catalog.fact("sites", iso3=site.iso3, parameter=name)
    return None if name in DERIVED else data_fact(catalog, QUANTITIES[name], site)


def _range(name: str, fact: Fact | None) -> tuple[float | None, float | None]:
    """Return the published range of a row in screen units."""
    if fact is None:
        return None, None
    given = QUANTITIES[name].from_data
    scale = QUANTITIES[name].unit.scale * (1.0 if given is None else given.scale)
    low, high = (None if end is None else round(end * scale, 10) for end in (fact.low, fact.high))
    return low, high
