"""The briefing page asks for what matters, makes the file, and says what is missing."""

import zipfile
from io import BytesIO
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.exports.manifest import SUFFIX
from dashboard.verifying import Here, verified

PAGE = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture
def app() -> AppTest:
    made = AppTest.from_file(str(PAGE), default_timeout=240)
    made.query_params["gpu_hour_price"] = "9.0"
    made.run()
    made.switch_page("app_pages/briefing.py").run()
    assert not made.exception
    return made


@pytest.mark.slow
def test_a_pack_is_made_for_the_scenario_on_screen_and_can_be_verified(app, tmp_path, catalog):
    app.selectbox(key="briefing_form").set_value("All tables and results (ZIP)").run()
    assert not app.multiselect, "a pack of data asks for no topics"
    next(one for one in app.button if one.label == "Make it").click().run()
    assert not app.exception
    made = app.session_state["briefing_made"]
    with zipfile.ZipFile(BytesIO(made.content)) as archive:
        assert made.case.encode() in archive.read("datapackage.json")
    assert made.case in made.name
    (tmp_path / made.name).write_bytes(made.content)
    (tmp_path / (made.name + SUFFIX)).write_bytes(made.manifest)
    (found,) = verified(tmp_path, Here(catalog))
    assert found.reasons == ()


@pytest.mark.slow
def test_pictures_ask_for_a_chart_and_stories_for_topics(app):
    assert app.multiselect
    app.selectbox(key="briefing_form").set_value("One chart (PNG)").run()
    assert app.selectbox(key="briefing_chart").options
    assert not app.multiselect
    app.selectbox(key="briefing_form").set_value("PowerPoint deck").run()
    app.selectbox(key="briefing_audience").set_value("Public and press").run()
    assert list(app.multiselect[0].value) == ["portfolio", "sources"]
    assert not app.exception


@pytest.mark.slow
def test_a_case_is_first_compared_with_what_the_command_takes(app):
    assert app.selectbox(key="briefing_against").value == "base"
    base = AppTest.from_file(str(PAGE), default_timeout=240).run()
    base.switch_page("app_pages/briefing.py").run()
    assert base.selectbox(key="briefing_against").value == "constrained"
