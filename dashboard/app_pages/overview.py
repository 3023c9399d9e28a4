"""All factories: where, when, how much, how good."""

import streamlit as st

from dashboard import cards, state, widgets
from dashboard.charts import cash, findings, kpis, overview, ranking, sitemap
from forecasts.presets import PRESETS, preset

study, base = state.current(), state.approved()

st.header(findings.headline(study), anchor=False)
st.caption(findings.size_sentence(study) + widgets.compared())
widgets.kpi_row(kpis.portfolio_kpis(study, base))
cases = {name: state.study_of(preset(name)) for name in PRESETS}
st.caption(f"**How sure?** {findings.how_sure(cases)}")

left, right = st.columns(2)
with left:
    widgets.chart_card(sitemap.site_map(study), "map")
with right:
    widgets.chart_card(overview.capacity_by_year(study), "capacity")
cards.ranking_card(ranking.ranking(study), ranking.gaps(study))
left, right = st.columns(2)
with left:
    widgets.chart_card(overview.capex_by_year(study), "capex")
with right:
    widgets.chart_card(cash.cumulative_cash(study, None), "cash")
cards.check_notes(study)
cards.stamp(study)
