"""The cards of the overview: map, ranking, and what becomes known only after the paths."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from dashboard import link_state, map_state, sure_state
from dashboard.card_state import as_table, switch_key
from dashboard.charts import cash, insights, ranking
from dashboard.charts.drawn_map import map_drawing
from dashboard.charts.map_filter import MapFilter, rows_shown
from dashboard.charts.ranking_table import ranking_html
from dashboard.charts.sitemap import largest_site, map_words, site_map_table
from dashboard.charts.study import Study, short
from dashboard.small_cards import Drawn, Maker, Small, filled_by_foot, foot, small, titled
from dashboard.sure_state import Sureness
from dashboard.theme import plain
from dashboard.widgets import download, table
from forecasts.risk_report import probability_of
from forecasts.sampling import quantile
from forecasts.scenario import Scenario


def addresses() -> Callable[[str], str]:
    """Return what gives the address of a factory's page that keeps the scenario on screen."""
    kept = link_state.link()
    return lambda key: f"/factory?{urlencode(kept | {'factory': key})}"


@dataclass(frozen=True, slots=True, eq=False)
class Places:
    """The map: what it is filtered by, its finding, in words, and its drawing as HTML."""

    asked: MapFilter
    rows: list[int]
    headline: str
    words: str
    drawn: str
    height: int


def places(study: Study, height: int) -> Places:
    """Draw the map."""
    asked = map_state.asked()
    rows = rows_shown(study, asked)
    headline, words = largest_site(study, rows), map_words(study, rows)
    drawn = titled(headline, map_drawing(study, words, addresses(), height, rows))
    return Places(asked, rows, headline, words, drawn, height)


def map_card(study: Study, one: Places) -> DeltaGenerator:
    """Draw the card of the map, whose foot has its filter; return where the map is put."""
    with st.container(border=True, key="small_map", gap="xxsmall", height="stretch"):
        slot = st.empty()
        _map_foot(slot, study, one, Drawn())
    return slot


@st.fragment
def _map_foot(slot: DeltaGenerator, study: Study, one: Places, drawn: Drawn) -> None:
    """Draw the foot of the map's card; a filter moves the map alone."""
    if one.asked != map_state.asked():
        one = places(study, one.height)
        link_state.write_link()
    if filled_by_foot(slot, drawn):
        fill_map(slot, study, one)
    with foot():
        map_state.filters(study)
        st.toggle("Table", key=switch_key("map"))
        download(lambda: site_map_table(study, one.rows), "map")


def fill_map(slot: DeltaGenerator, study: Study, one: Places) -> None:
    """Put the map into its card, or its table, of the factories that its filter lets through."""
    if as_table("map"):
        with slot.container(gap="xxsmall"):
            st.html(titled(one.headline, ""))
            table(site_map_table(study, one.rows), alt=one.words, height=one.height)
    else:
        slot.html(one.drawn)


def ranking_card(study: Study) -> DeltaGenerator:
    """Draw the card of all factories, best first; return where they are put."""
    with st.container(border=True, key="small_ranking", gap="xxsmall", height="stretch"):
        slot = st.empty()
        with st.container(horizontal=True, vertical_alignment="center", gap="small", wrap=False):
            st.caption(
                "Capex, NPV: USD m. IRR, asked: % a year, after tax, before debt. Squares: colours "
                "of the charts.",
                help="NPV and IRR along the expected path; first: share of sampled paths with the "
                "highest NPV over first-time capex. Asked: the factory's own cost of capital. A "
                f"name opens its factory. {plain(ranking.gaps(study))} Source: Rackcast "
                "simulation.",
                width="stretch",
            )
            download(lambda: ranking.ranking(study), "ranking")
    return slot


def ranks(study: Study, sure: Sureness | None) -> str:
    """Return the ranking as HTML, with the share of paths on which each factory comes first."""
    best = short(study.sites[study.order()[0]])
    first = None if sure is None else firsts(study, sure)
    headline = f"{best} ranks first by NPV per dollar of capex"
    kind = f"rc-paths-{0 if sure is None else sure.together.paths}"
    return titled(headline, ranking_html(study, first, addresses()), kind)


def money_maker(study: Study, scenario: Scenario, height: int) -> Maker:
    """Return what gives cumulative cash, with the band of all paths as soon as it is known."""

    @lru_cache(maxsize=2)
    def made(sure: Sureness | None) -> Small:
        return money(study, sure, height)

    return lambda: made(sure_state.known(scenario))


def money(study: Study, sure: Sureness | None, height: int) -> Small:
    """Draw cumulative cash, with the band of the paths where there are any."""
    fan = None if sure is None else sure.together
    return small(cash.cumulative_cash(study, None, fan), height)


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
        npv = sure.paths.npv.sum(axis=1)
        above = probability_of(npv > 0, sure.paths.design)
        lines = [
            insights.decides(sure.decides.result()),
            insights.first_place(study, sure.places),
            insights.sureness(quantile(npv, 0.1), quantile(npv, 0.9), above, sure.record),
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
