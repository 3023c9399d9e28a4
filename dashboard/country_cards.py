"""Countries side by side on page Assumptions."""

import streamlit as st

from dashboard import state, widgets
from dashboard.charts import countries
from dashboard.charts.study import Study
from forecasts.side_by_side import side_by_side


def beside(study: Study) -> None:
    """Show what countries differ in: all of it, then one figure with the source of every cell."""
    cells = side_by_side(study.result.plan, state.catalog())
    names = countries.names_of(study)
    st.header(countries.headline(cells, names), anchor=False)
    st.caption(
        "Values in use. Where this scenario changes one, its base value stands behind it. Every "
        "cell has its row and source: choose a figure below, or take the file along."
    )
    shown = countries.figures(cells)
    table = countries.matrix(cells, names)
    widgets.table(table, alt="What countries differ in, by factory", height="content")
    widgets.download(lambda: countries.every(cells, names), "every_country", "CSV with sources")
    picker, _ = st.columns([1, 2])
    with picker:
        name = st.selectbox(
            "One figure, with its sources",
            list(shown),
            list(shown).index("power_price"),
            format_func=shown.__getitem__,
            key="country_figure",
        )
    chart = countries.across(cells, name, names)
    widgets.chart_card(chart, f"countries_{name}")
    widgets.table(chart.table, alt=f"Sources of {shown[name]} by factory", exact=True)
