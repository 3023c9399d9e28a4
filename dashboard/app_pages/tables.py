"""Every table with every source."""

import streamlit as st

from dashboard import cards, row_cards, rows, state, widgets
from data.provenance import Confidence
from data.schemas import DATASETS

catalog = state.catalog()
total = sum(len(frame) for frame in catalog.tables.values())
names = {name: f"{one.title} ({len(catalog.tables[name]):,})" for name, one in DATASETS.items()}

st.header(f"{total:,} rows, each with source, date and grade", anchor=False)
st.caption(f"{len(names)} tables, data version {catalog.version}. A grade says how sure a row is.")
grades = [Confidence(g) for frame in catalog.tables.values() for g in frame["confidence"]]
cards.grade_counts(grades)
row_cards.chosen_row(catalog)

left, right = st.columns([1, 2])
with left:
    name = state.choose("Table", "table", names)
with right:
    wanted = st.text_input("Search in all columns", key="table_search", placeholder="e.g. Romania")
frame = catalog.tables[name]
st.markdown(f"**{DATASETS[name].title}**: {DATASETS[name].description}")
cards.grade_counts([Confidence(grade) for grade in frame["confidence"]])
found = rows.searched(frame, wanted)
st.caption(f"{len(found):,} of {len(frame):,} rows")
widgets.table(found, alt=f"Table {DATASETS[name].title}", height=520, exact=True)
with st.container(horizontal=True):
    widgets.download(frame, f"table_{name}", "This table as CSV")
    cards.descriptor_download()
