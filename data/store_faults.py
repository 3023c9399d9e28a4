"""What a database's complaint means to a person: one line, with what to do."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from data.problems import Problem, RefusedError

DAMAGED: Final = frozenset({"SQLITE_CORRUPT", "SQLITE_NOTADB"})
"""What SQLite says of a file that is not whole."""

SAYINGS: Final[tuple[tuple[tuple[str, ...], str, str], ...]] = (
    (("SQLITE_BUSY", "SQLITE_LOCKED", "55P03", "57014"), "locked by another program", "try again"),
    (("SQLITE_FULL", "53100"), "the disk is full: nothing was saved", "free some space, try again"),
    (
        ("SQLITE_READONLY", "SQLITE_PERM", "SQLITE_AUTH", "25006", "42501"),
        "it cannot be written: nothing was saved",
        "make its folder writable, or name another store with --store",
    ),
    (
        ("SQLITE_CANTOPEN", "3D000", "28P01", "28000"),
        "it cannot be opened",
        "check address, folder and rights",
    ),
    (
        ("SQLITE_IOERR",),
        "the disk refuses to write (full, over a limit, or failing): nothing was saved",
        "free some space, check the disk, try again",
    ),
    (
        tuple(DAMAGED),
        "the file is damaged",
        "start again: it will be set aside, and the newest backup can be restored",
    ),
    (("append-only",), "this row can never be changed or removed", "add a new one instead"),
    (("08", "57P"), "the connection to the server was lost", "try again when it is back"),
)
"""Codes or their beginnings, what they mean, what to do."""


def code_of(error: BaseException) -> str:
    """Return SQLite's name or PostgreSQL's code of an error; empty where it has none."""
    named = getattr(error, "sqlite_errorname", None) or getattr(error, "sqlstate", None)
    return str(named) if named else ""


def disconnected(error: SQLAlchemyError) -> bool:
    """Whether the server went away, so that the same may be tried once more."""
    if not isinstance(error, DBAPIError):
        return False
    code = code_of(error.orig) if error.orig else ""
    refused = not code and "connection" in str(error.orig)
    return error.connection_invalidated or refused or code.startswith(("08", "57P"))


def collided(error: SQLAlchemyError) -> bool:
    """Whether two transactions met, so that the same may be tried once more."""
    code = code_of(error.orig) if isinstance(error, DBAPIError) and error.orig else ""
    return code in {"40001", "40P01"}


def said(error: SQLAlchemyError, place: str) -> RefusedError:
    """Return a database's error as a refusal for people; its address never shows a password."""
    origin = error.orig if isinstance(error, DBAPIError) and error.orig else error
    code, text = code_of(origin), " ".join(str(origin).split())
    if disconnected(error) or (not code and "connect" in text):
        code = "08"
    for codes, found, fix in SAYINGS:
        if any(code.startswith(one) or (one == "append-only" and one in text) for one in codes):
            return RefusedError([Problem(place, found, "a store that answers", fix)])
    return RefusedError([Problem(place, text[:200], "a store that answers", "report it")])


@contextmanager
def told(place: str) -> Iterator[None]:
    """Turn every database error inside into a refusal."""
    try:
        yield
    except SQLAlchemyError as error:
        raise said(error, place) from error
