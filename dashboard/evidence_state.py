"""Evidence of progress typed on the page of a factory: kept as rows of the data in force."""

from collections.abc import Mapping
from dataclasses import replace

import pandas as pd
import streamlit as st

from dashboard import data_state
from data.catalog_store import Incoming
from data.problems import Problem, RefusedError

KEPT = "evidence_kept"
"""Key of the session: the data version that the last typed row brought into force."""

LABELS = {"project": "Project", "text": "What exactly", "date": "Published on"}
"""What the form does not go without, beside what the table's own rules ask for."""


def keep(cells: Mapping[str, str]) -> tuple[Problem, ...]:
    """Accept a row of evidence; return why it was refused, nothing where it is in force.

    Parameters
    ----------
    cells : mapping of str to str
        Its columns, as texts; what is left out is empty.
    """
    missing = [
        Problem(LABELS[name], "nothing", "a few words", "fill it in")
        for name in LABELS
        if not cells.get(name)
    ]
    if missing:
        return tuple(missing)
    row = {"value": None, "low": None, "high": None, "unit": "text", **cells}
    note = f"Typed on the page of {cells['factory']}"
    incoming = Incoming("site_evidence", pd.DataFrame([row]), cells["source"], note)
    try:
        made = data_state.accept(incoming, data_state.catalog().version)
    except RefusedError as refused:
        return tuple(replace(one, place=one.place.rpartition(", ")[2]) for one in refused.problems)
    st.session_state[KEPT] = made.version
    return ()


def kept() -> str:
    """Return the data version that this session's last row made, while it is the one in force."""
    version = str(st.session_state.get(KEPT, ""))
    return version if version and data_state.catalog().version == version else ""
