"""Accepted data: immutable versions, and the catalog in force made of them.

The bundled tables with every accepted version laid over them are the data in force. Accepting,
undoing and rolling back each add one row that names the stack then in force, so every data version
there ever was can be had again, also after an update brought other bundled tables.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import pandas as pd
from sqlalchemy import select

from data import catalog_rows as rows
from data.actors import Actor
from data.catalog import Catalog, bundled, checked
from data.catalog_merging import (
    as_text,
    changed_catalog,
    laid_over,
    rows_as_csv,
    rows_from_csv,
    rows_hash,
    stacked,
    stacked_version,
)
from data.catalog_rows import DatasetVersion, DataVersion
from data.problems import Problem, RefusedError
from data.schemas import DATASETS
from data.store import Store, Writing
from data.store_schema import BASES, DATA_VERSIONS, DATASET_VERSIONS

__all__ = ["DataVersion", "DatasetVersion", "Incoming", "accept", "at_version", "in_force"]

MOST_LAYERS: Final = 500
"""Accepted versions that may lie over each other."""


@dataclass(frozen=True, slots=True, eq=False)
class Incoming:
    """Rows that somebody wants accepted.

    Attributes
    ----------
    dataset : str
        A name of `data.schemas.DATASETS`.
    rows : DataFrame
        Its columns.
    source : str
        Where they came from: a publisher, a connector, a colleague.
    note : str
        Why.
    file_name : str
        Name of the file they were read from.
    file : bytes
        That file, kept as it was; empty where there was none.
    """

    dataset: str
    rows: pd.DataFrame
    source: str = ""
    note: str = ""
    file_name: str = ""
    file: bytes = b""


def in_force(store: Store, actor: Actor, base: Catalog | None = None) -> Catalog:
    """Return the bundled tables (or `base`) with every accepted version laid over them."""
    with store.reading(actor) as connection:
        stack = rows.stack_of(connection, actor, rows.head_of(connection, actor))
        return stacked(base or bundled(), rows.layers_of(store, connection, stack))


def version_in_force(store: Store, actor: Actor, base: Catalog | None = None) -> str:
    """Return the data version in force, without reading any row."""
    with store.reading(actor) as connection:
        stack = rows.stack_of(connection, actor, rows.head_of(connection, actor))
        return stacked_version((base or bundled()).version, [row["hash"] for row in stack])


def at_version(store: Store, actor: Actor, version: str, base: Catalog | None = None) -> Catalog:
    """Return the catalog of a data version, as a pinned scenario asks for it.

    Raises
    ------
    RefusedError
        If the workspace never had that version.
    """
    below = base or bundled()
    if version in ("", below.version):
        return below if version else in_force(store, actor, below)
    with store.reading(actor) as connection:
        held = connection.execute(rows.heads(actor).where(DATA_VERSIONS.c.version == version))
        row = held.mappings().first()
        if row is None:
            known = connection.execute(select(BASES.c.version).where(BASES.c.version == version))
            if known.first() is None:
                fix = "look at the list of data versions"
                raise RefusedError([Problem("data version", repr(version), "one of its own", fix)])
            return rows.base_of(store, connection, version)
        kept = (
            below if row["base"] == below.version else rows.base_of(store, connection, row["base"])
        )
        return stacked(
            kept, rows.layers_of(store, connection, rows.stack_of(connection, actor, row))
        )


def versions(store: Store, actor: Actor) -> tuple[DataVersion, ...]:
    """Return every data version there was, newest first."""
    with store.reading(actor) as connection:
        found = connection.execute(rows.heads(actor)).mappings().all()
        return tuple(rows.data_version(connection, actor, row) for row in found)


def kept_file(store: Store, actor: Actor, number: int) -> bytes:
    """Return the file that a dataset version was read from; empty where there was none."""
    with store.reading(actor) as connection:
        row = rows.version_row(connection, actor, number)
        return store.blob(connection, row["file_blob"]) if row["file_blob"] else b""


def accept(
    store: Store, actor: Actor, incoming: Incoming, *, base: str, below: Catalog | None = None
) -> DataVersion:
    """Accept rows: keep them as an immutable version and bring them into force.

    Parameters
    ----------
    store, actor : Store, Actor
        Where, and who.
    incoming : Incoming
        The rows.
    base : str
        The data version in force that the actor looked at.
    below : Catalog, optional
        Tables under everything accepted; the bundled ones when not given.

    Raises
    ------
    RefusedError
        If a row breaks the schema, nothing would change, or the data changed in between.
    """
    content = checked_rows(incoming)
    mark = rows_hash(incoming.dataset, content)

    def change(writing: Writing) -> DataVersion:
        head, tables = rows.unmoved(writing, base, below or bundled())
        stack = json.loads(head["stack"]) if head else []
        if len(stack) >= MOST_LAYERS:
            found, most = f"{len(stack)} accepted versions", f"at most {MOST_LAYERS}"
            raise RefusedError([Problem("data", found, most, "take some back")])
        held = {
            "workspace": writing.actor.workspace,
            "dataset": incoming.dataset,
            "hash": mark,
            "rows_blob": writing.keep(content),
            "file_blob": writing.keep(incoming.file) if incoming.file else None,
            "file_name": incoming.file_name[:200],
            "rows": len(incoming.rows),
            "source": incoming.source[:200],
            "note": incoming.note[:2000],
        }
        added = DATASET_VERSIONS.insert().values(**held, **writing.signed)
        made = writing.connection.execute(added).inserted_primary_key
        number = int(made[0]) if made else 0
        what = f"accepted {len(incoming.rows)} rows of {incoming.dataset}"
        return rows.bring(writing, tables, [*stack, number], what, base)

    return store.write(actor, "accept data", change)


def checked_rows(incoming: Incoming) -> bytes:
    """Return the rows as they are kept, once every cell obeys the schema.

    Raises
    ------
    RefusedError
        With every problem of every row.
    """
    if incoming.dataset not in DATASETS:
        fix = f"use one of {', '.join(DATASETS)}"
        raise RefusedError([Problem("dataset", repr(incoming.dataset), "a dataset", fix)])
    dataset = DATASETS[incoming.dataset]
    if incoming.rows.empty:
        raise RefusedError([Problem(incoming.dataset, "no rows", "one or more", "choose some")])
    checked(as_text(incoming.rows, dataset), dataset, incoming.file_name or dataset.name)
    return rows_as_csv(incoming.rows, dataset)


def previewed(catalog: Catalog, incoming: Incoming) -> Catalog:
    """Return what the catalog would be once the rows were accepted; nothing is saved."""
    content = checked_rows(incoming)
    dataset = DATASETS[incoming.dataset]
    tables = dict(catalog.tables)
    added = rows_from_csv(content, dataset)
    tables[dataset.name] = laid_over(tables[dataset.name], added, dataset)
    mark = rows_hash(dataset.name, content)
    return changed_catalog(catalog, tables, stacked_version(catalog.version, [mark]))


def previewed_parts(
    catalog: Catalog, incoming: Incoming, parts: Sequence[pd.Index]
) -> tuple[Catalog, ...]:
    """Return what the catalog would be with some of the rows, for several choices of them.

    The rows are checked once, all together.

    Parameters
    ----------
    catalog : Catalog
        The tables below.
    incoming : Incoming
        All rows.
    parts : sequence of Index
        Labels of the rows of each choice, in the index of `incoming.rows`.

    Raises
    ------
    RefusedError
        With every problem of every row.
    """
    dataset = DATASETS[incoming.dataset]
    mark = rows_hash(dataset.name, checked_rows(incoming))
    text = as_text(incoming.rows, dataset).set_axis(incoming.rows.index)
    ordered = text.sort_values(list(dataset.key), kind="stable")
    rows = checked(ordered, dataset, f"{dataset.name}.csv")
    below, made = catalog.tables[dataset.name], []
    for part in parts:
        chosen = rows[rows.index.isin(part)]
        tables = {**catalog.tables, dataset.name: laid_over(below, chosen, dataset)}
        own = [mark, *(str(label) for label in chosen.index)]
        made.append(changed_catalog(catalog, tables, stacked_version(catalog.version, own)))
    return tuple(made)


def undo(store: Store, actor: Actor, *, base: str, below: Catalog | None = None) -> DataVersion:
    """Take back what was accepted last; it stays among the versions."""

    def change(writing: Writing) -> DataVersion:
        head, tables = rows.unmoved(writing, base, below or bundled())
        stack = json.loads(head["stack"]) if head else []
        if not stack:
            fix = "nothing needs to be undone"
            raise RefusedError([Problem("data", "only the bundled tables", "rows", fix)])
        return rows.bring(writing, tables, stack[:-1], f"took back version {stack[-1]}", base)

    return store.write(actor, "undo data", change)


def roll_back(
    store: Store, actor: Actor, version: str, *, base: str, below: Catalog | None = None
) -> DataVersion:
    """Bring an earlier data version into force again: its accepted versions and no others."""
    tables = below or bundled()

    def change(writing: Writing) -> DataVersion:
        rows.unmoved(writing, base, tables)
        wanted = rows.heads(actor).where(DATA_VERSIONS.c.version == version)
        row = writing.connection.execute(wanted).mappings().first()
        if row is None and version != tables.version:
            fix = "look at the list of data versions"
            raise RefusedError([Problem("data version", repr(version), "one of its own", fix)])
        stack = json.loads(row["stack"]) if row else []
        return rows.bring(writing, tables, stack, f"rolled back to {version}", base)

    return store.write(actor, "roll back data", change)
