"""Judgements of people beside the model's forecast of a series: listed, added, taken back."""

import numpy as np
import pandas as pd
import streamlit as st

from dashboard import data_state, state, store_state, widgets
from dashboard.charts.series import unit_name
from dashboard.theme import plain
from data.judgement_store import Judgement, judge, judgements
from data.problems import RefusedError
from data.store_opening import address, exists
from forecasts.combine import Forecast, forecast_series
from forecasts.outlook import STEP_MONTHS, History, peers_growth, period_name
from forecasts.overrides import SCORED, analysts, closer_of

AHEAD = 24
"""Periods ahead that can be judged on the page."""


def judgement_card(history: History, forecast: Forecast, key: str) -> None:
    """Show what people expect instead of the model, and let them say so with a reason."""
    st.subheader("What people judge instead", anchor=False)
    st.caption(
        "A judgement stands beside the model's figure and moves nothing in it. It is kept with "
        "who, when and why; once the figure is known, both are scored by it, the model as it "
        "would have forecast on that day."
    )
    ahead = _ahead(history, forecast)
    found = _held(key)
    if found:
        growth = peers_growth(state.outlook().histories, key)
        scores = scored(found, history, growth)
        table = judged_table(found, ahead, scores, unit_name(history.unit))
        widgets.table(table, alt="Judgements beside the model")
        for row in analysts(scores).itertuples():
            st.caption(plain(f"{row.who}: {row.verdict}"))
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


def scored(found: list[Judgement], history: History, growth: float | None) -> pd.DataFrame:
    """Score the judgements whose period has come beside the model's forecast of their day.

    Parameters
    ----------
    found : list of Judgement
        Of this series.
    history : History
        The series as known now.
    growth : float or None
        What it borrows from its peers, from `forecasts.outlook.peers_growth`.

    Returns
    -------
    DataFrame
        As `forecasts.overrides.scored` returns it.
    """
    values = _values(history)
    names = [period_name(int(end), history.freq) for end in history.ends]
    rows = []
    for one in found:
        if one.value is None or one.ds not in names or one.known not in names:
            continue
        came, last = names.index(one.ds), names.index(one.known)
        if came <= last:
            continue
        then = forecast_series(
            values[: last + 1],
            came - last,
            season=history.season,
            peer_growth=growth,
            judged=False,
        )
        actual, model = float(values[came]), float(then.mean[-1])
        closer = closer_of(one.value, model, actual)
        rows.append((one.unique_id, one.ds, one.who, actual, one.value, model, closer, one.reason))
    return pd.DataFrame(rows, columns=list(SCORED))


def judged_table(
    found: list[Judgement], ahead: dict[str, float], scores: pd.DataFrame, unit: str
) -> pd.DataFrame:
    """Return judgements beside the model's mean; where the figure is known, who was closer.

    Parameters
    ----------
    found : list of Judgement
        In force.
    ahead : dict of str to float
        The model's mean now, by period ahead.
    scores : DataFrame
        From `scored`.
    unit : str
        Of the figures.
    """
    came = scores.set_index("ds")
    rows = []
    for one in sorted(found, key=lambda one: one.ds):
        model, actual, closer = ahead.get(one.ds, np.nan), np.nan, ""
        if one.ds in came.index:
            model, actual = (came[name].astype(float)[one.ds] for name in ("model", "actual"))
            closer = str(came.loc[one.ds, "closer"])
        own = one.reason, one.who, str(one.at)[:10], one.known
        rows.append((one.ds, model, one.value, actual, closer, *own))
    names = ["Period", f"Model, {unit}", f"Judged, {unit}", f"Came, {unit}", "Closer", "Why", "Who"]
    return pd.DataFrame(rows, columns=[*names, "When", "Known then"])


def _keep(one: Judgement) -> None:
    try:
        judge(store_state.store(), store_state.actor(), one)
    except RefusedError as refused:
        for problem in refused.problems:
            st.error(plain(str(problem)))
        return
    st.rerun()
