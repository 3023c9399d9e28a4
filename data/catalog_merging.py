"""Tables with accepted rows laid over them, and what differs between two catalogs."""

import hashlib
import io
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

import pandas as pd

from data.catalog import Catalog, checked
from data.schemas import DATASETS, NUMBERS, Dataset

CHANGES: Final = ("dataset", "row", "column", "before", "after", "kind")
"""Columns of `differences`."""


def as_text(frame: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Return rows as the texts a table holds: shortest exact numbers, empty where there is none.

    Columns of the dataset that the frame lacks are added empty; others are dropped.
    """
    columns = {
        name: [_cell(value, number=name in NUMBERS) for value in frame[name]]
        if name in frame.columns
        else [""] * len(frame)
        for name in dataset.columns
    }
    return pd.DataFrame(columns, columns=list(dataset.columns), dtype=str)


def _cell(value: object, *, number: bool) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return str(value).strip() if number else str(value)


def rows_as_csv(frame: pd.DataFrame, dataset: Dataset) -> bytes:
    """Return rows as the bytes that equal rows share: UTF-8 CSV, ordered by their key."""
    text = as_text(frame, dataset).sort_values(list(dataset.key), kind="stable")
    return text.to_csv(index=False, lineterminator="\n").encode()


def rows_from_csv(content: bytes, dataset: Dataset) -> pd.DataFrame:
    """Return rows out of what `rows_as_csv` made, checked against the schema."""
    frame = pd.read_csv(io.BytesIO(content), dtype=str, keep_default_na=False)
    return checked(frame, dataset, f"{dataset.name}.csv")


def rows_hash(dataset: str, content: bytes) -> str:
    """Return the content hash of accepted rows: the same rows of a dataset share it."""
    return hashlib.sha256(f"{dataset}\n".encode() + content).hexdigest()


def laid_over(table: pd.DataFrame, rows: pd.DataFrame, dataset: Dataset) -> pd.DataFrame:
    """Return a table in which rows stand instead of those of the same key, or after the others."""
    key = list(dataset.key)
    if rows.empty:
        return table
    both = pd.concat([table, rows], ignore_index=True) if len(table) else rows
    return both.drop_duplicates(key, keep="last").reset_index(drop=True)


def stacked(base: Catalog, layers: Sequence[tuple[str, pd.DataFrame, str]]) -> Catalog:
    """Return a catalog with layers of accepted rows laid over it, first one first.

    Parameters
    ----------
    base : Catalog
        The tables below.
    layers : sequence of (dataset, rows, content hash)
        What was accepted, in order.
    """
    tables = dict(base.tables)
    for name, rows, _ in layers:
        tables[name] = laid_over(tables[name], rows, DATASETS[name])
    marks = [mark for _, _, mark in layers]
    return changed_catalog(base, tables, stacked_version(base.version, marks))


def changed_catalog(base: Catalog, tables: Mapping[str, pd.DataFrame], version: str) -> Catalog:
    """Return a catalog of other tables; look-ups made in those that stay are kept."""
    stay = {name for name, frame in tables.items() if frame is base.tables.get(name)}
    memo = {key: found for key, found in base.memo.items() if key[0] in stay}
    return Catalog(tables, version, memo)


def stacked_version(base: str, marks: Iterable[str]) -> str:
    """Return the data version of layers over a base; the base's own where there is none."""
    held = list(marks)
    if not held:
        return base
    return hashlib.sha256("\n".join([base, *held]).encode()).hexdigest()[:12]


def differences(before: Catalog, after: Catalog) -> pd.DataFrame:
    """Return every cell that differs between two catalogs.

    Returns
    -------
    DataFrame
        `dataset, row, column, before, after, kind`: kind is `added`, `removed` or `changed`;
        added and removed rows show their value.
    """
    found: list[tuple[str, str, str, str, str, str]] = []
    for name, dataset in DATASETS.items():
        was, now = before.tables[name], after.tables[name]
        if was is now or was.equals(now):
            continue
        old, new = _by_key(was, dataset), _by_key(now, dataset)
        for key in dict.fromkeys([*new, *old]):
            found += [(name, ", ".join(key), *cell) for cell in _cells(old.get(key), new.get(key))]
    return pd.DataFrame(found, columns=list(CHANGES), dtype=str)


def _by_key(frame: pd.DataFrame, dataset: Dataset) -> dict[tuple[str, ...], dict[str, str]]:
    text = as_text(frame, dataset)
    rows = text.to_dict("records")
    return {tuple(str(row[name]) for name in dataset.key): _texts(row) for row in rows}


def _texts(row: dict[object, object]) -> dict[str, str]:
    return {str(name): str(value) for name, value in row.items()}


def _shown(row: dict[str, str]) -> str:
    return row["value"] or row.get("text", "")


def _cells(
    old: dict[str, str] | None, new: dict[str, str] | None
) -> list[tuple[str, str, str, str]]:
    if old is None and new is not None:
        return [("value", "", _shown(new), "added")]
    if new is None and old is not None:
        return [("value", _shown(old), "", "removed")]
    if old is None or new is None:
        return []
    return [(name, old[name], new[name], "changed") for name in old if old[name] != new[name]]
