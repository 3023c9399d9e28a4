"""All factories on one screen: where, when, how much, how good, how sure."""

import streamlit as st

from dashboard import (
    alert_cards,
    cards,
    later_state,
    origins,
    overview_cards,
    quick_state,
    sure_state,
)
from dashboard.overview_screen import Slots, screen
from dashboard.small_cards import hold_files, small_card

CARDS = ("map", "capacity", "capex", "cash", "ranking")

# All is worked out before anything is drawn: a browser then draws the page once, not part by part.
now = screen()

alert_cards.line()
headline, said, figures = st.empty(), st.empty(), st.empty()
left, middle, right = st.columns(3, gap="small")
with left:
    places = overview_cards.map_card(now.study, now.places)
with middle:
    capacity = small_card(now.capacity, "capacity")
with right:
    capex = small_card(now.capex, "capex")
left, right = st.columns([1, 2], gap="small")
with left:
    money = small_card(now.money, "cash")
with right:
    ranked = overview_cards.ranking_card(now.study)
with st.container(horizontal=True, vertical_alignment="center"):
    size = st.container(width="stretch").empty()
    origins.figures(now.study, ("npv", "irr", "lcoc", "live_mw", "capex", "peak_funding"))
cards.check_notes(now.study)
overview_cards.tour()
cards.stamp(now.study)

slots = Slots(headline, said, figures, places, capacity, capex, money, ranked, size)
progress = st.empty()


@st.fragment(key=quick_state.PART)
def follows() -> None:
    """Draw what follows a driver.

    Alone, when a driver was moved: what the move changed first, then the band of all paths where
    they are quick, then the whole page.
    """
    if not quick_state.alone():
        slots.show(now)
        return
    with quick_state.before_all_else():
        with quick_state.drawing():
            moved = screen()
            slots.show(moved)
            hold_files(CARDS)
        if moved.begun and sure_state.quick():
            slots.surer(moved, st.empty().caption)


def surer() -> None:
    """Draw what rests on sampled paths, at the end of the run."""
    slots.surer(now, progress.caption)
    progress.empty()


follows()
quick_state.stands()
if now.sure is None:
    later_state.later(surer, begun=now.begun)
