"""One factory: when it is built, what it meets, what it costs, what comes back."""

import streamlit as st

from dashboard import (
    books_cards,
    cards,
    currency_cards,
    evidence_cards,
    factory_cards,
    finance_cards,
    go_state,
    origins,
    power_cards,
    rate_cards,
    site_cards,
    state,
    sure_state,
    widgets,
)
from dashboard.charts import cash, factory, findings, kpis, money_path
from dashboard.charts.study import short

study, base = state.current(), state.approved()
names = {site.key: short(site) for site in study.sites}

picker, _ = st.columns([1, 2])
with picker:
    key = state.choose("Factory", "factory", names)
row = study.row(key)
site = study.sites[row]
st.header(f"{site.name}: {widgets.lower_first(findings.verdict(study, row))}", anchor=False)
wave = "first wave" if site.wave == "1" else "candidate site"
st.caption(
    f"{site.city}, {wave}. Every figure below belongs to this factory alone.{widgets.moved()}"
)
widgets.kpi_row(kpis.factory_kpis(study, base, key))
with st.container(horizontal=True):
    origins.figures(study, ("npv", "irr", "lcoc", "payback", "capex", "peak_funding"), row)
    rate_cards.why(study, row)

if not study.result.phases[row]:
    st.info("No phase is built here in this scenario, so there is nothing to draw.")
    st.stop()
site_cards.build_out(study, row)
evidence_cards.line(study, row)
with st.container(horizontal=True, vertical_alignment="center"):
    st.subheader("Cost and cash", anchor=False, width="content")
    which = widgets.switch("Cost", list(finance_cards.VIEWS), "cost_view")
left, right = st.columns(2)
with left:
    finance_cards.cost(study, row, which)
with right:
    sure = sure_state.known(state.scenario())
    fan = None if sure is None else sure.fan
    view = widgets.switch("Cash", ["Over time", "From revenue to what is left"], "cash_view")
    chart = cash.cumulative_cash(study, row, fan) if view == "Over time" else None
    widgets.chart_card(chart or money_path.cash_waterfall(study, row), "cash")
if go_state.for_executives():
    st.caption("The analyst's view, on the left, shows phases, statements, loans and inputs.")
    cards.stamp(study)
    st.stop()
phases, years, books, loans, country, returns, money, inputs = st.tabs(
    ["Phases", "Year by year", "Statements", "Loans", "Country", "Returns", "Currencies", "Inputs"]
)
with phases:
    widgets.table(factory.phase_table(study, row), alt=f"Phases of {site.name}")
    factory_cards.capex_lines(study, row)
    st.markdown("**Lead times and what decides each date**")
    factory_cards.critical_path(study, row)
    power_cards.bridge(study, row)
    evidence_cards.evidence(study, row)
with years:
    widgets.table(cash.yearly(study, row), alt=f"Yearly figures of {site.name}")
    widgets.download(cash.yearly(study, row), f"years_{key}")
    factory_cards.demand_by_class(study, row)
with books:
    books_cards.shown(study, row)
with loans:
    finance_cards.loans(study, row)
with country:
    finance_cards.sovereign(study, row)
    finance_cards.water(study, row)
with returns:
    factory_cards.explained(study, row)
    st.markdown("**All returns**")
    cards.returns_table(study.returns[row])
with money:
    currency_cards.money(study, row)
with inputs:
    cards.inputs_table(study, row)
cards.stamp(study)
