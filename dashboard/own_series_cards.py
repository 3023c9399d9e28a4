"""A series of one's own on the upload page: bring it, see its forecast, tie it to a driver."""

import streamlit as st

from dashboard import data_state, own_series_state, state, upload_cards, upload_reading, widgets
from dashboard import upload_state as uploads
from dashboard.charts import impact as impact_charts
from dashboard.charts import series as series_charts
from dashboard.theme import plain
from data.problems import RefusedError
from data.schemas import UNITS
from forecasts.own_series import OWN

NO_UNITS = {"text", "date"}
"""Units of the tables that no series has."""


def own_series() -> None:
    """Show the two steps: bring a series, and tie it."""
    st.subheader("1. Bring a series", anchor=False)
    _bringing()
    st.subheader("2. See its forecast and tie it to what it drives", anchor=False)
    known = own_series_state.series()
    if not known:
        st.caption("No series of your own is in force yet: bring one above and accept it.")
        return
    _tying(list(known))


def _bringing() -> None:
    left, right = st.columns([1, 2])
    with left:
        name = st.text_input("Its name", key="own_name", max_chars=80, placeholder="Our tariff")
        unit = st.selectbox(
            "Its unit",
            sorted(UNITS - NO_UNITS),
            index=None,
            format_func=series_charts.unit_name,
            key="own_unit",
            placeholder="Choose one",
        )
    with right:
        dropped = st.file_uploader(
            "A file with two columns: period and value",
            key="own_file",
            max_upload_size=50,
            help="Months (2026-03), quarters (2026Q1) or years; days count as the mean of their "
            "month. Any country, any driver.",
        )
    if dropped is None:
        return
    if not name.strip() or unit is None:
        st.info("Give the series a name and a unit first.")
        return
    given = own_series_state.given(dropped.name, dropped.getvalue(), name.strip(), unit)
    done = uploads.done(given)
    if done is not None:
        upload_cards.undoing(*done)
    elif upload_reading.ready(given):
        chosen = upload_cards.chosen_rows(given.rows, given.key)
        if not chosen.empty:
            upload_cards.accepting(len(chosen), lambda note: uploads.accepted(given, chosen, note))


def _tying(names: list[str]) -> None:
    left, right = st.columns([1, 2])
    with left:
        name = st.selectbox("Series", names, key="own_series")
        history = state.outlook().histories[OWN + name]
        choices = own_series_state.drivers(history.unit)
        key = st.selectbox(
            "What follows it",
            list(choices),
            format_func=lambda one: choices[one],
            key="own_driver",
            help="Where the level counts, only series in its unit are offered.",
        )
        st.caption("The forecast of the series then stands in place of the model's own.")
        _ties()
    with right:
        chart = series_charts.fan(state.outlook(), OWN + name)
        widgets.chart_card(chart, "own_fan")
        st.caption("Page Forecasts shows its backtest, and the series under futures of a driver.")
    try:
        found = own_series_state.effect(key, name)
    except RefusedError as refused:
        widgets.problem_list(refused.problems)
        return
    upload_cards.told(found)
    _buttons(key, name)
    for one in found.series[: upload_cards.MOST_CHARTS]:
        widgets.chart_card(impact_charts.series_chart(one), f"tied_{one.key}")


def _ties() -> None:
    """List what the scenario on screen ties, each with a way to untie it."""
    for key, name in state.scenario().follows.items():
        with st.container(horizontal=True, vertical_alignment="center"):
            st.caption(f"In this scenario {plain(key)} follows {plain(name)}.", width="stretch")
            st.button("Untie", key=f"untie_{key}", on_click=own_series_state.untie, args=(key,))


def _buttons(key: str, name: str) -> None:
    refused = data_state.may("accept data")
    with st.container(horizontal=True):
        st.button(
            "Tie it in this scenario",
            key="tie_scenario",
            type="primary",
            icon=":material/link:",
            disabled=state.scenario().follows.get(key) == name,
            on_click=own_series_state.tie,
            args=(key, name),
            help="A change of the scenario on screen: saved, linked and exported with it.",
        )
        st.button(
            "Tie it for everyone",
            key="tie_all",
            icon=":material/group:",
            disabled=bool(refused),
            on_click=upload_cards.safely,
            args=(lambda: _tie_for_all(key, name),),
            help=refused or "A row of the data in force in this workspace; can be undone.",
        )


def _tie_for_all(key: str, name: str) -> None:
    data_state.accept(own_series_state.tie_row(key, name), data_state.catalog().version)
