"""Programmes as the command line and the page ask for them: choice, limits, what they cost."""

from collections.abc import Mapping, Sequence
from math import isfinite
from typing import Any

from dashboard.risk_runs import case_of, design_of
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from forecasts.binding import UNIT, LimitValue, Step, binding
from forecasts.options import ENTERED, options_of, start_label, with_programme
from forecasts.programme import TAIL, Limits, Options, Programme, budget_steps, frontier
from forecasts.replanned import Planner
from forecasts.sampling import Design, estimated
from forecasts.scenario import Scenario
from forecasts.sensitivity import planner_of
from forecasts.uncertainty import Progress
from forecasts.units import Array

BUDGET_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
"""Budgets tried, as shares of the largest."""

LIMIT_LABELS = {
    "budget_usd": "Budget",
    "grid_mw": "Grid power",
    "racks": "Rack supply",
}
"""Names of the limits on screen."""

UNITS = {"budget_usd": "USD", "grid_mw": "MW", "racks": "racks"}
"""Their units."""


def limits_of(budget: str, grid_mw: float, racks: float) -> Limits:
    """Return limits from what the command line states.

    Raises
    ------
    RefusedError
        If the budget is no list of amounts.
    """
    try:
        return Limits(tuple(float(one) for one in budget.split(",")), grid_mw, racks)
    except ValueError as error:
        expected = "amounts in USD from 0 on, as 2e9 or 1e9,2e9"
        raise RefusedError([Problem("--budget", repr(budget), expected, "correct it")]) from error


def options_for(
    scenario: Scenario,
    catalog: Catalog,
    wanted: tuple[int, int, str],
    progress: Progress | None = None,
) -> tuple[Planner, Options]:
    """Carry every site, size and start along the same paths: the long part of the work."""
    planner = planner_of(scenario, catalog)
    return planner, options_of(planner, design_of(wanted), progress=progress)


def portfolio_of(
    planner: Planner, options: Options, wanted: tuple[int, int, str], limits: Limits
) -> dict[str, object]:
    """Choose within limits: the frontier, which limit holds it back, what each budget buys."""
    most = limits.budgets(1)[0]
    highest = most if isfinite(most) else float(options.capex_usd.sum(axis=0).max(initial=1e9))
    budgets = [highest * share for share in BUDGET_SHARES]
    made = frontier(options, limits)
    bought = budget_steps(options, limits, budgets)
    held, design = binding(options, limits, made[0]), design_of(wanted)
    return {
        **case_of(planner.plan.scenario, planner.catalog),
        "paths": wanted[0],
        "seed": wanted[1],
        "options": len(options.site),
        "tail_share": TAIL,
        "first_year": int(planner.plan.start.year),
        "frontier": [_told(options, one, design) for one in made],
        "limits": [_limit(options, one, made[0], design) for one in held.limits],
        "as_it_stands": _stands(options, made[0], design),
        "gain_without_limits_usd": held.without_any_usd,
        "budgets": [
            {"budget_usd_per_year": budget} | _told(options, one, design)
            for budget, one in zip(budgets, bought, strict=True)
        ],
        "reason": ""
        if made[0].chosen
        else "No option within the limits has a mean NPV above zero on these paths: build nothing.",
    }


def _error(npv: Array, design: Design) -> float:
    """Standard error that the number of paths leaves to a mean."""
    return estimated(npv, design, lambda values: float(values.mean())).error


def _told(options: Options, one: Programme, design: Design) -> dict[str, object]:
    npv = options.npv_usd[:, list(one.chosen)].sum(axis=1)
    return {
        "mean_npv_usd": one.mean_usd,
        "mean_npv_standard_error_usd": _error(npv, design),
        "tail_npv_usd": one.tail_usd,
        "gap": one.gap,
        "capex_usd": float(options.capex_usd[list(one.chosen)].sum()),
        "chosen": _chosen(options, one.chosen),
    }


