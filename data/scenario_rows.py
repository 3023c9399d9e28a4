"""Rows of saved scenarios as records: what `data.scenario_store` reads and adds."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from sqlalchemy import RowMapping, Select, select
from sqlalchemy.engine import Connection

from data.actors import Actor
from data.problems import Problem, RefusedError
from data.scenario_merging import Draft, Merge, laid_over, merged
from data.store import Writing, canonical
from data.store_schema import APPROVALS, REVISIONS, SCENARIOS

DEEPEST: Final = 20
"""Parents above a scenario."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Who approved which revision, when, and what it then stated with its parents."""

    revision: int
    who: str
    at: str
    note: str
    stated: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Saved:
    """A revision of a saved scenario.

    Attributes
    ----------
    draft : Draft
        What it says.
    revision : int
        1 for the first save.
    who, at, what : str
        Who saved it, when (UTC), and how: `saved`, `restored from 3`, `deleted`.
    locked_by : str
        Who locked the scenario; empty when it is open.
    approval : Approval or None
        The newest approval of the scenario, of whichever revision.
    """

    draft: Draft
    revision: int
    who: str
    at: str
    what: str
    locked_by: str = ""
    approval: Approval | None = None

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.draft.name

    @property
    def approved(self) -> bool:
        """Whether this very revision is the approved one."""
        return self.approval is not None and self.approval.revision == self.revision


@dataclass(frozen=True, slots=True)
class Conflict:
    """A save that was not made because somebody else had saved first.

    Attributes
    ----------
    base : Saved
        The revision that was edited.
    theirs : Saved
        The newest one now; save on its revision to take it into account.
    mine : Draft
        What was to be saved.
    """

    base: Saved
    theirs: Saved
    mine: Draft

    def merge(self) -> Merge:
        """Return both changes in one draft, with what they dispute."""
        return merged(self.base.draft, self.theirs.draft, self.mine)


def missing(name: str) -> RefusedError:
    """Return the refusal of a name that is not there."""
    fix = "check the name; it may have been deleted"
    return RefusedError([Problem("scenario", repr(name), "a saved scenario", fix)])


def row_of(connection: Connection, actor: Actor, name: str) -> RowMapping | None:
    """Return the row of a scenario, deleted or not; None where there never was one."""
    wanted = select(SCENARIOS).where(
        SCENARIOS.c.workspace == actor.workspace, SCENARIOS.c.name == name
    )
    return connection.execute(wanted).mappings().first()


def open_row(connection: Connection, actor: Actor, name: str) -> RowMapping:
    """Return the row of a scenario that is not deleted, or refuse."""
    row = row_of(connection, actor, name)
    if row is None or row["deleted_by"]:
        raise missing(name)
    return row


def revisions(row: RowMapping) -> Select[tuple[object, ...]]:
    """Select the revisions of a scenario."""
    return select(REVISIONS).where(REVISIONS.c.scenario == row["number"])


def revision_of(connection: Connection, row: RowMapping, revision: int | None = None) -> Saved:
    """Return a revision, the newest where none is named, or refuse."""
    wanted = revisions(row).order_by(REVISIONS.c.revision.desc()).limit(1)
    if revision is not None:
        wanted = wanted.where(REVISIONS.c.revision == revision)
    found = connection.execute(wanted).mappings().first()
    if found is None:
        fix = "look at its history"
        raise RefusedError([Problem(row["name"], f"no revision {revision}", "one of its own", fix)])
    return saved(row, found, approval_of(connection, row))


def newest(connection: Connection, row: RowMapping) -> Saved:
    """Return the newest revision."""
    return revision_of(connection, row)


def approval_of(connection: Connection, row: RowMapping) -> Approval | None:
    """Return the newest approval of a scenario."""
    wanted = select(APPROVALS).where(APPROVALS.c.scenario == row["number"])
    found = connection.execute(wanted.order_by(APPROVALS.c.number.desc()).limit(1)).mappings()
    held = found.first()
    if held is None:
        return None
    signed = (held["who"], held["at"], held["note"])
    return Approval(held["revision"], *signed, stated=json.loads(held["resolved"]))


