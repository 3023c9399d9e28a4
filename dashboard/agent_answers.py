"""What an agent is told: the commands' figures, cut to what fits beside a conversation."""

import difflib
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, cast

from pydantic import Field

from dashboard.api.bodies import MOST_PATHS
from dashboard.api.questions import QUESTIONS, scenario_asked
from dashboard.files import read_catalog
from dashboard.inventory import Json, fact_data, factories_data, quantities_data
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.metric_register import METRICS
from forecasts.plan import Plan, data_fact
from forecasts.scenario import QUANTITIES, SECTIONS

MAIN = ("npv", "irr", "equity_irr", "payback", "lcoc", "capex", "min_dscr")
"""Metrics told of every factory where all are told of."""

SPREAD = ("mean", "p10", "p50", "p90")
"""What is told of a metric's paths where all factories are told of."""

IN_DETAIL = ("phases", "capex_lines", "returns", "loans", "cost_of_capital")
"""Parts of a projection told of one factory; `yearly` adds its years."""

ScenarioArgument = Annotated[
    str | dict[str, object],
    Field(
        description="base, accelerated, constrained, a saved scenario's name, or an object of "
        'changes, as {"parent": "base", "pue": 1.2, "sites": {"romania": {"pue": 1.3}}}; '
        "list_quantities names what can be changed."
    ),
]
FactoryArgument = Annotated[
    str | None, Field(description="A factory of list_factories, for its detail; all if left out.")
]
PathsArgument = Annotated[int, Field(description=f"Sampled paths, 8 to {MOST_PATHS}.")]
SeedArgument = Annotated[int, Field(description="The same seed gives the same answer.")]


def list_factories() -> Json:
    """List the AI factories of the register: key, name, country, city, wave."""
    return factories_data(read_catalog(None))


def list_quantities(
    section: Annotated[
        str | None,
        Field(description=f"One of: {', '.join(one.title for one in SECTIONS)}."),
    ] = None,
    name: Annotated[
        str | None, Field(description="One assumption, for its values by site and its sources.")
    ] = None,
) -> Json:
    """List assumptions a scenario can change: unit, accepted range, base value, meaning.

    With `name`, one of them with its source, date and grade, by site where sites differ.
    """
    found = quantities_data(read_catalog(None))
    rows: list[dict[str, Any]] = cast("list[dict[str, Any]]", found["quantities"])
    if name is not None:
        _require("name", name, list(QUANTITIES))
        return found | {"quantities": [row for row in rows if row["name"] == name]}
    if section is not None:
        _require("section", section, [one.title for one in SECTIONS])
        rows = [row for row in rows if row["section"] == section]
    kept = ("name", "help", "section", "unit", "low", "high")
    return found | {
        "quantities": [
            {key: row[key] for key in kept}
            | {"base": "by site" if row["base"] is None else row["base"]["value"]}
            for row in rows
        ]
    }


def project(
    scenario: ScenarioArgument = "base",
    factory: FactoryArgument = None,
    yearly: Annotated[
        bool, Field(description="Add the years of the factory: cost, revenue, cash.")
    ] = False,
) -> Json:
    """Project the build-out, cost and return of every factory, or one in detail.

    Money is nominal USD, rates are shares a year. A metric without a value says why.
    """
    made = _answer("project", {"scenario": scenario})
    if factory is None:
        return _case(made) | {
            "portfolio": _main(made["portfolio"]["returns"]),
            "factories": [_in_short(one) for one in made["factories"]],
            "notes": [one for one in made["checks"] if one["level"] != "ok"],
        }
    found = _of(made["factories"], factory)
    parts = (*IN_DETAIL, "annual") if yearly else IN_DETAIL
    return _case(made) | {
        "factory": factory,
        **{part: found[part] for part in parts},
        "notes": [
            one for one in made["checks"] if one["level"] != "ok" and one["factory"] == factory
        ],
    }


def simulate(
    scenario: ScenarioArgument = "base",
    factory: FactoryArgument = None,
    paths: PathsArgument = 4096,
    seed: SeedArgument = 0,
    hurdle: Annotated[
        float | None, Field(description="Project IRR asked, as 0.15; each factory's own if null.")
    ] = None,
) -> Json:
    """Carry sampled paths through a scenario: how sure the returns are, with errors.

    With a factory every metric, and which inputs go with its returns.
    """
    body = {"scenario": scenario, "paths": paths, "seed": seed, "hurdle": hurdle}
    made = _answer("simulate", body)
    told = _case(made) | {
        name: made[name] for name in ("paths", "seed", "percentiles", "paths_mean", "record_means")
    }
    if factory is None:
        rows = [made["portfolio"] | {"factory": "all together"}, *made["factories"]]
        return told | {"factories": [_spread(one) for one in rows]}
    ranks = made["rank_sensitivity"]
    return told | {
        "detail": _of(made["factories"], factory),
        "rank_sensitivity": {"meaning": ranks["meaning"]} | _of(ranks["factories"], factory),
    }


