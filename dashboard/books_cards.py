"""The books of a factory by the rule a reader asks for, on the page of a factory."""

import streamlit as st

from dashboard import finance_cards, link_state, state, widgets
from dashboard.charts import books, state_books
from dashboard.charts.study import Study
from dashboard.theme import percent, plain
from forecasts.accounts import View
from forecasts.leased import borrowing_rate
from forecasts.state_rules import Bearer, Reason, StateTerms

MODEL, GOVERNMENT = "As modelled", "Government"
RULES = {"IFRS 16": View.IFRS, "US GAAP": View.USGAAP}

BEARERS: dict[str, str] = {"partner": "The partner", "state": "The state"}
SHARES = {str(share): f"{share} %" for share in (0, 10, 25, 40, 50, 60, 75, 100)}


@st.fragment
def shown(study: Study, row: int) -> None:
    """Show the statements, books with leases, or the accounts of the state.

    What is asked here draws this part alone anew, from the projection on screen.
    """
    view = widgets.switch("Books", [MODEL, *RULES, GOVERNMENT], "books_view")
    if view == MODEL:
        finance_cards.statements(study, row)
    elif view == GOVERNMENT:
        _state(study, row)
    else:
        _leases(study, row, RULES[view])
    link_state.write_link()


def _leases(study: Study, row: int, view: View) -> None:
    """Show what leasing does to the books under a rule."""
    picker, _ = st.columns([1, 2])
    with picker:
        what = state.choose("Leased instead of bought", "leased", books.LEASED)
    made = books.pair(study, row, view, what)
    widgets.chart_card(books.chart(made), "books")
    st.caption(books.covenants(made))
    rate = percent(borrowing_rate(study.result, row))
    st.caption(f"{books.TERMS.format(rate=rate)} {books.CONTRACTS}")
    for name, table in books.statement_tables(made.after).items():
        widgets.table(table, alt=f"{name} by year under {made.name}", digits=books.DIGITS)
    if made.after.leases:
        held = books.lease_table(study, made.after.leases)
        widgets.table(held, alt="Leases with their terms and the tests of their class")
        st.caption(
            "A lease is one of finance from 75 % of the economic life or 90 % of the price on "
            "(ASC 842-10-55-2); for who lets, IFRS 16.63 asks the same without numbers. IFRS 16 "
            "has one kind for who rents. In the lessor's books a finance lease is a net investment "
            "that earns interest; in an operating lease the asset stays and rent is earned evenly."
        )
        lessor = books.lessor_table(study, made.after.leases)
        widgets.table(lessor, alt="Books of the lessor by year", digits=books.DIGITS)
    key = f"accounts_{study.sites[row].key}"
    widgets.download(lambda: books.long_table(study, what), key, "CSV of all factories and views")


def _terms() -> StateTerms:
    """Let the reader say what the contract between state and factory says."""
    left, middle, right = st.columns(3)
    with left:
        construction = _bearer("Construction risk borne by", "risk_construction")
    with middle:
        availability = _bearer("Availability risk borne by", "risk_availability")
    with right:
        demand = _bearer("Demand risk borne by", "risk_demand")
    left, middle, _ = st.columns(3)
    with left:
        bought = state.choose("Revenue that the state pays", "state_buys", SHARES)
    with middle:
        vouched = state.choose("Loans that the state guarantees", "state_guarantees", SHARES)
    return StateTerms(construction, availability, demand, int(bought) / 100, int(vouched) / 100)


def _bearer(label: str, key: str) -> Bearer:
    return "state" if state.choose(label, key, BEARERS) == "state" else "partner"


def _state(study: Study, row: int) -> None:
    """Show on whose balance sheet the factory is, why, and the accounts of the state."""
    terms = _terms()
    view = state_books.view_of(study, row, terms)
    widgets.chart_card(state_books.chart(view), "state_books")
    output = state_books.output_of(study, row, state.catalog())
    st.caption(plain(state_books.against_output(view, output)))
    st.markdown("**Why**")
    for reason in view.answer.reasons:
        st.caption(_said(reason))
    for name, table in state_books.tables(view.counted).items():
        widgets.table(table, alt=f"{name} by year, effect of the factory", digits=books.DIGITS)
    said = state_books.memoranda(view.counted)
    st.caption(f"{said} {state_books.RULES}".strip())
    key = f"government_{study.sites[row].key}"
    widgets.download(
        lambda: state_books.long_table(study, terms), key, "CSV of all factories, on and off"
    )


def _said(one: Reason) -> str:
    points = "on the balance sheet" if one.on else "off"
    beside = "" if one.counts else ", beside the answer"
    source = f"[{plain(one.source)}]({one.url})"
    return f"**Points to: {points}{beside}.** {plain(one.fact)} {plain(one.rule)} {source}"
