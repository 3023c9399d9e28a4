"""The series behind the model: history, forecast, and how sure it is."""

import streamlit as st

from dashboard import cards, forecast_cards, judgement_cards, state, widgets
from dashboard.charts import evidence, series
from forecasts.outlook import country_name

outlook = state.outlook()
titles = {key: history.title for key, history in outlook.histories.items()}

picker, _ = st.columns([1, 2])
with picker:
    key = state.choose("Series", "series", titles)
forecast_cards.glance_card()
history, forecast = outlook.histories[key], outlook.forecasts[key]
st.header(history.title, anchor=False)
st.caption(f"What it drives: {history.drives}")

wide, narrow = st.columns([2, 1])
with wide:
    widgets.chart_card(series.fan(outlook, key), "fan")
with narrow, st.container(border=True, height="stretch"):
    record = forecast_cards.forecast_facts(history, forecast)
    st.caption(f"What it combines, {series.unit_name(history.unit)}")
    widgets.table(series.members(outlook, key), alt="Members of the forecast")
st.subheader("How it did on its own past", anchor=False)
forecast_cards.evidence_card(history, key)
forecast_cards.futures_card(key)
judgement_cards.judgement_card(history, forecast, key)
others = evidence.published(
    state.catalog().tables["outlooks"], key, country_name(key.rpartition("_")[2])
)
if not others.empty:
    st.subheader("What others published", anchor=False)
    st.caption("Outlooks beside the model: they drive nothing in it. Definitions differ.")
    widgets.table(others, alt=f"Published outlooks on {history.title}", exact=True)
if key.startswith("capacity_"):
    forecast_cards.coherence_card()
st.subheader("Where its points come from", anchor=False)
st.caption(f"Rows of table {series.origin(history)}; page Data holds them whole.")
cards.grade_counts([fact.source.confidence for fact in history.facts])
widgets.table(series.points(history), alt=f"Rows behind {history.title}")
forecast_cards.group_record(record, history, forecast)
