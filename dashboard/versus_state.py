"""Which scenarios stand side by side, and the bridge between two, worked out once for everyone."""

import streamlit as st

from dashboard.data_state import catalog
from forecasts.bridge import Bridge, bridge
from forecasts.scenario import Scenario


def bridge_of(before: Scenario, after: Scenario, metric: str) -> Bridge:
    """Return what the difference of two scenarios is made of; the last few are kept."""
    found: Bridge = _bridge(before, after, metric, before.hash, after.hash, catalog().version)
    return found


@st.cache_resource(max_entries=64, show_spinner="Making the changes in every order …")
def _bridge(
    _before: Scenario,
    _after: Scenario,
    metric: str,
    before_hash: str,  # noqa: ARG001
    after_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> Bridge:
    return bridge(_before, _after, metric, None, catalog())
