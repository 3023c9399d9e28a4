"""What the briefing page asks: form, audience, topics, comparison, chart."""

import streamlit as st

from dashboard import briefing_state
from dashboard.briefing_state import FORMATS, Choice
from dashboard.exports.story import TOPICS


def ask() -> Choice:
    """Ask for what is wanted, and only for what matters to it."""
    form = st.selectbox("What", list(FORMATS), key="briefing_form")
    plain = Choice(form, tuple(TOPICS), briefing_state.comparable()[0])
    if plain.told:
        return _story(plain)
    return _picture(plain) if plain.drawn else plain


def _story(plain: Choice) -> Choice:
    who = briefing_state.audiences()
    audience = st.selectbox("For whom", list(who), key="briefing_audience")
    topics = st.multiselect(
        "About what",
        list(TOPICS),
        list(who[audience]),
        format_func=lambda name: TOPICS[name].partition(":")[0],
        key=f"briefing_topics_{audience}",
    )
    against = plain.against
    if "comparison" in topics:
        names = briefing_state.comparable()
        against = st.selectbox(
            "Compared with", names, format_func=str.capitalize, key="briefing_against"
        )
    return Choice(plain.form, tuple(topics), against)


def _picture(plain: Choice) -> Choice:
    chart = plain.chart
    if FORMATS[plain.form][0] != ".zip":
        chart = st.selectbox(
            "Chart",
            briefing_state.chart_names(),
            key="briefing_chart",
            format_func=lambda name: name.replace("_", " ").capitalize(),
        )
    theme = st.radio("Background", ["light", "dark"], horizontal=True, key="briefing_theme")
    scale = st.radio("Pixels per point", [2, 3], horizontal=True, key="briefing_scale")
    return Choice(plain.form, plain.topics, plain.against, chart, theme, scale)


def note(choice: Choice) -> str:
    """Say what the file will be like."""
    if choice.drawn:
        return (
            "Charts with headline, unit, source and stamp. The server's Chromium draws them; "
            "where there is none, the camera above each chart in the app does the same."
        )
    if choice.told:
        return (
            "Findings as headlines, charts whose numbers are the model's, how sure they are, what "
            "decides, and all sources. In the deck every chart can be edited."
        )
    if FORMATS[choice.form][0] == ".xlsx":
        return (
            "The whole model: inputs, timing, capex, revenue, loans, tax, cash and returns, each "
            "a formula. Change an input on its first sheet and the returns follow; checks say "
            "whether all adds up. No macro."
        )
    return "Every table and result as CSV and Parquet, with a descriptor that explains each field."
