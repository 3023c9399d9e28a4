"""What a card shows: its chart or its table, and whether its chart is open in full."""

import streamlit as st

LARGE, NEW = "large_card", "large_card_new"
"""Keys of the session: the card whose chart is open in full, and whether it was only just asked
for."""


def switch_key(key: str) -> str:
    """Return the key of the switch between a card's chart and its table."""
    return f"table_{key}"


def as_table(key: str) -> bool:
    """Whether a card shows its table instead of its chart."""
    return bool(st.session_state.get(switch_key(key)))


def enlarge(key: str) -> None:
    """Open the chart of a card in full, from the next run on."""
    st.session_state[LARGE], st.session_state[NEW] = key, True


def shrink() -> None:
    """Close what is open in full."""
    st.session_state.pop(LARGE, None)


def large(key: str) -> bool:
    """Whether the chart of a card is open in full."""
    return st.session_state.get(LARGE) == key


def stands(*, on: bool) -> None:
    """Say, as a run of the whole page begins, whether what is open stays open.

    Parameters
    ----------
    on : bool
        Whether nobody asked for this run: the page has come back on its own. A visitor who asks
        for one has closed what was open, or has left it.
    """
    if not (on or st.session_state.get(NEW)):
        shrink()
    st.session_state[NEW] = False
