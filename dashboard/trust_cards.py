"""The views of the page Trust."""

import streamlit as st

from dashboard import trust_state, widgets
from dashboard.charts import track
from forecasts.track_record import COST, COST_PER_GPU, MEASURES, TrackRecord


def projects() -> None:
    """Show the model beside announced projects."""
    record = trust_state.projects()
    view = widgets.switch("Measure", list(track.VIEWS), "trust_measure")
    measure, scope = track.VIEWS[view]
    st.header(track.headline(record, measure, scope), anchor=False)
    st.caption(track.meaning(record, measure, scope))
    chart = track.predicted(record, measure, scope)
    if chart is not None:
        widgets.chart_card(chart, f"track_{measure}")
    if measure == COST:
        _apart(record)
    st.subheader("Error by year and scope", anchor=False)
    st.caption(
        "Each project is predicted from those announced before it alone, so nothing is known early."
    )
    years = track.by_year(record)
    widgets.table(years, alt="Errors by year and scope")
    st.subheader("Would another way have done better?", anchor=False)
    widgets.table(track.summary(record), alt="Errors of other ways to predict")
    widgets.download(track.summary(record), "track_record")


def _apart(record: TrackRecord) -> None:
    """Show what must not be averaged with whole projects of known power."""
    st.subheader("Shown apart: sums that pay for a part, or without a stated power", anchor=False)
    st.caption("They are never averaged in with whole projects.")
    for measure, scope in track.PARTIAL:
        rows = record.of(measure, scope)
        if rows:
            what = "whole project, power not stated" if measure == COST_PER_GPU else scope
            st.markdown(f"**{MEASURES[measure][0]}, {what}**")
            widgets.table(track.table_of(rows, measure), alt=f"Projects of scope {what}")


VIEWS = {"Announced projects": projects}
"""Views by name, in their order."""
