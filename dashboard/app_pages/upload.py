"""An analyst's figures: drop a file, mend what is named, see what it changes, accept, undo."""

import streamlit as st

from dashboard import data_state, upload_cards, upload_reading, upload_state
from data.reading.templates import template
from data.schemas import DATASETS

st.header("Bring your own figures, and see what they change before they count", anchor=False)
st.caption(
    f"Data version {data_state.catalog().version} is in force. Nothing moves until you accept, "
    "and everything accepted can be taken back."
)
upload_cards.refusals()
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
    file = st.file_uploader("A spreadsheet or text file", key="upload_file", max_upload_size=50)
if file is not None:
    given = upload_state.upload(file.name, file.getvalue(), name)
    done = upload_state.done(given)
    if done is not None:
        upload_cards.undoing(*done)
    elif upload_reading.ready(given):
        effect, causes = st.container(), st.container()
        chosen = upload_cards.chosen_rows(given)
        wanted = upload_state.incoming(given, chosen)
        if not chosen.empty:
            with effect:
                found = upload_cards.effect(wanted)
                if found is not None:
                    upload_cards.accepting(given, chosen)
            if found is not None:
                with causes:
                    upload_cards.causes(wanted, found)
st.subheader("Data versions", anchor=False)
upload_cards.versions()