def _chosen(options: Options, rows: Sequence[int]) -> list[dict[str, object]]:
    return [
        {"site": options.site[row], "size": options.size[row], "start": options.start[row]}
        for row in rows
    ]


def _stands(options: Options, best: Programme, design: Design) -> dict[str, object]:
    """Whether the programme chosen is the scenario as it stands, and what it gains on that."""
    largest = {
        site: row
        for row, (site, start) in enumerate(zip(options.site, options.start, strict=True))
        if start in (ENTERED, start_label(0))
    }
    stands = list(largest.values())
    gain = options.npv_usd[:, list(best.chosen)].sum(axis=1) - options.npv_usd[:, stands].sum(
        axis=1
    )
    return {
        "is_chosen": set(stands) == set(best.chosen),
        "npv_gain_usd": float(gain.mean()),
        "npv_gain_standard_error_usd": _error(gain, design),
    }


def _limit(options: Options, one: LimitValue, best: Programme, design: Design) -> dict[str, object]:
    shares = [
        used / max(stated, 1e-9) if isfinite(stated) else 0.0
        for used, stated in zip(one.used, one.stated, strict=True)
    ]
    fullest = max(range(len(shares)), key=shares.__getitem__)
    return {
        "limit": one.name,
        "label": LIMIT_LABELS[one.name],
        "unit": UNITS[one.name],
        "binds": one.binds,
        "stated": [float(value) if isfinite(value) else None for value in one.stated],
        "used": [float(value) for value in one.used],
        "fullest_year": fullest if shares[fullest] > 0 else None,
        "one_unit": UNIT[one.name],
        "one_unit_more": _step(options, one.unit, best, design),
        "smallest_step": _step(options, one.smallest, best, design),
        "lifted": _step(options, one.lifted, best, design),
        "alone_costs_usd": one.alone_usd,
    }


def _step(
    options: Options, one: Step | None, best: Programme, design: Design
) -> dict[str, object] | None:
    if one is None:
        return None
    now, then = (options.npv_usd[:, list(rows)].sum(axis=1) for rows in (best.chosen, one.chosen))
    return {
        "more": one.more if isfinite(one.more) else None,
        "npv_gain_usd": one.gain_usd,
        "npv_gain_standard_error_usd": _error(then - now, design),
        "usd_per_unit": one.gain_usd / one.more if 0 < one.more < float("inf") else None,
        "chosen": _chosen(options, one.chosen),
    }


def programme_of(planner: Planner, options: Options, told: Sequence[Mapping[str, str]]) -> Scenario:
    """Return the scenario that holds a programme, as `frontier` tells its choice."""
    places = list(zip(options.site, options.size, options.start, strict=True))
    rows = [places.index((one["site"], one["size"], one["start"])) for one in told]
    return with_programme(planner.plan, options, rows)


def point_of(made: Mapping[str, Any], point: int) -> Mapping[str, Any]:
    """Return one programme of the frontier, counted from 1.

    Raises
    ------
    RefusedError
        If there is no such programme.
    """
    count = len(made["frontier"])
    if point > count:
        expected = f"1 to {count}" if count > 1 else "1, the only programme"
        raise RefusedError([Problem("--point", str(point), expected, "choose one of these")])
    found: Mapping[str, Any] = made["frontier"][point - 1]
    return found


def picked(planner: Planner, options: Options, made: Mapping[str, Any], point: int) -> Scenario:
    """Return the scenario that holds one programme of the frontier, counted from 1.

    Raises
    ------
    RefusedError
        If there is no such programme, or it builds nothing.
    """
    chosen = point_of(made, point)["chosen"]
    if not chosen:
        found, expected = "nothing to build", "at least one site"
        fix = "choose another programme, or loosen the limits"
        raise RefusedError([Problem(f"programme {point}", found, expected, fix)])
    return programme_of(planner, options, chosen)
