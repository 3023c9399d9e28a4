"""Switches for the rules of a country: each states quantities for the factories it concerns.

A switch is no hidden factor: turned on, the scenario states what it means, factory by factory,
and it can be seen, changed and taken out there. Numbers come from the rows of `sites`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.plan import Plan, Site, compile_plan
from forecasts.scenario import QUANTITIES, Scenario

LICENCE_WORDS = ("licence", "permit")
"""Words of `export_control` that mean chips need a licence."""

LICENCE_MONTHS = 6
"""Months of waiting for a chip licence that are tried."""


@dataclass(frozen=True, slots=True)
class Relief:
    """How a row on an incentive acts.

    Attributes
    ----------
    quantity : str
        Assumption it changes.
    scale : float
        Model value = row value x scale.
    more : bool
        Whether more of the quantity is better: a holiday, a grant; else less: a tax, a duty.
    """

    quantity: str
    scale: float
    more: bool


RELIEFS: Mapping[str, Relief] = {
    "incentive_tax_holiday": Relief("tax_holiday_years", 1.0, more=True),
    "incentive_tax_rate": Relief("corporate_tax", 0.01, more=False),
    "incentive_withholding": Relief("withholding_tax", 0.01, more=False),
    "incentive_duty": Relief("import_duty", 0.01, more=False),
    "incentive_grant": Relief("grant_share", 0.01, more=True),
}
"""Rows of `sites` that state an incentive as a number, and what each changes."""


@dataclass(frozen=True, slots=True)
class Switch:
    """One rule that can be switched.

    Attributes
    ----------
    label, help : str
        Name on screen, and what it does.
    quantities : tuple of str
        Assumptions it may state.
    """

    label: str
    help: str
    quantities: tuple[str, ...]


SWITCHES: Mapping[str, Switch] = {
    "incentives": Switch(
        "Incentives granted",
        "Every incentive that is published as a number is granted: tax holiday, reduced income or "
        "withholding tax, no duty, grant. Where the scenario has better terms already, they stay.",
        tuple(relief.quantity for relief in RELIEFS.values()),
    ),
    "licences": Switch(
        f"{LICENCE_MONTHS} months for chip licences",
        f"Racks come {LICENCE_MONTHS} months later where chips need a licence.",
        ("rack_lead_months",),
    ),
    "strict": Switch(
        "Strict data and AI law",
        "Compliance costs what the high end of its row says.",
        ("compliance_cost",),
    ),
    "no_compliance": Switch(
        "No cost of compliance", "Compliance costs nothing.", ("compliance_cost",)
    ),
    "no_regime_demand": Switch(
        "No demand from data law",
        "Sovereign demand is that of the European Union in every country.",
        ("regime_demand",),
    ),
}
"""Switches by name, as a command or a page takes them."""


def needs_licence(rule: Fact) -> bool:
    """Whether a row on export control says that chips need a licence."""
    return any(word in rule.text.lower() for word in LICENCE_WORDS)


def reliefs(catalog: Catalog, iso3: str) -> Mapping[str, Fact]:
    """Return the rows that state an incentive of a country as a number."""
    found = {name: catalog.facts("sites", iso3=iso3, parameter=name) for name in RELIEFS}
    return {name: rows[-1] for name, rows in found.items() if rows}


def meaning(name: str, plan: Plan, catalog: Catalog) -> dict[str, dict[str, float]]:
    """Return what a switch states, by factory and quantity, against a plan.

    Raises
    ------
    ValueError
        If there is no such switch.
    """
    if name not in SWITCHES:
        raise ValueError(f"there is no switch {name!r}; use one of {', '.join(SWITCHES)}")
    found = {site.key: _stated(name, plan, row, catalog) for row, site in enumerate(plan.sites)}
    return {key: values for key, values in found.items() if values}


def _stated(name: str, plan: Plan, row: int, catalog: Catalog) -> dict[str, float]:
    site = plan.sites[row]
    match name:
        case "incentives":
            return _granted(plan, row, reliefs(catalog, site.iso3))
        case "licences":
            return _waiting(
                plan, row, catalog.fact("sites", iso3=site.iso3, parameter="export_control")
            )
        case "strict":
            return _strict(catalog, site)
        case "no_compliance":
            return {"compliance_cost": 0.0}
        case _:
            return {"regime_demand": 1.0}


def _granted(plan: Plan, row: int, rows: Mapping[str, Fact]) -> dict[str, float]:
    found = {}
    for name, fact in rows.items():
        relief, now = RELIEFS[name], float(plan.quantities[row][RELIEFS[name].quantity])
        value = (fact.value or 0.0) * relief.scale
        if value > now if relief.more else value < now:
            found[relief.quantity] = value
    return found


def _waiting(plan: Plan, row: int, rule: Fact) -> dict[str, float]:
    if not needs_licence(rule):
        return {}
    months = float(plan.quantities[row]["rack_lead_months"]) + LICENCE_MONTHS
    return {"rack_lead_months": min(months, QUANTITIES["rack_lead_months"].high)}


def _strict(catalog: Catalog, site: Site) -> dict[str, float]:
    fact = catalog.fact("sites", iso3=site.iso3, parameter="compliance_cost")
    return {} if fact.high is None else {"compliance_cost": fact.high * 1e6}


def switched(scenario: Scenario, values: Mapping[str, Mapping[str, float]]) -> Scenario:
    """Return a scenario that states what a switch means, beside all it states already."""
    sites = {key: dict(own) for key, own in scenario.sites.items()}
    for key, own in values.items():
        sites.setdefault(key, {}).update(own)
    return scenario.having(sites=sites)


def without(scenario: Scenario, name: str) -> Scenario:
    """Return a scenario that states none of a switch's quantities for single factories."""
    dropped = SWITCHES[name].quantities
    sites = {
        key: {field: value for field, value in own.items() if field not in dropped}
        for key, own in scenario.sites.items()
    }
    return scenario.having(sites={key: own for key, own in sites.items() if own})


def is_on(scenario: Scenario, name: str, catalog: Catalog) -> bool:
    """Whether a scenario grants all that a switch means; an incentive may be bettered."""
    plan = compile_plan(scenario, catalog)
    wanted = meaning(name, compile_plan(without(scenario, name), catalog), catalog)
    rows = {site.key: plan.quantities[row] for row, site in enumerate(plan.sites)}
    return bool(wanted) and all(
        _reached(name, field, float(rows[key][field]), value)
        for key, own in wanted.items()
        for field, value in own.items()
    )


def _reached(name: str, field: str, now: float, value: float) -> bool:
    if name != "incentives":
        return now == value
    more = next(relief.more for relief in RELIEFS.values() if relief.quantity == field)
    return now >= value if more else now <= value


def turned(scenario: Scenario, name: str, catalog: Catalog, *, on: bool) -> Scenario:
    """Return a scenario with a switch turned on, or off: it then states none of its quantities.

    Raises
    ------
    ValueError
        If there is no such switch.
    """
    values = meaning(name, compile_plan(scenario, catalog), catalog)
    return switched(scenario, values) if on else without(scenario, name)
