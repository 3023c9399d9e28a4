"""Pages carry few paths in tests: what they show is tested, not how many paths are behind it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import streamlit as st

from dashboard import decisions_state, later_state, sure_state, theme


@pytest.fixture(autouse=True)
def few_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sure_state, "STAGES", (128,))
    monkeypatch.setattr(later_state, "DRAWING_S", 0.0)  # no browser comes back on its own
    monkeypatch.setattr(decisions_state, "PROGRAMME_PATHS", 64)
    monkeypatch.setattr(decisions_state, "TIMING_PATHS", 64)
    monkeypatch.setattr(decisions_state, "SHARE_POINTS", 64)


@pytest.fixture(autouse=True)
def charts_are_checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "CHECKED", True)


@pytest.fixture
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return where this test's own store would be; nothing kept is taken in, nor left behind."""
    path = tmp_path / "store.sqlite"
    monkeypatch.setenv("RACKCAST_STORE", str(path))
    _forget()
    yield path
    _forget()


def _forget() -> None:
    st.cache_resource.clear()
    st.cache_data.clear()
