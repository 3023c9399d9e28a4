"""One row of the tables, whole: what a link to a number's origin opens."""

import pandas as pd
import streamlit as st

from dashboard import rows, selection_state
from dashboard.theme import number, plain
from data.catalog import Catalog
from data.provenance import MEANING, Confidence
from data.schemas import COLUMN_MEANING, DATASETS


def chosen_row(catalog: Catalog) -> None:
    """Show the row that a link asks for, with its source; nothing where none is asked for."""
    wanted = selection_state.held("row")
    table = selection_state.held("table")
    if not wanted or table not in catalog.tables:
        return
    found = rows.named(catalog.tables[table], table, wanted)
    if found.empty:
        st.warning(f"Table {table} has no row {plain(wanted[:80])}: it may have been replaced.")
    for cells in found.to_dict("records"):
        _row(table, {str(name): cell for name, cell in cells.items()})
    st.button("Close this row", on_click=selection_state.drop, args=("row",), type="tertiary")


def _row(table: str, cells: dict[str, object]) -> None:
    """Draw one row: its name, its figure, its source and address, its notes."""
    keys = ", ".join(str(cells[name]) for name in DATASETS[table].key)
    with st.container(border=True, key="row_of_origin"):
        st.markdown(f"**{plain(f'{table}[{keys}]')}**")
        value = cells["value"]
        held = isinstance(value, float) and not pd.isna(value)
        figure = f"{value:,.10g}" if held else str(cells.get("text", ""))
        ends = [cells["low"], cells["high"]]
        span = [number(float(str(end)), 4).rstrip("0").rstrip(".") for end in ends if end == end]
        between = f", {' to '.join(span)}" if span else ""
        st.markdown(f"{plain(figure)} {plain(str(cells['unit']))}{plain(between)}")
        grade = Confidence(str(cells["confidence"]))
        address = str(cells["url"])
        where = f" [open]({address})" if address.startswith("http") else ""
        st.markdown(
            f"Source: {plain(str(cells['source']))}, {plain(str(cells['date']))}{where}. "
            f"Grade: {grade}, {plain(MEANING[grade])}"
        )
        if cells["notes"]:
            st.markdown(plain(str(cells["notes"])))
        names = [name for name in DATASETS[table].key if COLUMN_MEANING.get(name)]
        st.caption(plain(" ".join(f"{name}: {COLUMN_MEANING[name]}" for name in names)))
