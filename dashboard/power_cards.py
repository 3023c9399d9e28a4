"""Power by source on the page of a factory, and whether a bridge to the grid is worth it."""

import streamlit as st

from dashboard import decisions_state, widgets
from dashboard.charts import power_mix
from dashboard.charts.study import Study
from dashboard.theme import plain


def mix(study: Study, row: int) -> None:
    """Show energy by source and year: what a bridge brings and costs is the finding."""
    found = decisions_state.bridge_of(study.sites[row].key)
    widgets.chart_card(power_mix.by_source(study, row, found, power_mix.PER[0]), "cost")
    said = power_mix.worth(found)
    if said:
        st.caption(plain(said))


def bridge(study: Study, row: int) -> None:
    """Compare the factory with a bridge and without, once somebody opens it."""
    shown = st.expander("Is a bridge to the grid worth it?", key="bridge_shown", on_change="rerun")
    if shown.open:
        with shown:
            _compared(study, row)


@st.fragment
def _compared(study: Study, row: int) -> None:
    """Show energy by source, the factory with a bridge and without, and up to what rent it pays."""
    key = study.sites[row].key
    found = decisions_state.bridge_of(key)
    left, right = st.columns(2)
    with left:
        per = widgets.switch("Energy by", list(power_mix.PER), "power_per")
        widgets.chart_card(power_mix.by_source(study, row, found, per), "power")
    with right:
        st.markdown("**With a bridge and without, all else the same**")
        widgets.table(power_mix.beside(study, found), alt="A factory with a bridge and without")
        said = power_mix.worth(found)
        if said:
            st.caption(plain(said))
        st.caption(NOTE)
        widgets.download(
            lambda: power_mix.monthly_table(study, row), f"power_{key}", "CSV by month"
        )


NOTE = (
    "A bridge is rented generators that carry a phase until its grid comes: section Power sources "
    "of the assumptions. Sooner sales also mean racks bought sooner, before they are cheaper: both "
    "stand in NPV. Where the scenario states no bridge, one that carries all power is tried."
)
