"""Which sites, how large and when, within a budget a year."""

import streamlit as st

from dashboard import cards, decisions_state, origins, state, widgets
from dashboard.charts import decisions

study = state.current()
picker, _ = st.columns([1, 2])
with picker:
    budget_m = st.number_input(
        "Budget a year (USD m)", 0, 100_000, value=None, step=100, placeholder="no limit"
    )
data = decisions_state.programme(None if budget_m is None else budget_m * 1e6)
if data is None:
    st.stop()
st.header(decisions.programme_headline(data), anchor=False)
st.caption(
    f"{data['options']} options: every site, three sizes, four starts, each committed beforehand "
    f"and carried along the same {data['paths']:,} paths. {data['reason']}"
)
origins.figures(study, ("npv", "capex"))
chart = decisions.frontier_chart(data)
if chart is not None:
    widgets.chart_card(chart, "frontier")
st.subheader("What each budget buys", anchor=False)
widgets.table(decisions.budgets(data), alt="Programmes by budget a year")
widgets.download(decisions.budgets(data), "budgets")
cards.stamp(study)
