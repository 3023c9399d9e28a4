"""All factories on one screen: where, when, how much, how good, how sure."""

from functools import cache

import streamlit as st

from dashboard import cards, later_state, origins, overview_cards, risk_state, state, widgets
from dashboard.charts import findings, kpis, overview
from dashboard.small_cards import fill, small, small_card

HEIGHT = 168

study, base = state.current(), state.approved()
now = state.scenario()
sure = risk_state.known(now)

# All is worked out before anything is drawn: a browser then draws the page once, not part by part.
capacity = cache(lambda: small(overview.capacity_by_year(study), HEIGHT))
capex = cache(lambda: small(overview.capex_by_year(study), HEIGHT))
money = overview_cards.money_maker(study, now, HEIGHT)
figures = kpis.portfolio_kpis(study, base)
mapped = overview_cards.places(study, HEIGHT)
ranked = overview_cards.ranks(study, sure)
said = overview_cards.insight_text(study, sure)
for make in (capacity, capex, money):
    make()

st.header(findings.headline(study), anchor=False)
insights = st.empty()
insights.html(said)
widgets.kpi_row(figures)
left, middle, right = st.columns(3, gap="small")
with left:
    overview_cards.map_card(study, mapped)
with middle:
    small_card(capacity, "capacity")
with right:
    small_card(capex, "capex")
left, right = st.columns([1, 2], gap="small")
with left:
    cash_slot = small_card(money, "cash")
with right:
    ranks_slot = overview_cards.ranking_card(study, ranked)
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
        fill(cash_slot, overview_cards.money(study, found, HEIGHT), "cash")
        ranks_slot.html(overview_cards.ranks(study, found))
    progress.empty()


if sure is None:
    later_state.later(surer)
