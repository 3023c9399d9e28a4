"""What a session does when the browser goes back or forward to another of its addresses."""

import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard import link_state, state

PRICE = "control_gpu_hour_price"


def went(app: AppTest, monkeypatch: pytest.MonkeyPatch, **address: str) -> AppTest:
    """Go to an address of the browser's history."""
    app.query_params.clear()
    for name, value in address.items():
        app.query_params[name] = value
    with monkeypatch.context() as patch:
        patch.setattr(link_state, "by_history", lambda: True)
        app.run()
    assert not app.exception
    return app


def moved(*prices: float) -> AppTest:
    app = opened("timing")
    for price in prices:
        app.slider(key=PRICE).set_value(price).run()
        assert not app.exception
    return app


def test_back_undoes_as_many_steps_as_it_goes_and_redo_brings_them_back(monkeypatch) -> None:
    app = moved(8.0, 7.5, 7.0)
    assert app.query_params["gpu_hour_price"] == "7"
    went(app, monkeypatch, gpu_hour_price="8")
    assert app.session_state[state.NOW].gpu_hour_price == 8.0
    assert app.slider(key=PRICE).value == 8.0
    assert len(app.session_state[state.PAST]) == 1
    assert len(app.session_state[state.FUTURE]) == 2
    went(app, monkeypatch, gpu_hour_price="7.5")
    assert app.session_state[state.NOW].gpu_hour_price == 7.5
    went(app, monkeypatch)
    assert app.session_state[state.NOW].gpu_hour_price == 8.5
    assert not app.session_state[state.PAST]


def test_an_address_that_no_state_has_is_opened_as_one_step(monkeypatch) -> None:
    app = moved(8.0)
    went(app, monkeypatch, scenario="constrained", months="120", warp="9")
    now = app.session_state[state.NOW]
    assert (app.session_state[state.PRESET], now.months, now.gpu_hour_price) == (
        "constrained",
        120,
        state.preset("constrained").gpu_hour_price,
    )
    assert app.query_params["scenario"] == "constrained"
    assert any("warp" in one.value for one in app.toast)
    next(one for one in app.button if one.label == "Undo").click().run()
    assert app.session_state[state.NOW].gpu_hour_price == 8.0


def test_selections_follow_and_leave_the_scenario_alone(monkeypatch) -> None:
    app = opened("factory", factory="belgium", scope="belgium", **{"belgium.pue": "1.4"})
    picker = next(one for one in app.selectbox if one.label == "Factory")
    picker.select("romania").run()
    assert app.query_params["factory"] == "romania"
    went(app, monkeypatch, factory="belgium", **{"belgium.pue": "1.4"})
    picker = next(one for one in app.selectbox if one.label == "Factory")
    assert picker.value == "belgium"
    assert app.session_state[state.NOW].sites == {"belgium": {"pue": 1.4}}
    assert "scope" not in app.query_params


def test_an_unknown_preset_in_an_address_gone_back_to_is_told_as_on_a_first_visit(
    monkeypatch,
) -> None:
    app = went(moved(8.0), monkeypatch, scenario="boom")
    assert app.session_state[state.PRESET] == "base"
    assert ["'boom'" in one.value and "use one of base," in one.value for one in app.toast] == [
        True
    ]


def test_the_view_of_a_page_is_in_the_address_and_goes_back_with_it(monkeypatch) -> None:
    app = opened("scenarios", scenario_view="Save")
    switch = app.segmented_control(key="scenario_view")
    assert switch.value == "Save"
    switch.set_value("Manage").run()
    assert app.query_params["scenario_view"] == "Manage"
    went(app, monkeypatch, scenario_view="Save")
    assert app.segmented_control(key="scenario_view").value == "Save"
    went(app, monkeypatch)
    assert app.segmented_control(key="scenario_view").value == "Compare"
    assert "scenario_view" not in app.query_params
    app.switch_page("app_pages/assumptions.py").run()
    assert not app.toast


def test_without_the_browser_s_word_the_session_keeps_to_itself() -> None:
    app = moved(8.0)
    app.query_params["gpu_hour_price"] = "6"
    app.run()
    assert app.session_state[state.NOW].gpu_hour_price == 8.0
    assert app.query_params["gpu_hour_price"] == "8"
