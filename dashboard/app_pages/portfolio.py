"""Which sites, how large and when, within a budget, grid power and racks a year."""

import streamlit as st

from dashboard import cards, decisions_state, origins, portfolio_cards, state, widgets
from dashboard.charts import decisions
from dashboard.charts.study import short

study = state.current()
limits = portfolio_cards.limits()
data = decisions_state.programme(limits)
if data is None:
    st.stop()
st.header(decisions.programme_headline(data), anchor=False)
st.caption(
    f"{data['options']} options: every site in up to three sizes and at four starts, each "
    f"committed beforehand and carried along the same {data['paths']:,} paths. {data['reason']}"
)
names = {site.key: short(site) for site in study.sites}
portfolio_cards.taken_over(data, names)
origins.figures(study, ("npv", "capex"))
chart = decisions.frontier_chart(data, names)
if chart is not None:
    widgets.chart_card(chart, "frontier")
portfolio_cards.use(data)
portfolio_cards.what_holds_back(data)
portfolio_cards.what_budgets_buy(data, names)
cards.stamp(study)
