"""The browser app: one frame round all pages, with the scenario panel beside them."""

from pathlib import Path

import streamlit as st

from dashboard import (
    card_state,
    early,
    gate,
    go_state,
    jobs_cards,
    jobs_state,
    later_state,
    link_state,
    quick_state,
    state,
    sure_state,
    widgets,
)
from dashboard.pages import PAGES, address_of
from dashboard.panel import scenario_panel

HERE = Path(__file__).parent
ICON = str(HERE / "static" / "icon.svg")

st.set_page_config(
    page_title="Rackcast", page_icon=ICON, layout="wide", initial_sidebar_state="auto"
)
st.html(HERE / "static" / "rackcast.css")
st.logo(str(HERE / "static" / "logo.svg"), icon_image=ICON, size="large")
if not gate.admitted():
    st.stop()
early.model().result()
quick_state.begin()
card_state.stands(on=later_state.back())
widgets.link_problems(link_state.start())
widgets.dropped_changes(link_state.fitted())
state.scoped()
pages = {
    name: st.Page(
        HERE / "app_pages" / f"{name}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path=address_of(name, title).lstrip("/"),
        default=name == "overview",
        help=text,
    )
    for name, title, icon, text in PAGES
}
page = st.navigation(list(pages.values()), position="top")
target = go_state.target()
if target is not None:
    st.switch_page(pages[target])
link_state.write_link()


def beside() -> None:
    """Draw what stands beside every page."""
    with st.sidebar:
        gate.who()
        jobs_cards.mine()
        go_state.field({name: title for name, title, _, _ in PAGES})
        scenario_panel()


quick = page == pages["overview"]
with sure_state.ahead_of_page():
    with jobs_state.drawing():
        if not quick:
            beside()
        page.run()
        if quick:
            beside()
    later_state.finish()
