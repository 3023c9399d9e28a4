"""Table editor of the forward curve of a factory's currency: drawn from what is settled."""

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.changes import CURVE, applied, label, taken
from dashboard.editor_state import REFUSED
from dashboard.editor_tables import VALUE, YEAR, curve_changes, curve_frame
from dashboard.theme import NOTHING


def curve(key: str) -> None:
    """Draw the editor of the forward curve of a factory's local currency."""
    name = f"curve_{key}_{state.turn()}"
    frame = curve_frame(applied(state.parent(), state.settled()), key)
    st.data_editor(
        frame,
        key=name,
        num_rows="dynamic",
        hide_index=True,
        placeholder=NOTHING,
        column_config={
            YEAR: st.column_config.NumberColumn(
                min_value=2000, max_value=2100, required=True, format="%.10g"
            ),
            VALUE: st.column_config.NumberColumn(min_value=0.05, max_value=20.0, required=True),
        },
        on_change=_typed,
        args=(name, key, frame),
    )


def _typed(name: str, key: str, frame: pd.DataFrame) -> None:
    typed = st.session_state[name]
    rows = typed["edited_rows"], typed["added_rows"], typed["deleted_rows"]
    changes = curve_changes(frame, *rows, key)
    together = {**state.settled(), **(changes or {})}
    if changes and taken(state.parent(), together, state.catalog()) and state.edit(together):
        return
    rule = "each whole year from 2000 to 2100 once, values from 0.05 to 20, at most 40 points"
    st.session_state[REFUSED] = [f"{label(f'{key}.{CURVE}')}: {rule}"]
    state.turned()
