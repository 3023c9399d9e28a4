"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from typing import Any

import streamlit as st

from dashboard import state
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.risk_runs import grid_of, portfolio_of, spider_of, timing_of, tornado_of
from dashboard.run_state import long_run, together
from forecasts.presets import STRESSES
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


def what_decides() -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return the tornado of NPV and the stress tests; None when the user stopped the work."""
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, Any]:
        with turn(f"what decides {now.name}", 1000) as step:
            both = together(told, step)
            both(0, len(STRESSES) + 2)
            moved = tornado_of(now, tables, "npv", None)

            def after(done: int, of: int) -> None:
                both(done + 1, of + 1)

            return {"moved": moved, "stressed": stress_data(stress_tests(now, tables, after))}

    key = ("decides", now.hash, tables.version)
    found = long_run(key, "Moving every assumption over its range, then every stress", work)
    return None if found is None else (found["moved"], found["stressed"])


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
    decided = what_decides()
    moved = {"drivers": []} if decided is None else decided[0]
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
