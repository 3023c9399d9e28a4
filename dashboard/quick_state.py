"""The part of a page that follows a moved control at once, before all else on screen.

A run of the whole page has the browser look at every element anew, which takes longer than to draw
what a moved slider changes. A page may have one part that first runs alone: the whole page follows
when that is through. What a visitor does meanwhile comes first.
"""

from collections.abc import Iterator
from contextlib import contextmanager

import streamlit as st
from streamlit.errors import StreamlitAPIException

from dashboard import jobs_state, later_state, link_state, sure_state

PART = "quick_part"
"""Name of the part: a page has one at most."""

STANDS, ALONE = "quick_stands", "quick_alone"
"""Keys of the session: whether the page on screen has such a part, and whether it runs alone."""


def begin() -> None:
    """Say that a run of the whole page begins: no part stands so far, and none runs alone."""
    st.session_state[STANDS] = st.session_state[ALONE] = False


def stands() -> None:
    """Say that the page on screen has such a part, and has drawn it."""
    st.session_state[STANDS] = True


def alone() -> bool:
    """Whether the part runs without the rest of its page."""
    return bool(st.session_state[ALONE])


def first() -> None:
    """Let the part run first, where the page on screen has one; called by a control's callback."""
    if not st.session_state.get(STANDS):
        return
    st.session_state[ALONE] = True
    try:
        st.rerun(PART)
    except StreamlitAPIException:  # no browser holds the part: all of the page runs
        st.session_state[ALONE] = False


@contextmanager
def drawing() -> Iterator[None]:
    """Draw the part in its turn, as the whole page would be; the address follows."""
    with jobs_state.drawing():
        yield
    link_state.write_link()


@contextmanager
def before_all_else() -> Iterator[None]:
    """Let the whole page follow what the part does alone; give up what it began and left.

    A browser to whom the next run is announced meanwhile draws what came before together with it.
    """
    with sure_state.ahead_of_page():
        yield
    jobs_state.pause(later_state.DRAWN_S)
    later_state.comes_back()
    st.rerun()
