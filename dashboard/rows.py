"""Rows of the tables: found by words, or one by its own name, and the address that opens it."""

import re
from collections.abc import Mapping
from urllib.parse import urlencode

import pandas as pd

from data.schemas import DATASETS

PLACE = re.compile(r"(\w+)\[(.+)\]")
"""How a fact names its row: `table[key, key]`."""


def address(place: str, link: Mapping[str, str]) -> str:
    """Return the address of page Data on one row, keeping the scenario of a link.

    Parameters
    ----------
    place : str
        The row as a fact names it.
    link : mapping of str to str
        What restores the scenario on screen.

    Raises
    ------
    ValueError
        If the place is not `table[keys]`.
    """
    found = PLACE.fullmatch(place)
    if found is None or found[1] not in DATASETS:
        raise ValueError(f"{place!r} names no row; expected table[keys] of a known table")
    return f"/data?{urlencode({**link, 'table': found[1], 'row': found[2]})}"


def named(frame: pd.DataFrame, table: str, row: str) -> pd.DataFrame:
    """Return the rows of a table whose key columns spell `row`; none when none does."""
    keys = [", ".join(map(str, cells)) for cells in frame[list(DATASETS[table].key)].to_numpy()]
    return frame[[key == row for key in keys]]


def searched(frame: pd.DataFrame, wanted: str) -> pd.DataFrame:
    """Return the rows that hold every word somewhere, whatever the case."""
    text = pd.Series(
        [" ".join(map(str, row)).lower() for row in frame.itertuples(index=False)],
        index=frame.index,
        dtype=str,
    )
    hit = pd.Series(data=True, index=frame.index)
    for word in wanted.lower().split():
        hit &= text.str.contains(word, regex=False)
    return frame[hit]
