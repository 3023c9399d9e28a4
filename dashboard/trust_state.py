"""What stands behind the page Trust, kept by data version."""

import streamlit as st

from dashboard import state
from forecasts.track_record import TrackRecord, track_record


def projects() -> TrackRecord:
    """Return the model's record on announced projects."""
    found: TrackRecord = _projects(state.catalog().version)
    return found


@st.cache_resource(max_entries=4, show_spinner="Running announced projects through the model …")
def _projects(data_version: str) -> TrackRecord:  # noqa: ARG001
    return track_record(state.catalog())
