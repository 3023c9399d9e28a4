"""Saved scenarios: every save a revision, two editors never overwrite each other silently.

    saved = save(store, ana, Draft("Late", {"sites": {"romania": {"grid_lead_months": 48}}}))
    again = save(store, ana, replace(saved.draft, description="As feared."), base=saved.revision)
    if isinstance(again, Conflict): ...     # someone saved in between: base, theirs, mine

What a scenario states is checked by whoever builds a model from it; the store keeps it as said.
"""

from dataclasses import replace
from typing import Final

from sqlalchemy import select

from data import scenario_rows as rows
from data.actors import Actor
from data.problems import Problem, RefusedError
from data.scenario_merging import Draft
from data.scenario_rows import Conflict, Saved, missing
from data.store import Store, Writing, canonical
from data.store_schema import APPROVALS, REVISIONS, SCENARIOS

RESERVED: Final = frozenset({"base", "accelerated", "constrained", "uploaded"})
"""Names of the presets and of what the app calls a scenario out of a file: nobody may save over
them."""

LARGEST: Final = 200_000
"""Characters of what one revision states, with its notes."""


def save(store: Store, actor: Actor, draft: Draft, *, base: int = 0) -> Saved | Conflict:
    """Save a scenario as a new revision.

    Parameters
    ----------
    store : Store
        Where.
    actor : Actor
        Who.
    draft : Draft
        What.
    base : int
        The revision that was edited; 0 for a new scenario.

    Returns
    -------
    Saved or Conflict
        What stands in the store; a conflict where `base` is no longer the newest revision.

    Raises
    ------
    RefusedError
        If the actor may not, the scenario is locked, or the name is not free or not a name.
    """
    _check(draft)

    def change(writing: Writing) -> Saved | Conflict:
        row = rows.row_of(writing.connection, actor, draft.name)
        if row is None and base:
            raise missing(draft.name)
        if row is not None and not (row["deleted_by"] and base == 0):
            theirs = rows.newest(writing.connection, row)
            if theirs.revision != base:
                return rows.conflict(writing.connection, row, theirs, draft, base)
        rows.check_parents(writing.connection, actor, draft)
        return rows.add(writing, row, draft, "saved")

    return store.write(actor, "save scenario", change)


def scenarios(store: Store, actor: Actor) -> tuple[Saved, ...]:
    """Return the newest revision of every scenario of the workspace, by name."""
    with store.reading(actor) as connection:
        wanted = select(SCENARIOS).where(
            SCENARIOS.c.workspace == actor.workspace, SCENARIOS.c.deleted_by.is_(None)
        )
        found = connection.execute(wanted.order_by(SCENARIOS.c.name)).mappings().all()
        return tuple(rows.newest(connection, row) for row in found)


def scenario(store: Store, actor: Actor, name: str, revision: int | None = None) -> Saved:
    """Return a revision of a scenario, the newest where none is named.

    Raises
    ------
    RefusedError
        If there is no such scenario or revision.
    """
    with store.reading(actor) as connection:
        return rows.revision_of(connection, rows.open_row(connection, actor, name), revision)


def history(store: Store, actor: Actor, name: str) -> tuple[Saved, ...]:
    """Return every revision of a scenario, oldest first; also of a deleted one."""
    with store.reading(actor) as connection:
        row = rows.row_of(connection, actor, name)
        if row is None:
            raise missing(name)
        found = connection.execute(rows.revisions(row).order_by(REVISIONS.c.revision)).mappings()
        approval = rows.approval_of(connection, row)
        return tuple(rows.saved(row, one, approval) for one in found)


def resolved(store: Store, actor: Actor, name: str) -> dict[str, object]:
    """Return what a scenario states with all its parents, `parent` naming the preset.

    The answer has the form of a scenario file: `forecasts.reading.scenario_from` reads it.
    """
    with store.reading(actor) as connection:
        return rows.resolved(
            connection, actor, rows.newest(connection, rows.open_row(connection, actor, name)).draft
        )


