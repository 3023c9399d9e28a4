"""What a page still has to do once everything else on screen is drawn."""

from collections.abc import Callable

import streamlit as st

from dashboard.jobs_state import pause

LATER, STANDS, AWAKE = "later", "stands", "awake"
"""Keys of the session: the step that was left, whether a browser drew this session's page, and
whether it came back for the step."""

DRAWING_S = 1.2
"""Seconds after which a new browser comes back for the step. It fetches its scripts and draws
only once a run is over: work within the first run would leave the page half drawn until its end.
Zero does the step within the first run."""


DRAWN_S = 0.15
"""Seconds that a browser takes to draw what a moved slider changed. The step uses every core: begun
at once it would hold up what everybody looks at."""


def later(step: Callable[[], None]) -> None:
    """Leave a step for the end of the run; a page has one at most."""
    st.session_state[LATER] = step


def finish() -> None:
    """Do what was left, if anything was; a new browser first draws what there is."""
    step: Callable[[], None] | None = st.session_state.pop(LATER, None)
    fresh = STANDS not in st.session_state
    st.session_state[STANDS] = True
    if step is None:
        return
    if fresh and DRAWING_S:
        st.session_state[AWAKE] = False
        st.fragment(_come_back, run_every=DRAWING_S)()
    else:
        pause(DRAWN_S)
        step()


def _come_back() -> None:
    """Run the page again at the second call, which the browser makes on its own."""
    if st.session_state[AWAKE]:
        st.rerun()
    st.session_state[AWAKE] = True
