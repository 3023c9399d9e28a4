"""The cards of the overview: map, ranking, and what becomes known only after the paths."""

from collections.abc import Mapping
from urllib.parse import urlencode

import streamlit as st

from dashboard import link_state
from dashboard.charts import cash, insights, ranking
from dashboard.charts.drawn_map import map_drawing
from dashboard.charts.ranking_table import ranking_html
from dashboard.charts.sitemap import map_words, site_map_table
from dashboard.charts.study import Study, short
from dashboard.risk_state import Sureness
from dashboard.theme import plain
from dashboard.widgets import chart_card, download, table
from forecasts.sampling import quantile


def address(key: str) -> str:
    """Return the address of a factory's page that keeps the scenario on screen."""
    return f"/factory?{urlencode(link_state.link() | {'factory': key})}"


@st.fragment
def map_card(study: Study, headline: str, height: int) -> None:
    """Draw the map with its table."""
    with st.container(border=True, key="card_map", gap="xxsmall", height="stretch"):
        st.markdown(f"**{headline}**")
        slot = st.container(height="stretch")
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption(
                "Area: MW of IT load",
                help="Area: IT load of all phases, MW. Shape: whether NPV is zero or more. A "
                "marker opens its factory. Source: site register; outlines: Natural Earth.",
                width="stretch",
            )
            as_table = st.toggle("Table", key="table_map")
            download(site_map_table(study), "map")
        with slot:
            if as_table:
                table(site_map_table(study), alt=map_words(study), height=height)
            else:
                st.html(map_drawing(study, map_words(study), address, height))


def ranking_card(study: Study, sure: Sureness | None) -> None:
    """Show all factories, best first, and on which share of paths each comes first."""
    frame = ranking.ranking(study)
    gaps = ranking.gaps(study)
    with st.container(border=True, gap="xxsmall", height="stretch"):
        st.markdown(f"**{plain(frame.iloc[0]['Factory'])} ranks first by NPV per dollar of capex**")
        st.html(ranking_html(study, frame, None if sure is None else firsts(study, sure), address))
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption(
                "Capex, NPV: USD m. IRR, asked: % a year, after tax, before debt. Squares: colours "
                "of the charts.",
                help="NPV and IRR along the expected path; first: share of sampled paths with the "
                "highest NPV over first-time capex. Asked: the factory's own cost of capital. A "
                f"name opens its factory. {plain(gaps)} Source: Rackcast simulation.",
                width="stretch",
            )
            download(frame, f"ranking_{_paths(sure)}")


def _paths(sure: Sureness | None) -> int:
    return 0 if sure is None else sure.fan.paths


def cash_card(study: Study, sure: Sureness | None, height: int) -> None:
    """Draw cumulative cash, with the band of the paths as soon as there are any."""
    chart = cash.cumulative_cash(study, None, None if sure is None else sure.fan)
    chart_card(chart, f"cash_{_paths(sure)}", height)


def firsts(study: Study, sure: Sureness) -> Mapping[str, float]:
    """Return the share of paths in which each factory comes first, by short name."""
    return {short(study.sites[row]): share for row, share, _ in sure.places}


def insight_text(study: Study, sure: Sureness | None) -> str:
    """Return the three sentences as HTML; before the paths are through, what is coming."""
    if sure is None:
        lines = ["What decides, which site comes first and how sure it all is: a second …", "", ""]
    elif not any(study.result.phases):
        lines = ["Nothing is built in this scenario, so nothing decides and nothing is at risk."]
    else:
        npv = sure.simulation.portfolio["npv"]
        above = float((npv > 0).mean())
        error = (above * (1 - above) / npv.size) ** 0.5
        lines = [
            insights.decides(sure.nudges),
            insights.first_place(study, sure.places),
            insights.sureness(quantile(npv, 0.1), quantile(npv, 0.9), above, error),
        ]
    items = "".join(f"<li>{line or '&nbsp;'}</li>" for line in lines)
    return f'<ul class="rc-insights">{items}</ul>'


TOUR = (
    ("Read the top", "The heading says who earns its cost of capital; three lines say what "
     "decides, which site comes first and how sure that is."),
    ("Ask what if", "Move a driver on the left. Everything follows; the arrows show the change "
     "against the approved scenario. Undo, redo and reset stand above the drivers."),
    ("Open a factory", "Click a name in the ranking or on the map: its phases at any date, its "
     "cost, cash and returns, and how each number comes about."),
    ("See why", "Page Scenarios sets two scenarios side by side and splits the difference by its "
     "causes. Page Risk shows how sure, and what would be worth knowing."),
    ("Share", "The address of the page restores exactly what you see, for whoever opens it."),
)  # fmt: skip
"""The way through the app, for a first visit."""


def tour() -> None:
    """Show the way through the app."""
    steps = st.expander(
        "New here? The app in five steps", icon=":material/explore:", key="tour", on_change="rerun"
    )
    if steps.open:
        with steps:
            for number, (title, text) in enumerate(TOUR, start=1):
                st.markdown(f"**{number}. {title}.** {text}")
