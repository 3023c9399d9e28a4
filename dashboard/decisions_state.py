"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.risk_runs import grid_of, portfolio_of, spider_of, timing_of, tornado_of
from dashboard.run_state import long_run, together
from forecasts.programme import Limits
from forecasts.scenario import Scenario
from forecasts.stress import stress_data, stress_tests
from forecasts.uncertainty import Progress

PROGRAMME_PATHS = 256
"""Paths a programme is chosen on."""

MOST_LINES = 6
"""Assumptions followed along their ranges."""

TIMING_PATHS = 512
"""Paths on which plans and policies are compared."""


def what_decides() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the tornado of NPV and the stress tests."""
    now = state.scenario()
    found: tuple[dict[str, Any], list[dict[str, Any]]] = _decides(now, now.hash, catalog().version)
    return found


@st.cache_resource(max_entries=16, show_spinner="Moving every assumption over its range …")
def _decides(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with turn(f"what decides {_wanted.name}", 1000) as step:
        moved = tornado_of(_wanted, catalog(), "npv", None)
        step(1, 2)
        return moved, stress_data(stress_tests(_wanted, catalog()))


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


def spider() -> dict[str, Any]:
    """Return NPV along the ranges of the assumptions that move it most."""
    moved, _ = what_decides()
    names = [one["assumption"] for one in moved["drivers"] if one["span"]][:MOST_LINES]
    now = state.scenario()
    found: dict[str, Any] = _spider(now, now.hash, catalog().version, tuple(names))
    return found


@st.cache_resource(max_entries=16, show_spinner="Following each assumption along its range …")
def _spider(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    names: tuple[str, ...],
) -> dict[str, Any]:
    return spider_of(_wanted, catalog(), "npv", names)


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
