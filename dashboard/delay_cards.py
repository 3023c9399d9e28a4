"""Cost of delay as a curve on page Timing."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import widgets
from dashboard.charts import delay
from dashboard.charts.study import Study
from dashboard.theme import plain
from forecasts.delay_curve import ALL


@st.fragment
def curve(study: Study, data: Mapping[str, Any]) -> None:
    """Show NPV and rates by months of delay, of all factories or of one."""
    names = delay.names_of(study)
    st.subheader("The longer, the dearer?", anchor=False)
    st.caption(
        "A delay that comes after money is committed: halls are built and loans signed as planned, "
        "sales begin later. The table's year of waiting is known before, and moves both."
    )
    picker, _ = st.columns([1, 2])
    with picker:
        key = st.selectbox("Whose delay", list(names), format_func=names.__getitem__, key="late_of")
    found = {one["key"]: one for one in data["delay"]}
    shown = found[key]
    asked = None if key == ALL else float(study.result.discount_rate[study.row(key)])
    left, right = st.columns(2)
    with left:
        widgets.chart_card(delay.lost_chart(shown, names[key]), "delay_lost")
    with right:
        widgets.chart_card(delay.rates_chart(shown, asked), "delay_rates")
    st.caption(plain(f"{delay.named_costs(shown)} {delay.STEPS}"))
    widgets.download(
        lambda: delay.every(data["delay"], names), "every_delay", "CSV of every factory"
    )
