"""Backup and restore: one file with every row, the same for SQLite and PostgreSQL.

A backup is taken from one moment of the store, written beside its place and then moved. It can
be restored into an empty store of either kind, and is checked row by row against its own hashes.
"""

import base64
import contextlib
import hashlib
import json
import secrets
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, LargeBinary, Table, func, select, text

from data.actors import Actor, permit
from data.membership import role_in
from data.problems import Problem, RefusedError
from data.store import Store, canonical
from data.store_faults import told
from data.store_schema import HEAD, METADATA, SCHEMAS

FORM: Final = "rackcast-backup-1"
"""What the manifest of a backup calls itself."""

BROKEN: Final = (
    OSError, zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError,
    ValueError, LookupError, AttributeError, TypeError,
)  # fmt: skip
"""What reading an archive raises that is none, is cut, or holds something else."""

MANIFEST: Final = "manifest.json"
"""Name of the entry that says what the others hold."""

LONGEST_LINE: Final = 400_000_000
"""Characters of one row; no kept file is longer."""


@dataclass(frozen=True, slots=True)
class Backup:
    """What a backup holds.

    Attributes
    ----------
    rows : mapping of str to int
        Rows by table.
    hashes : mapping of str to str
        SHA-256 over the rows of each table, in the order of their keys.
    """

    rows: Mapping[str, int]
    hashes: Mapping[str, str]


def back_up(store: Store, actor: Actor, path: Path) -> Backup:
    """Write every row of the store to a file.

    Raises
    ------
    RefusedError
        If the actor is no admin, or the file cannot be written.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with (
            store.reading(actor, "back up") as connection,
            zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            made = _written(connection, archive)
        draft.replace(path)
    except OSError as error:
        found = error.strerror or "it cannot be written"
        fix = "choose a folder that can be written, with space left"
        raise RefusedError([Problem(path.name, found, "a file to write", fix)]) from error
    finally:
        with contextlib.suppress(OSError):
            draft.unlink(missing_ok=True)
    if not store.read_only:
        store.record(actor, "back up", path.name, {"rows": sum(made.rows.values())})
    return made


def _written(connection: Connection, archive: zipfile.ZipFile) -> Backup:
    rows, hashes = {}, {}
    for table in METADATA.sorted_tables:
        digest, count = hashlib.sha256(), 0
        with archive.open(f"{table.name}.ndjson", "w", force_zip64=True) as entry:
            for line in _lines(connection, table):
                entry.write(line)
                digest.update(line)
                count += 1
        rows[table.name], hashes[table.name] = count, digest.hexdigest()
    manifest = {"form": FORM, "schema": HEAD, "rows": rows, "hashes": hashes}
    archive.writestr(MANIFEST, json.dumps(manifest, indent=1))
    return Backup(rows, hashes)


def contents(store: Store, actor: Actor) -> Backup:
    """Return rows and hashes of what the store holds now."""
    rows, hashes = {}, {}
    with store.reading(actor, "back up") as connection:
        for table in METADATA.sorted_tables:
            lines = list(_lines(connection, table))
            rows[table.name] = len(lines)
            hashes[table.name] = hashlib.sha256(b"".join(lines)).hexdigest()
    return Backup(rows, hashes)


def _lines(connection: Connection, table: Table) -> Iterator[bytes]:
    """Rows as canonical JSON, one a line, ordered by key; bytes as base64."""
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    wanted = select(table).order_by(*table.primary_key.columns)
    found = connection.execution_options(yield_per=50).execute(wanted)
    for row in found.mappings():
        cells = {
            name: base64.b64encode(value).decode() if name in binary else value
            for name, value in row.items()
        }
        yield canonical(cells).encode() + b"\n"


def restore_backup(store: Store, actor: Actor, path: Path) -> Backup:
    """Fill an empty store with what a backup holds, all of it or nothing.

    Raises
    ------
    RefusedError
        If the store holds something, or the file is not a whole backup of this schema or an older.
    """
    if store.read_only:
        fix = "make its folder writable, or name another store with --store"
        raise RefusedError([Problem(store.place, "it cannot be written", "rights", fix)])
    try:
        with zipfile.ZipFile(path) as archive:
            stated = _manifest(archive, path.name)
            tables = [table for table in METADATA.sorted_tables if table.name in stated.rows]
            for table in tables:  # an older store had fewer
                _check(table, archive, stated)
            with told(store.place), store.transaction() as connection:
                permit(actor, role_in(connection, actor), "back up")
                _demand_empty(connection, store.place)
                for table in tables:
                    _fill(connection, table, archive)
                _count_on(connection)
    except BROKEN as error:
        found = f"no whole backup ({type(error).__name__}: {str(error)[:80]})"
        fix = "choose another backup; nothing was restored"
        raise RefusedError([Problem(path.name, found, "a file of rackcast backup", fix)]) from error
    return stated


def _manifest(archive: zipfile.ZipFile, name: str) -> Backup:
    held = json.loads(archive.read(MANIFEST))
    if held.get("form") != FORM or held.get("schema") not in SCHEMAS:
        found = f"form {held.get('form')!r}, schema {held.get('schema')!r}"
        fix = "restore it with the Rackcast that wrote it, then back up with this one"
        raise RefusedError([Problem(name, found, f"{FORM}, schema {HEAD} or older", fix)])
    younger = {name for schema, new in SCHEMAS.items() if schema > held["schema"] for name in new}
    missing = METADATA.tables.keys() - held["rows"].keys() - younger
    if missing:
        raise ValueError(f"its manifest lacks {', '.join(sorted(missing))}")
    return Backup(held["rows"], held["hashes"])


def _demand_empty(connection: Connection, place: str) -> None:
    for table in METADATA.sorted_tables:
        count = connection.execute(select(func.count()).select_from(table)).scalar_one()
        if count:
            fix = "name a new one with --store, or move this one away"
            found = f"{count} rows in {table.name}"
            raise RefusedError([Problem(place, found, "an empty store", fix)])


def _check(table: Table, archive: zipfile.ZipFile, stated: Backup) -> None:
    """Hold the rows of a table against the manifest, before any is written."""
    digest, count = hashlib.sha256(), 0
    with archive.open(f"{table.name}.ndjson") as entry:
        for line in entry:
            digest.update(line)
            count += 1
    if digest.hexdigest() != stated.hashes[table.name] or count != stated.rows[table.name]:
        raise ValueError(f"{table.name} is not what the manifest states")


def _fill(connection: Connection, table: Table, archive: zipfile.ZipFile) -> None:
    binary = {column.name for column in table.columns if isinstance(column.type, LargeBinary)}
    with archive.open(f"{table.name}.ndjson") as entry:
        for line in entry:
            cells = json.loads(line)
            for name in binary:
                cells[name] = base64.b64decode(cells[name])
            connection.execute(table.insert().values(cells))


def _count_on(connection: Connection) -> None:
    """Let PostgreSQL number new rows after the restored ones; SQLite does by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in METADATA.sorted_tables:
        if "number" in table.columns:
            connection.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'number'), "
                    f"(SELECT COALESCE(MAX(number), 0) + 1 FROM {table.name}), false)"
                )
            )
