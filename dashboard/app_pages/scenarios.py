"""Scenarios: set them side by side, save what is on screen, see who changed what, approve."""

import streamlit as st

from dashboard import cards, merge_cards, saved_cards, state, store_state, widgets
from dashboard.theme import plain

VIEWS = {"Compare": saved_cards.compare, "Save": saved_cards.save, "Manage": saved_cards.manage}

saved_cards.said()
merge_cards.merging()
study = state.current()
label, _ = store_state.reference()
st.header(saved_cards.headline(study, label), anchor=False)
st.caption(f"Changes on every page are counted from {plain(label)}.")
VIEWS[widgets.switch("View", list(VIEWS), "scenario_view")]()
cards.stamp(study)
