"""The store: what people save, on SQLite for one, on PostgreSQL for many, by the same code.

Every change is one short transaction, and one writer writes at a time; a call returns after the
commit, never before. Every change leaves an audit row in its own transaction.
"""

import datetime as dt
import hashlib
import json
import secrets
import time
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, Self, TypeVar

from sqlalchemy import Engine, RowMapping, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from data.actors import MAIN, Actor, Role, machine_user, permit
from data.membership import appointed, members_of, put_role, role_in, workspaces_of
from data.problems import Problem, RefusedError
from data.store_faults import collided, disconnected, said, told
from data.store_opening import WAIT_SECONDS, address, opened, shown
from data.store_schema import AUDIT, BLOBS

Made = TypeVar("Made")
Clock = Callable[[], dt.datetime]

PAUSES: Final = (1.5, 0.2)
"""Seconds before a change is tried again when the server went away or two transactions met; the
last pause first."""

LARGEST_BLOB: Final = 200_000_000
"""Bytes of a file that is kept."""


def now_utc() -> dt.datetime:
    """Return the time."""
    return dt.datetime.now(dt.UTC)


def canonical(held: object) -> str:
    """Return JSON in the one form that equal contents share.

    Examples
    --------
    >>> canonical({"b": 1, "a": [2]})
    '{"a":[2],"b":1}'
    """
    return json.dumps(
        held, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )


@dataclass(slots=True)
class Writing:
    """One change under way.

    Attributes
    ----------
    connection : Connection
        Inside the change's transaction.
    actor, role : Actor, Role
        Who changes, and as what.
    action : str
        A key of `data.actors.LEAST`.
    at : str
        The time by the clock, UTC.
    token : str
        Names the change, so that after a lost connection it can be told whether it was saved.
    """

    connection: Connection
    actor: Actor
    role: Role
    action: str
    at: str
    token: str = field(default_factory=lambda: secrets.token_hex(16))

    @property
    def signed(self) -> dict[str, str]:
        """Who and when, as columns."""
        return {"who": self.actor.name, "at": self.at}

    def log(self, subject: str, before: object, after: object) -> None:
        """Add the audit row of this change, chained to the one before it."""
        row = {
            "workspace": self.actor.workspace,
            **self.signed,
            "role": str(self.role),
            "action": self.action,
            "subject": subject,
            "before": canonical(before),
            "after": canonical(after),
            "token": self.token,
        }
        newest = select(AUDIT.c.chain).order_by(AUDIT.c.number.desc()).limit(1)
        last = self.connection.execute(newest).scalar() or ""
        self.connection.execute(AUDIT.insert().values(**row, chain=chained(last, row)))

    def keep(self, content: bytes) -> str:
        """Keep bytes once, under their SHA-256; return it."""
        if len(content) > LARGEST_BLOB:
            found, most = f"{len(content):,} bytes", f"at most {LARGEST_BLOB:,}"
            raise RefusedError([Problem("file", found, most, "split it")])
        name = hashlib.sha256(content).hexdigest()
        known = select(BLOBS.c.hash).where(BLOBS.c.hash == name)
        if self.connection.execute(known).first() is None:
            packed = zlib.compress(content, 6)
            row = {"hash": name, "bytes": len(content), "content": packed}
            self.connection.execute(BLOBS.insert().values(row))
        return name


def chained(last: str, row: dict[str, str]) -> str:
    """Return the link of an audit row to the one before: a hash over both."""
    return hashlib.sha256(f"{last}{canonical(row)}".encode()).hexdigest()


