"""What stands behind the page Trust, kept by data version."""

import streamlit as st

from dashboard import state
from dashboard.changes import between
from forecasts.announcement import Moved, line_by_line
from forecasts.past_forecasts import Past, Record, past_forecasts, scored
from forecasts.published_record import Outside, published_record
from forecasts.regimes import Regime
from forecasts.regimes import regimes as all_regimes
from forecasts.rule_switches import SWITCHES, is_on, turned
from forecasts.sanity_bands import Ratio
from forecasts.sanity_bands import ratios as all_ratios
from forecasts.track_record import TrackRecord, track_record


def projects() -> TrackRecord:
    """Return the model's record on announced projects."""
    found: TrackRecord = _projects(state.catalog().version)
    return found


@st.cache_resource(max_entries=4, show_spinner="Running announced projects through the model …")
def _projects(data_version: str) -> TrackRecord:  # noqa: ARG001
    return track_record(state.catalog())


def ratios() -> tuple[Ratio, ...]:
    """Return the ratios of the scenario on screen beside their published ranges."""
    found: tuple[Ratio, ...] = _ratios(state.scenario().hash, state.catalog().version)
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def _ratios(scenario_hash: str, data_version: str) -> tuple[Ratio, ...]:  # noqa: ARG001
    return all_ratios(state.current().result, state.catalog())


def announcement() -> tuple[Moved, ...]:
    """Return every element of the announcement with what a tenth more of it moves."""
    found: tuple[Moved, ...] = _announcement(state.scenario().hash, state.catalog().version)
    return found


@st.cache_resource(max_entries=16, show_spinner="Moving every element by a tenth …")
def _announcement(scenario_hash: str, data_version: str) -> tuple[Moved, ...]:  # noqa: ARG001
    return line_by_line(state.current().result, state.catalog())


def past() -> tuple[tuple[Past, ...], tuple[Outside, ...]]:
    """Return what earlier data would have forecast, and how published outlooks did."""
    found: tuple[tuple[Past, ...], tuple[Outside, ...]] = _past_record(state.catalog().version)
    return found


def record_of(group: str) -> tuple[Record, ...]:
    """Return how forecasts of one group of series did from earlier data."""
    found: tuple[Record, ...] = _record_of(group, state.catalog().version)
    return found


@st.cache_resource(max_entries=8, show_spinner=False)
def _record_of(group: str, data_version: str) -> tuple[Record, ...]:  # noqa: ARG001
    return tuple(scored(past_forecasts(state.catalog(), group)))


@st.cache_resource(max_entries=4, show_spinner="Forecasting from earlier data …")
def _past_record(data_version: str) -> tuple[tuple[Past, ...], tuple[Outside, ...]]:  # noqa: ARG001
    return past_forecasts(state.catalog()), published_record(state.catalog())


def regimes() -> tuple[Regime, ...]:
    """Return the rules of every country and what they are worth in the scenario on screen."""
    found: tuple[Regime, ...] = _regimes(state.scenario().hash, state.catalog().version)
    return found


@st.cache_resource(max_entries=16, show_spinner=False)
def _regimes(scenario_hash: str, data_version: str) -> tuple[Regime, ...]:  # noqa: ARG001
    return all_regimes(state.current().result, state.catalog())


def switches() -> dict[str, bool]:
    """Return the switches for country rules, and whether the scenario on screen has them on."""
    found: dict[str, bool] = _switches(state.scenario().hash, state.catalog().version)
    return found


@st.cache_resource(max_entries=32, show_spinner=False)
def _switches(scenario_hash: str, data_version: str) -> dict[str, bool]:  # noqa: ARG001
    now = state.scenario()
    return {name: is_on(now, name, state.catalog()) for name in SWITCHES}


def turn(name: str) -> None:
    """Turn a switch the other way: the scenario on screen states what that means."""
    now = state.scenario()
    wanted = turned(now, name, state.catalog(), on=not switches()[name])
    if state.edit(between(state.parent(), wanted)):
        state.turned()
