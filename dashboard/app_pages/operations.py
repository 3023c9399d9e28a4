"""For whoever runs Rackcast: versions, freshness, refreshes, queue, memory, backups, members."""

import streamlit as st

from dashboard import operations_cards, sign_in_state
from dashboard.widgets import problem_list
from data.problems import RefusedError

try:
    sign_in_state.demand("operate")
except RefusedError as refused:
    st.header("This page is for admins", anchor=False)
    problem_list(refused.problems)
    st.stop()
st.header(operations_cards.headline(), anchor=False)
st.caption("What this process of Rackcast knows of itself, of its data and of its store.")
left, right = st.columns(2)
with left:
    operations_cards.process()
    operations_cards.queue()
with right:
    operations_cards.freshness()
    operations_cards.upkeep()
operations_cards.people()
