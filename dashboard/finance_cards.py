"""What lenders, owners and the state look at on the page of a factory."""

import streamlit as st

from dashboard import power_cards, state, widgets
from dashboard.charts import books, carbon, cash, factory, finance
from dashboard.charts import water as waters
from dashboard.charts.study import Study
from dashboard.theme import metric_text

POWER = "Power by source"

VIEWS = ("Capex by line", "Running cost by year", POWER, "Debt service", "Cost of an hour")
"""What the card of cost may show."""


def cost(study: Study, row: int, view: str) -> None:
    """Show one view of what a factory costs; or why there is none."""
    if view == POWER:
        power_cards.mix(study, row)
        return
    match view:
        case "Debt service":
            chart = finance.debt_service(study, row)
        case "Cost of an hour":
            chart = finance.forms_of_cost(study, row)
        case "Running cost by year":
            chart = cash.opex_by_year(study, row)
        case _:
            chart = factory.capex_by_line(study, row)
    if chart is not None:
        widgets.chart_card(chart, "cost")
    elif view == "Debt service":
        st.info(f"No loan is drawn here. {study.returns[row]['min_dscr'].reason}")
    else:
        st.info("No hour is sold, so there is no cost of one to compare.")


def statements(study: Study, row: int) -> None:
    """Show the three statements by year."""
    st.caption(
        "The books of the model: all that is built is bought; what leasing does stands under "
        "IFRS 16 and US GAAP. Costs and uses of cash are negative; balances stand at the end of "
        "the year. Assets equal debt and equity in every month, and the cash flow closes: the "
        "checks say so."
    )
    for name, table in finance.statement_tables(study, row).items():
        widgets.table(table, alt=f"{name} by year", digits=books.DIGITS)


def loans(study: Study, row: int) -> None:
    """Show what every set of racks was lent, and what bound it."""
    widgets.table(finance.loan_table(study, row), alt="Loans by set of racks")


def sovereign(study: Study, row: int) -> None:
    """Show what the factory is worth to its country, beside cash."""
    npv = metric_text(study.returns[row]["npv"])
    st.caption(
        f"Stands beside the owners' cash (NPV {npv}) and is never added to it. Sums are "
        "undiscounted."
    )
    counted = finance.sovereign_table(study, row)
    left, right = st.columns([2, 3])
    with left:
        widgets.table(counted.iloc[:, :2], alt="Value to the country")
    with right:
        for label, method in zip(counted.iloc[:, 0], counted.iloc[:, 2], strict=True):
            st.caption(f"**{label}.** {method}")
    shown = st.expander("Carbon of the grid by year", key="carbon_shown", on_change="rerun")
    if shown.open:
        with shown:
            widgets.chart_card(carbon.grid_chart(study, row, state.catalog()), "carbon")


def water(study: Study, row: int) -> None:
    """Show the water of every kind of cooling by month, and what saving it costs in power."""
    shown = st.expander("Water and cooling by month", key="water_shown", on_change="rerun")
    if not shown.open:
        return
    with shown:
        lacking = waters.why_none(study, row)
        if lacking:
            st.info(f"Water is not worked out here: {lacking}.")
            return
        widgets.chart_card(waters.by_month(study, row), "water")
        st.caption(
            "The same racks under every kind of cooling. Negative: less energy and money than with "
            "dry coolers, which cash counts. The price of water, treatment and plant is left out: "
            "towers pay where a m³, fed and drained, costs less than the power it saves."
        )
        widgets.table(waters.kind_table(study, row), alt="Kinds of cooling in the busiest year")
        key = f"water_{study.sites[row].key}"
        widgets.download(lambda: waters.long_table(study, row), key, "CSV of every year")
