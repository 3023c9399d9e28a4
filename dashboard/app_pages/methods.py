"""How the model works, in plain words, and what every term means."""

import streamlit as st

from dashboard import cards, state
from dashboard.glossary import chapter, conventions, definition
from forecasts.metric_register import METRICS

STEPS = (
    ("Forecast", "Each series (AI spending, regional capacity, GPU-hour and power prices) is "
     "forecast from its own history, with intervals. Where a country's record is short, it "
     "borrows growth from global AI spending."),
    ("Demand", "Regional data-centre capacity, times AI's share, times the share that must stay "
     "under the country's own law, times what the factory can win: MW of IT load wanted."),
    ("Phases", "Phase one is decided when the register says. A later phase is decided once demand "
     "at the end of its lead time fills most of all capacity. Permits, grid, construction and "
     "rack delivery set the dates."),
    ("Cost", "Racks and all that comes with them, facility, grid connection and land; then power, "
     "staff, upkeep, software, security and compliance. Racks are replaced at the end of "
     "their life."),
    ("Revenue", "GPU-hours under contract keep the price of the month they began; the rest follows "
     "the market price, which falls as a generation ages. Services come on top."),
    ("Tax and return", "Depreciation, losses carried forward, holidays; then NPV at each "
     "factory's own cost of capital, IRR, payback and the levelised cost of compute (LCOC). "
     "All before debt, in nominal USD."),
)  # fmt: skip

st.header("One model, from forecast to return", anchor=False)
st.caption("Monthly inside, yearly on screen. Every page and the command line use the same model.")
with st.grid(3, min_column_width=260):
    for number, (title, text) in enumerate(STEPS, start=1):
        with st.container(border=True, height="stretch"):
            st.markdown(f"**{number}. {title}**")
            st.markdown(text)
st.subheader("What the metrics mean", anchor=False)
with st.grid(2, min_column_width=320):
    for name, info in METRICS.items():
        st.markdown(f"**{info.label}**: {definition(name)}")
left, right = st.columns(2)
with left:
    st.subheader("Conventions", anchor=False)
    st.markdown(conventions())
with right:
    st.subheader("Terms", anchor=False)
    st.markdown(chapter("Terms").replace("\n**", "\n\n**"))
cards.stamp(state.current())
