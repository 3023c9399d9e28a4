"""Public sources on the upload page: ask one, see what differs, accept or leave it."""

import pandas as pd
import streamlit as st

from dashboard import data_state, refresh_state, upload_cards, widgets
from dashboard.charts.impact import group_name
from dashboard.refresh_state import Answer
from dashboard.theme import NOTHING, plain
from data.connectors.connector import Connector
from data.connectors.refresh import Refreshed
from data.schemas import DATASETS

MOST_ROWS = 500
"""Rows shown of new and of changed figures."""


def sources() -> None:
    """Offer every public source, and show what the one asked last says."""
    st.caption(
        "Each button asks one publisher for its newest figures. What it says is compared with the "
        "data in force; nothing moves until you accept it. Without internet everything stays as "
        "it is."
    )
    refused = data_state.may("refresh")
    for connector in refresh_state.connectors():
        _source(connector, refused)
    done, answer = refresh_state.done(), refresh_state.answer()
    if done is not None:
        upload_cards.undoing(*done)
    elif answer is not None:
        _answered(answer)


def _source(connector: Connector, refused: str) -> None:
    rows, newest = refresh_state.held_rows(connector)
    with st.container(border=True, horizontal=True, vertical_alignment="center"):
        read = f", read on {newest.isoformat()} at the latest" if newest else ""
        st.markdown(
            f"**{plain(connector.title)}**  \n{rows:,} rows of it are in force, in table "
            f"{plain(DATASETS[connector.dataset].title)}{read}.",
            width="stretch",
        )
        pressed = st.button(
            "Ask now",
            key=f"ask_{connector.name}",
            icon=":material/cloud_download:",
            disabled=bool(refused),
            help=refused or "Asks the publisher over the internet; shows what differs.",
        )
    if pressed:
        with st.spinner(f"Asking {connector.title.partition(':')[0]} …"):
            upload_cards.safely(lambda: refresh_state.ask(connector))


def _answered(answer: Answer) -> None:
    connector = next(one for one in refresh_state.connectors() if one.name == answer.source)
    name, found = connector.title.partition(":")[0], answer.found
    if found is None:
        reasons = "  \n".join(f"{plain(one.place)}: {plain(one.value)}" for one in answer.problems)
        fixes = " ".join(dict.fromkeys(one.fix.partition(";")[0] for one in answer.problems))
        rows, _ = refresh_state.held_rows(connector)
        st.warning(
            f"**{plain(name)} could not be asked.**  \n{reasons}  \nThe {rows:,} rows in force "
            f"stay as they are. What to do: {plain(fixes)}."
        )
        return
    if found.incoming is None:
        st.success(
            f"**{plain(name)} says nothing new**: all {found.seen:,} figures are those in force."
        )
        return
    _differences(name, found)
    chosen = upload_cards.chosen_rows(found.incoming.rows, f"{answer.source}_{answer.version}")
    st.button(
        "Leave it",
        key="refresh_leave",
        on_click=refresh_state.leave,
        help="Drops what was asked; everything stays as it is.",
        icon=":material/close:",
    )
    if not chosen.empty:
        wanted = refresh_state.taken(found, chosen)
        upload_cards.weighed(
            wanted, lambda note: refresh_state.accepted(found, chosen, note), st.container()
        )


def _differences(name: str, found: Refreshed) -> None:
    """Show new and changed figures, and say how many stay."""
    new, changed = tables(found.changes)
    st.subheader(
        f"{plain(name)}: {len(new):,} new, {len(changed):,} changed, {found.unchanged:,} unchanged",
        anchor=False,
    )
    st.caption("A figure counts as changed when it differs by more than a thousandth.")
    left, right = st.columns(2)
    for place, title, frame in ((left, "Changed", changed), (right, "New", new)):
        with place:
            st.markdown(f"**{title}**")
            if frame.empty:
                st.caption("None.")
                continue
            widgets.table(frame.head(MOST_ROWS), alt=f"{title} figures of {name}", height=280)
            if len(frame) > MOST_ROWS:
                st.caption(f"And {len(frame) - MOST_ROWS:,} more.")


def tables(changes: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return new figures, and changed ones with how far they moved, as people read them."""
    named = changes.assign(row=[group_name(str(row)) for row in changes["row"]])
    new = named[named["kind"] == "added"][["row", "after"]]
    changed = named[named["kind"] == "changed"][["row", "before", "after"]]
    moved = [
        _moved(str(before), str(after))
        for before, after in zip(changed["before"], changed["after"], strict=True)
    ]
    return (
        new.rename(columns={"row": "Figure", "after": "Now"}),
        changed.assign(moved=moved).rename(
            columns={"row": "Figure", "before": "In force", "after": "Now", "moved": "Change"}
        ),
    )


def _moved(before: str, after: str) -> str:
    """Return how far a figure moved, in percent; a dash where that says nothing.

    Examples
    --------
    >>> _moved("4", "5")
    '+25.0%'
    """
    try:
        was, now = float(before), float(after)
    except ValueError:
        return NOTHING
    return f"{now / was - 1:+.1%}".replace("-", "\N{MINUS SIGN}") if was else NOTHING
