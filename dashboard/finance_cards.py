"""What lenders, owners and the state look at on the page of a factory."""

import streamlit as st

from dashboard import widgets
from dashboard.charts import finance
from dashboard.charts.study import Study


def debt_and_cost(study: Study, row: int) -> None:
    """Show cover of debt service beside the forms of cost of an hour; or why there is none."""
    st.subheader("Debt and cost of an hour", anchor=False)
    left, right = st.columns(2)
    with left:
        service = finance.debt_service(study, row)
        if service is None:
            st.info("No loan is drawn here: " + study.returns[row]["min_dscr"].reason)
        else:
            widgets.chart_card(service, "debt")
    with right:
        forms = finance.forms_of_cost(study, row)
        if forms is None:
            st.info("No hour is sold, so it has no cost to compare.")
        else:
            widgets.chart_card(forms, "forms")


def statements(study: Study, row: int) -> None:
    """Show the three statements by year."""
    st.caption(
        "Costs and uses of cash are negative; balances stand at the end of the year. Assets equal "
        "debt and equity in every month, and the cash flow closes: the checks say so."
    )
    for name, table in finance.statement_tables(study, row).items():
        widgets.table(table, alt=f"{name} by year")


def loans(study: Study, row: int) -> None:
    """Show what every set of racks was lent, and what bound it."""
    widgets.table(finance.loan_table(study, row), alt="Loans by set of racks")


def sovereign(study: Study, row: int) -> None:
    """Show what the factory is worth to its country, beside cash."""
    st.caption("Stands beside the owners' cash and is never added to NPV. Sums are undiscounted.")
    widgets.table(finance.sovereign_table(study, row), alt="Value to the country")
