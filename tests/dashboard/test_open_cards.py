"""A chart that is open in full stays open for as long as its visitor looks at it."""

import pytest
from app_visits import APP, press
from streamlit.testing.v1 import AppTest

from dashboard.later_state import BACK

pytestmark = pytest.mark.slow


def test_a_chart_open_in_full_outlives_a_run_that_nobody_asked_for_and_no_other() -> None:
    app = AppTest.from_file(str(APP), default_timeout=180).run()
    assert not app.get("plotly_chart")
    press(app, "Enlarge")
    assert len(app.get("plotly_chart")) == 1
    app.session_state[BACK] = True
    assert len(app.run().get("plotly_chart")) == 1
    assert not app.run().get("plotly_chart")
    assert not app.exception
