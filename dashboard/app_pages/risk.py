"""How sure: sampled paths through what was committed, and who comes first on them."""

import streamlit as st

from dashboard import cards, decisions_state, origins, risk_state, state, widgets
from dashboard.charts import decisions, risk

study = state.current()
data, ranked = risk_state.risk()

st.header(risk.headline(study, data), anchor=False)
st.caption(
    f"{data['paths']:,} paths, seed {data['seed']}, the same for every scenario. "
    f"{data['percentiles']}{widgets.compared()}"
)
if not any(study.result.phases):
    st.info("No phase is built in this scenario, so there is nothing to draw.")
    st.stop()
st.markdown(risk.meaning(data))
origins.figures(study, ("npv", "irr", "min_dscr"))
left, right = st.columns(2)
for column, chart, key in (
    (left, risk.returns_spread(study, data), "spread"),
    (right, risk.first_places(study, ranked), "first"),
):
    with column:
        if chart is not None:
            widgets.chart_card(chart, key)
st.subheader("How likely, by factory", anchor=False)
widgets.table(risk.odds(study, data), alt="Probabilities by factory")
widgets.download(risk.odds(study, data), "odds")
st.subheader("What would be worth knowing before choosing one site", anchor=False)
widgets.table(risk.knowing(ranked), alt="Value of knowing each input beforehand")
st.caption(
    "The gain in expected NPV when the best single site, or none, may be chosen after the input is "
    f"known. Nothing is worth knowing when no site pays either way. {data['paths_mean']}"
)
moved, stressed = decisions_state.what_decides()
tornado = decisions.tornado_chart(moved)
if tornado is not None:
    widgets.chart_card(tornado, "tornado")
st.subheader("Stress tests, planned anew", anchor=False)
widgets.table(decisions.stress_table(stressed), alt="All factories under each stress")
widgets.download(decisions.stress_table(stressed), "stress")
cards.stamp(study)
