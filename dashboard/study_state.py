"""Results that every visitor shares: tables, forecasts, studies and checks, kept between runs."""

import streamlit as st

from dashboard import data_state, sign_in_state
from dashboard.charts.cash import cumulative_cash
from dashboard.charts.overview import capacity_by_year, capex_by_year
from dashboard.charts.small_drawing import small_drawing
from dashboard.charts.study import Study, study
from data.catalog import Catalog
from forecasts.ceilings import ceilings_of
from forecasts.checks import Check, check
from forecasts.engine import run
from forecasts.evidence import Evidence
from forecasts.evidence import evidence as judged
from forecasts.outlook import Outlook, peers_growth
from forecasts.outlook import outlook as all_forecasts
from forecasts.presets import preset
from forecasts.scenario import Scenario


def catalog() -> Catalog:
    """Return the data in force: the bundled tables, with what was accepted laid over them."""
    return data_state.catalog()


Follows = tuple[tuple[str, str], ...]
"""What a scenario lets series of the model follow, in a form that can be a key."""


def outlook(follows: Follows = ()) -> Outlook:
    """Return all histories and forecasts; kept by data version and what is followed."""
    return all_forecasts(catalog(), dict(follows))


def evidence(key: str, follows: Follows = (), *, every: bool) -> Evidence:
    """Return how the forecast of a series did on its own past; kept by data version."""
    found: Evidence = _evidence(key, every, catalog().version, follows)
    return found


@st.cache_resource(max_entries=64, show_spinner="Trying every model on the past …")
def _evidence(key: str, every: bool, data_version: str, follows: Follows) -> Evidence:  # noqa: ARG001
    known = outlook(follows)
    history = known.histories[key]
    return judged(
        history,
        known.forecasts[key],
        every=every,
        ceilings=ceilings_of(catalog(), history),
        peer_growth=peers_growth(known.histories, key),
    )


def study_of(wanted: Scenario) -> Study:
    """Return the study of a scenario; the last few are kept. Whoever may not look gets none."""
    sign_in_state.demand("look")
    return _kept_study(wanted)


def _kept_study(wanted: Scenario) -> Study:
    found: Study = _study(wanted, wanted.hash, catalog().version)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _study(_wanted: Scenario, scenario_hash: str, data_version: str) -> Study:  # noqa: ARG001
    return study(run(_wanted, catalog()))


def checks_of(wanted: Scenario) -> tuple[Check, ...]:
    """Return what the checks found in a scenario; the last few are kept."""
    found: tuple[Check, ...] = _checks(wanted, wanted.hash, catalog().version)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _checks(_wanted: Scenario, scenario_hash: str, data_version: str) -> tuple[Check, ...]:  # noqa: ARG001
    made = _kept_study(_wanted)
    return tuple(check(made.result, made.returns))


def warm() -> None:
    """Work out and draw what the first visitor sees, before there is one."""
    base = preset("base")
    made = _kept_study(base)
    checks_of(base)
    for chart in (capacity_by_year(made), capex_by_year(made), cumulative_cash(made, None)):
        small_drawing(chart, 100)
