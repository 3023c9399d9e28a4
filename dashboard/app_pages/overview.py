"""All factories on one screen: where, when, how much, how good, how sure."""

import streamlit as st

from dashboard import cards, later_state, origins, overview_cards, risk_state, state, widgets
from dashboard.charts import findings, kpis, overview, sitemap
from dashboard.small_cards import small_card

HEIGHT = 168

study, base = state.current(), state.approved()
now = state.scenario()
sure = risk_state.known(now)

st.header(findings.headline(study), anchor=False)
insights = st.empty()
insights.html(overview_cards.insight_text(study, sure))
widgets.kpi_row(kpis.portfolio_kpis(study, base))
left, middle, right = st.columns(3, gap="small")
with left:
    overview_cards.map_card(study, sitemap.largest_site(study), HEIGHT)
with middle:
    small_card(lambda: overview.capacity_by_year(study), "capacity", HEIGHT)
with right:
    small_card(lambda: overview.capex_by_year(study), "capex", HEIGHT)
left, right = st.columns([1, 2], gap="small")
with left:
    money = overview_cards.cash_card(study, now, HEIGHT)
with right:
    ranks = overview_cards.ranking_card(study, sure)
with st.container(horizontal=True, vertical_alignment="center"):
    st.caption(findings.size_sentence(study) + widgets.compared(), width="stretch")
    origins.figures(study, ("npv", "irr", "lcoc", "live_mw", "capex", "peak_funding"))
cards.check_notes(study)
overview_cards.tour()
cards.stamp(study)

progress = st.empty()


def surer() -> None:
    """Draw what rests on sampled paths: on a few first, unless all of them are quick."""
    for paths in risk_state.stages():
        found = risk_state.sureness(now, paths, risk_state.yielding(progress.caption))
        insights.html(overview_cards.insight_text(study, found))
        overview_cards.show_cash(money, study, found, HEIGHT)
        overview_cards.ranks(ranks, study, found)
    progress.empty()


if sure is None:
    later_state.later(surer)
