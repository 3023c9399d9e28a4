"""Cards of the overview: what they show is part of the page, and redrawn without the rest of them.

A browser pays for every element of a page at every move of a slider. Finding, drawing and unit of
a card are therefore one; its switch, its download and its large chart stay what they were, and
work out what they show when they are used.
"""

from collections.abc import Callable
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.card_state import as_table, switch_key
from dashboard.charts.card import Chart
from dashboard.charts.small_drawing import small_drawing
from dashboard.table_widgets import table
from dashboard.theme import plain
from dashboard.widgets import download, drawing


@dataclass(frozen=True, slots=True, eq=False)
class Small:
    """A small chart and what its card shows of it.

    Attributes
    ----------
    chart : Chart
        The chart.
    drawn : str
        Finding and drawing, as HTML.
    height : int
        Pixels of the drawing.
    """

    chart: Chart
    drawn: str
    height: int


Maker = Callable[[], Small]


def small(chart: Chart, height: int) -> Small:
    """Draw a chart for its card."""
    return Small(chart, titled(chart.headline, small_drawing(chart, height)), height)


def titled(headline: str, inside: str, kind: str = "") -> str:
    """Return what a card shows as HTML, under its finding; `kind` is a class to find it by."""
    return f'<div class="rc-card {kind}"><p class="rc-title">{escape(headline)}</p>{inside}</div>'


@st.fragment
def small_card(make: Maker, key: str) -> DeltaGenerator:
    """Draw a small chart with its finding, unit, source, table, download and large form.

    Parameters
    ----------
    make : callable
        Gives the chart: now, and again when its table, file or large form is asked for. A page
        calls it before it draws anything, so that a browser gets all of the page in one go.
    key : str
        Of the card.

    Returns
    -------
    DeltaGenerator
        Where `fill` puts what becomes known later.
    """
    with st.container(border=True, key=f"small_{key}", gap="xxsmall", height="stretch"):
        slot = st.empty()
        fill(slot, make(), key)
        with foot():
            _enlarge(make, key)
            st.toggle("Table", key=switch_key(key))
            download(lambda: make().chart.table, key)
    return slot


def foot() -> DeltaGenerator:
    """Return the line at the foot of a small card."""
    return st.container(
        horizontal=True,
        horizontal_alignment="right",
        vertical_alignment="center",
        gap="small",
        wrap=False,
    )


def fill(slot: DeltaGenerator, one: Small, key: str) -> None:
    """Put a chart into its card, or its table where the card's switch stands on it.

    Parameters
    ----------
    slot : DeltaGenerator
        From `small_card`.
    one : Small
        What to show.
    key : str
        Of the card.
    """
    if as_table(key):
        with slot.container(gap="xxsmall"):
            st.html(titled(one.chart.headline, ""))
            table(one.chart.table, alt=one.chart.alt, height=one.height)
    else:
        slot.html(one.drawn)


def _enlarge(make: Maker, key: str) -> None:
    """Offer a small chart in full: with legend, zoom and values under the pointer."""
    if st.button(
        "Enlarge",
        key=f"enlarge_{key}",
        type="tertiary",
        icon=":material/open_in_full:",
        help="The chart in full: legend, zoom, values under the pointer, picture to download.",
    ):
        chart = make().chart
        st.dialog(plain(chart.headline), width="large")(drawing)(chart, f"large_{key}")
