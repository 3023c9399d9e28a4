"""Cards of the page Forecasts: how a series was forecast, and why that may be believed."""

import re
from math import isnan

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import state, trust_state
from dashboard.charts import evidence, futures, glance, past
from dashboard.charts.series import publishers
from dashboard.driver_cards import driver_card
from dashboard.theme import JOIN, MINUS, NOTHING, plain
from dashboard.widgets import chart_card, table
from forecasts.ceilings import ceilings_of
from forecasts.coherence import capacity_coherence, falling_short
from forecasts.combine import Forecast
from forecasts.evidence import Evidence
from forecasts.outlook import STEP_MONTHS, History, period_name
from forecasts.past_forecasts import group_of
from forecasts.witness import possible

COHERENCE_YEAR = 2028
"""Year in which the capacity forecasts are compared: the last that all of them reach."""

CHECK_ICONS = {
    "holds": ":material/check_circle:",
    "fails": ":material/warning:",
    "silent": ":material/remove:",
}
"""Mark of a check of forecast errors, by outcome."""

MEANING_OF_BANDS = (
    "What the bands mean: the one made for 80 % should hold about 80 of 100 values still to come. "
)
"""What a reader should take from the intervals."""

LEARNED_WIDTH = (
    "Its width was learned on other series, where models were wrong more often than their own "
    "formulas say; how often it held on this one's own past stands under the chart's title."
)
"""Where the width of intervals comes from."""

LENT_WIDTH = (
    "Its width holds how far growth differs from one to another of the series whose growth it "
    "borrows, beside the errors of series as short as this one."
)
"""Where the width comes from where growth is borrowed."""

BORROWED = "peers' growth"
"""Member of a forecast that was drawn towards the growth of its peers."""

WITHOUT_PEERS = "On the past the series stands alone: what it borrows from its peers is not tried."
"""What is said of the leaderboard of a series that borrows growth."""

SHORTER = (
    "Members that are missing here ask for more values than there were: the past was forecast by "
    "the method for shorter series."
)
"""What is said of the leaderboard of a series that outgrew the method it was tried with."""

NO_NEWS = "One value only: nothing came before it."
"""What is said of a series that has no earlier forecast to compare with."""


def glance_card() -> None:
    """Show all series beside each other, once somebody opens the card."""
    known = state.outlook()
    shown = st.expander(glance.summary(known), key="glance", on_change="rerun")
    if not shown.open:
        return
    with shown:
        table(
            glance.glance(known),
            alt="All series: forecast, interval, record",
            height="content",
            digits=0,
        )
        st.caption(
            "Forecasts are in the unit of the last value. ± of 80 %: half the width of the 80 % "
            "interval a year ahead, in percent of the forecast. Against naive: how much "
            "smaller its past errors are than those of the last value repeated, where that is more "
            "than chance. 80 % held: share of the series' own past values inside the intervals "
            f"they would have been given, which should be 80. {NOTHING}: its past "
            "is too short to try them."
        )


def forecast_facts(history: History, forecast: Forecast) -> DeltaGenerator:
    """Say what made a forecast, from how much, and what to know about it.

    Returns
    -------
    DeltaGenerator
        Where `group_record` says how such series did: it takes a second, so the page comes first.
    """
    step = {1: "month", 3: "quarter", 12: "year"}[STEP_MONTHS[history.freq]]
    points = history.ends.size - history.filled
    made = f"{forecast.model}, drawn to its {BORROWED}" * (BORROWED in forecast.members)
    st.markdown(f"**How it was made: {plain(made or forecast.model)}**")
    filled = (
        f"{history.filled} of {history.ends.size} points were not observed and lie on a straight "
        "line between their neighbours."
        if history.filled
        else "Every point was observed."
    )
    st.markdown(
        f"- {_counted(points, 'point')}, one a {step}, from "
        f"{_counted(history.observations, 'observation')}; the method is that for "
        f"{plain(_values(forecast.rung))}\n- {filled}"
    )
    for note in forecast.said(lambda place: period_name(int(history.ends[place]), history.freq)):
        st.caption(plain(written(note)))
    st.caption(MEANING_OF_BANDS + (LENT_WIDTH if made else LEARNED_WIDTH))
    place = st.empty()
    names = publishers(history.facts)
    st.caption(f"Sources: {plain('; '.join(names[:4]))}{' and others' * (len(names) > 4)}")
    return place


