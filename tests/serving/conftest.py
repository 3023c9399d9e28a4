"""Pages with few paths, drawn at once: no browser comes back for them on its own."""

import pytest

from dashboard import later_state, sure_state


@pytest.fixture(autouse=True)
def few_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sure_state, "STAGES", (128,))
    monkeypatch.setattr(later_state, "DRAWING_S", 0.0)
