"""A series under other futures of a driver, which the reader chooses among all series."""

from collections.abc import Sequence

import streamlit as st

from dashboard import state
from dashboard.charts import futures
from dashboard.theme import plain
from dashboard.widgets import chart_card
from forecasts.regression import FEWEST
from forecasts.witness import DRIVERS, explained

LONGEST_LEAD = 8
"""Most steps by which a driver may be said to lead."""

ALONE = ""
"""Choice of no driver."""


def driver_card(key: str, drivers: Sequence[str]) -> None:
    """Let the reader choose a driver, its lead and its growth; show what follows for a series.

    Parameters
    ----------
    key : str
        The series.
    drivers : sequence of str
        Keys of series long enough in common with it.
    """
    known = state.outlook()
    usual, lead = DRIVERS.get(key, (ALONE, 0))
    choices = [ALONE, *drivers]
    titles = {name: known.histories[name].title for name in drivers} | {ALONE: "None"}
    left, middle, right = st.columns([2, 1, 1])
    name = left.selectbox(
        "A series that may drive it",
        choices,
        index=choices.index(usual) if usual in choices else 0,
        format_func=lambda one: titles[one],
        key=f"driver_of_{key}",
        help="Any series of the same step, your own too, that shares enough years with it.",
    )
    if name == ALONE:
        return
    lag = middle.number_input(
        "Steps it leads by", 0, LONGEST_LEAD, lead if name == usual else 0, key=f"lead_{key}_{name}"
    )
    growth = right.number_input(
        "If it grows by, % a year",
        min_value=-90.0,
        max_value=500.0,
        value=None,
        step=5.0,
        key=f"growth_{key}_{name}",
        placeholder="not stated",
        help="A future of your own beside its forecast and the ends of its interval.",
    )
    share = None if growth is None else growth / 100
    seen = explained(known, key, name, int(lag), share)
    history = known.histories[key]
    if seen is None:
        st.info(f"Fewer than {FEWEST} yearly growths in common, or values not above nought.")
    elif seen.told:
        chart_card(futures.by_driver(known, key, seen), "driver")
    else:
        st.info(plain(futures.driver_finding(history, seen) + ". No path is drawn."))
    st.caption(
        "Whoever tries many drivers and leads finds one that fits by luck: trust what is closer "
        "than the forecast by the series alone, and has a reason."
    )
