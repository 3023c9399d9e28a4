"""A store of each kind: SQLite in a file, PostgreSQL on a server of the tests' own."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from postgres_server import Server

from data.actors import Actor
from data.store import Store, open_store

ANA = Actor("ana")
COUNT = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def where(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Address of a store that is not there yet, on each kind of database."""
    if request.param == "sqlite":
        return str(tmp_path / "store.sqlite")
    made: Server = request.getfixturevalue("server")
    return made.address(f"store{next(COUNT)}")


@pytest.fixture
def store(where: str) -> Iterator[Store]:
    with open_store(where) as made:
        yield made


@pytest.fixture
def reopen(where: str, store: Store) -> Callable[[], Store]:
    """Close the store and open it again, as another run of the program would."""

    def again() -> Store:
        store.close()
        return open_store(where)

    return again
