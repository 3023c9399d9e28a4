"""Work out everything a briefing tells of: paths, ranking, drivers, comparison."""

import datetime as dt
from collections.abc import Callable

from dashboard.charts import progress_seen
from dashboard.charts.study import Study, study
from dashboard.exports.comparison import Driven, Step
from dashboard.exports.stamp import APP, stamp_of
from dashboard.exports.story import Material
from dashboard.path_counts import SIMULATED_PATHS
from dashboard.risk_runs import ranked, record_told, simulation_of
from dashboard.theme import number
from data.catalog import Catalog
from forecasts.bridge import bridge
from forecasts.checks import check
from forecasts.engine import run
from forecasts.plan import data_fact
from forecasts.risk_report import simulation_data
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.sensitivity import planner_of, tornado

Told = Callable[[float, str], None]
"""Told how far the work is (0 to 1) and what comes next."""


def _silent(_share: float, _what: str) -> None:
    """Tell nobody."""


def gathered(
    now: Study,
    other: Scenario,
    catalog: Catalog,
    made: dt.date,
    app: str = APP,
    tell: Told = _silent,
) -> Material:
    """Work out what a briefing tells of a case.

    Parameters
    ----------
    now : Study
        The case.
    other : Scenario
        What it is compared with.
    catalog : Catalog
        The tables.
    made : date
        Day to declare.
    app : str
        Address of the app that links open.
    tell : callable
        Told of the progress.
    """
    scenario = now.result.plan.scenario
    tell(0.05, "Carrying paths through the scenario")
    paths = simulation_of(scenario, catalog, (SIMULATED_PATHS, 0, "sobol"))
    placed = ranked(now.result, paths, catalog, None)
    tell(0.4, "Moving every assumption over its range")
    drivers = driven(scenario, catalog)
    tell(0.6, "Comparing with the other scenario")
    second = study(run(other, catalog))
    return Material(
        study=now,
        stamp=stamp_of(now, catalog, made, app),
        checks=check(now.result),
        simulation=simulation_data(paths) | record_told(paths, catalog),
        ranked=placed,
        drivers=drivers,
        other=second,
        bridge=steps(now, second, catalog),
        evidence=progress_seen.in_short(now, catalog),
    )


def driven(scenario: Scenario, catalog: Catalog) -> list[Driven]:
    """Return what moves the portfolio's NPV, widest first, with range and source as written."""
    planner = planner_of(scenario, catalog)
    found = tornado(planner, "npv")
    site = planner.plan.sites[0]
    told = []
    for one in found.drivers:
        if one.span != one.span or not one.span:
            continue
        quantity, over = QUANTITIES[one.name], found.ranges[one.name]
        fact = data_fact(catalog, quantity, site)
        unit, digits = quantity.unit.text, quantity.unit.digits
        ends = [number(float(end) * quantity.unit.scale, digits) for end in
                (over.low.min(), over.high.max())]  # fmt: skip
        values = planner.plan.quantities[one.name]
        shown = [number(float(end) * quantity.unit.scale, digits) for end in
                 (values.min(), values.max())]  # fmt: skip
        value = shown[0] if shown[0] == shown[1] else f"{shown[0]} to {shown[1]}"
        told.append(
            Driven(
                name=one.name,
                value=f"{value} {unit}".strip(),
                range=f"{ends[0]} to {ends[1]} {unit}".strip(),
                source=fact.source.cite(),
                low=one.low,
                high=one.high,
                span=one.span,
            )
        )
    return told


def steps(now: Study, other: Study, catalog: Catalog) -> list[Step]:
    """Return what this scenario's NPV differs by from another's, by change."""
    made = bridge(other.result.plan.scenario, now.result.plan.scenario, "npv", None, catalog)
    return [Step(one.label, one.change) for one in made.steps]
