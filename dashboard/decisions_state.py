"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.jobs_state import turn
from dashboard.risk_runs import portfolio_of, timing_of, tornado_of
from data.catalog import bundled
from forecasts.programme import Limits
from forecasts.scenario import Scenario
from forecasts.stress import stress_data, stress_tests

PROGRAMME_PATHS = 256
"""Paths a programme is chosen on."""

TIMING_PATHS = 512
"""Paths on which plans and policies are compared."""


def what_decides() -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Return the tornado of NPV and the stress tests."""
    now = state.scenario()
    found: tuple[dict[str, Any], list[dict[str, Any]]] = _decides(now, now.hash, bundled().version)
    return found


@st.cache_resource(max_entries=16, show_spinner="Moving every assumption over its range …")
def _decides(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    with turn(f"what decides {_wanted.name}", 1000) as step:
        moved = tornado_of(_wanted, bundled(), "npv", None)
        step(1, 2)
        return moved, stress_data(stress_tests(_wanted, bundled()))


def programme(budget_usd: float | None) -> dict[str, Any]:
    """Return the frontier within a budget a year, and what smaller budgets buy."""
    now = state.scenario()
    found: dict[str, Any] = _programme(now, now.hash, bundled().version, budget_usd)
    return found


@st.cache_resource(max_entries=16, show_spinner="Trying sites, sizes and starts …")
def _programme(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
    budget_usd: float | None,
) -> dict[str, Any]:
    limits = Limits() if budget_usd is None else Limits((budget_usd,))
    with turn(f"programme of {_wanted.name}", 4000):
        return portfolio_of(_wanted, bundled(), (PROGRAMME_PATHS, 0, "sobol"), limits)


def timing() -> dict[str, Any]:
    """Return plans and policies of every site on the same paths."""
    now = state.scenario()
    found: dict[str, Any] = _timing(now, now.hash, bundled().version)
    return found


@st.cache_resource(max_entries=16, show_spinner="Carrying other plans along the same paths …")
def _timing(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> dict[str, Any]:
    with turn(f"timing of {_wanted.name}", 4000):
        return timing_of(_wanted, bundled(), (TIMING_PATHS, 0, "sobol"))
