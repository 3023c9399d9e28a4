"""Shared by all tests: floating-point slips are errors, and the base case is computed once."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from postgres_server import Server, started

from data.catalog import Catalog, bundled
from forecasts.engine import Result, run
from forecasts.scenario import Scenario

np.seterr(all="raise", under="ignore")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return bundled()


@pytest.fixture(scope="session")
def base(catalog: Catalog) -> Result:
    return run(Scenario(), catalog)


@pytest.fixture(scope="session", autouse=True)
def _own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """No test reads or writes the store of the person who runs it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RACKCAST_STORE", str(Path(tmp_path_factory.mktemp("store")) / "store.sqlite"))
        yield


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """A PostgreSQL server for all tests; each takes a database of its own."""
    with started() as made:
        yield made