def saved(row: RowMapping, held: RowMapping, approval: Approval | None) -> Saved:
    """Return a revision as a record."""
    draft = Draft(
        name=row["name"],
        changes=json.loads(held["changes"]),
        parent=held["parent"],
        description=held["description"],
        notes=json.loads(held["notes"]),
        data_version=held["data_version"],
    )
    signed = (held["who"], held["at"], held["what"])
    return Saved(draft, held["revision"], *signed, row["locked_by"] or "", approval)


def add(writing: Writing, row: RowMapping | None, draft: Draft, what: str) -> Saved:
    """Add a revision, and the scenario where it is new."""
    connection, actor = writing.connection, writing.actor
    if row is not None and row["locked_by"]:
        fix = "save it under another name, or ask an approver to unlock it"
        found = f"locked by {row['locked_by']}"
        raise RefusedError([Problem(f"scenario {draft.name!r}", found, "an open one", fix)])
    before = newest(connection, row) if row is not None else None
    if row is None:
        made = {"workspace": actor.workspace, "name": draft.name}
        connection.execute(SCENARIOS.insert().values(made))
    elif row["deleted_by"]:
        put(writing, row, deleted_by=None)
    row = row_of(connection, actor, draft.name)
    if row is None:
        raise AssertionError("the scenario was inserted in this transaction")
    held = {
        "scenario": row["number"],
        "revision": before.revision + 1 if before else 1,
        "parent": draft.parent,
        "description": draft.description,
        "changes": canonical(draft.changes),
        "notes": canonical(dict(draft.notes)),
        "data_version": draft.data_version,
        "what": what,
    }
    connection.execute(REVISIONS.insert().values(**held, **writing.signed))
    was = before.draft.parts() if before else None
    writing.log(f"scenario {draft.name}", was, draft.parts())
    return newest(connection, row)


def put(writing: Writing, row: RowMapping, **values: str | None) -> None:
    """Change who locked or deleted a scenario."""
    own = SCENARIOS.c.number == row["number"]
    writing.connection.execute(SCENARIOS.update().where(own).values(**values))


def conflict(
    connection: Connection, row: RowMapping, theirs: Saved, mine: Draft, base: int
) -> Conflict:
    """Return what stands against what was to be saved."""
    edited = revision_of(connection, row, base) if base else revision_of(connection, row, 1)
    return Conflict(edited, theirs, mine)


def resolved(connection: Connection, actor: Actor, draft: Draft) -> dict[str, object]:
    """Return what a draft states with all its parents, or refuse a circle of them."""
    stated, seen = dict(draft.changes), [draft.name]
    parent = draft.parent
    while (row := row_of(connection, actor, parent)) is not None and not row["deleted_by"]:
        if parent in seen or len(seen) > DEEPEST:
            chain = " -> ".join([*seen, parent])
            fix = "choose another parent"
            raise RefusedError([Problem(f"scenario {draft.name!r}", chain, "no circle", fix)])
        seen.append(parent)
        above = newest(connection, row).draft
        stated, parent = laid_over(above.changes, stated), above.parent
    return {**stated, "parent": parent, "name": draft.name, "description": draft.description}


def check_parents(connection: Connection, actor: Actor, draft: Draft) -> None:
    """Refuse a draft that would be its own ancestor."""
    resolved(connection, actor, draft)


def check_childless(connection: Connection, actor: Actor, name: str) -> None:
    """Refuse to delete a scenario that others start from."""
    wanted = select(SCENARIOS).where(
        SCENARIOS.c.workspace == actor.workspace, SCENARIOS.c.deleted_by.is_(None)
    )
    rows = connection.execute(wanted).mappings().all()
    children = [row["name"] for row in rows if newest(connection, row).draft.parent == name]
    if children:
        found, fix = f"parent of {', '.join(children[:5])}", "give them another parent first"
        raise RefusedError([Problem(f"scenario {name!r}", found, "no children", fix)])
