"""The store of saved scenarios, and the one that every page shows changes against."""

import streamlit as st

from dashboard.approved import LONGEST_NAME, newest_approval, scenario_of_approval
from dashboard.sign_in_state import actor as actor
from dashboard.sign_in_state import store as store
from data.problems import Problem, RefusedError
from data.scenario_notes import Note, notes_of
from data.scenario_rows import Saved
from data.scenario_store import history, resolved, scenarios
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario


def listed() -> tuple[Saved, ...]:
    """Return all saved scenarios by name; none where the store cannot be read."""
    try:
        return scenarios(store(), actor())
    except RefusedError:
        return ()


def unusable() -> tuple[Problem, ...]:
    """Return why the store cannot be used; nothing when it can."""
    try:
        scenarios(store(), actor())
    except RefusedError as refused:
        return refused.problems
    return ()


def stated(name: str) -> dict[str, object]:
    """Return what a saved scenario states with all it inherits, `parent` naming the preset."""
    return resolved(store(), actor(), name)


def scenario_of(name: str) -> Scenario:
    """Return a preset or a saved scenario with all it inherits.

    Raises
    ------
    RefusedError
        If there is none of that name, or the tables do not take it any more.
    """
    if name in PRESETS:
        return preset(name)
    return scenario_from(stated(name) | {"name": name[:LONGEST_NAME]}, name)


def past(name: str) -> tuple[Saved, ...]:
    """Return every revision of a saved scenario, oldest first."""
    return history(store(), actor(), name)


def notes_on_screen(name: str, revision: int) -> tuple[Note, ...]:
    """Return the signed notes of a revision; none without one, or where the store fails."""
    if not name:
        return ()
    try:
        return notes_of(past(name), revision)
    except RefusedError:
        return ()


@st.cache_data(ttl=20, max_entries=16, show_spinner=False)
def _approved(workspace: str) -> tuple[str, dict[str, object]]:  # noqa: ARG001
    return newest_approval(listed())


def reference() -> tuple[str, Scenario]:
    """Return the newest approved scenario and how it is called; the base case where none is."""
    return scenario_of_approval(*_approved(actor().workspace))


def forget() -> None:
    """Look the approved scenario up anew on the next run."""
    _approved.clear()
