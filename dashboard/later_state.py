"""What a page still has to do once everything else on screen is drawn."""

import time
from collections.abc import Callable

import streamlit as st

LATER, STANDS = "later", "stands"
"""Keys of the session: the step that was left, and whether a browser drew this session's page."""

FETCHING_S = 2.5
"""Seconds that a new browser needs for the scripts of the page. Work that keeps the server busy
starts after them, or the page stands half drawn until that work is done."""


def later(step: Callable[[], None]) -> None:
    """Leave a step for the end of the run; a page has one at most."""
    st.session_state[LATER] = step


def finish() -> None:
    """Do what was left, if anything was."""
    step: Callable[[], None] | None = st.session_state.pop(LATER, None)
    fresh = STANDS not in st.session_state
    st.session_state[STANDS] = True
    if step is None:
        return
    if fresh:
        time.sleep(FETCHING_S)
    step()
