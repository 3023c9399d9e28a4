"""The composite risk score on the view that compares sites, with weights beside it."""

import streamlit as st

from dashboard import state, widgets
from dashboard.charts import risk_score
from dashboard.charts.study import Study
from dashboard.theme import plain
from forecasts.risk_components import COMPONENTS
from forecasts.risk_score import risk_scores


def composite(study: Study) -> None:
    """Draw the score of every factory, its weights, and every component with its source."""
    st.subheader("What could go wrong, in one score", anchor=False)
    weights = _weights()
    if not any(weights.values()):
        st.warning("Give at least one component a weight above 0.")
        return
    found = risk_scores(study.result, state.catalog(), weights)
    chart = risk_score.score_chart(study, found, weights)
    if chart is not None:
        widgets.chart_card(chart, "risk_score")
    for said in risk_score.missing(study, found):
        st.warning(plain(said))
    st.caption(
        "The discount rate charges for the sovereign rating already, so NPV and this score both "
        "hold it: the table of the chart has the score without it too. The score is a reading "
        "aid; it moves no other figure."
    )
    scales = risk_score.scales_table(weights)
    widgets.table(scales, alt="Scales and weights of the components, and what counts them already")
    with st.expander("Every component, with source and grade"):
        parts = risk_score.parts_table(study, found)
        widgets.table(parts, alt="Components of the risk score by factory, with source and grade")
        widgets.download(parts, "risk_components")


def _weights() -> dict[str, float]:
    with st.expander("Weights of the components", icon=":material/tune:"):
        columns = st.columns(3)
        return {
            one.name: float(
                columns[place % 3].slider(
                    one.label, 0, 100, int(one.weight), step=5, key=f"risk_weight_{one.name}"
                )
            )
            for place, one in enumerate(COMPONENTS)
        }
