"""Rows of accepted data as records: what `data.catalog_store` reads and adds."""

import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd
from sqlalchemy import RowMapping, Select, select
from sqlalchemy.engine import Connection

from data.actors import Actor
from data.catalog import Catalog, empty
from data.catalog_merging import as_text, rows_from_csv, stacked_version
from data.problems import Problem, RefusedError
from data.schemas import DATASETS
from data.store import Store, Writing, canonical
from data.store_schema import BASES, DATA_VERSIONS, DATASET_VERSIONS


@dataclass(frozen=True, slots=True)
class DatasetVersion:
    """Rows that were accepted: never changed, never removed.

    Attributes
    ----------
    number : int
        Counts up.
    dataset, hash : str
        What they are rows of, and their content hash.
    rows : int
        How many.
    source, note, file_name, who, at : str
        As stated when they were accepted, by whom and when (UTC).
    """

    number: int
    dataset: str
    hash: str
    rows: int
    source: str
    note: str
    file_name: str
    who: str
    at: str


@dataclass(frozen=True, slots=True)
class DataVersion:
    """The data in force from some moment on.

    Attributes
    ----------
    version : str
        12 hex digits: equal versions hold the same numbers.
    what, who, at : str
        What brought it into force, who did that, when.
    stack : tuple of DatasetVersion
        What lies over the bundled tables, first one first.
    """

    version: str
    what: str
    who: str
    at: str
    stack: tuple[DatasetVersion, ...]

    @property
    def when(self) -> str:
        """The minute it came into force, UTC."""
        return self.at[:16].replace("T", " ")


def heads(actor: Actor) -> Select[tuple[object, ...]]:
    """Select everything that was ever in force in the actor's workspace, newest first."""
    own = DATA_VERSIONS.c.workspace == actor.workspace
    return select(DATA_VERSIONS).where(own).order_by(DATA_VERSIONS.c.number.desc())


def head_of(connection: Connection, actor: Actor) -> RowMapping | None:
    """Return what is in force; None where nothing was ever accepted."""
    return connection.execute(heads(actor).limit(1)).mappings().first()


def version_row(connection: Connection, actor: Actor, number: int) -> RowMapping:
    """Return the row of an accepted version of the actor's workspace, or refuse."""
    wanted = select(DATASET_VERSIONS).where(
        DATASET_VERSIONS.c.workspace == actor.workspace, DATASET_VERSIONS.c.number == number
    )
    row = connection.execute(wanted).mappings().first()
    if row is None:
        fix = "look at the list of accepted versions"
        raise RefusedError([Problem("data", f"no version {number}", "one of its own", fix)])
    return row


def stack_of(connection: Connection, actor: Actor, head: RowMapping | None) -> list[RowMapping]:
    """Return the rows of what lies over the bundled tables, first one first."""
    numbers = json.loads(head["stack"]) if head else []
    return [version_row(connection, actor, number) for number in numbers]


def layers_of(
    store: Store, connection: Connection, stack: Sequence[RowMapping]
) -> list[tuple[str, pd.DataFrame, str]]:
    """Return a stack as `data.catalog_merging.stacked` lays it over tables."""
    return [
        (
            row["dataset"],
            rows_from_csv(store.blob(connection, row["rows_blob"]), DATASETS[row["dataset"]]),
            row["hash"],
        )
        for row in stack
    ]


def record_of(row: RowMapping) -> DatasetVersion:
    """Return an accepted version as a record."""
    names = ("number", "dataset", "hash", "rows", "source", "note", "file_name", "who", "at")
    return DatasetVersion(**{name: row[name] for name in names})


def data_version(connection: Connection, actor: Actor, row: RowMapping) -> DataVersion:
    """Return what is or was in force as a record."""
    stack = tuple(record_of(one) for one in stack_of(connection, actor, row))
    return DataVersion(row["version"], row["what"], row["who"], row["at"], stack)


def unmoved(writing: Writing, base: str, below: Catalog) -> tuple[RowMapping | None, Catalog]:
    """Return what is in force, once it is what the actor looked at.

    Raises
    ------
    RefusedError
        If somebody else changed the data in between.
    """
    head = head_of(writing.connection, writing.actor)
    stack = stack_of(writing.connection, writing.actor, head)
    now = stacked_version(below.version, [row["hash"] for row in stack])
    if now != base:
        found = f"{head['what']} by {head['who']} in between" if head else f"version {now}"
        fix = "look at what your rows change now, then accept again"
        raise RefusedError([Problem("data", found, f"version {base}", fix)])
    return head, below


def bring(
    writing: Writing, below: Catalog, numbers: Sequence[int], what: str, base: str
) -> DataVersion:
    """Bring a stack into force over the tables below it, which are kept too."""
    connection = writing.connection
    stack = [version_row(connection, writing.actor, number) for number in numbers]
    version = stacked_version(below.version, [row["hash"] for row in stack])
    if version == base:
        fix = "nothing needs to be done"
        raise RefusedError([Problem("data", "what is in force already", "a change", fix)])
    keep_base(writing, below)
    held = {
        "workspace": writing.actor.workspace,
        "version": version,
        "base": below.version,
        "stack": canonical(list(numbers)),
        "what": what,
    }
    connection.execute(DATA_VERSIONS.insert().values(**held, **writing.signed))
    writing.log("data", {"version": base}, {"version": version, "what": what})
    records = tuple(record_of(row) for row in stack)
    return DataVersion(version, what, writing.actor.name, writing.at, records)


def keep_base(writing: Writing, tables: Catalog) -> None:
    """Keep tables that something is accepted over, so that an update cannot take them away."""
    known = select(BASES.c.version).where(BASES.c.version == tables.version)
    if writing.connection.execute(known).first() is not None:
        return
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, frame in tables.tables.items():
            # A fixed date: the same tables make the same bytes.
            entry = zipfile.ZipInfo(f"{name}.csv", (2020, 1, 1, 0, 0, 0))
            text = as_text(frame, DATASETS[name]).to_csv(index=False, lineterminator="\n")
            archive.writestr(entry, text)
    row = {"version": tables.version, "tables_blob": writing.keep(packed.getvalue())}
    writing.connection.execute(BASES.insert().values(row))


def base_of(store: Store, connection: Connection, version: str) -> Catalog:
    """Return tables that were kept, though the program may by now bring others."""
    wanted = select(BASES.c.tables_blob).where(BASES.c.version == version)
    content = store.blob(connection, str(connection.execute(wanted).scalar_one()))
    tables = {name: empty(dataset) for name, dataset in DATASETS.items()}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            dataset = DATASETS.get(name.removesuffix(".csv"))
            if dataset is not None:
                tables[dataset.name] = rows_from_csv(archive.read(name), dataset)
    return Catalog(tables, version)
