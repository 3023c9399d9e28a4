"""How the model works, in plain words, and what every term means."""

import streamlit as st

from dashboard import cards, method_cards, state
from dashboard.glossary import chapter, conventions, definition
from forecasts.metric_register import METRICS

st.header("One model, from forecast to return", anchor=False)
st.caption("Monthly inside, yearly on screen. Every page and the command line use the same model.")
method_cards.stages(state.current())
st.subheader("What the metrics mean", anchor=False)
with st.grid(2, min_column_width=320):
    for name, info in METRICS.items():
        st.markdown(f"**{info.label}**: {definition(name)}")
left, right = st.columns(2)
with left:
    st.subheader("Conventions", anchor=False)
    st.markdown(conventions())
    st.subheader("Scores of forecasts", anchor=False)
    st.markdown(chapter("Scores of forecasts").replace("\n**", "\n\n**"))
with right:
    st.subheader("Terms", anchor=False)
    st.markdown(chapter("Terms").replace("\n**", "\n\n**"))
cards.stamp(state.current())
