"""Rules of each country: what they are, since when, and what they do to demand, cost and time.

Two effects are counted in every scenario: the sovereign demand that a data regime makes, and what
it costs to comply. One is not, since nobody knows it: racks that wait for a chip licence. Each can
be switched: the first two off, the last one on, by the quantities named here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result, run
from forecasts.returns import factory_returns
from forecasts.scenario import QUANTITIES, Scenario

RULES = ("data_sovereignty", "export_control", "incentives")
"""Rows of `sites` that state the rules of a country."""

NEUTRAL: Mapping[str, float] = {"regime_demand": 1.0, "compliance_cost": 0.0}
"""Quantities through which a regime acts, and their values without it."""

LICENCE_WORDS = ("licence", "permit")
"""Words of `export_control` that mean chips need a licence."""

LICENCE_MONTHS = 6
"""Months of waiting for a chip licence that are tried."""


@dataclass(frozen=True, slots=True)
class Regime:
    """The rules of one factory's country, and what each effect is worth.

    Attributes
    ----------
    factory : str
        Key of the factory.
    rules : mapping of str to Fact
        The rows of `RULES`.
    demand, compliance_usd : float
        Sovereign demand against the European Union's, and yearly cost.
    licensed : bool
        Whether chips need a licence by the row.
    demand_npv, cost_npv, wait_npv : float or None
        NPV that the demand brings, that compliance takes, and that waiting for a licence would
        take; None where there is no NPV.
    """

    factory: str
    rules: Mapping[str, Fact]
    demand: float
    compliance_usd: float
    licensed: bool
    demand_npv: float | None
    cost_npv: float | None
    wait_npv: float | None


def regimes(result: Result, catalog: Catalog) -> tuple[Regime, ...]:
    """Return the rules of every factory's country and what each effect is worth."""
    now = _worth(result)
    free = {name: _worth(_with(result, {name: value}, catalog)) for name, value in NEUTRAL.items()}
    later = _worth(run(waiting(result.plan.scenario, result, catalog), catalog))
    found = []
    for row, site in enumerate(result.plan.sites):
        rules = {name: catalog.fact("sites", iso3=site.iso3, parameter=name) for name in RULES}
        found.append(
            Regime(
                factory=site.key,
                rules=rules,
                demand=float(result.plan["regime_demand"][row, 0]),
                compliance_usd=float(result.plan["compliance_cost"][row, 0]),
                licensed=needs_licence(rules["export_control"]),
                demand_npv=_less(now[row], free["regime_demand"][row]),
                cost_npv=_less(now[row], free["compliance_cost"][row]),
                wait_npv=_less(later[row], now[row]),
            )
        )
    return tuple(found)


def needs_licence(rule: Fact) -> bool:
    """Whether a row on export control says that chips need a licence."""
    return any(word in rule.text.lower() for word in LICENCE_WORDS)


def waiting(scenario: Scenario, result: Result, catalog: Catalog) -> Scenario:
    """Return a scenario in which racks wait for licences where the country's row asks for one."""
    sites = {key: dict(own) for key, own in scenario.sites.items()}
    for row, site in enumerate(result.plan.sites):
        if needs_licence(catalog.fact("sites", iso3=site.iso3, parameter="export_control")):
            months = float(result.plan["rack_lead_months"][row, 0]) + LICENCE_MONTHS
            own = sites.setdefault(site.key, {})
            own["rack_lead_months"] = min(months, QUANTITIES["rack_lead_months"].high)
    return scenario.having(sites=sites)


def _with(result: Result, values: Mapping[str, float], catalog: Catalog) -> Result:
    """Run a scenario with some quantities stated for every factory."""
    scenario = result.plan.scenario
    sites = {site.key: {**scenario.sites.get(site.key, {}), **values} for site in result.plan.sites}
    return run(scenario.having(sites=sites), catalog)


def _worth(result: Result) -> list[float | None]:
    rows = range(len(result.plan.sites))
    return [factory_returns(result, row)["npv"].value for row in rows]


def _less(left: float | None, right: float | None) -> float | None:
    return None if left is None or right is None else left - right


def regimes_data(found: tuple[Regime, ...]) -> list[dict[str, object]]:
    """Return the rules and their effects as plain data."""
    return [
        {
            **{name: value for name, value in asdict(one).items() if name != "rules"},
            "rules": {
                name: {"text": fact.text, "date": fact.source.date, "row": fact.place}
                for name, fact in one.rules.items()
            },
        }
        for one in found
    ]
