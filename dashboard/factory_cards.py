"""The parts of the page of one factory: costs, demand, dates, and how a number comes about."""

import pandas as pd
import streamlit as st

from dashboard import state
from dashboard.charts import capex_stack, classes, explain, factory, hours, standing
from dashboard.charts.study import Study
from dashboard.theme import metric_text, number, plain
from dashboard.widgets import chart_card, download, switch, table
from data.provenance import Fact
from forecasts.metric_register import METRICS
from forecasts.plan import data_fact
from forecasts.scenario import QUANTITIES


@st.fragment
def capex_lines(study: Study, row: int) -> None:
    """Show capex by line and phase: sums, per MW or per GPU."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**First-time capex by line and phase**", width="content")
        per = switch("Capex per", list(capex_stack.PER), "capex_per")
        key = f"capex_lines_{study.sites[row].key}"
        download(lambda: capex_stack.long_table(study, row), key)
    lines = capex_stack.phase_table(study, row, per)
    table(lines, alt=f"First-time capex by line and phase, {per}", height="content")


DEMAND_VIEWS = ("Demand and capacity", "By class of use", "GPU-hours")
"""What the card of demand may show."""


@st.fragment
def demand(study: Study, row: int) -> None:
    """Show demand against capacity, in all or by class of use, or what becomes of GPU-hours.

    Another view draws this card alone anew.
    """
    view = switch("Demand", list(DEMAND_VIEWS), "demand_view")
    if view == DEMAND_VIEWS[1]:
        chart_card(classes.by_class(study, row), "classes")
    elif view == DEMAND_VIEWS[2]:
        chart_card(hours.hours_in_use(study, row), "hours")
    else:
        chart_card(factory.coverage(study, row), "coverage")


@st.fragment
def demand_by_class(study: Study, row: int) -> None:
    """Show demand by year and class of use, in MW-months or GPU-hours."""
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown("**Demand by class of use**", width="content")
        per = switch("Demand in", list(classes.PER), "class_per")
        key = f"classes_{study.sites[row].key}"
        download(lambda: classes.long_table(study, row), key)
    table(classes.class_table(study, row, per), alt=f"Demand by year and class, {per}")
    st.caption(CLASS_NOTE)


CLASS_NOTE = (
    "Contracts are served first, each class by what it would sign; what is left of capacity is "
    "shared by what each class still wants, and no class goes before another. Wanted = met + "
    "shortfall + demand before anything is live. Hours wanted count the wanted load on the racks "
    "that are live; fewer are sold than load is met, since the market leaves some hours idle."
)


def critical_path(study: Study, row: int) -> None:
    """Show the months of every step to each phase, and which one decides the date."""
    table(standing.critical_path(study, row), alt="Lead times of each phase")
    st.caption(
        "Permits and grid run beside each other, then construction beside the rest of the grid and "
        "the order of racks. The step that decides is the one without slack."
    )


@st.fragment
def explained(study: Study, row: int) -> None:
    """Explain a number: what it means, what it is made of, its inputs with row and source."""
    found = study.returns[row]
    name = st.selectbox(
        "Explain this number",
        list(found),
        format_func=lambda one: f"{METRICS[str(one)].label}: {metric_text(found[str(one)])}",
        key="explained",
    )
    metric = found[name]
    value = metric_text(metric) if metric.value is not None else metric.reason
    st.markdown(f"**{METRICS[name].label}: {plain(value)}**")
    st.markdown(explain.formula(name))
    left, right = st.columns(2)
    with left:
        for sentence in explain.numbers(study, row, name):
            st.markdown(f"- {plain(sentence)}")
    with right:
        made_of = explain.parts(study, row, name)
        if not made_of.empty:
            st.markdown("Made of" + (" (present values)" if name == "npv" else ""))
            table(made_of, alt=f"What {METRICS[name].label} is made of")
    st.markdown("Inputs it rests on first")
    table(_inputs(study, row, name), alt="Inputs with row, source and grade")


def _inputs(study: Study, row: int, metric: str) -> pd.DataFrame:
    plan, site = study.result.plan, study.sites[row]
    stated = state.scenario().stated()
    lines = []
    for name in explain.inputs_of(metric):
        quantity = QUANTITIES[name]
        own = name in stated or name in plan.scenario.sites.get(site.key, {})
        fact: Fact | None = plan.facts.get((site.key, name))
        if fact is None and not own:
            fact = data_fact(state.catalog(), quantity, site)
        value = state.shown(quantity, float(plan[name][row, 0]))
        lines.append(
            {
                "Assumption": quantity.label,
                "Value": f"{number(value, quantity.unit.digits)} {quantity.unit.text}".strip(),
                "Row": "stated by this scenario" if fact is None else fact.place,
                "Source": "" if fact is None else fact.source.cite(),
                "Address": "" if fact is None else fact.source.url,
            }
        )
    return pd.DataFrame(lines)
