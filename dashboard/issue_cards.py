"""Forecasts that were issued: kept as they were said, scored when data arrive."""

import streamlit as st

from dashboard import alert_cards, data_state, issue_state, widgets
from dashboard.charts import issues as shown
from dashboard.issue_runs import Held, moves
from dashboard.theme import plain
from data.issue_store import LONGEST_NOTE


def issued() -> None:
    """Show how issued forecasts did, and keep today's."""
    found, problems = issue_state.found()
    st.header(shown.headline(found), anchor=False)
    st.caption(shown.meaning(found))
    for problem in problems:
        st.warning(f"Issued forecasts cannot be read: {plain(str(problem))}")
    _keep()
    if found:
        _scores(found)
    alert_cards.listed()


def _scores(found: tuple[Held, ...]) -> None:
    """Show what was said and what came, issue by issue."""
    scores = shown.scores_table(found)
    st.subheader("What was said, and what came", anchor=False)
    if scores.empty:
        st.caption("Nothing yet. The table below says from which period on each series is scored.")
    else:
        widgets.table(shown.readable(scores), alt="Issued forecasts beside what came", exact=True)
        widgets.download(scores, "issued_scores")
    _one(found)
    _results(found)


def _keep() -> None:
    """Let today's forecasts be kept."""
    refused = data_state.may("issue forecasts")
    with st.container(border=True, horizontal=True, vertical_alignment="bottom"):
        st.text_input(
            "Note, if you like",
            key=issue_state.NOTE,
            max_chars=LONGEST_NOTE,
            placeholder="Why today, as: before the board of December",
        )
        st.button(
            "Keep today's forecasts",
            key="issue_now",
            icon=":material/bookmark_add:",
            on_click=issue_state.issue,
            disabled=bool(refused),
            help=refused
            or "Keeps the forecast of every series and the headline results of the approved "
            "scenario (the base case where none is). What is kept can never be changed.",
        )
    told, problems = issue_state.said()
    if told:
        st.success(told)
    for problem in problems:
        st.error(plain(str(problem)))


def _one(found: tuple[Held, ...]) -> None:
    """Show the issues, and series by series what is still to come of one."""
    st.subheader("Issues", anchor=False)
    widgets.table(shown.issues_table(found), alt="Every issue: when, who, scenario, versions, hash")
    numbers = {one.issue.number: one for one in reversed(found)}
    with st.expander("What an issue waits for"):
        number = st.selectbox("Issue", list(numbers), key="issue_shown")
        waiting = shown.waiting_table(numbers[number])
        widgets.table(waiting, alt=f"Series of issue {number}, and when each can be scored")


def _results(found: tuple[Held, ...]) -> None:
    """Show how headline results moved from issue to issue."""
    every = [one.issue for one in found]
    st.subheader("Results from issue to issue, all factories", anchor=False)
    widgets.table(shown.results_table(every), alt="Headline results of every issue")
    moved = shown.moves_table(moves(every))
    if moved.empty:
        st.caption("No result moved yet." if len(every) < 2 else "No result moved between issues.")
        return
    st.subheader("What moved between issues, and what changed", anchor=False)
    widgets.table(moved, alt="Results that moved from issue to issue, factory by factory")
    widgets.download(moved, "issued_moves")
