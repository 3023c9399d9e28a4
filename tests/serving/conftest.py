"""The PostgreSQL server of the tests of the store, and pages with few paths."""

import importlib.util
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from dashboard import later_state, risk_state

_PATH = Path(__file__).parents[1] / "data" / "postgres_server.py"
if "postgres_server" not in sys.modules:
    _SPEC = importlib.util.spec_from_file_location("postgres_server", _PATH)
    assert _SPEC is not None
    assert _SPEC.loader is not None
    _MODULE = importlib.util.module_from_spec(_SPEC)
    sys.modules["postgres_server"] = _MODULE
    _SPEC.loader.exec_module(_MODULE)

from postgres_server import Server, programs  # noqa: E402


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    found = programs()
    if found is None:
        if os.environ.get("CI"):
            pytest.fail("PostgreSQL is missing: apt-get install postgresql")
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    made = Server(found)
    made.start()
    yield made
    made.stop()
    made.remove()


@pytest.fixture(autouse=True)
def few_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(risk_state, "STAGES", (128,))
    monkeypatch.setattr(later_state, "DRAWING_S", 0.0)
