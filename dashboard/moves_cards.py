"""What moves a metric: one at a time, by share of the spread, two together, and what it takes."""

from collections.abc import Sequence

import streamlit as st

from dashboard import decisions_state, risk_state, state, widgets
from dashboard.charts import decisions, rank_sensitivity, sensitivity, shares
from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short
from data.problems import RefusedError
from forecasts.goals import Aim
from forecasts.metric_register import METRICS
from forecasts.rank_sensitivity import MEANING
from forecasts.scenario import QUANTITIES

ALL = "All factories"


def what_moves_it(study: Study) -> None:
    """Tornado, lines along ranges, what it takes, shares of the spread, a map, stress tests."""
    left, right = st.columns(2)
    metric = left.selectbox("Metric", list(METRICS), format_func=_metric, key="moves_metric")
    names = {None: ALL} | {site.key: short(site) for site in study.sites}
    factory = right.selectbox("Of", list(names), format_func=names.__getitem__, key="moves_of")
    whose = "all factories" if factory is None else names[factory]
    moved = decisions_state.tornado(metric, factory)
    drivers = [one["assumption"] for one in moved["drivers"] if one["span"]]
    tornado = decisions.tornado_chart(moved, whose)
    if tornado is None or len(drivers) < 2:
        st.info(f"No assumption moves {METRICS[metric].label} of {whose} in this scenario.")
    else:
        st.header(tornado.headline, anchor=False)
        _moved(tornado, drivers, metric)
        _ranks(metric, factory, whose)
        _goal(metric, factory, whose, drivers)
        _shares(metric, factory, whose)
        _heat(drivers)
    _stress()


def _moved(tornado: Chart, drivers: Sequence[str], metric: str) -> None:
    left, right = st.columns(2)
    with left:
        widgets.chart_card(tornado, "tornado")
    with right:
        spider = sensitivity.spider_chart(decisions_state.spider(metric, drivers))
        widgets.chart_card(spider, "spider")


def _ranks(metric: str, factory: str | None, whose: str) -> None:
    st.subheader("How closely each input goes with it", anchor=False)
    found = risk_state.ranks(metric, factory)
    chart = rank_sensitivity.ranks_chart(found, metric, whose)
    if chart is None:
        st.info(rank_sensitivity.why_none(found, metric, whose))
        return
    widgets.chart_card(chart, "ranks")
    st.caption(MEANING)


def _goal(metric: str, factory: str | None, whose: str, drivers: Sequence[str]) -> None:
    st.subheader("What would it take?", anchor=False)
    scale, unit = decisions.on_screen(metric)
    left, right = st.columns(2)
    target = left.number_input(
        f"{METRICS[metric].label} of {whose} to reach, {unit}", value=0.0, key=f"goal_{metric}"
    )
    name = right.selectbox("By moving", drivers, format_func=_label, key="goal_by")
    if not st.toggle("Look for it", key="goal_on"):
        return
    try:
        found = decisions_state.goal(Aim(metric, target / scale, name, factory))
    except RefusedError as refused:
        widgets.problem_list(refused.problems)
        return
    (st.success if found["value"] is not None else st.info)(shares.goal_sentence(found, whose))
    if found["value"] is not None:
        held = "Use this value at all factories"
        st.button(held, on_click=_use, args=(name, found["value"]), icon=":material/check:")


def _use(name: str, value: float) -> None:
    state.edit(state.changed() | {name: value})


def _shares(metric: str, factory: str | None, whose: str) -> None:
    st.subheader("Where the spread comes from", anchor=False)
    if not st.toggle("Work out shares of the spread", key="shares_on"):
        st.caption("Sobol indices of every uncertain input; takes some seconds.")
        return
    try:
        data = decisions_state.spread(metric, factory)
    except RefusedError as refused:
        widgets.problem_list(refused.problems)
        return
    if data is None:
        return
    chart = shares.shares_chart(data, whose)
    if chart is None:
        st.info(f"{METRICS[metric].label} of {whose} is the same on every path.")
        return
    widgets.chart_card(chart, "shares")
    st.caption(f"{data['paths']:,} paths, seed {data['seed']}. {data['meaning']}")


def _heat(names: Sequence[str]) -> None:
    st.subheader("Two assumptions together", anchor=False)
    across, up = st.columns(2)
    first = across.selectbox("Across", names, 0, format_func=_label, key="heat_across")
    others = [name for name in names if name != first]
    second = up.selectbox("Up", others, 0, format_func=_label, key="heat_up")
    widgets.chart_card(sensitivity.heat_chart(decisions_state.heat((first, second))), "heat")


def _stress() -> None:
    st.subheader("Stress tests, planned anew", anchor=False)
    found = decisions_state.stressed()
    if found is not None:
        told = decisions.stress_table(found["tests"])
        widgets.table(told, alt="All factories under each stress")
        widgets.download(told, "stress")


def _label(name: str) -> str:
    return QUANTITIES[name].label


def _metric(name: str) -> str:
    return METRICS[name].label
