"""What the map of the overview is filtered by: kept in the session and in the link."""

import streamlit as st

from dashboard.charts.map_filter import ANY, REGIONS, WAVES, MapFilter, read_filter, years
from dashboard.charts.sitemap import STATES
from dashboard.charts.study import Study
from dashboard.selection_state import PICKS, drop, held, pick

MAP = "map"
"""The selection that holds the filter."""


def asked() -> MapFilter:
    """Return the filter of the map."""
    return read_filter(held(MAP)) if PICKS in st.session_state else MapFilter()


def filters(study: Study) -> None:
    """Offer the filters; they are drawn once somebody opens them, so that sliders pay nothing."""
    box = st.popover(
        "Filter",
        key="map_filter",
        type="tertiary",
        icon=":material/filter_alt:",
        help="Which factories the map shows; the table and the file follow.",
        on_change="rerun",
    )
    if not box.open:
        return
    with box:
        _choice("Wave", "wave", WAVES)
        _choice("Region", "region", {one: one for one in REGIONS})
        _choice("Return", "pays", {key: label for key, (label, _, _) in STATES.items()})
        _choice("First sale by the end of", "live", {one: one for one in years(study)})


def _choice(label: str, name: str, options: dict[str, str]) -> None:
    shown = {ANY: "All"} | options
    current = getattr(asked(), name)
    if current not in shown:
        shown[current] = current
    key = f"map_{name}"
    st.session_state.setdefault(key, current)
    st.selectbox(
        label, list(shown), format_func=shown.__getitem__, key=key, on_change=_take, args=(name,)
    )


def _take(name: str) -> None:
    changed = {one: getattr(asked(), one) for one in ("wave", "region", "pays", "live")}
    text = MapFilter(**(changed | {name: str(st.session_state[f"map_{name}"])})).text()
    if text:
        pick(MAP, text)
    else:
        drop(MAP)
