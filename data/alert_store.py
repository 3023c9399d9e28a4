"""Alerts on changes of data: raised once, kept, and acknowledged by somebody."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import RowMapping, select

from data.actors import Actor
from data.problems import Problem, RefusedError
from data.store import Store, Writing, canonical
from data.store_schema import ACKNOWLEDGEMENTS, ALERTS

LONGEST_NOTE: Final = 2000
"""Characters of a note."""


@dataclass(frozen=True, slots=True)
class Alert:
    """Something that somebody should look at.

    Attributes
    ----------
    kind : str
        `outside` (a value outside an issued interval) or `npv` (a source moves NPV).
    told : str
        What happened, in one line.
    content : mapping
        The figures behind it.
    same : object
        What makes it the same alert again: plain data; it is raised once.
    data_version : str
        Data in force when it was raised.
    number : int
        Counts up in the store; 0 before it is raised.
    who, at : str
        Who ran the look that raised it, and when (UTC).
    acknowledged_by, acknowledged_at, note : str
        Who acknowledged it, when, and what they said; empty as long as nobody did.
    """

    kind: str
    told: str
    content: Mapping[str, object] = field(repr=False)
    same: object = field(repr=False, compare=False)
    data_version: str
    number: int = 0
    who: str = ""
    at: str = ""
    acknowledged_by: str = ""
    acknowledged_at: str = ""
    note: str = ""

    @property
    def mark(self) -> str:
        """SHA-256 over kind and what makes it the same."""
        return hashlib.sha256(canonical([self.kind, self.same]).encode()).hexdigest()

    @property
    def waits(self) -> bool:
        """Whether nobody acknowledged it yet."""
        return not self.acknowledged_by


def raise_alerts(store: Store, actor: Actor, found: Sequence[Alert]) -> tuple[Alert, ...]:
    """Keep the alerts that were not raised before; return those.

    Raises
    ------
    RefusedError
        If the actor may not.
    """
    if not found:
        return ()

    def change(writing: Writing) -> list[int]:
        own = select(ALERTS.c.mark).where(ALERTS.c.workspace == actor.workspace)
        known = set(writing.connection.execute(own).scalars())
        made = []
        first: dict[str, Alert] = {}
        for one in found:
            first.setdefault(one.mark, one)
        for one in (alert for mark, alert in first.items() if mark not in known):
            row = {"workspace": actor.workspace, "mark": one.mark, "kind": one.kind}
            row |= {"told": one.told, "content": canonical(one.content)}
            row |= {"data_version": one.data_version}
            added = writing.connection.execute(ALERTS.insert().values(**row, **writing.signed))
            key = added.inserted_primary_key
            made.append(int(key[0]) if key else 0)
            writing.log(f"alert {made[-1]}", None, {"kind": one.kind, "told": one.told})
        return made

    numbers = store.write(actor, "raise alert", change)
    return tuple(one for one in alerts(store, actor) if one.number in numbers)


def alerts(store: Store, actor: Actor) -> tuple[Alert, ...]:
    """Return every alert of the actor's workspace, oldest first, with who acknowledged it."""
    names = [ACKNOWLEDGEMENTS.c.who.label("by"), ACKNOWLEDGEMENTS.c.at.label("when")]
    wanted = (
        select(ALERTS, *names, ACKNOWLEDGEMENTS.c.note)
        .outerjoin(ACKNOWLEDGEMENTS, ACKNOWLEDGEMENTS.c.alert == ALERTS.c.number)
        .where(ALERTS.c.workspace == actor.workspace)
        .order_by(ALERTS.c.number)
    )
    with store.reading(actor) as connection:
        return tuple(_alert(row) for row in connection.execute(wanted).mappings())


def _alert(row: RowMapping) -> Alert:
    said = {name: str(row[name]) for name in ("kind", "told", "data_version", "who", "at")}
    return Alert(
        content=json.loads(str(row["content"])),
        same=None,
        number=int(row["number"]),
        acknowledged_by=str(row["by"] or ""),
        acknowledged_at=str(row["when"] or ""),
        note=str(row["note"] or ""),
        **said,
    )


def acknowledge(
    store: Store, actor: Actor, numbers: Sequence[int], note: str = ""
) -> tuple[Alert, ...]:
    """Acknowledge alerts; one that somebody acknowledged already stays with that name.

    Raises
    ------
    RefusedError
        If the actor may not, a number is no alert of the workspace, or the note is too long.
    """
    if len(note) > LONGEST_NOTE:
        found = f"{len(note):,} characters"
        raise RefusedError([Problem("note", found, f"at most {LONGEST_NOTE:,}", "shorten it")])
    held = {one.number: one for one in alerts(store, actor)}
    if unknown := [number for number in numbers if number not in held]:
        fix = "look at page Trust, Issued forecasts"
        raise RefusedError(
            [Problem("alert", str(number), "the number of an alert", fix) for number in unknown]
        )

    def change(writing: Writing) -> None:
        known = set(writing.connection.execute(select(ACKNOWLEDGEMENTS.c.alert)).scalars())
        for number in dict.fromkeys(numbers):
            if number not in known:
                row = {"alert": number, "note": note, **writing.signed}
                writing.connection.execute(ACKNOWLEDGEMENTS.insert().values(row))
                writing.log(f"alert {number}", None, {"acknowledged": True, "note": note})

    store.write(actor, "acknowledge alert", change)
    return tuple(one for one in alerts(store, actor) if one.number in numbers)
