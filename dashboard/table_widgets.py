"""Tables on a page."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Literal, cast

import pandas as pd
import streamlit as st
from streamlit.elements.lib.column_types import ColumnConfig

from dashboard.theme import NOTHING, number
from data.evidence_terms import ADDRESS

LONG = {
    "Row": 250,
    "Source": 230,
    "Notes": 260,
    "Factory": 108,
    "What it says": 260,
    "Dated": 150,
    "Cash flow, USD m": 210,
}
"""Width of columns of text: the beginning of a long one is seen, a click shows the rest."""

STYLED = 4000
"""Cells up to which numbers below zero get a true minus sign: each takes ten microseconds."""

WHOLE = 14
"""Rows up to which a table is drawn whole: all twelve factories and a line on all of them."""


def table(
    frame: pd.DataFrame,
    *,
    alt: str,
    height: int | Literal["content"] | None = None,
    exact: bool = False,
    digits: int | None = None,
) -> None:
    """Draw a table: numbers with sensible decimals, links as links, gaps as a dash.

    `exact` shows numbers as they are stated: for columns that mix units, where 1.25 may stand
    beside 1,250. `digits` gives all columns of floats so many decimals: for columns that are read
    across, as years are.
    """
    signs = _signs(frame, exact=exact) if digits is None else _alike(frame, digits)
    config = _columns(frame, signs, exact=exact)
    rounded = frame.copy()
    for heading in frame.select_dtypes("float"):
        if exact:
            rounded[heading] = [float(f"{value:.10g}") for value in frame[heading]]
        elif digits is not None:
            rounded[heading] = frame[heading].round(digits) + 0.0
        elif _large(frame, str(heading)):
            rounded[heading] = frame[heading].round(0) + 0.0  # no minus before a zero
    if signs:
        rounded = rounded.reset_index(drop=True)
    st.dataframe(
        rounded.style.format({**signs}, na_rep=NOTHING) if signs else rounded,
        hide_index=True,
        column_config=config,
        placeholder=NOTHING,
        alt=alt,
        height=height or ("content" if len(frame) <= WHOLE else "auto"),
    )


def _columns(
    frame: pd.DataFrame, signs: Mapping[str, object], *, exact: bool
) -> dict[str, ColumnConfig]:
    """Return width and format of the columns; `signs` holds those that are written beforehand."""
    config: dict[str, ColumnConfig] = {
        name: st.column_config.TextColumn(width=wide) for name, wide in LONG.items()
    }
    for name in frame.columns:
        if pd.api.types.is_float_dtype(frame[name]):
            written = "%.10g" if exact else "localized" if _large(frame, name) else "%.2f"
            config[str(name)] = st.column_config.NumberColumn(
                format=None if name in signs else written
            )
        elif _counts(frame[name]):
            config[str(name)] = st.column_config.NumberColumn(
                format=None if name in signs else "localized"
            )
        elif str(name).lower() in {"url", "address"} and _opens(frame[name]):
            config[str(name)] = st.column_config.LinkColumn(display_text="open")
    return config


def _opens(cells: "pd.Series[str]") -> bool:
    """Whether every address is one of the web: others are shown as they are, not to be opened."""
    return all(not one or ADDRESS.match(one) for one in cells.dropna().astype(str))


def _signs(frame: pd.DataFrame, *, exact: bool) -> dict[str, Callable[[object], str]]:
    """Return how columns with a number below zero are written: the browser has but a hyphen.

    The numbers stay numbers and can be sorted. A long table is left to the browser.
    """
    if exact or frame.size > STYLED:
        return {}
    return {
        str(name): partial(_written, digits=0 if _whole(frame, str(name)) else 2)
        for name in frame.select_dtypes("number")
        if (frame[name] < 0).any()
    }


def _alike(frame: pd.DataFrame, digits: int) -> dict[str, Callable[[object], str]]:
    """Return how all columns of floats are written with the same decimals."""
    return {
        str(name): partial(_written, digits=digits) for name in frame.select_dtypes("float").columns
    }


def _whole(frame: pd.DataFrame, name: str) -> bool:
    return bool(pd.api.types.is_integer_dtype(frame[name])) or _large(frame, name)


def _written(value: object, digits: int) -> str:
    return number(cast("float", value), digits)


def _large(frame: pd.DataFrame, name: str) -> bool:
    """Whether a column has no decimals: large or whole numbers; an error as the column it is of."""
    place = frame.columns.get_loc(name)
    if name.startswith("Its error") and isinstance(place, int) and place > 0:
        return _large(frame, str(frame.columns[place - 1]))
    if not pd.api.types.is_float_dtype(frame[name]):
        return False
    held = frame[name].dropna()
    return bool(held.abs().max() >= 100 or (not held.empty and (held % 1 == 0).all()))


def _counts(column: pd.Series) -> bool:
    """Whether a column holds whole numbers that are no years: they take a mark at thousands."""
    whole = pd.api.types.is_integer_dtype(column)
    return bool(whole and not column.empty and not column.between(1900, 2100).all())
