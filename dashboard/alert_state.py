"""Alerts on the page: looked up again when the store was written to, acknowledged by a click."""

from collections.abc import Hashable, Sequence

import streamlit as st

from dashboard import store_state
from dashboard.sign_in_state import moment
from data.actors import Actor
from data.alert_store import Alert, acknowledge, alerts
from data.problems import Problem, RefusedError
from data.store_opening import address, exists, shown

NOTE, REFUSED = "alert_note", "alert_refused"
"""Keys of the session: the note's widget, and why the last click was refused."""


def every() -> tuple[Alert, ...]:
    """Return every alert, oldest first; none where the store cannot be read."""
    if not exists(address()):
        return ()
    try:
        who = store_state.actor()
        held: tuple[Alert, ...] = _alerts(shown(address()), who.workspace, who.name, moment())
    except RefusedError:
        return ()
    return held


@st.cache_resource(max_entries=32, show_spinner=False)
def _alerts(place: str, workspace: str, name: str, when: Hashable) -> tuple[Alert, ...]:  # noqa: ARG001
    return alerts(store_state.store(), Actor(name, workspace))


def seen(numbers: Sequence[int]) -> None:
    """Acknowledge alerts: called by the button, before the page runs again."""
    try:
        note = str(st.session_state.get(NOTE, ""))
        acknowledge(store_state.store(), store_state.actor(), numbers, note)
    except RefusedError as refused:
        st.session_state[REFUSED] = tuple(refused.problems)
    else:
        st.session_state[NOTE] = ""
    _alerts.clear()


def refused() -> tuple[Problem, ...]:
    """Return once why the last click was refused."""
    found: tuple[Problem, ...] = st.session_state.pop(REFUSED, ())
    return found
