"""Pieces of the upload page: rows to take, what they change, accepting and undoing, versions."""

from collections.abc import Callable

import pandas as pd
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import data_state, later_state, upload_state, widgets
from dashboard.charts import impact as charts
from dashboard.theme import plain
from data.catalog import bundled
from data.catalog_merging import differences
from data.catalog_store import Incoming
from data.problems import RefusedError
from data.schemas import DATASETS
from forecasts.impact import Impact

MOST_CHARTS = 3
"""Series drawn; the others are named."""

MOST_LISTED = 30
"""Problems written out; the others are counted."""


def chosen_rows(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Let the user leave rows out; return those that are taken."""
    with st.expander(f"Choose among the {len(rows)} rows"):
        edited = st.data_editor(
            rows.assign(Take=True)[["Take", *rows.columns]],
            hide_index=True,
            disabled=list(rows.columns),
            key=f"take_{key}_{len(rows)}",
            height=360,
        )
    return rows[edited["Take"].to_numpy(dtype=bool)].reset_index(drop=True)


def effect(wanted: Incoming) -> Impact | None:
    """Show what rows would do to every return; None where the model refuses them."""
    try:
        found = upload_state.effect(wanted)
    except RefusedError as refused:
        widgets.problem_list(refused.problems[:MOST_LISTED])
        if len(refused.problems) > MOST_LISTED:
            st.caption(f"And {len(refused.problems) - MOST_LISTED} more.")
        return None
    told(found)
    return found


def told(found: Impact) -> None:
    """Show in a sentence and a table what changes."""
    st.subheader(charts.headline(found), anchor=False)
    st.caption(plain(charts.change_of_npv(found)))
    every = st.toggle("Every return, changed or not", key="impact_every")
    table = charts.changes_table(found, every=every)
    if table.empty:
        st.info("No return of any factory changes.")
    else:
        widgets.table(table, alt="Returns before and after", height=300)
        widgets.download(found.metrics, "impact", "All returns as CSV")


def _causes(place: DeltaGenerator, wanted: Incoming, found: Impact) -> None:
    """Show what the impact comes from once it stands itself, and last which models win now."""
    with place:
        said = causes(wanted, found)
    for slot, key in said:
        slot.caption(charts.winner_sentence(*upload_state.winners(found, key)))


def causes(wanted: Incoming, found: Impact) -> list[tuple[DeltaGenerator, str]]:
    """Show which rows do it: a bridge and the series they move.

    Returns
    -------
    list of (DeltaGenerator, str)
        Where to say which model wins the backtest of a series, and the key of the series.
    """
    names = charts.names_of(found)
    factory = st.selectbox(
        "Bridge of", list(names), format_func=lambda key: names[key], key="impact_factory"
    )
    bridge = charts.bridge_chart(found, upload_state.steps(wanted, found, factory), factory)
    if bridge is not None:
        widgets.chart_card(bridge, f"bridge_{factory}")
    said = []
    for one in found.series[:MOST_CHARTS]:
        widgets.chart_card(charts.series_chart(one), f"moved_{one.key}")
        said.append((st.empty(), one.key))
    others = [one.title for one in found.series[MOST_CHARTS:]]
    if others:
        st.caption(f"Also changed: {plain(', '.join(others))}.")
    return said


def versions() -> None:
    """List the data versions, with what differs, and the way back to each."""
    known = data_state.versions()
    if not known:
        st.caption("Nothing has been accepted yet: the bundled tables are in force.")
        return
    now = data_state.catalog()
    table = pd.DataFrame(
        [(one.version, one.what, one.who, one.when.replace("T", " ")) for one in known],
        columns=["Version", "What", "Who", "When (UTC)"],
    )
    widgets.table(table, alt="Data versions, newest first")
    newest = data_state.head()
    options = list(dict.fromkeys(one.version for one in known if one.version != newest))
    options += [] if bundled().version in (newest, *options) else [bundled().version]
    if not options:
        return
    picked = st.selectbox("Compare with, or go back to", options, key="version_other")
    try:
        changed = differences(data_state.at_version(picked), now)
    except RefusedError as refused_rows:
        widgets.problem_list(refused_rows.problems)
        return
    titles = {name: one.title for name, one in DATASETS.items()}
    st.caption(f"{len(changed)} cells differ between {picked} and {now.version}, in force.")
    widgets.table(charts.groups_table(changed.head(500), titles), alt="Differences")
    refused = data_state.may("roll back data")
    st.button(
        f"Go back to {picked}",
        key="roll_back",
        disabled=bool(refused),
        help=refused or "Brings these data into force; nothing is removed.",
        on_click=safely,
        args=(lambda: data_state.roll_back(picked, now.version),),
    )


def safely(change: Callable[[], object]) -> None:
    """Make a change in a callback; a refusal is shown on the page drawn next."""
    try:
        change()
    except RefusedError as refused:
        upload_state.remember(refused.problems)


def refusals() -> None:
    """Show what the last click was refused for, once, and what is wrong with the store."""
    for notice in data_state.notices():
        st.warning(plain(notice))
    problems = upload_state.remembered()
    if problems:
        widgets.problem_list(problems)


def accepting(count: int, accept: Callable[[str], object]) -> None:
    """Offer to accept a number of rows, with a note that says why."""
    refused = data_state.may("accept data")
    note = st.text_input("Why (kept with the rows)", key="accept_note", max_chars=500)
    st.button(
        f"Accept {count} rows" if count != 1 else "Accept one row",
        key="accept",
        type="primary",
        icon=":material/check:",
        disabled=bool(refused) or not count,
        help=refused or "Brings the rows into force for everyone in this workspace; can be undone.",
        on_click=safely,
        args=(lambda: accept(note),),
    )


def weighed(wanted: Incoming, accept: Callable[[str], object], effects: DeltaGenerator) -> None:
    """Show what rows would change in a place of its own, offer to accept them, then the causes."""
    with effects:
        found = effect(wanted)
        if found is not None:
            accepting(len(wanted.rows), accept)
    place = st.container()
    if found is not None:
        seen = found
        later_state.later(lambda: _causes(place, wanted, seen))


def undoing(version: str, rows: int) -> None:
    """Say what was accepted, and offer to take it back."""
    counted = "1 row is" if rows == 1 else f"{rows} rows are"
    st.success(f"{counted} in force: data version {version}.")
    st.button(
        "Undo",
        key="undo_data",
        icon=":material/undo:",
        on_click=safely,
        args=(lambda: data_state.undo(version),),
    )
