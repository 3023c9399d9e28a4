"""What it would take, and which input brings the spread: as commands and pages ask for them."""

from math import isfinite

from data.catalog import Catalog
from data.problems import Problem, RefusedError, one_of
from forecasts.bridging import Bridging, bridging
from forecasts.goals import Aim, goal_seek
from forecasts.metric_register import METRICS
from forecasts.outlook import outlook
from forecasts.plan import Plan, compile_plan, register
from forecasts.sampling import Design
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.sensitivity import planner_of, ranges
from forecasts.sobol import explain
from forecasts.uncertainty import Progress, carrier_of

SHARES_NOTE = (
    "Shares of the variance by Sobol's method, every input drawn independently of the others: "
    "correlations stated between assumptions are left out here. Alone: what the input brings by "
    "itself; in all: with everything it acts together with. The latter may add up to more than 1."
)
"""What the shares mean."""


def _row(plan: Plan, factory: str | None) -> int | None:
    keys = [site.key for site in plan.sites]
    return None if factory is None else keys.index(one_of("--factory", factory, keys))


def goal_of(
    scenario: Scenario,
    catalog: Catalog,
    aim: Aim,
    between: tuple[float, float] | None = None,
) -> dict[str, object]:
    """Return the value of an assumption at which a metric reaches a target, or why there is none.

    Parameters
    ----------
    scenario, catalog
        What is planned anew for every value tried.
    aim : Aim
        Metric, target, assumption and factory; in the model's units.
    between : (float, float), optional
        Where to look; the range the assumption's row states when not given.

    Raises
    ------
    RefusedError
        If a name is unknown, the target no number, or the range empty.
    """
    planner = planner_of(scenario, catalog)
    one_of("--metric", aim.metric, list(METRICS))
    one_of("--by", aim.name, list(ranges(planner)))
    row = _row(planner.plan, aim.factory)
    if not isfinite(aim.target):
        raise RefusedError([Problem("--target", str(aim.target), "a number", "give one")])
    quantity = QUANTITIES[aim.name]
    if between is not None and not quantity.low <= between[0] < between[1] <= quantity.high:
        expected = f"two rising values from {quantity.low:g} to {quantity.high:g}"
        raise RefusedError([Problem("--between", str(between), expected, "correct them")])
    found = goal_seek(planner, aim, between)
    own = planner.plan.quantities[aim.name]
    base = float(planner.metric(planner.copies(1), aim.metric, aim.factory)[0])
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "data_version": catalog.version,
        "metric": aim.metric,
        "metric_unit": METRICS[aim.metric].unit,
        "factory": aim.factory,
        "target": aim.target,
        "metric_now": base if isfinite(base) else None,
        "assumption": aim.name,
        "assumption_unit": quantity.unit.table,
        "assumption_now": float(own.mean() if row is None else own[row]),
        "value": found.value,
        "others": list(found.others),
        "reason": found.reason,
    }


def bridge_of(scenario: Scenario, catalog: Catalog, factory: str) -> Bridging:
    """Return one factory with a bridge to the grid and without; the others are left out.

    Raises
    ------
    RefusedError
        If there is no such factory.
    """
    one_of("--factory", factory, [site.key for site in register(catalog)])
    alone = scenario.having(factories=(factory,))
    return bridging(planner_of(alone, catalog), factory)


def shares_of(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int],
    asked: tuple[str, str | None],
    progress: Progress | None = None,
) -> dict[str, object]:
    """Return what share of a metric's variance each input brings, most important first.

    Parameters
    ----------
    scenario, catalog
        What is carried, as committed.
    wanted : (int, int)
        Base points and seed; paths are the points times two more than there are inputs.
    asked : (str, str or None)
        Metric, and factory; None for all together.
    progress : Progress, optional
        Told after each chunk of paths.

    Raises
    ------
    RefusedError
        If there is no such metric or factory.
    """
    metric, factory = asked
    one_of("--metric", metric, list(METRICS))
    plan = compile_plan(scenario, catalog)
    row = _row(plan, factory)
    carrier = carrier_of(plan, outlook(catalog), catalog, Design(*wanted))
    found = explain(carrier, progress=progress)
    one_of("--metric", metric, sorted(found.portfolio if row is None else found.values))
    return {
        "scenario": scenario.name,
        "scenario_hash": scenario.hash,
        "data_version": catalog.version,
        "metric": metric,
        "factory": factory,
        "points": wanted[0],
        "paths": wanted[0] * (len(found.names) + 2),
        "seed": wanted[1],
        "meaning": SHARES_NOTE,
        "inputs": [
            {
                "input": one.name,
                "alone": _number(one.first),
                "alone_standard_error": _number(one.first_error),
                "in_all": _number(one.total),
                "in_all_standard_error": _number(one.total_error),
            }
            for one in found.of(metric, row)
        ],
    }


def _number(value: float) -> float | None:
    return value if isfinite(value) else None
