"""What simulates for this person on other pages, in the panel, each with a way to stop it."""

import streamlit as st

from dashboard import jobs_state
from dashboard.theme import plain


def mine() -> None:
    """List this person's simulations on other pages; nothing where there are none."""
    for job in jobs_state.others_of_mine():
        share = "waits" if job.begun < 0 else f"{100 * job.done // max(job.of, 1)} %"
        with st.container(horizontal=True, vertical_alignment="center", gap="small"):
            st.caption(f"On another page of yours: {plain(job.what)}, {share}", width="stretch")
            st.button(
                "Stop",
                key=f"stop_{job.number}",
                type="tertiary",
                on_click=jobs_state.end_own,
                args=(job.number,),
            )
