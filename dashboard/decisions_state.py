"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from collections.abc import Callable, Sequence
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.risk_runs import grid_of, portfolio_of, spider_of, timing_of, tornado_of
from dashboard.run_state import long_run, together
from dashboard.what_if_runs import goal_of, shares_of
from data.catalog import Catalog
from forecasts.goals import Aim
from forecasts.programme import Limits
from forecasts.scenario import Scenario
from forecasts.stress import stress_data, stress_tests
from forecasts.uncertainty import Progress

Data = dict[str, Any]
"""What was worked out, as plain data."""

Key = tuple[object, ...]
Work = Callable[[Scenario, Catalog], Data]
LongWork = Callable[[Scenario, Catalog, Progress], Data]

PROGRAMME_PATHS = 256
"""Paths a programme is chosen on."""

MOST_LINES = 6
"""Assumptions followed along their ranges."""

SHARE_POINTS = 128
"""Base points for shares of the spread."""

TIMING_PATHS = 512
"""Paths on which plans and policies are compared."""


def _case() -> tuple[Scenario, Catalog]:
    return state.scenario(), catalog()


@st.cache_resource(max_entries=128, show_spinner="Planning anew for each value …")
def _kept(asked: Key, _label: str, _weight: int, _work: Callable[[], Data]) -> Data:  # noqa: ARG001
    """Return what was worked out before for the same key, or work it out in its turn."""
    with turn(_label, _weight):
        return _work()


def _soon(what: str, weight: int, asked: tuple[object, ...], work: Work) -> Data:
    """Return what takes a second or two: kept for everyone by what it is of."""
    now, tables = _case()
    key = (what, now.hash, tables.version, *asked)
    return _kept(key, f"{what} of {now.name}", weight, lambda: work(now, tables))


def _later(
    what: str, label: str, weight: int, asked: tuple[str, ...], work: LongWork
) -> Data | None:
    """Return what takes longer, with a bar and a way to stop it; None when stopped."""
    now, tables = _case()

    def run(told: Progress) -> Data:
        with turn(f"{what} of {now.name}", weight) as step:
            return work(now, tables, together(told, step))

    return long_run((what, now.hash, tables.version, *asked), label, run)


def tornado(metric: str, factory: str | None) -> Data:
    """Return what moves a metric of a factory, or of all together, widest first."""
    asked = (metric, factory)
    return _soon("drivers", 1000, asked, lambda now, tables: tornado_of(now, tables, *asked))


def goal(aim: Aim) -> Data:
    """Return the value of an assumption at which a metric reaches a target, or why none does."""
    return _soon("goal", 200, (aim,), lambda now, tables: goal_of(now, tables, aim))


def spider(metric: str, names: Sequence[str]) -> Data:
    """Return a metric of all factories along the ranges of the first few assumptions."""
    asked = (metric, tuple(names)[:MOST_LINES])
    return _soon("lines", 200, asked, lambda now, tables: spider_of(now, tables, *asked))


def heat(names: tuple[str, str]) -> Data:
    """Return NPV over the ranges of two assumptions."""
    return _soon("map", 200, names, lambda now, tables: grid_of(now, tables, "npv", names))


def stressed() -> Data | None:
    """Return the stress tests, every metric of each, as `tests`; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return {"tests": stress_data(stress_tests(now, tables, told))}

    return _later("stress tests", "Planning anew under each stress", 1000, (), work)


def spread(metric: str, factory: str | None) -> Data | None:
    """Return what share of a metric's variance each input brings; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return shares_of(now, tables, (SHARE_POINTS, 0), (metric, factory), told)

    asked = (metric, factory or "")
    return _later("spread", "Carrying paths with one input exchanged", 4000, asked, work)


def programme(budget_usd: float | None) -> Data | None:
    """Return the frontier within a budget a year, and what smaller budgets buy.

    None when the user stopped the work.
    """
    limits = Limits() if budget_usd is None else Limits((budget_usd,))

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return portfolio_of(now, tables, (PROGRAMME_PATHS, 0, "sobol"), limits, told)

    label = "Trying sites, sizes and starts"
    return _later("programme", label, 4000, (str(budget_usd),), work)


def timing() -> Data | None:
    """Return plans and policies of every site on the same paths; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return timing_of(now, tables, (TIMING_PATHS, 0, "sobol"), told)

    return _later("timing", "Carrying other plans along the same paths", 4000, (), work)
