"""Tables on a page."""

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.theme import NOTHING

LONG = {"Row": 250, "Source": 230, "Notes": 260, "Factory": 108}
"""Width of columns of text: the beginning of a long one is seen, a click shows the rest."""

WHOLE = 14
"""Rows up to which a table is drawn whole: all twelve factories and a line on all of them."""


def table(frame: pd.DataFrame, *, alt: str, height: int | None = None, exact: bool = False) -> None:
    """Draw a table: numbers with sensible decimals, links as links, gaps as a dash.

    `exact` shows numbers as they are stated: for columns that mix units, where 1.25 may stand
    beside 1,250.
    """
    config: dict[str, ColumnConfig] = {
        name: st.column_config.TextColumn(width=wide) for name, wide in LONG.items()
    }
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            written = "%.10g" if exact else "localized" if _large(frame, name) else "%.2f"
            config[str(name)] = st.column_config.NumberColumn(format=written)
        elif str(name).lower() in {"url", "address"}:
            config[str(name)] = st.column_config.LinkColumn(display_text="open")
    rounded = frame.copy()
    for heading in frame.select_dtypes("float"):
        if exact:
            rounded[heading] = [float(f"{value:.10g}") for value in frame[heading]]
        elif _large(frame, str(heading)):
            rounded[heading] = frame[heading].round(0) + 0.0  # no minus before a zero
    st.dataframe(
        rounded,
        hide_index=True,
        column_config=config,
        placeholder=NOTHING,
        alt=alt,
        height=height or ("content" if len(frame) <= WHOLE else "auto"),
    )


def _large(frame: pd.DataFrame, name: str) -> bool:
    return bool(pd.api.types.is_float_dtype(frame[name]) and frame[name].abs().max() >= 100)