def rank(
    scenario: ScenarioArgument = "base",
    budget: Annotated[
        float | None, Field(description="USD of first-time capex to spend, as 5e9.")
    ] = None,
    paths: PathsArgument = 4096,
    seed: SeedArgument = 0,
) -> Json:
    """Rank the sites under uncertainty; choose among them within a budget."""
    body = {"scenario": scenario, "budget": budget, "paths": paths, "seed": seed}
    return _answer("rank", body)


def explain_metric(
    metric: Annotated[str, Field(description=f"One of: {', '.join(METRICS)}.")],
    factory: Annotated[str, Field(description="A factory of list_factories.")],
    scenario: ScenarioArgument = "base",
) -> Json:
    """Explain a metric of a factory: formula, value, parts, inputs with their sources."""
    from dashboard.charts import explain
    from dashboard.charts.study import study
    from forecasts.engine import run

    _require("metric", metric, list(METRICS))
    catalog = read_catalog(None)
    held = study(run(scenario_asked(scenario), catalog))
    _require("factory", factory, [site.key for site in held.sites])
    row, plan = held.row(factory), held.result.plan
    found, info = held.returns[row][metric], METRICS[metric]
    inputs = [_input(name, plan, row, catalog) for name in explain.inputs_of(metric)]
    return {
        "scenario": plan.scenario.name,
        "scenario_hash": plan.scenario.hash,
        "data_version": plan.data_version,
        "factory": factory,
        "metric": metric,
        "label": info.label,
        "unit": info.unit,
        "better": info.better or "neither",
        "formula": explain.formula(metric),
        "value": found.value,
        "status": str(found.status),
        "reason": found.reason,
        "parts": explain.parts(held, row, metric).to_dict("records"),
        "said": explain.numbers(held, row, metric),
        "inputs": inputs,
    }


TOOLS = (list_factories, list_quantities, project, simulate, rank, explain_metric)
"""What an agent can ask."""


def _answer(name: str, body: Mapping[str, object]) -> dict[str, Any]:
    """Ask a question as the service does."""
    made = QUESTIONS[name].answer(dict(body), read_catalog(None), lambda _done, _of: None)
    return cast("dict[str, Any]", made)


def _input(name: str, plan: Plan, row: int, catalog: Catalog) -> Json:
    """Return an assumption as a factory has it: value in use, and the row of its base value."""
    quantity, site = QUANTITIES[name], plan.sites[row]
    fact = plan.facts.get((site.key, name)) or data_fact(catalog, quantity, site)
    scale = quantity.from_data.scale if quantity.from_data is not None else 1.0
    own = name in plan.scenario.stated() or name in plan.scenario.sites.get(site.key, {})
    told: Json = {"name": name, "unit": quantity.unit.table, "stated_by_scenario": own}
    return told | fact_data(fact, float(plan[name][row, 0]), scale)


def _case(made: Mapping[str, Any]) -> dict[str, Any]:
    """Say what an answer is of."""
    return {name: made[name] for name in ("scenario", "scenario_hash", "data_version")}


def _main(returns: Mapping[str, Any]) -> dict[str, Any]:
    return {name: returns[name] for name in MAIN if name in returns}


def _in_short(one: Mapping[str, Any]) -> dict[str, Any]:
    phases = one["phases"]
    return {
        "factory": one["factory"],
        "phases": len(phases),
        "it_mw": sum(phase["it_mw"] for phase in phases),
        "first_live": phases[0]["live"] if phases else None,
        "returns": _main(one["returns"]),
    }


def _spread(one: Mapping[str, Any]) -> dict[str, Any]:
    metrics = {
        name: {"unit": held["unit"]} | {part: held[part] for part in SPREAD if part in held}
        for name, held in one["metrics"].items()
        if name in MAIN
    }
    return {
        "factory": one["factory"],
        "metrics": metrics,
        "probabilities": one["probabilities"],
    }


def _of(rows: Sequence[Mapping[str, Any]], factory: str) -> dict[str, Any]:
    """Return the row of a factory, or refuse one that is not there."""
    _require("factory", factory, [str(one["factory"]) for one in rows])
    return next(dict(one) for one in rows if one["factory"] == factory)


def _require(place: str, name: str, known: list[str]) -> None:
    """Refuse a name that there is not."""
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        fix = f"did you mean {near[0]!r}?" if near else "use one of these"
        raise RefusedError([Problem(place, repr(name[:60]), f"one of {', '.join(known)}", fix)])
