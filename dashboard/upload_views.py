"""The views of the page Upload: out of a file, out of public sources, a series of one's own."""

import streamlit as st

from dashboard import (
    own_series_cards,
    refresh_cards,
    upload_cards,
    upload_reading,
    upload_state,
)
from data.reading.templates import template
from data.schemas import DATASETS


def file() -> None:
    """Take a file, report on it, show what its rows change."""
    left, right = st.columns([1, 2])
    with left:
        name = st.selectbox(
            "What the rows are",
            list(DATASETS),
            format_func=lambda key: DATASETS[key].title,
            key="upload_dataset",
            help="Each kind of data has its own columns; the template shows them.",
        )
        st.caption(DATASETS[name].description)
        st.download_button(
            "Template",
            template(name),
            f"rackcast_{name}.csv",
            "text/csv",
            key="upload_template",
            on_click="ignore",
            icon=":material/download:",
        )
    with right:
        dropped = st.file_uploader(
            "A spreadsheet or text file", key="upload_file", max_upload_size=50
        )
    if dropped is None:
        return
    given = upload_state.upload(dropped.name, dropped.getvalue(), name)
    done = upload_state.done(given)
    if done is not None:
        upload_cards.undoing(*done)
    elif upload_reading.ready(given):
        effects, below = st.container(), st.container()
        chosen = upload_cards.chosen_rows(given.rows, given.key)
        if not chosen.empty:
            with below:
                upload_cards.weighed(
                    upload_state.incoming(given, chosen),
                    lambda note: upload_state.accepted(given, chosen, note),
                    effects,
                )


VIEWS = {
    "A file": file,
    "Public sources": refresh_cards.sources,
    "A series of your own": own_series_cards.own_series,
}
"""What the page shows, by name."""
