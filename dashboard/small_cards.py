"""Cards of the overview: what they show is part of the page, and redrawn without the rest of them.

A browser pays for every element of a page at every move of a slider. Finding, drawing and unit of
a card are therefore one; its switch, its download and its large chart stay what they were, and
work out what they show when they are used.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard.card_state import as_table, enlarge, large, shrink, switch_key
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


@dataclass(slots=True)
class Drawn:
    """Whether the run that drew a card is over: its foot then fills it when it runs by itself."""

    over: bool = False


def small_card(make: Maker, key: str) -> DeltaGenerator:
    """Draw the card of a small chart: its place, and a foot with its switch, file and large form.

    Parameters
    ----------
    make : callable
        Gives the chart, when its table, file or large form is asked for.
    key : str
        Of the card.

    Returns
    -------
    DeltaGenerator
        Where `fill` puts the chart.
    """
    with st.container(border=True, key=f"small_{key}", gap="xxsmall", height="stretch"):
        slot = st.empty()
        _chart_foot(slot, make, key, Drawn())
    return slot


@st.fragment
def _chart_foot(slot: DeltaGenerator, make: Maker, key: str, drawn: Drawn) -> None:
    """Draw the foot of a chart's card; a switch moves the card alone."""
    if filled_by_foot(slot, drawn):
        fill(slot, make(), key)
    with foot():
        _enlarge(make, key)
        st.toggle("Table", key=switch_key(key))
        download(lambda: make().chart.table, key)


def hold_files(keys: Sequence[str]) -> None:
    """Keep files of cards from being asked for while they hold what was on screen before.

    Each is of the scenario in its name; the whole page, which follows, brings the next.
    """
    held = ", ".join(f".st-key-csv_{key}" for key in keys)
    st.html(f"<style>{held} {{ pointer-events: none; opacity: 0.4; }}</style>")


def filled_by_foot(slot: DeltaGenerator, drawn: Drawn) -> bool:
    """Whether the foot of a card has to fill it.

    The page fills it as it draws it; by then the foot has claimed the slot, which Streamlit asks
    of whoever is to write to it later on.
    """
    if drawn.over:
        return True
    slot.empty()
    drawn.over = True
    return False


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
    """Offer a small chart in full: with legend, zoom and values under the pointer.

    It stays open when the page comes back on its own, as a first page does for its paths.
    """
    st.button(
        "Enlarge",
        key=f"enlarge_{key}",
        type="tertiary",
        icon=":material/open_in_full:",
        help="The chart in full: legend, zoom, values under the pointer, picture to download.",
        on_click=enlarge,
        args=(key,),
    )
    if large(key):
        chart = make().chart
        title = plain(chart.headline)
        st.dialog(title, width="large", on_dismiss=shrink)(drawing)(chart, f"large_{key}")
