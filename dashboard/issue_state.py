"""Issued forecasts on the page: kept by a click, looked up again when the store was written to."""

from collections.abc import Hashable

import streamlit as st

from dashboard import data_state, store_state
from dashboard.issue_runs import Held, issue_now, kept
from dashboard.sign_in_state import moment
from data.actors import Actor
from data.issue_store import Issue
from data.problems import Problem, RefusedError
from data.store_opening import address, exists, shown

SAID, NOTE = "issue_said", "issue_note"
"""Keys of the session: what became of the last click, and the note's widget."""


def found() -> tuple[tuple[Held, ...], tuple[Problem, ...]]:
    """Return every kept issue with its scores, oldest first, and why they cannot be had."""
    if not exists(address()):
        return (), ()
    who = store_state.actor()
    try:
        held: tuple[Held, ...] = _kept(
            shown(address()), who.workspace, who.name, data_state.catalog().version, moment()
        )
    except RefusedError as refused:
        return (), tuple(refused.problems)
    return held, ()


@st.cache_resource(max_entries=8, show_spinner="Scoring issued forecasts …")
def _kept(
    place: str,  # noqa: ARG001
    workspace: str,
    name: str,
    version: str,  # noqa: ARG001
    when: Hashable,  # noqa: ARG001
) -> tuple[Held, ...]:
    return kept(store_state.store(), Actor(name, workspace), data_state.catalog())


def issue() -> None:
    """Issue today's forecasts: called by the button, before the page runs again."""
    note = str(st.session_state.get(NOTE, ""))
    try:
        made: tuple[Issue, bool] | tuple[Problem, ...] = issue_now(
            store_state.store(), store_state.actor(), data_state.catalog(), note
        )
    except RefusedError as refused:
        made = tuple(refused.problems)
    else:
        st.session_state[NOTE] = ""
    st.session_state[SAID] = made
    _kept.clear()


def said() -> tuple[str, tuple[Problem, ...]]:
    """Return once what became of the last click: a sentence, or why it was refused."""
    made = st.session_state.pop(SAID, None)
    if made is None:
        return "", ()
    if isinstance(made[0], Issue):
        one, new = made
        if new:
            return f"Issue {one.number} is kept.", ()
        return f"Nothing new: the same was issued as {one.number} on {str(one.at)[:10]}.", ()
    return "", made
