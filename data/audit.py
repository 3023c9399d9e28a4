"""The audit trail: read, checked against its own chain, never changed."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, select

from data.actors import Actor
from data.store import Store, chained
from data.store_schema import AUDIT

COLUMNS: Final = (
    "number",
    "at",
    "who",
    "role",
    "workspace",
    "action",
    "subject",
    "before",
    "after",
)
"""What is told of each row; the token and the chain serve the store alone."""


@dataclass(frozen=True, slots=True)
class Trail:
    """Audit rows of one workspace.

    Attributes
    ----------
    rows : tuple of dict
        Oldest first; what was before and after as they were kept.
    broken : tuple of int
        Numbers of rows, of any workspace, that do not follow from the ones before: somebody has
        changed or removed rows behind the store's back.
    """

    rows: tuple[dict[str, object], ...]
    broken: tuple[int, ...]


def trail(store: Store, actor: Actor) -> Trail:
    """Return the audit trail of the actor's workspace.

    Raises
    ------
    RefusedError
        If the actor may not read it.
    """
    with store.reading(actor, "read audit") as connection:
        every = connection.execute(select(AUDIT).order_by(AUDIT.c.number)).mappings().all()
    own = [told(row) for row in every if row["workspace"] == actor.workspace]
    return Trail(tuple(own), breaks(every))


def told(row: RowMapping) -> dict[str, object]:
    """Return a row as people read it."""
    held = {name: row[name] for name in COLUMNS}
    return held | {name: json.loads(str(row[name])) for name in ("before", "after")}


def breaks(rows: Iterable[RowMapping]) -> tuple[int, ...]:
    """Return the numbers of rows whose chain does not follow from the row before."""
    found, last = [], ""
    for row in rows:
        said = {name: row[name] for name in row if name not in {"number", "chain"}}
        if row["chain"] != chained(last, said):
            found.append(int(row["number"]))
        last = str(row["chain"])
    return tuple(found)
