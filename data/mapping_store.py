"""Kept column mappings: how the files of one source become rows, for the next time."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select

from data.actors import Actor
from data.reading.findings import Options
from data.store import Store, Writing, canonical
from data.store_schema import MAPPINGS

PLAIN = ("encoding", "delimiter", "decimal", "dates", "sheet")
"""What is kept of how a file is read, beside its columns."""


def source_of(dataset: str, columns: Sequence[str]) -> str:
    """Return what a source's mapping is kept under: its columns, whatever the file is called.

    Examples
    --------
    >>> source_of("sites", ["a", "b"]) == source_of("sites", ("a", "b"))
    True
    """
    marked = hashlib.sha256("|".join(columns).encode()).hexdigest()[:16]
    return f"{dataset}: {marked}"


def kept_form(options: Options) -> dict[str, object]:
    """Return what is kept of how a file was read, as plain data."""
    held: dict[str, object] = {
        "columns": dict(options.mapping),
        "constants": dict(options.constants),
    }
    plain = {name: str(getattr(options, name)) for name in PLAIN}
    return held | {name: text for name, text in plain.items() if text}


def options_from(held: Mapping[str, object], options: Options) -> Options:
    """Return options with what was kept of an earlier file of the same source.

    What the options state already stays.
    """
    kept = texts_of(held)
    return replace(
        options,
        mapping={**texts_of(held.get("columns")), **options.mapping},
        constants={**texts_of(held.get("constants")), **options.constants},
        encoding=options.encoding or kept.get("encoding", ""),
        delimiter=options.delimiter or kept.get("delimiter", ""),
        decimal=options.decimal or kept.get("decimal", ""),
        dates=options.dates or kept.get("dates", ""),
        sheet=options.sheet or kept.get("sheet", ""),
    )


def texts_of(held: object) -> dict[str, str]:
    """Return a mapping of texts out of plain data; nothing where it is none."""
    return {str(k): str(v) for k, v in held.items()} if isinstance(held, Mapping) else {}


def save_mapping(store: Store, actor: Actor, source: str, mapping: Mapping[str, object]) -> None:
    """Keep the mapping of a source instead of the one kept before."""
    held = canonical(dict(mapping))
    own = (MAPPINGS.c.workspace == actor.workspace) & (MAPPINGS.c.source == source[:200])

    def change(writing: Writing) -> None:
        before = writing.connection.execute(select(MAPPINGS.c.mapping).where(own)).scalar()
        if before == held:
            return
        writing.connection.execute(MAPPINGS.delete().where(own))
        row = {"workspace": actor.workspace, "source": source[:200], "mapping": held}
        writing.connection.execute(MAPPINGS.insert().values(**row, **writing.signed))
        writing.log(f"mapping {source[:200]}", json.loads(before or "null"), dict(mapping))

    store.write(actor, "save mapping", change)


def saved_mapping(store: Store, actor: Actor, source: str) -> dict[str, object] | None:
    """Return the mapping kept for a source; None where there is none."""
    own = (MAPPINGS.c.workspace == actor.workspace) & (MAPPINGS.c.source == source[:200])
    with store.reading(actor) as connection:
        held = connection.execute(select(MAPPINGS.c.mapping).where(own)).scalar()
    return json.loads(held) if held else None
