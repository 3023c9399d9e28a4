"""An analyst's figures: drop a file or ask a source, see what it changes, accept, undo."""

import streamlit as st

from dashboard import data_state, upload_cards, upload_views, widgets

st.header("Bring your own figures, and see what they change before they count", anchor=False)
st.caption(
    f"Data version {data_state.catalog().version} is in force. Nothing moves until you accept, "
    "and everything accepted can be taken back."
)
view = widgets.switch("Where the rows come from", list(upload_views.VIEWS), "upload_view")
upload_cards.refusals()
upload_views.VIEWS[view]()
st.subheader("Data versions", anchor=False)
upload_cards.versions()
