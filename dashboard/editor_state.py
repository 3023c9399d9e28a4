"""Table editors of assumptions and phases: drawn from what is settled, read by what was typed.

What an editor returns is never its input again: every second edit would revert. The table is
drawn from the changes at the last turn and stays; what is typed comes on top of those.
"""

from collections.abc import Mapping, Sequence

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard import state
from dashboard.changes import applied, entered, label, taken
from dashboard.editor_tables import (
    ALL,
    assumption_changes,
    assumption_frame,
    found,
    phase_changes,
    phase_frame,
)
from dashboard.theme import NOTHING
from forecasts.entered import EnteredPhase
from forecasts.plan import Site
from forecasts.rack_library import LABELS
from forecasts.scenario import QUANTITIES, Scenario

NOTE = "Note"
"""Heading of what people wrote on an assumption."""

REFUSED = "refused"
"""Key of the session: cells that could not be taken."""


def _drawn() -> Scenario:
    return applied(state.parent(), state.settled())


def refused() -> list[str]:
    """Return what could not be taken of the last typing, once."""
    return list(st.session_state.pop(REFUSED, []))


def assumptions(
    section: str,
    wanted: str,
    sites: Sequence[Site],
    labels: Sequence[str],
    notes: Mapping[str, str],
) -> None:
    """Draw the editor of assumptions of a section, or of all that match a search.

    Notes, by assumption, stand in a column of their own where any is shown.
    """
    names = found(section, wanted)
    if not names:
        st.info("No assumption holds these words. Try one of them alone.")
        return
    key = f"editor_{section}_{wanted}_{state.turn()}"
    config: dict[str, ColumnConfig] = {
        "Assumption": st.column_config.TextColumn(disabled=True, pinned=True, width=230),
        "Unit": st.column_config.TextColumn(disabled=True, width=104),
        ALL: st.column_config.NumberColumn(width=110, format="%.10g"),
    }
    config |= {one: st.column_config.NumberColumn(width=92, format="%.10g") for one in labels}
    frame = assumption_frame(_drawn(), names, sites, labels)
    if any(name in notes for name in names):
        frame.insert(list(frame.columns).index(ALL), NOTE, [notes.get(name, "") for name in names])
        config[NOTE] = st.column_config.TextColumn(disabled=True, width=260)
    st.data_editor(
        frame,
        key=key,
        hide_index=True,
        column_config=config,
        on_change=_assumptions_typed,
        args=(key, names, {one: site.key for one, site in zip(labels, sites, strict=True)}),
        height=min(38 + 35 * len(names), 560),
        placeholder=NOTHING,
    )


def _assumptions_typed(key: str, names: list[str], sites: Mapping[str, str]) -> None:
    rows = st.session_state[key]["edited_rows"]
    changes = dict(state.settled())
    problems = []
    for name, value in assumption_changes(rows, names, sites).items():
        tried = {**changes, name: value}
        if value is not None and name in QUANTITIES and value == getattr(state.parent(), name):
            tried.pop(name)
        if taken(state.parent(), tried, state.catalog()):
            changes = tried
        else:
            problems.append(f"{label(name)}: {_limits(name)}")
    _take(changes, problems)


def _limits(name: str) -> str:
    quantity = QUANTITIES[name.rpartition(".")[2]]
    low, high = (f"{end * quantity.unit.scale:,.10g}" for end in (quantity.low, quantity.high))
    whole = "a whole number, " if quantity.whole else ""
    return f"give {whole}{low} to {high} {quantity.unit.text}".strip()


def _take(changes: Mapping[str, object], problems: list[str]) -> None:
    if changes != state.changed() and not state.edit(changes):
        problems = [*problems, "These values do not fit together."]
    if problems:
        st.session_state[REFUSED] = problems
        state.turned()


def phases(key: str) -> None:
    """Draw the editor of the phases entered for a factory."""
    name = f"phases_{key}_{state.turn()}"
    frame = phase_frame(_drawn(), key)
    st.data_editor(
        frame,
        key=name,
        num_rows="dynamic",
        hide_index=True,
        placeholder=NOTHING,
        column_config={
            "Decision": st.column_config.DateColumn(format="YYYY-MM", required=True),
            "Racks": st.column_config.NumberColumn(min_value=1, required=True, format="%.10g"),
            "Energised": st.column_config.DateColumn(
                format="YYYY-MM", help="Empty: from the lead times."
            ),
            "Rack system": st.column_config.SelectboxColumn(
                options=list(LABELS), help="Empty: the generation on sale then."
            ),
        },
        on_change=_phases_typed,
        args=(name, key, frame),
    )


def _phases_typed(name: str, key: str, frame: pd.DataFrame) -> None:
    typed = st.session_state[name]
    changes = phase_changes(
        frame, typed["edited_rows"], typed["added_rows"], typed["deleted_rows"], key
    )
    together = {**state.settled(), **changes}
    if taken(state.parent(), together, state.catalog()):
        _take(together, [])
    else:
        start = state.scenario().start
        _take(
            state.changed(),
            [
                f"{label(f'{key}.phases')}: decide from {start:%Y-%m} on and before the hall is "
                "energised; at most 12 phases of 1 to 100,000 whole racks"
            ],
        )


def enter_planned(key: str) -> None:
    """Enter the planned phases of a factory, to be changed from there."""
    study = state.current()
    row = study.row(key)
    start = study.result.plan.start
    phases = [
        EnteredPhase(
            decision=(pd.Timestamp(start) + pd.DateOffset(months=phase.decision)).date(),
            racks=phase.places,
        )
        for phase in study.result.phases[row]
    ]
    if state.edit({**state.changed(), f"{key}.phases": entered(phases)}):
        state.turned()


def plan_again(key: str) -> None:
    """Leave the phases of a factory to the planner again."""
    state.forget(f"{key}.phases")
