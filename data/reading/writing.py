"""A frame as UTF-8 CSV: ISO dates, plain numbers that read back the same, text as it is."""

from pathlib import Path

import numpy as np
import pandas as pd


def written(frame: pd.DataFrame, path: Path) -> None:
    """Write a frame as CSV; OSError where the place cannot be written."""
    with path.open("w", encoding="utf-8", newline="", errors="replace") as stream:
        plain(frame).to_csv(stream, index=False, lineterminator="\n")


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a frame whose cells print as they should: 1 rather than 1.0, true and false."""
    return pd.DataFrame({name: _plain(frame[name]) for name in frame.columns})


def _plain(values: pd.Series) -> pd.Series:
    if pd.api.types.is_bool_dtype(values.dtype):
        return values.map({True: "true", False: "false"}).astype("object")
    if not pd.api.types.is_float_dtype(values.dtype):
        return values
    held = values.dropna()
    whole = bool((held == np.trunc(held)).all()) and bool((held.abs() < 1e15).all())
    return values.astype("Int64") if whole else values
