"""Rows that were accepted once and break a rule that came later: said, and taken back."""

import pandas as pd
import pytest
from app_visits import opened

from dashboard import data_state
from data import catalog_store, schemas
from data.catalog import bundled
from data.catalog_store import Incoming

pytestmark = pytest.mark.usefixtures("own_store")

ROW = {"factory": "belgium", "parameter": "max_phases", "value": 3.5, "unit": "count"}
PROOF = {
    "confidence": "assumption",
    "notes": "Room to grow.",
    "source": "",
    "url": "",
    "date": "2026",
}


def test_rows_that_a_later_rule_refuses_are_said_and_can_be_taken_back(monkeypatch) -> None:
    """They fell out of force without a word, and nothing could be accepted or taken back."""
    with monkeypatch.context() as earlier:
        earlier.setattr(schemas, "WHOLE", frozenset())
        rows = Incoming("factories", pd.DataFrame([ROW | PROOF]))
        taken = catalog_store.accept(
            data_state.store(), data_state.actor(), rows, base=bundled().version
        )
    assert data_state.catalog().version == bundled().version != taken.version
    (said,) = data_state.notices()
    assert "got 3.5, expected a whole number" in said
    app = opened("upload")
    warned = " ".join(one.value for one in app.warning).replace("\\", "")
    assert "got 3.5" in warned
    assert app.button(key="roll_back").label == f"Go back to {bundled().version}"
    assert data_state.undo(bundled().version).version == bundled().version
    assert data_state.notices() == ()
