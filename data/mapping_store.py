"""Kept column mappings: how the files of one source become rows, for the next time."""

import json
from collections.abc import Mapping

from sqlalchemy import select

from data.actors import Actor
from data.store import Store, Writing, canonical
from data.store_schema import MAPPINGS


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
