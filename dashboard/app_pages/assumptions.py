"""Every assumption in a table, for all factories and for each; phases as they are entered."""

import streamlit as st

from dashboard import (
    cards,
    country_cards,
    curve_state,
    editor_state,
    state,
    store_state,
    terms_state,
    widgets,
)
from dashboard.charts import factory
from dashboard.charts.study import short
from dashboard.theme import plain
from forecasts.scenario import QUANTITIES, SECTIONS

study = state.current()
views = ["Change values", "Countries side by side"]
if widgets.switch("View", views, "assumption_view") == views[1]:
    country_cards.beside(study)
    cards.stamp(study)
    st.stop()
count = len(state.changed())
st.header(
    f"{len(QUANTITIES)} assumptions, {count} changed here"
    if count
    else f"{len(QUANTITIES)} assumptions, each with its source",
    anchor=False,
)
st.caption(
    f"{terms_state.words()} Type in a cell: the whole app follows. An empty cell of a factory "
    "follows the first column; an empty first column follows each site's own row on page Data."
)
for problem in editor_state.refused():
    st.warning(plain(problem))
box = st.expander("Factories, start and length", key="terms_open", on_change="rerun")
if box.open:
    with box:
        terms_state.terms()
left, right = st.columns([1, 2])
with left:
    section = state.choose("Section", "section", {one.title: one.title for one in SECTIONS})
with right:
    wanted = st.text_input(
        "Search in all sections", key="assumption_search", placeholder="e.g. grid delay"
    )
labels = [short(site) for site in study.sites]
noted = store_state.notes_on_screen(state.opened(), state.opened_revision())
notes = {one.assumption: one.signed for one in noted}
editor_state.assumptions(section, wanted, study.sites, labels, notes)
if noted:
    said = ", ".join(one.label for one in QUANTITIES.values() if one.name in notes)
    st.caption(plain(f"Noted in {state.opened_text()}: {said}"))
with st.expander("What they mean, and where they come from"):
    widgets.table(cards.meaning_table(section, wanted), alt="Meaning and source of assumptions")

st.subheader("Phases", anchor=False)
key = state.choose("Factory", "factory", {site.key: short(site) for site in study.sites})
row = study.row(key)
if key in state.scenario().phases:
    st.caption("Entered here; the planner adds none. Dates are months.")
    editor_state.phases(key)
    st.button("Leave them to the planner again", on_click=editor_state.plan_again, args=(key,))
else:
    st.caption("Planned by the model from demand, lead times and the grid.")
    widgets.table(factory.phase_table(study, row), alt="Planned phases")
    st.button("Enter phases, starting from these", on_click=editor_state.enter_planned, args=(key,))
with st.expander("Forward curve of its currency", key="currency_curve"):
    st.caption(
        "USD value of local currency at the start of a year, without inflation: 1 is parity. "
        "Straight between points; the yearly drift goes on after the last one. Empty: drift alone."
    )
    curve_state.curve(key)
cards.stamp(study)
