"""What the controls of the panel act on: all factories, or one alone."""

from collections.abc import Sequence

import streamlit as st

from dashboard.selection_state import PICKS, drop, held, pick
from dashboard.theme import plain
from forecasts.scenario import Scenario

SCOPE, PICKER = "scope", "scope_picker"
"""The selection that holds the factory, and the key of its picker."""

ALL = "all"
"""What the picker stands on where controls act on all factories."""


def scope() -> str:
    """Return the factory that controls act on; empty where they act on all."""
    return held(SCOPE) if PICKS in st.session_state else ""


def place(name: str) -> str:
    """Return where a control writes a quantity: as all factories have it, or one of them."""
    return f"{scope()}.{name}" if scope() else name


def stated(scenario: Scenario, name: str) -> float | None:
    """Return what a control shows: the factory's own value, or that of all; None from its row."""
    value: float | None = getattr(scenario, name)
    return scenario.sites.get(scope(), {}).get(name, value)


def lost(factories: Sequence[str]) -> bool:
    """Go back to all factories where the one chosen is none of these; whether it was so."""
    gone = bool(scope()) and scope() not in factories
    if gone:
        st.toast(f"{plain(scope()[:40])} is not in the scenario: drivers act on all factories.")
        drop(SCOPE)
    st.session_state[PICKER] = scope() or ALL
    return gone


def take() -> None:
    """Take over what the picker says."""
    chosen = str(st.session_state[PICKER])
    if chosen == ALL:
        drop(SCOPE)
    else:
        pick(SCOPE, chosen)
