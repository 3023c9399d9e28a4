"""What the switch of a card stands on: known before the card is drawn, and after."""

import streamlit as st


def switch_key(key: str) -> str:
    """Return the key of the switch between a card's chart and its table."""
    return f"table_{key}"


def as_table(key: str) -> bool:
    """Whether a card shows its table instead of its chart."""
    return bool(st.session_state.get(switch_key(key)))
