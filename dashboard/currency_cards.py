"""Main figures in other currencies and in real terms, on the page of a factory."""

import streamlit as st

from dashboard import state, widgets
from dashboard.charts import currencies
from dashboard.charts.study import Study
from dashboard.theme import percent, plain
from forecasts.report import month_name


def money(study: Study, row: int) -> None:
    """Show this factory in several currencies, all factories in one, and the rates behind them.

    Currency and terms are kept across pages and in the link.
    """
    catalog = state.catalog()
    rates = currencies.rates_of(study, catalog)
    local = currencies.local_of(study, row, catalog)
    left, right, _ = st.columns([1, 1, 1])
    with left:
        codes = {code: _named(code, local) for code in rates}
        chosen = state.choose("All factories in", "currency", codes)
    with right:
        terms = state.choose("Terms", "terms", currencies.terms(study))
    name = study.sites[row].name
    st.markdown(f"**{plain(name)}**")
    own = currencies.figures_table(study, row, rates, local, terms)
    widgets.table(own, alt=f"Main figures of {name} by currency", height="content")
    st.markdown(f"**All factories in {chosen}**")
    table = currencies.factories_table(study, rates[chosen], terms)
    widgets.table(table, alt=f"Main figures of all factories in {chosen}", height="content")
    widgets.download(lambda: currencies.long_table(study, rates), "currencies", "CSV of all")
    st.caption(_said(study, row))
    st.markdown("**Exchange rates**")
    widgets.table(currencies.rates_table(rates), alt="Exchange rates with source")


def _named(code: str, local: str) -> str:
    return f"{code} (local)" if code == local else code


def _said(study: Study, row: int) -> str:
    """Say what these figures are, and what they are not."""
    base = month_name(study.result, 0)
    rise = percent(float(study.result.plan["inflation"][row, 0]))
    return (
        "A view for readers: the model, its files and everything else on screen stay in nominal "
        "USD. Amounts are converted at one rate, the mean of the year named below, and are no "
        "forecast of exchange rates; those of the model (lasting change, drift, forward curves) "
        f"are in the USD figures already. Real: deflated month by month by inflation, {rise} a "
        f"year for this factory, to money of {base}. NPV is money of that month in both terms. "
        "Price and LCOC in real terms are constant prices in that money, with hours discounted "
        "at the real rate."
    )
