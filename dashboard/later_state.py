"""What a page still has to do once everything else on screen is drawn."""

from collections.abc import Callable

import streamlit as st

LATER = "later"
"""Key of the session."""


def later(step: Callable[[], None]) -> None:
    """Leave a step for the end of the run; a page has one at most."""
    st.session_state[LATER] = step


def finish() -> None:
    """Do what was left, if anything was."""
    step: Callable[[], None] | None = st.session_state.pop(LATER, None)
    if step is not None:
        step()
