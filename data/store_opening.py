"""Find, create, check and migrate a store; a damaged file is set aside, never overwritten."""

import errno
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from typing import Final

from platformdirs import user_data_path
from sqlalchemy import Engine, create_engine, event, inspect, text
from sqlalchemy.engine import URL, Connection, make_url
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import ArgumentError, DatabaseError
from sqlalchemy.pool import ConnectionPoolEntry, NullPool

from data.problems import Problem, RefusedError
from data.store_faults import DAMAGED, code_of, told
from data.store_schema import HEAD

VARIABLE: Final = "RACKCAST_STORE"
"""Environment variable that names the store: a file, or an address of SQLAlchemy."""

WAIT_SECONDS: Final = 30
"""How long a writer waits for another before it is told that the store is locked."""

MIGRATIONS: Final = Path(__file__).parent / "migrations"
"""The steps between schemas."""

BESIDE: Final = ("", "-wal", "-shm")
"""Endings of the files that make one SQLite database."""


def address(named: str | None = None) -> URL:
    """Return the address of a store: as named, as the environment says, or the user's own.

    Raises
    ------
    RefusedError
        If it is neither a path nor an address of SQLite or PostgreSQL.
    """
    wanted = named or os.environ.get(VARIABLE)
    return _address(wanted or _own_file(os.environ.get("HOME"), os.environ.get("XDG_DATA_HOME")))


@lru_cache(maxsize=16)
def _own_file(home: str | None, data_home: str | None) -> str:  # noqa: ARG001 - what it rests on
    return str(user_data_path("rackcast") / "store.sqlite")


@lru_cache(maxsize=16)
def _address(wanted: str) -> URL:
    if "://" not in wanted:
        return URL.create("sqlite", database=str(Path(wanted).expanduser().absolute()))
    try:
        url = make_url(wanted)
    except ArgumentError as error:
        raise _unknown("an address that cannot be read") from error
    if url.get_backend_name() == "postgresql":
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "sqlite" or not url.database:
        raise _unknown(repr(url.drivername))
    return url


def _unknown(found: str) -> RefusedError:
    expected = "a file, sqlite:///FILE or postgresql://USER@HOST/NAME"
    return RefusedError([Problem("store", found, expected, f"correct --store or {VARIABLE}")])


def exists(url: URL) -> bool:
    """Whether a store is there already; a server counts as being there."""
    return url.get_backend_name() != "sqlite" or Path(str(url.database)).exists()


def written(url: URL) -> tuple[int, ...]:
    """Return what tells whether a store on this machine was written to since; empty for a server.

    Every commit moves the time or the size of the file or of the log beside it.
    """
    if url.get_backend_name() != "sqlite":
        return ()
    found: list[int] = []
    for ending in ("", "-wal"):
        try:
            held = Path(f"{url.database}{ending}").stat()
        except OSError:
            found += (0, 0)
        else:
            found += (held.st_mtime_ns, held.st_size)
    return tuple(found)


def shown(url: URL) -> str:
    """Return what messages call a store: its file's name, or its address without password."""
    if url.get_backend_name() == "sqlite":
        return f"store {Path(str(url.database)).name}"
    return f"store {url.set(query={}).render_as_string(hide_password=True)}"


def opened(url: URL) -> tuple[Engine, list[str], bool]:
    """Return an engine on a store of the newest schema, what to tell, and whether it is read-only.

    Raises
    ------
    RefusedError
        If it cannot be opened, was made by a newer Rackcast, or cannot be created.
    """
    if url.get_backend_name() == "sqlite":
        return _opened_file(url)
    engine = _server(url)
    try:
        with told(shown(url)), engine.begin() as connection:
            connection.execute(text("SELECT pg_advisory_xact_lock(7261)"))
            migrate(connection, shown(url))
    except RefusedError:
        engine.dispose()
        raise
    return engine, [], False


def _server(url: URL) -> Engine:
    try:
        return create_engine(url, pool_pre_ping=True, pool_size=5, max_overflow=20)
    except ModuleNotFoundError as error:
        fix = "install Rackcast with its extra `postgres`"
        raise RefusedError([Problem("store", "no driver of PostgreSQL", "psycopg", fix)]) from error


