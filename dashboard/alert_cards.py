"""Alerts on changes of data: a banner until somebody acknowledges them, and the whole list."""

import pandas as pd
import streamlit as st

from dashboard import alert_state, data_state, widgets
from dashboard.theme import NOTHING, plain
from dashboard.watch_runs import NPV
from data.alert_store import LONGEST_NOTE, Alert

SHOWN = 3
"""Alerts that the banner tells, the newest."""


def _waiting() -> list[Alert]:
    """Return what waits to be acknowledged: moves of NPV first, then the newest."""
    waiting = [one for one in alert_state.every() if one.waits]
    return sorted(waiting, key=lambda one: (one.kind != NPV, -one.number))


def line() -> None:
    """Say in one line that alerts wait, where a page has room for no more."""
    waiting = _waiting()
    if not waiting:
        return
    more = f" And {len(waiting) - 1} more on page Trust." if len(waiting) > 1 else ""
    text, button = st.columns([6, 1], vertical_alignment="center", gap="small")
    with text:
        st.warning(f"**Data changed:** {plain(waiting[0].told)}.{more}")
    with button:
        _button(waiting)
    _refused()


def banner() -> None:
    """Show what waits to be acknowledged; nothing where nothing waits."""
    waiting = _waiting()
    if not waiting:
        return
    lines = [f"- {plain(one.told)}" for one in waiting[:SHOWN]]
    more = len(waiting) - SHOWN
    if more > 0:
        lines.append(f"- and {more} more: view Issued forecasts")
    count = f"{len(waiting)} alerts" if len(waiting) > 1 else "One alert"
    with st.container(border=True, key="alerts"):
        st.warning("\n".join([f"**{count} on changes of data**", *lines]))
        with st.container(horizontal=True, vertical_alignment="bottom"):
            st.text_input(
                "What is done about it, if you like",
                key=alert_state.NOTE,
                max_chars=LONGEST_NOTE,
                disabled=bool(data_state.may("acknowledge alert")),
            )
            _button(waiting)
        _refused()


def _button(waiting: list[Alert]) -> None:
    forbidden = data_state.may("acknowledge alert")
    st.button(
        "Acknowledge all" if len(waiting) > 1 else "Acknowledge",
        key="alerts_seen",
        icon=":material/done_all:",
        on_click=alert_state.seen,
        args=([one.number for one in waiting],),
        disabled=bool(forbidden),
        help=forbidden or "Takes the banner away for everybody; your name is kept.",
    )


def _refused() -> None:
    for problem in alert_state.refused():
        st.error(plain(str(problem)))


def listed() -> None:
    """Show every alert there was, newest first, with who acknowledged it."""
    found = alert_state.every()
    if not found:
        return
    st.subheader("Alerts on changes of data", anchor=False)
    table = alerts_table(found)
    widgets.table(table, alt="Every alert, and who acknowledged it")
    widgets.download(table, "alerts")


def alerts_table(found: tuple[Alert, ...]) -> pd.DataFrame:
    """Table of alerts, newest first."""
    return pd.DataFrame(
        [
            {
                "Alert": one.number,
                "When": str(one.at)[:16].replace("T", " "),
                "What": one.told,
                "Acknowledged by": one.acknowledged_by or NOTHING,
                "On": str(one.acknowledged_at)[:16].replace("T", " ") or NOTHING,
                "Note": one.note or NOTHING,
            }
            for one in reversed(found)
        ]
    )
