"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from collections.abc import Sequence
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.risk_runs import grid_of, portfolio_of, spider_of, timing_of, tornado_of
from dashboard.run_state import long_run, together
from dashboard.what_if_runs import goal_of, shares_of
from forecasts.goals import Aim
from forecasts.programme import Limits
from forecasts.scenario import Scenario
from forecasts.stress import stress_data, stress_tests
from forecasts.uncertainty import Progress

PROGRAMME_PATHS = 256
"""Paths a programme is chosen on."""

MOST_LINES = 6
"""Assumptions followed along their ranges."""

SHARE_POINTS = 128
"""Base points for shares of the spread."""

TIMING_PATHS = 512
"""Paths on which plans and policies are compared."""


def tornado(metric: str, factory: str | None) -> dict[str, Any]:
    """Return what moves a metric of a factory, or of all together, widest first."""
    now = state.scenario()
    found: dict[str, Any] = _tornado(now, now.hash, catalog().version, (metric, factory))
    return found


@st.cache_resource(max_entries=32, show_spinner="Moving every assumption over its range …")
def _tornado(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    asked: tuple[str, str | None],
) -> dict[str, Any]:
    with turn(f"what decides {_wanted.name}", 1000):
        return tornado_of(_wanted, catalog(), *asked)


def stressed() -> dict[str, Any] | None:
    """Return the stress tests, every metric of each, as `tests`; None when stopped."""
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, Any]:
        with turn(f"stress tests of {now.name}", 1000) as step:
            return {"tests": stress_data(stress_tests(now, tables, together(told, step)))}

    key = ("stress", now.hash, tables.version)
    return long_run(key, "Planning anew under each stress", work)


def goal(aim: Aim) -> dict[str, Any]:
    """Return the value of an assumption at which a metric reaches a target, or why none does."""
    now = state.scenario()
    found: dict[str, Any] = _goal(now, now.hash, catalog().version, aim)
    return found


@st.cache_resource(max_entries=32, show_spinner="Looking for the value …")
def _goal(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    aim: Aim,
) -> dict[str, Any]:
    with turn(f"goal of {_wanted.name}", 200):
        return goal_of(_wanted, catalog(), aim)


def spread(metric: str, factory: str | None) -> dict[str, Any] | None:
    """Return what share of a metric's variance each input brings; None when stopped."""
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, Any]:
        with turn(f"spread of {now.name}", 4000) as step:
            both = together(told, step)
            return shares_of(now, tables, (SHARE_POINTS, 0), (metric, factory), both)

    key = ("spread", now.hash, tables.version, metric, factory or "")
    return long_run(key, "Carrying paths with one input exchanged", work)


def programme(budget_usd: float | None) -> dict[str, Any] | None:
    """Return the frontier within a budget a year, and what smaller budgets buy.

    None when the user stopped the work.
    """
    now, tables = state.scenario(), catalog()
    limits = Limits() if budget_usd is None else Limits((budget_usd,))

    def work(told: Progress) -> dict[str, Any]:
        with turn(f"programme of {now.name}", 4000) as step:
            both = together(told, step)
            return portfolio_of(now, tables, (PROGRAMME_PATHS, 0, "sobol"), limits, both)

    key = ("programme", now.hash, tables.version, str(budget_usd))
    return long_run(key, "Trying sites, sizes and starts", work)


def timing() -> dict[str, Any] | None:
    """Return plans and policies of every site on the same paths; None when stopped."""
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, Any]:
        with turn(f"timing of {now.name}", 4000) as step:
            both = together(told, step)
            return timing_of(now, tables, (TIMING_PATHS, 0, "sobol"), both)

    key = ("timing", now.hash, tables.version)
    return long_run(key, "Carrying other plans along the same paths", work)


def spider(metric: str, names: Sequence[str]) -> dict[str, Any]:
    """Return a metric of all factories along the ranges of the first few assumptions."""
    now, most = state.scenario(), tuple(names)[:MOST_LINES]
    found: dict[str, Any] = _spider(now, now.hash, catalog().version, (metric, most))
    return found


@st.cache_resource(max_entries=16, show_spinner="Following each assumption along its range …")
def _spider(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    asked: tuple[str, tuple[str, ...]],
) -> dict[str, Any]:
    return spider_of(_wanted, catalog(), *asked)


def heat(names: tuple[str, str]) -> dict[str, Any]:
    """Return NPV over the ranges of two assumptions."""
    now = state.scenario()
    found: dict[str, Any] = _heat(now, now.hash, catalog().version, names)
    return found


@st.cache_resource(max_entries=32, show_spinner="Moving two assumptions together …")
def _heat(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    names: tuple[str, str],
) -> dict[str, Any]:
    return grid_of(_wanted, catalog(), "npv", names)