def _opened_file(url: URL) -> tuple[Engine, list[str], bool]:
    path, notices = Path(str(url.database)), list[str]()
    place = shown(url)
    if path.is_dir():
        raise RefusedError([Problem(place, "a folder", "a file", f"correct --store or {VARIABLE}")])
    if path.exists() and (found := damage(path)):
        aside = set_aside(path)
        notices.append(
            f"{path.name} was damaged ({found}) and is kept as {aside.name}; an empty store was "
            "begun. Restore the newest backup with `rackcast restore`."
        )
    if not path.exists():
        create(path)
    read_only = not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK))
    engine = _file_engine(path, read_only=read_only)
    with told(place), engine.connect() as connection:
        if read_only:
            notices.append(f"{path.name} can be read but not written: nothing can be saved.")
        else:
            connection = connection.execution_options(immediate=True)
            with connection.begin():
                migrate(connection, place)
    return engine, notices, read_only


def _file_engine(path: Path, *, read_only: bool = False) -> Engine:
    # Without rights on the folder SQLite cannot lay its log beside the file.
    still = not Path(f"{path}-wal").exists()
    query = {"uri": "true", "mode": "ro"} if read_only else {}
    if read_only and still:
        query["immutable"] = "1"
    database = f"file:{path}" if read_only else str(path)
    url = URL.create("sqlite", database=database, query=query)
    engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": WAIT_SECONDS})

    @event.listens_for(engine, "connect")
    def prepare(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        modes = ("foreign_keys=ON", "recursive_triggers=ON", f"busy_timeout={WAIT_SECONDS * 1000}")
        for mode in (*modes, *(() if read_only else ("journal_mode=WAL", "synchronous=FULL"))):
            cursor.execute(f"PRAGMA {mode}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        immediate = connection.get_execution_options().get("immediate")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")

    return engine


def damage(path: Path) -> str:
    """Return what is wrong with a database file; empty when it is whole."""
    if path.stat().st_size == 0:
        return "it is empty"
    writable = os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)
    engine = _file_engine(path, read_only=not writable)
    try:
        with engine.connect() as connection:
            found = connection.execute(text("PRAGMA quick_check(1)")).scalar_one()
            return "" if found == "ok" else str(found)[:100].replace("\n", " ")
    except DatabaseError as error:
        code = code_of(error.orig) if error.orig else ""
        if any(code.startswith(one) for one in DAMAGED):
            return str(error.orig)
        with told(f"store {path.name}"):
            raise


def set_aside(path: Path) -> Path:
    """Move a damaged database beside itself, under a name that is free; return the name."""
    number = 1
    while Path(f"{path}.damaged-{number}").exists():
        number += 1
    aside = Path(f"{path}.damaged-{number}")
    with _alone(path):
        if not (path.exists() and damage(path)):
            return aside  # Another process was quicker.
        for ending in BESIDE[::-1]:
            with suppress(FileNotFoundError):
                Path(f"{path}{ending}").rename(f"{aside}{ending}")
    return aside


def create(path: Path) -> None:
    """Create an empty store in one step: made under another name, then linked into place."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    place = f"store {path.name}"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not os.access(path.parent, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        with told(place):
            engine = _file_engine(draft)
            options = engine.connect().execution_options(immediate=True)
            with options as connection, connection.begin():
                migrate(connection, place)
        with suppress(FileExistsError):
            os.link(draft, path)
    except OSError as error:
        found = f"it cannot be created ({error.strerror})"
        fix = "make its folder writable, or name another store with --store"
        raise RefusedError([Problem(place, found, "a folder to write in", fix)]) from error
    finally:
        for ending in BESIDE:
            Path(f"{draft}{ending}").unlink(missing_ok=True)


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    """Hold what only one process may do to a file, where the system can lock."""
    try:
        import fcntl
    except ModuleNotFoundError:
        yield
        return
    with Path(f"{path}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def migrate(connection: Connection, place: str) -> None:
    """Bring the schema to the newest step, inside the connection's transaction.

    Raises
    ------
    RefusedError
        If the store was made by a newer Rackcast.
    """
    if inspect(connection).has_table("alembic_version"):
        at = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
        if at == HEAD:
            return
    from alembic import command
    from alembic.config import Config
    from alembic.script.revision import ResolutionError
    from alembic.util.exc import CommandError

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, HEAD)
    except (CommandError, ResolutionError) as error:
        found, fix = "made by a newer Rackcast", "update Rackcast"
        raise RefusedError([Problem(place, found, f"schema {HEAD} or older", fix)]) from error
