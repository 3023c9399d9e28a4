"""Judgements of people beside the model's forecast of a series: listed, added, taken back."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import data_state, store_state, widgets
from dashboard.charts.series import unit_name
from dashboard.theme import plain
from data.judgement_store import Judgement, judge, judgements
from data.problems import RefusedError
from data.store_opening import address, exists
from forecasts.combine import Forecast
from forecasts.outlook import STEP_MONTHS, History, period_name

AHEAD = 24
"""Periods ahead that can be judged on the page."""


def judgement_card(history: History, forecast: Forecast, key: str) -> None:
    """Show what people expect instead of the model, and let them say so with a reason."""
    st.subheader("What people judge instead", anchor=False)
    st.caption(
        "A judgement stands beside the model's figure and moves nothing in it. It is kept with "
        "who, when and why; once the figure is known, `rackcast forecast --overrides` scores both."
    )
    ahead = _ahead(history, forecast)
    known = {period_name(int(end), history.freq): float(value)
             for end, value in zip(history.ends, _values(history), strict=True)}  # fmt: skip
    found = _held(key)
    if found:
        table = judged_table(found, ahead, known, unit_name(history.unit))
        widgets.table(table, alt="Judgements beside the model", exact=True)
    refused = data_state.may("judge")
    with st.expander("Judge a period"), st.form(f"judge_{key}", border=False):
        left, right = st.columns(2)
        period = left.selectbox("Period", list(ahead)[:AHEAD], key=f"judged_{key}")
        value = right.number_input(
            f"Your figure, {unit_name(history.unit)}", value=None, format="%.6g"
        )
        reason = st.text_input("Why", max_chars=500)
        last = period_name(int(history.ends[-1]), history.freq)
        asked = st.form_submit_button(
            "Keep the judgement", disabled=bool(refused), help=refused or None
        )
        if asked and value is None:
            st.error("Write your figure.")
        elif asked:
            _keep(Judgement(key, str(period), value, last, reason))
    if found and not refused:
        one = st.selectbox("Take back", [one.ds for one in found], index=None, key=f"back_{key}")
        if one is not None and st.button("Take it back", key=f"take_back_{key}"):
            _keep(Judgement(key, one, None, last, "Taken back."))


def _values(history: History) -> "np.typing.NDArray[np.float64]":
    held = history.values  # noqa: PD011 - an array, which ruff takes for a frame
    return np.asarray(held, dtype=float)


def _ahead(history: History, forecast: Forecast) -> dict[str, float]:
    """Return the model's mean by period ahead."""
    step, last = STEP_MONTHS[history.freq], int(history.ends[-1])
    return {
        period_name(last + step * (at + 1), history.freq): float(mean)
        for at, mean in enumerate(forecast.mean)
    }


def _held(key: str) -> list[Judgement]:
    if not exists(address()):
        return []
    try:
        every = judgements(store_state.store(), store_state.actor())
    except RefusedError:
        return []
    return [one for one in every if one.unique_id == key]


def judged_table(
    found: list[Judgement], ahead: dict[str, float], known: dict[str, float], unit: str
) -> pd.DataFrame:
    """Return judgements beside the model's mean, and the figure where it is known by now."""
    rows = [
        (one.ds, ahead.get(one.ds, np.nan), one.value, known.get(one.ds, np.nan), one.reason,
         one.who, str(one.at)[:10], one.known)
        for one in sorted(found, key=lambda one: one.ds)
    ]  # fmt: skip
    names = ["Period", f"Model, {unit}", f"Judged, {unit}", f"Known since, {unit}", "Why", "Who"]
    return pd.DataFrame(rows, columns=[*names, "When", "Known then"])


def _keep(one: Judgement) -> None:
    try:
        judge(store_state.store(), store_state.actor(), one)
    except RefusedError as refused:
        for problem in refused.problems:
            st.error(plain(str(problem)))
        return
    st.rerun()