def written(note: str) -> str:
    r"""Write a note of a forecast as the screen writes numbers: a true minus, no line within.

    Examples
    --------
    >>> written("from -9 % to 2024-06").split()
    ['from', '\u22129', '%', 'to', '2024-06']
    """
    return re.sub(r"(?<!\S)-(?=\d)", MINUS, note).replace(" %", f"{JOIN}%")


def group_record(place: DeltaGenerator, history: History, forecast: Forecast) -> None:
    """Say how the bands of all such series did, of a series too short to have a record itself."""
    group = group_of(history.key)
    if group and isnan(forecast.verdict.held):
        said = past.held(trust_state.record_of(group))
        if said:
            place.caption(f"**{plain(said)}**")


def _values(rung: str) -> str:
    """Name a rung of the ladder in words.

    Examples
    --------
    >>> _values("16 and more, in seasons of 4"), _values("1")
    ('16 values and more, in seasons of 4', '1 value')
    """
    count, more, rest = rung.partition(" and more")
    return f"{count} value{'s' * (count != '1')}{more}{rest}"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'s' * (count != 1)}"


def evidence_card(history: History, key: str) -> None:
    """Show errors by step, the leaderboard, and what the errors say."""
    every = st.toggle(
        "Try statsmodels' automatic models too",
        key="every_model",
        help="ETS, Theta, ARIMA and unobserved components at every origin; takes some seconds.",
    )
    found = state.evidence(key, every=every)
    drawing = evidence.error_by_step(found, history)
    wide, narrow = st.columns([2, 1])
    with wide:
        if drawing is None:
            st.info(found.verdict.text)
        else:
            chart_card(drawing, "steps")
    with narrow, st.container(border=True, height="stretch"):
        st.markdown("**What the errors say**")
        for mark, text in evidence.checks(found, history):
            st.markdown(f"{CHECK_ICONS[mark]} {plain(text)}")
        st.markdown("**What the newest value changed**")
        for mark, text in evidence.news(found, history) or [("silent", NO_NEWS)]:
            st.markdown(f"{CHECK_ICONS[mark]} {plain(text)}")
        st.caption(
            "A failed check is said, not mended: fitting to one history what its past did loses "
            "on average."
        )
    if not found.board.empty:
        table(evidence.board(found), alt="Scores of every model")
        said = _untried(state.outlook().forecasts[key], found)
        st.caption(
            "OWA: error against naive, 1 is as good. MASE: mean error over the mean move in "
            "a year. MSIS 95 %: width of the 95 % interval and what it missed, in the same unit, "
            "less is better. 80 % held: share of values inside the interval made for 80 %; "
            "members by their own formula, the combination calibrated. The combination "
            "is used whoever leads: picking each series' winner does worse on new values. Models "
            f"that could be tried on fewer values stand last. Formulas: page Methods.{said}"
        )


def _untried(forecast: Forecast, found: Evidence) -> str:
    """Say what of a forecast its own past could not try."""
    others = {*forecast.members} - {*found.board["model"], BORROWED}
    said = f" {WITHOUT_PEERS}" * (BORROWED in forecast.members)
    return f"{said} {SHORTER}" if others else said


def coherence_card() -> None:
    """Show whether the capacity of countries, regions and world adds up, and what would move."""
    st.subheader(f"Does it add up in {COHERENCE_YEAR}?", anchor=False)
    short = falling_short(state.outlook(), COHERENCE_YEAR)
    if short:
        st.caption(
            f"That cannot be told: the forecast ends before it for {plain(', '.join(short))}."
        )
        return
    found = capacity_coherence(state.catalog(), state.outlook(), COHERENCE_YEAR)
    st.caption(
        f"{found.result.note} Countries by their own forecasts, regions and world by published "
        "levels and outlooks, MW of IT load. The model takes the countries as forecast; the last "
        "column is what the rest of the world would have them move."
    )
    table(evidence.coherence_table(found), alt="Capacity before and after it is made to add up")


def futures_card(key: str) -> None:
    """Show growth under a stated ceiling and the series under other futures of a driver."""
    known = state.outlook()
    history = known.histories[key]
    ceilings, drivers = ceilings_of(state.catalog(), history), possible(known, key)
    if ceilings is None and not drivers:
        return
    st.subheader("If it goes otherwise", anchor=False)
    st.caption("Scenarios beside the forecast: the model does not use them.")
    if ceilings is not None:
        chart_card(futures.under_ceilings(known, key, ceilings), "ceilings")
        if ceilings.facts:
            table(futures.ceiling_rows(ceilings), alt="Published figures behind the ceilings")
    if drivers:
        driver_card(key, drivers)
