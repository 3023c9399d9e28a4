"""When to build: what a month costs, and what it is worth to wait, to stage or to stop."""

import streamlit as st

from dashboard import cards, decisions_state, delay_cards, origins, state, widgets
from dashboard.charts import decisions

study = state.current()
data = decisions_state.timing()
if data is None:
    st.stop()
st.header(decisions.timing_headline(study, data), anchor=False)
st.caption(
    "USD m. A month late: NPV it costs along the expected path; below zero it saves. As planned: "
    "mean NPV. Every other column: what it gains against the plan, with its standard error, on the "
    f"same {data['paths']:,} paths. The last two decide on what is known by then: wait a year and "
    "build or not (against building now, or nothing where that is better), or stop after phase one "
    "if later phases look bad."
)
table = decisions.timing_table(study, data)
origins.figures(study, ("npv", "delay_cost", "time_to_power"))
widgets.table(table, alt="Cost of delay, other plans and policies by factory")
widgets.download(decisions.timing_numbers(study, data), "timing")
if any(study.result.phases):
    delay_cards.curve(study, data)
cards.stamp(study)
