"""The series behind the model: history, forecast, and how sure it is."""

import streamlit as st

from dashboard import cards, state, widgets
from dashboard.charts import series

outlook = state.outlook()
titles = {key: history.title for key, history in outlook.histories.items()}

picker, _ = st.columns([1, 2])
with picker:
    key = state.choose("Series", "series", titles)
history, forecast = outlook.histories[key], outlook.forecasts[key]
st.header(history.title, anchor=False)
st.caption(f"What it drives: {history.drives}")

wide, narrow = st.columns([2, 1])
with wide:
    widgets.chart_card(series.fan(outlook, key), "fan")
with narrow, st.container(border=True):
    cards.forecast_facts(history, forecast)
    st.caption(f"What it combines, {series.unit_name(history.unit)}")
    widgets.table(series.members(outlook, key), alt="Members of the forecast")
st.subheader("Where its points come from", anchor=False)
cards.grade_counts([fact.source.confidence for fact in history.facts])
widgets.table(series.points(history), alt=f"Rows behind {history.title}")
