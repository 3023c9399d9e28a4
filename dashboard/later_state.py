"""What a page still has to do once everything else on screen is drawn."""

from collections.abc import Callable

import streamlit as st

from dashboard.jobs_state import pause

LATER, STANDS, AWAKE, BACK = "later", "stands", "awake", "back"
"""Keys of the session: the step that was left, whether a browser drew this session's page, whether
it came back for the step, and whether the run that begins is the one it came back for."""

DRAWING_S = 1.2
"""Seconds after which a new browser comes back for the step. It fetches its scripts and draws
only once a run is over: work within the first run would leave the page half drawn until its end.
Zero does the step within the first run."""


DRAWN_S = 0.15
"""Seconds that a browser takes to draw what a moved slider changed. A step that uses every core at
once would hold up what everybody looks at."""


def later(step: Callable[[], None], *, begun: bool = False) -> None:
    """Leave a step for the end of the run; a page has one at most.

    Parameters
    ----------
    step : callable
        What is left to do.
    begun : bool
        Whether it only waits for work that was begun with the page and stands back.
    """
    st.session_state[LATER] = (step, begun)


def fresh() -> bool:
    """Whether no page of this session has been drawn so far."""
    return STANDS not in st.session_state


def comes_back() -> None:
    """Say that nobody asks for the next run: what is open stays open."""
    st.session_state[BACK] = True


def back() -> bool:
    """Whether the run that begins was asked for by nobody: the browser came back for the step."""
    return bool(st.session_state.pop(BACK, False))


def finish() -> None:
    """Do what was left, if anything was; a new browser first draws what there is."""
    step, begun = st.session_state.pop(LATER, (None, False))
    new = fresh()
    st.session_state[STANDS] = True
    if step is None:
        return
    if new and DRAWING_S:
        st.session_state[AWAKE] = False
        st.fragment(_come_back, run_every=DRAWING_S)()
        return
    if not begun:
        pause(DRAWN_S)
    step()


def _come_back() -> None:
    """Run the page again at the second call, which the browser makes on its own."""
    if st.session_state[AWAKE]:
        comes_back()
        st.rerun()
    st.session_state[AWAKE] = True
