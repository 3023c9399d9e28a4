"""How sure: sampled paths through what was committed, who comes first, and what decides."""

import streamlit as st

from dashboard import cards, risk_cards, risk_state, state, widgets

study = state.current()
VIEWS = {
    "How sure": risk_cards.how_sure,
    "Compare sites": risk_cards.compare_sites,
    "What moves it": risk_cards.what_moves_it,
}
view = widgets.switch("View", list(VIEWS), "risk_view")
found = risk_state.risk()
if found is None:
    st.stop()
data, ranked = found
if not any(study.result.phases):
    st.info("No phase is built in this scenario, so there is nothing to draw.")
    st.stop()
VIEWS[view](study, data, ranked)
cards.stamp(study)
