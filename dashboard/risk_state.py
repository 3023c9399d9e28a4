"""The simulation of the scenario on screen, worked out once for everyone who looks at it."""

import streamlit as st

from dashboard import state
from dashboard.risk_runs import ranked, simulation_of
from data.catalog import bundled
from forecasts.risk_report import simulation_data
from forecasts.scenario import Scenario

RISK_PATHS = 2048
"""Paths of the risk page."""


def risk() -> tuple[dict[str, object], dict[str, object]]:
    """Return the simulation and the ranking of the scenario on screen; the last few are kept."""
    now = state.scenario()
    found: tuple[dict[str, object], dict[str, object]] = _risk(now, now.hash, bundled().version)
    return found


@st.cache_resource(max_entries=16, show_spinner="Carrying paths through the scenario …")
def _risk(
    _wanted: Scenario,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> tuple[dict[str, object], dict[str, object]]:
    found = simulation_of(_wanted, bundled(), (RISK_PATHS, 0, "sobol"))
    told = ranked(state.study_of(_wanted).result, found, bundled(), None)
    return simulation_data(found), told