class Store:
    """An open store. Every call names the person who makes it.

    Parameters
    ----------
    engine : Engine
        On a database of the newest schema.
    place : str
        What messages call it.
    notices : tuple of str
        What happened when it was opened that a person must know.
    read_only : bool
        Whether nothing can be saved.
    clock : callable
        Gives the time.
    """

    def __init__(
        self,
        engine: Engine,
        place: str,
        notices: tuple[str, ...] = (),
        *,
        read_only: bool = False,
        clock: Clock = now_utc,
    ) -> None:
        self.engine, self.place, self.notices = engine, place, notices
        self.read_only, self.clock = read_only, clock

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of every connection."""
        self.engine.dispose()

    @property
    def on_server(self) -> bool:
        """Whether the store is a PostgreSQL server."""
        return self.engine.dialect.name == "postgresql"

    @contextmanager
    def reading(self, actor: Actor, action: str = "look") -> Iterator[Connection]:
        """Open a transaction that reads one moment of the store, if the actor may."""
        with told(self.place), self.engine.connect() as connection, connection.begin():
            if self.on_server:
                connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            permit(actor, role_in(connection, actor), action)
            yield connection

    def write(self, actor: Actor, action: str, change: Callable[[Writing], Made]) -> Made:
        """Make one change in one transaction, if the actor may; return after the commit.

        Parameters
        ----------
        actor : Actor
            Who changes.
        action : str
            A key of `data.actors.LEAST`.
        change : callable
            Makes it; called again, on a fresh transaction, if the server went away before it
            was saved.

        Raises
        ------
        RefusedError
            If the actor may not, or the store cannot be written.
        """
        if self.read_only:
            fix = "make its folder writable, or name another store with --store"
            raise RefusedError([Problem(self.place, "it cannot be written", "rights", fix)])
        token = secrets.token_hex(16)
        made: list[Made] = []
        for left in reversed(range(len(PAUSES) + 1)):
            try:
                with self.transaction() as connection:
                    if made and _saved(connection, token):
                        return made[-1]
                    role = permit(actor, role_in(connection, actor), action)
                    at = self.clock().astimezone(dt.UTC).isoformat(timespec="milliseconds")
                    made.append(change(Writing(connection, actor, role, action, at, token)))
            except SQLAlchemyError as error:
                if not left or not (disconnected(error) or collided(error)):
                    raise said(error, self.place) from error
                time.sleep(PAUSES[left - 1])
            else:
                return made[-1]
        raise AssertionError("unreachable: the last try returns or raises")

    @contextmanager
    def transaction(self) -> Iterator[Connection]:
        """Open a transaction that writes: the only one, on both kinds of database."""
        with self.engine.connect() as plain:
            connection = plain.execution_options(immediate=True)
            with connection.begin():
                if self.on_server:
                    connection.execute(text(f"SET LOCAL lock_timeout = '{WAIT_SECONDS}s'"))
                    connection.execute(text("SET LOCAL synchronous_commit = on"))
                    connection.execute(text("SELECT pg_advisory_xact_lock(7262)"))
                yield connection

    def blob(self, connection: Connection, name: str) -> bytes:
        """Return kept bytes by their SHA-256, checked against it.

        Raises
        ------
        RefusedError
            If they are not there or not what was kept.
        """
        row = connection.execute(select(BLOBS.c.content).where(BLOBS.c.hash == name)).first()
        try:
            content = zlib.decompress(row[0]) if row else b""
        except zlib.error:
            content = b""
        if hashlib.sha256(content).hexdigest() != name:
            found, fix = f"file {name[:12]} is missing or changed", "restore the newest backup"
            raise RefusedError([Problem(self.place, found, "what was kept", fix)])
        return content

    def operator(self, workspace: str = MAIN) -> Actor:
        """Return who works with the store by command.

        That is the account this program has signed in to a server's database with, else the user
        of this machine as the system knows it; a name in the environment counts for nothing.
        """
        if not self.on_server:
            return Actor(machine_user(), workspace)
        with told(self.place), self.engine.connect() as connection:
            return Actor(str(connection.execute(text("SELECT session_user")).scalar()), workspace)

    def role(self, actor: Actor) -> Role | None:
        """Return what the actor may do; None for one who is not a member."""
        with told(self.place), self.engine.connect() as connection:
            return role_in(connection, actor)

    def workspaces(self, name: str) -> dict[str, Role]:
        """Return the workspaces that a person belongs to, with their role in each."""
        with told(self.place), self.engine.connect() as connection:
            return workspaces_of(connection, name)

    def members(self, actor: Actor) -> dict[str, Role]:
        """Return the members of the actor's workspace with their roles."""
        with self.reading(actor) as connection:
            return members_of(connection, actor.workspace)

    def set_role(self, actor: Actor, name: str, role: Role | None) -> None:
        """Give a person a role in the actor's workspace, or none.

        The first member closes the store, so it must be an admin of the workspace `main`.
        """
        person = Actor(name, actor.workspace)

        def change(writing: Writing) -> None:
            before = put_role(writing.connection, person, role)
            writing.log(f"member {name}", before, role)

        self.write(actor, "set role", change)

    def appoint(self, names: Iterable[str]) -> tuple[str, ...]:
        """Make people admins of a store that has no members yet; return those who were made."""
        people = [Actor(name) for name in names]

        def change(writing: Writing) -> tuple[str, ...]:
            made = appointed(writing.connection, people)
            for name in made:
                writing.log(f"member {name}", None, Role.ADMIN)
            return made

        with told(self.place), self.engine.connect() as connection:
            closed = bool(members_of(connection, MAIN))
        return () if closed or not people else self.write(people[0], "set role", change)

    def ping(self) -> None:
        """Ask the database for an answer.

        Raises
        ------
        RefusedError
            If there is none.
        """
        with told(self.place), self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def record(self, actor: Actor, action: str, subject: str, told_of: object = None) -> None:
        """Add an audit row for what changes nothing here: an export, a sign-in, a refresh."""
        self.write(actor, action, lambda writing: writing.log(subject, None, told_of))

    def audit(self, actor: Actor) -> list[RowMapping]:
        """Return the audit rows of the actor's workspace, oldest first."""
        with self.reading(actor, "read audit") as connection:
            wanted = select(AUDIT).where(AUDIT.c.workspace == actor.workspace)
            return list(connection.execute(wanted.order_by(AUDIT.c.number)).mappings())


def _saved(connection: Connection, token: str) -> bool:
    """Whether a change whose answer was lost had been saved."""
    return (
        connection.execute(select(AUDIT.c.number).where(AUDIT.c.token == token)).first() is not None
    )


def open_store(named: str | None = None, *, clock: Clock = now_utc) -> Store:
    """Open a store, create it if it is not there, check and migrate it.

    Parameters
    ----------
    named : str, optional
        A file or an address; else what `RACKCAST_STORE` says; else the user's own.
    clock : callable
        Gives the time.

    Raises
    ------
    RefusedError
        If it cannot be opened.
    """
    url = address(named)
    engine, notices, read_only = opened(url)
    return Store(engine, shown(url), tuple(notices), read_only=read_only, clock=clock)
