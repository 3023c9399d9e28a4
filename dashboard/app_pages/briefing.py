"""Files for a briefing: for whom, about what, in which form."""

import streamlit as st

from dashboard import briefing_form, briefing_state, cards, sign_in_state, state, widgets
from dashboard.exports.manifest import SUFFIX
from data.problems import RefusedError

study = state.current()
st.header("A briefing that carries its own evidence", anchor=False)
st.caption(
    "Deck, print and page tell the same findings with the same numbers. Every file says which "
    f"scenario, which data and which day it shows, and how to reopen it.{widgets.compared()}"
)
left, right = st.columns(2)
with left:
    choice = briefing_form.ask()
with right, st.container(border=True):
    st.markdown("**What you get**")
    st.caption(briefing_form.note(choice))
    if st.button("Make it", type="primary", disabled=not choice.topics):
        try:
            briefing_state.make(choice)
        except RefusedError as refused:
            widgets.problem_list(refused.problems)
    made = briefing_state.ready(choice)
    if made is not None:
        st.download_button(
            f"Download {made.name}",
            sign_in_state.leaving(made.name, made.read),
            made.name,
            made.mime,
            on_click="ignore",
            icon=":material/download:",
        )
        st.caption(f"{len(made.content) / 1000:,.0f} kB")
        beside = made.name + SUFFIX
        st.download_button(
            "Its manifest",
            sign_in_state.leaving(beside, made.read_manifest),
            beside,
            "application/json",
            on_click="ignore",
            type="tertiary",
            icon=":material/verified:",
            help="Inputs, tables, code and hashes. With it beside the file, `rackcast verify` says "
            "whether the file is what this version, data and scenario produce.",
        )
if made is not None and made.mime == "text/html":
    st.subheader("Preview", anchor=False)
    st.iframe(made.content.decode(), height=900, alt="Preview of the brief")
elif made is not None and made.mime == "image/png":
    st.image(made.content, caption="Preview")
cards.stamp(study)
