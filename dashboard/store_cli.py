"""Commands on the store: refresh data, back up, restore, who may do what."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from dashboard.cli_options import AsJson, StoreName, Workspace, say
from data.problems import Problem, RefusedError

if TYPE_CHECKING:
    from data.actors import Actor
    from data.connectors.refresh import Refreshed
    from data.store import Store

SHOWN = 20
"""Changes printed for a source; `--json` has them all."""


def add_to(app: typer.Typer) -> None:
    """Add the commands to the command line."""
    for command in (refresh, backup, restore, members):
        app.command()(command)


def opened(named: str | None) -> "Store":
    """Open a store and say on standard error what a person must know of it."""
    from data.store import open_store

    store = open_store(named)
    for notice in store.notices:
        typer.echo(f"note: {notice}", err=True)
    return store


def refresh(
    datasets: Annotated[
        list[str] | None, typer.Argument(help="Sources or datasets; all when left out.")
    ] = None,
    accept: Annotated[
        bool, typer.Option("--accept", help="Bring what changed into force, kept as a version.")
    ] = False,
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """Ask public sources for newer figures; show what differs, accept it with --accept."""
    from data.catalog_store import accept as accepted
    from data.catalog_store import in_force
    from data.connectors.refresh import cached_fetcher, chosen, refreshed, today

    connectors = chosen(datasets or [])
    failed: list[Problem] = []
    told: list[dict[str, object]] = []
    with opened(store) as held:
        actor = held.operator(workspace)
        for connector in connectors:
            catalog = in_force(held, actor)
            try:
                found = refreshed(connector, cached_fetcher(), catalog, today())
            except RefusedError as refused:
                failed += refused.problems
                _record(held, actor, connector.name, str(refused))
                continue
            if accept and found.incoming is not None:
                accepted(held, actor, found.incoming, base=catalog.version)
            _record(held, actor, connector.name, found.told)
            told.append(_told(found, in_force(held, actor).version, accept=accept))
            if not as_json:
                typer.echo(_text(found, accept=accept))
    if as_json:
        typer.echo(json.dumps(told, indent=1, allow_nan=False))
    if failed:
        raise RefusedError(failed)


def _record(store: "Store", actor: "Actor", name: str, what: str) -> None:
    """Leave an audit row of the attempt, where the actor may and the store takes it."""
    if not store.read_only:
        store.record(actor, "refresh", name, what)


def _told(found: "Refreshed", version: str, *, accept: bool) -> dict[str, object]:
    return {
        "source": found.connector.name,
        "dataset": found.connector.dataset,
        "rows_seen": found.seen,
        "changes": found.changes.to_dict("records"),
        "accepted": accept and found.incoming is not None,
        "data_version": version,
    }


def _text(found: "Refreshed", *, accept: bool) -> str:
    new = sum(found.changes["kind"] == "added")
    changed = len(found.changes) - new
    lines = [
        f"{found.connector.title}: {found.seen} figures seen, {new} new, {changed} changed"
        + (" and accepted" if accept and found.incoming is not None else "")
    ]
    for row in found.changes.head(SHOWN).to_dict("records"):
        was = row["before"] or "nothing"
        lines.append(f"  {row['row']}: {was} -> {row['after']}")
    if len(found.changes) > SHOWN:
        lines.append(f"  and {len(found.changes) - SHOWN} more")
    if found.incoming is not None and not accept:
        lines.append("  nothing was changed; `--accept` brings this into force")
    return "\n".join(lines)


def backup(
    file: Annotated[Path, typer.Argument(help="File to write.")],
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """Write everything the store holds to one file."""
    from data.store_backup import back_up
    from data.store_opening import address, exists, shown

    url = address(store)
    if not exists(url):
        fix = "nothing was saved yet, or name it with --store"
        raise RefusedError([Problem(shown(url), "no such store", "a store", fix)])
    with opened(store) as held:
        made = back_up(held, held.operator(workspace), file)
    rows = sum(made.rows.values())
    say(
        as_json,
        lambda: {"file": str(file), "rows": dict(made.rows)},
        lambda: f"{file}: {rows} rows of {len(made.rows)} tables",
    )


def restore(
    file: Annotated[Path, typer.Argument(help="File that `rackcast backup` wrote.")],
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """Fill an empty store from a backup, checked row by row; all of it or nothing."""
    from data.store_backup import restore_backup

    with opened(store) as held:
        made = restore_backup(held, held.operator(workspace), file)
        say(
            as_json,
            lambda: {"store": str(held.place), "rows": dict(made.rows)},
            lambda: f"{held.place}: {sum(made.rows.values())} rows restored, hashes equal",
        )


def members(
    name: Annotated[str | None, typer.Argument(help="Person to give a role.")] = None,
    role: Annotated[
        str | None, typer.Argument(help="viewer, analyst, approver, admin, or none.")
    ] = None,
    store: StoreName = None,
    workspace: Workspace = "main",
    as_json: AsJson = False,
) -> None:
    """List who may do what in a workspace, or give a person a role."""
    from data.actors import Role

    with opened(store) as held:
        actor = held.operator(workspace)
        if name is not None:
            roles = {str(one): one for one in Role} | {"none": None}
            if role not in roles:
                raise RefusedError([Problem("role", repr(role), ", ".join(roles), "choose one")])
            held.set_role(actor, name, roles[role])
        found = held.members(actor)
        lines = [f"{person:20} {own}" for person, own in found.items()]
        open_to_all = f"The workspace {workspace!r} has no members: everybody is admin in it."
        told = {"workspace": workspace, "members": {name: str(own) for name, own in found.items()}}
        say(as_json, lambda: told, lambda: "\n".join(lines) or open_to_all)
