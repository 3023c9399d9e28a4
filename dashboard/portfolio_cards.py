"""The pieces of the page Portfolio: limits, the programme to use, what holds it back."""

from collections.abc import Mapping
from math import inf
from typing import Any

import streamlit as st

from dashboard import decisions_state, widgets
from dashboard.charts import decisions
from dashboard.charts import limits as held
from dashboard.theme import plain
from forecasts.programme import Limits

Data = Mapping[str, Any]


def limits() -> Limits:
    """Draw the fields of the yearly limits, and return what they say."""
    budget, grid, racks = st.columns(3)
    budget_m = budget.number_input(
        "Budget a year (USD m)", 0, 100_000, value=None, step=100, placeholder="no limit"
    )
    grid_mw = grid.number_input(
        "Grid power a year (MW)",
        0,
        100_000,
        value=None,
        step=10,
        placeholder="no limit",
        help="Most facility power that may be energised in a year, all sites together.",
    )
    rack_count = racks.number_input(
        "Racks a year",
        0,
        1_000_000,
        value=None,
        step=10,
        placeholder="no limit",
        help="Most racks that may be ordered in a year, all sites together.",
    )
    return Limits(
        (inf if budget_m is None else budget_m * 1e6,),
        inf if grid_mw is None else float(grid_mw),
        inf if rack_count is None else float(rack_count),
    )


def taken_over(data: Data, names: Mapping[str, str]) -> None:
    """Say that the scenario on screen is a programme that was just written into it.

    And, if so, that another one would be chosen among its sites now.
    """
    if decisions_state.used():
        said = (
            "The scenario on screen now holds the programme you used, and every page shows it. "
            "This page now chooses among its sites alone, sizes and starts counted from it, along "
            "paths of their own: what a programme is worth differs from before within its error."
        )
        anew = plain(decisions.chosen_anew(data, names))
        st.success(
            " ".join([said, *([anew] if anew else []), "Undo takes it back."]),
            icon=":material/check:",
        )


def use(data: Data) -> None:
    """Offer to write one of the programmes into the scenario on screen."""
    names = held.programme_names(data)
    if not names:
        return
    left, right = st.columns([2, 1], vertical_alignment="bottom")
    point = left.selectbox("Programme", list(names), format_func=names.__getitem__)
    right.button(
        "Use this programme",
        icon=":material/check:",
        help="Writes its sites, sizes and starts into the scenario on screen; Undo takes it back.",
        on_click=decisions_state.use_programme,
        args=(data["frontier"][int(point) - 1]["chosen"],),
    )


def what_budgets_buy(data: Data, names: Mapping[str, str]) -> None:
    """Show what each budget a year buys, or say that none buys anything."""
    st.subheader("What each budget buys", anchor=False)
    bought = decisions.budgets(data, names)
    if bought.empty:
        st.caption(decisions.no_budget(data))
        return
    widgets.table(bought, alt="Programmes by budget a year")
    widgets.download(bought, "budgets")


def what_holds_back(data: Data) -> None:
    """Show which limits bind, what more of each would buy, and what is used by year."""
    st.subheader(held.headline(data), anchor=False)
    table = held.limits_table(data)
    if table.empty:
        st.caption("State a budget, grid power or racks a year above to see what each costs.")
    else:
        st.caption(
            "Chosen anew with more of one limit in every year, the others as they stand. Sites "
            "come whole, so one unit more (USD 100 m, 1 MW, 1 rack) often buys nothing, and the "
            "smallest step that buys anything is told beside it. Each gain with its standard "
            "error, USD m, on the same paths."
        )
        widgets.table(table, alt="Limits, how full they are, and what more of each would buy")
        widgets.download(table, "limits")
    years = held.years_table(data)
    if not years.empty:
        with st.expander("What the programme worth most takes in each year"):
            widgets.table(years, alt="Capex, grid power and racks by year beside their limits")
            widgets.download(years, "programme_years")
