"""All factories: where, when, how much, how good."""

import streamlit as st

from dashboard import cards, state, widgets
from dashboard.charts import cash, findings, kpis, overview, ranking, sitemap

study, base = state.current(), state.approved()

st.header(findings.headline(study), anchor=False)
st.caption(findings.size_sentence(study))
widgets.kpi_row(kpis.portfolio_kpis(study, base))

left, right = st.columns(2)
with left:
    widgets.chart_card(sitemap.site_map(study), "map")
with right:
    widgets.chart_card(overview.capacity_by_year(study), "capacity")
cards.ranking_card(ranking.ranking(study))
left, right = st.columns(2)
with left:
    widgets.chart_card(overview.capex_by_year(study), "capex")
with right:
    widgets.chart_card(cash.cumulative_cash(study, None), "cash")
cards.check_notes(study)
cards.stamp(study)
