"""The browser app: one frame round all pages, with the scenario panel beside them."""

from pathlib import Path

import streamlit as st

from dashboard import gate, go_state, jobs_state, later_state, link_state, widgets
from dashboard.panel import scenario_panel

HERE = Path(__file__).parent
ICON = str(HERE / "static" / "icon.svg")
PAGES = (
    ("overview", "Overview", "public", "Where, when, how much and how good: all factories."),
    ("scenarios", "Scenarios", "compare_arrows", "Saved scenarios: compare, approve, history."),
    ("assumptions", "Assumptions", "edit_note", "Every assumption, by factory too; phases."),
    ("factory", "Factory", "factory", "One factory: phases, demand, cost, cash and returns."),
    ("risk", "Risk", "casino", "How sure: paths, probabilities, and which site comes first."),
    ("portfolio", "Portfolio", "account_tree", "Which sites, how large and when, in a budget."),
    ("timing", "Timing", "schedule", "What a month costs; wait, stage or stop."),
    ("trust", "Trust", "verified", "The model beside announced projects and published figures."),
    ("outlooks", "Forecasts", "query_stats", "The series behind the model, with intervals."),
    ("tables", "Data", "database", "Every figure with its source, date and grade."),
    ("briefing", "Briefing", "co_present", "Decks, briefs, charts and data to take along."),
    ("upload", "Upload", "upload_file", "Your own figures: what they change, before they count."),
    ("methods", "Methods", "menu_book", "How the model works, and what its words mean."),
)

st.set_page_config(
    page_title="Rackcast", page_icon=ICON, layout="wide", initial_sidebar_state="auto"
)
st.html(HERE / "static" / "rackcast.css")
st.logo(str(HERE / "static" / "logo.svg"), icon_image=ICON, size="large")
if not gate.admitted():
    st.stop()
widgets.link_problems(link_state.start())
pages = {
    name: st.Page(
        HERE / "app_pages" / f"{name}.py",
        title=title,
        icon=f":material/{icon}:",
        url_path="" if name == "overview" else title.lower(),
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
        go_state.field({name: title for name, title, _, _ in PAGES})
        scenario_panel()


quick = page == pages["overview"]
with jobs_state.queue().drawing():
    if not quick:
        beside()
    page.run()
    if quick:
        beside()
later_state.finish()
