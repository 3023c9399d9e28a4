"""Rules of each country: what they are, since when, and what they do to demand, cost and time.

Two effects are counted in every scenario: the sovereign demand that a data regime makes, and what
it costs to comply. Three are not, since nobody knows whether they come: incentives granted,
racks that wait for a chip licence, and law as strict as the high end of its row. What each is worth
is the same model run with or without it; `forecasts.rule_switches` puts any of them in a scenario.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.engine import Result, run
from forecasts.returns import factory_returns
from forecasts.rule_switches import meaning, needs_licence, reliefs, switched

RULES = ("data_sovereignty", "ai_regulation", "export_control", "incentives")
"""Rows of `sites` that state the rules of a country."""

NEUTRAL: Mapping[str, float] = {"regime_demand": 1.0, "compliance_cost": 0.0}
"""Quantities through which a regime acts, and their values without it."""


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
    reliefs : mapping of str to Fact
        The rows that state an incentive as a number.
    demand_npv, cost_npv : float or None
        NPV that the demand brings and that compliance takes; None where there is no NPV.
    wait_npv, strict_npv, relief_npv : float or None
        Change of NPV if racks waited for a licence, if compliance cost the high end of its row,
        and if the incentives were granted.
    """

    factory: str
    rules: Mapping[str, Fact]
    demand: float
    compliance_usd: float
    licensed: bool
    reliefs: Mapping[str, Fact]
    demand_npv: float | None
    cost_npv: float | None
    wait_npv: float | None
    strict_npv: float | None
    relief_npv: float | None


def regimes(result: Result, catalog: Catalog) -> tuple[Regime, ...]:
    """Return the rules of every factory's country and what each effect is worth."""
    now = _worth(result)
    free = {name: _worth(_with(result, {name: value}, catalog)) for name, value in NEUTRAL.items()}
    then = {name: _worth(_turned(result, name, catalog)) for name in WHAT_IF}
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
                reliefs=reliefs(catalog, site.iso3),
                demand_npv=_less(now[row], free["regime_demand"][row]),
                cost_npv=_less(now[row], free["compliance_cost"][row]),
                wait_npv=_less(then["licences"][row], now[row]),
                strict_npv=_less(then["strict"][row], now[row]),
                relief_npv=_less(then["incentives"][row], now[row]),
            )
        )
    return tuple(found)


WHAT_IF = ("licences", "strict", "incentives")
"""Switches that are off in every preset."""


def _turned(result: Result, name: str, catalog: Catalog) -> Result:
    """Run a scenario with a switch turned on."""
    values = meaning(name, result.plan, catalog)
    return run(switched(result.plan.scenario, values), catalog)


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


PLACED = ("rules", "reliefs")
"""Fields that are told by their rows."""


def regimes_data(found: tuple[Regime, ...]) -> list[dict[str, object]]:
    """Return the rules and their effects as plain data."""
    return [
        {
            **{name: value for name, value in asdict(one).items() if name not in PLACED},
            "rules": {
                name: {
                    "text": fact.text,
                    "date": fact.source.date,
                    "grade": str(fact.source.confidence),
                    "source": fact.source.publisher,
                    "row": fact.place,
                }
                for name, fact in one.rules.items()
            },
            "reliefs": {
                name: {"value": fact.value, "unit": fact.unit, "row": fact.place}
                for name, fact in one.reliefs.items()
            },
        }
        for one in found
    ]
