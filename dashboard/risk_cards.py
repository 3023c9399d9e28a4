"""The three views of the risk page."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from dashboard import moves_cards, origins, risk_score_cards, risk_state, widgets
from dashboard.charts import compare_sites as sites
from dashboard.charts import risk
from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import plain
from forecasts.criteria import CRITERIA

Data = Mapping[str, Any]


def how_sure(study: Study, data: Data, ranked: Data) -> None:
    """Spread of returns, first places, probabilities, what is worth knowing."""
    st.header(risk.headline(study, data), anchor=False)
    st.caption(
        f"{data['paths']:,} paths, seed {data['seed']}, the same for every scenario. "
        f"{data['percentiles']}{widgets.compared()}"
    )
    st.markdown(risk.meaning(data))
    if data.get("record_means"):
        st.caption(plain(str(data["record_means"])))
    origins.figures(study, ("npv", "irr", "min_dscr"))
    _side_by_side(spread=risk.returns_spread(study, data), first=risk.first_places(study, ranked))
    st.subheader("How likely, by factory", anchor=False)
    widgets.table(risk.odds(study, data), alt="Probabilities by factory")
    widgets.download(risk.odds(study, data), "odds")
    st.caption(str(data["paths_mean"]))


def _side_by_side(**charts: Chart | None) -> None:
    """Draw charts beside each other, by their keys; an empty one leaves its place."""
    for column, (key, chart) in zip(st.columns(len(charts)), charts.items(), strict=True):
        if chart is not None:
            with column:
                widgets.chart_card(chart, key)


def compare_sites(study: Study, data: Data, ranked: Data) -> None:  # noqa: ARG001 - one shape
    """Sites against each other: on paths, by weights, and what would turn the order."""
    with st.expander("Weights of the criteria", icon=":material/tune:"):
        columns = st.columns(3)
        weights = [
            columns[place % 3].slider(
                one.label, 0, 100, int(one.weight), step=5, key=f"weight_{one.name}"
            )
            for place, one in enumerate(CRITERIA)
        ]
    if not any(weights):
        st.warning("Give at least one criterion a weight above 0.")
        st.stop()
    ranked = dict(ranked) | {"weighted": risk_state.weighted(tuple(weights))}
    st.header(sites.headline(study, ranked), anchor=False)
    st.markdown(sites.first_wave(study, ranked))
    _side_by_side(
        first=risk.first_places(study, ranked), weighted=sites.weighted_chart(study, ranked)
    )
    st.subheader("What each site has", anchor=False)
    widgets.table(sites.criteria_table(study, ranked), alt="Criteria by factory")
    widgets.download(sites.criteria_table(study, ranked), "criteria")
    st.subheader("What would turn the order", anchor=False)
    widgets.table(sites.weights_table(ranked), alt="Weights, and where another site leads")
    st.markdown(sites.knowing_all(ranked))
    widgets.table(risk.knowing(ranked), alt="Value of knowing each input beforehand")
    st.caption(
        "The gain in expected NPV when the best single site, or none, may be chosen after the "
        "input is known. Nothing is worth knowing when no site pays either way."
    )
    risk_score_cards.composite(study)


def what_moves_it(study: Study, data: Data, ranked: Data) -> None:  # noqa: ARG001 - one shape
    """Tornado, lines along ranges, what it takes, shares of the spread, a map, stress tests."""
    moves_cards.what_moves_it(study)
