"""Who is a member of which workspace, inside a transaction of the store.

A store without members is open, as a laptop is: whoever reaches it is its admin. The first member
closes it, all of it, and for good. Admins of the workspace `main` are admins everywhere.
"""

from collections.abc import Sequence

from sqlalchemy import Connection, select

from data.actors import MAIN, Actor, Role
from data.problems import Problem, RefusedError
from data.store_schema import MEMBERS


def members_of(connection: Connection, workspace: str) -> dict[str, Role]:
    """Return the members of a workspace with their roles, by name."""
    wanted = select(MEMBERS.c.name, MEMBERS.c.role).where(MEMBERS.c.workspace == workspace)
    rows = connection.execute(wanted.order_by(MEMBERS.c.name))
    return {str(name): Role(role) for name, role in rows}


def role_in(connection: Connection, actor: Actor) -> Role | None:
    """Return an actor's role: as stated; admin for anyone where nobody has stated any."""
    own = select(MEMBERS.c.workspace, MEMBERS.c.role).where(
        MEMBERS.c.name == actor.name, MEMBERS.c.workspace.in_({actor.workspace, MAIN})
    )
    roles = {str(workspace): Role(role) for workspace, role in connection.execute(own)}
    if roles.get(MAIN) is Role.ADMIN:
        return Role.ADMIN
    if actor.workspace in roles:
        return roles[actor.workspace]
    return None if _closed(connection) else Role.ADMIN


def workspaces_of(connection: Connection, name: str) -> dict[str, Role]:
    """Return the workspaces that a person belongs to with their role, `main` first."""
    own = select(MEMBERS.c.workspace, MEMBERS.c.role).where(MEMBERS.c.name == name)
    found = {str(place): Role(role) for place, role in connection.execute(own)}
    if found.get(MAIN) is Role.ADMIN:
        every = connection.execute(select(MEMBERS.c.workspace).distinct())
        found |= {str(place): Role.ADMIN for (place,) in every}
    return {place: found[place] for place in sorted(found, key=lambda one: (one != MAIN, one))}


def _closed(connection: Connection) -> bool:
    return connection.execute(select(MEMBERS.c.name).limit(1)).first() is not None


def put_role(connection: Connection, person: Actor, role: Role | None) -> str | None:
    """Give a person a role in the workspace it names, or none; return the one before.

    Raises
    ------
    RefusedError
        If the store were left without an admin of `main`.
    """
    own = (MEMBERS.c.workspace == person.workspace) & (MEMBERS.c.name == person.name)
    before = connection.execute(select(MEMBERS.c.role).where(own)).scalar()
    connection.execute(MEMBERS.delete().where(own))
    if role is not None:
        row = {"workspace": person.workspace, "name": person.name, "role": str(role)}
        connection.execute(MEMBERS.insert().values(row))
    if Role.ADMIN not in members_of(connection, MAIN).values() and (role or before):
        found, fix = "no admin would be left", f"make somebody an admin of {MAIN!r} first"
        raise RefusedError([Problem(f"workspace {MAIN!r}", found, "one or more", fix)])
    return None if before is None else str(before)


def appointed(connection: Connection, people: Sequence[Actor]) -> tuple[str, ...]:
    """Make people admins of `main` if the store has no members; return those who were made."""
    if _closed(connection):
        return ()
    names = tuple(dict.fromkeys(one.name for one in people))
    for name in names:
        put_role(connection, Actor(name), Role.ADMIN)
    return names