def restore(store: Store, actor: Actor, name: str, revision: int, *, base: int) -> Saved | Conflict:
    """Save an old revision again, as the newest; also brings back a deleted scenario."""

    def change(writing: Writing) -> Saved | Conflict:
        row = rows.row_of(writing.connection, actor, name)
        if row is None:
            raise missing(name)
        newest = rows.newest(writing.connection, row)
        old = rows.revision_of(writing.connection, row, revision)
        if newest.revision != base:
            return rows.conflict(writing.connection, row, newest, old.draft, base)
        rows.check_parents(writing.connection, actor, old.draft)
        return rows.add(writing, row, old.draft, f"restored from {revision}")

    return store.write(actor, "restore scenario", change)


def duplicate(store: Store, actor: Actor, name: str, copy: str) -> Saved:
    """Save a scenario's newest revision under another name that is free."""
    made = save(store, actor, replace(scenario(store, actor, name).draft, name=copy))
    if isinstance(made, Conflict):
        fix = "choose another"
        raise RefusedError([Problem("scenario", repr(copy), "a name that is free", fix)])
    return made


def delete(store: Store, actor: Actor, name: str, *, base: int) -> Saved | Conflict:
    """Take a scenario off the list; its revisions stay, and `restore` brings it back."""

    def change(writing: Writing) -> Saved | Conflict:
        row = rows.open_row(writing.connection, actor, name)
        newest = rows.newest(writing.connection, row)
        if newest.revision != base:
            return rows.conflict(writing.connection, row, newest, newest.draft, base)
        rows.check_childless(writing.connection, actor, name)
        made = rows.add(writing, row, newest.draft, "deleted")
        rows.put(writing, row, deleted_by=actor.name)
        return made

    return store.write(actor, "delete scenario", change)


def lock(store: Store, actor: Actor, name: str) -> None:
    """Refuse every further save of a scenario until it is unlocked."""
    _lock(store, actor, name, "lock scenario", actor.name)


def unlock(store: Store, actor: Actor, name: str) -> None:
    """Let a scenario be saved again."""
    _lock(store, actor, name, "unlock scenario", None)


def _lock(store: Store, actor: Actor, name: str, action: str, locked_by: str | None) -> None:
    def change(writing: Writing) -> None:
        row = rows.open_row(writing.connection, actor, name)
        rows.put(writing, row, locked_by=locked_by)
        writing.log(f"scenario {name}", row["locked_by"], locked_by)

    store.write(actor, action, change)


def approve(store: Store, actor: Actor, name: str, *, revision: int, note: str = "") -> Saved:
    """Approve a revision; what it states with its parents is kept, so that it cannot drift.

    Raises
    ------
    RefusedError
        If the actor may not, or the revision is not the newest.
    """

    def change(writing: Writing) -> Saved:
        row = rows.open_row(writing.connection, actor, name)
        newest = rows.newest(writing.connection, row)
        if newest.revision != revision:
            found = f"revision {newest.revision} was saved by {newest.who} since"
            raise RefusedError([Problem(name, found, f"revision {revision}", "look at it first")])
        stated = rows.resolved(writing.connection, actor, newest.draft)
        held = {"scenario": row["number"], "revision": revision, "note": note[:2000]}
        writing.connection.execute(
            APPROVALS.insert().values(**held, resolved=canonical(stated), **writing.signed)
        )
        before = newest.approval.revision if newest.approval else None
        writing.log(f"scenario {name}", {"approved": before}, {"approved": revision, "note": note})
        return rows.newest(writing.connection, row)

    return store.write(actor, "approve scenario", change)


def _check(draft: Draft) -> None:
    problems = []
    name = draft.name
    if not name.strip() or len(name) > 120 or not name.isprintable() or name != name.strip():
        fix = "give 1 to 120 printable characters"
        problems.append(Problem("scenario", repr(name[:40]), "a name", fix))
    if name.lower() in RESERVED:
        problems.append(Problem("scenario", repr(name), "a name that is free", "choose another"))
    try:
        size = len(canonical([draft.changes, dict(draft.notes), draft.description]))
    except (ValueError, TypeError) as error:
        problems.append(Problem(name, str(error), "finite numbers and texts", "correct it"))
    else:
        if size > LARGEST:
            found = f"{size:,} characters"
            problems.append(Problem(name, found, f"at most {LARGEST:,}", "shorten the notes"))
    if problems:
        raise RefusedError(problems)
