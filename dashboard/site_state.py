"""The month at which a site is looked at: kept across factories and in the link."""

import streamlit as st

from dashboard import jobs_state
from dashboard.charts.study import Study
from dashboard.selection_state import drop, held, pick
from dashboard.theme import plain
from forecasts.report import month_name

SITE_MONTH, MOVED = "site_month", "site_month_moved"
"""The selection's name in the link, which holds a month as 2029-06; and the key of the session that
says whether it was only just moved."""

DRAWN_S = 0.15
"""Seconds that server and browser take for drawing and figures of a moved month. The charts beneath
are heavier: in one go with them, the browser works twice as long before it shows anything."""


def choose_month(study: Study, row: int) -> int:
    """Draw the slider of months; return the month of the model that it stands on.

    Without a choice it stands on the first sale of the factory, and follows it.
    """
    names = [month_name(study.result, month) for month in range(study.result.plan.months)]
    first = names[min(study.result.phases[row][0].live, len(names) - 1)]
    asked = held(SITE_MONTH)
    if asked and asked not in names:
        st.toast(
            f"The link asks for site_month {plain(asked[:40])}, which is not there: use "
            f"{names[0]} to {names[-1]}."
        )
        drop(SITE_MONTH)
    wanted = asked if asked in names else first
    st.session_state[SITE_MONTH] = wanted
    st.select_slider(
        "What stands at the end of", names, key=SITE_MONTH, on_change=_moved, args=(first,)
    )
    return names.index(wanted)


def _moved(first: str) -> None:
    """Keep the month; the one the slider begins with is not written in the link."""
    st.session_state[MOVED] = True
    chosen = st.session_state[SITE_MONTH]
    if chosen == first:
        drop(SITE_MONTH)
    else:
        pick(SITE_MONTH, chosen)


def seen_first() -> None:
    """Let a browser show what stands above before it is given more, after the month moved.

    Where the month moves on meanwhile, what comes after is left out.
    """
    if st.session_state.pop(MOVED, False):
        jobs_state.pause(DRAWN_S)
