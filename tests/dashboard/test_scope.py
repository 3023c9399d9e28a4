"""Drivers of one factory alone: what they show, write, and leave alone; links and undo keep it."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import scope_state, state
from dashboard.charts.findings import unmoved
from dashboard.charts.study import Study, study
from data.catalog import Catalog
from forecasts.engine import run
from forecasts.scenario import Scenario

APP = Path(state.__file__).parent / "app.py"
LATE = "control_grid_delay_months"
PRICE = "control_gpu_hour_price"


def opened(**query: str) -> AppTest:
    app = AppTest.from_file(str(APP), default_timeout=120)
    for name, value in query.items():
        app.query_params[name] = value
    app.run()
    assert not app.exception
    return app


def marks(app: AppTest) -> str:
    return next(one.proto.body for one in app.get("html") if "st-key-control_gpu" in one.proto.body)


@pytest.mark.slow
def test_romania_s_grid_slips_a_year_and_nobody_else_s() -> None:
    app = opened()
    assert LATE not in {one.key for one in app.slider}
    app.selectbox(key=scope_state.PICKER).select("romania").run()
    assert not app.exception
    assert app.query_params["scope"] == "romania"
    assert app.slider(key=LATE).value == 0
    app.slider(key=LATE).set_value(12).run()
    assert not app.exception
    now = app.session_state[state.NOW]
    assert now.sites == {"romania": {"grid_delay_months": 12}}
    assert now.grid_delay_months == 0
    assert app.query_params["romania.grid_delay_months"] == "12"
    assert "all 0" in marks(app)
    assert "own value" in marks(app)
    said = " ".join(one.value for one in app.caption)
    assert "What you changed moves none of these figures. In Romania construction and racks" in said
    app.selectbox(key=scope_state.PICKER).select(scope_state.ALL).run()
    assert "scope" not in app.query_params
    assert app.session_state[state.NOW].sites == {"romania": {"grid_delay_months": 12}}


def test_a_late_grid_is_said_to_cost_nothing_only_where_nothing_moves(catalog: Catalog) -> None:
    def late(months: int) -> Study:
        sites = {"romania": {"grid_delay_months": months}}
        return study(run(Scenario(factories=("romania",), sites=sites), catalog))

    base = late(0)
    assert unmoved(base, base) == " What you changed moves none of these figures."
    assert "In Romania construction and racks take longer" in unmoved(late(12), base)
    assert unmoved(late(24), base) == ""


@pytest.mark.slow
def test_undo_redo_and_the_value_of_all_factories_take_the_own_value_back() -> None:
    app = opened(scope="romania")
    base = app.slider(key=PRICE).value
    app.slider(key=PRICE).set_value(base - 1).run()
    now = app.session_state[state.NOW]
    assert (now.gpu_hour_price, now.sites["romania"]["gpu_hour_price"]) == (base, base - 1)
    next(one for one in app.button if one.label == "Undo").click().run()
    assert app.slider(key=PRICE).value == base
    assert app.session_state[state.NOW].sites == {}
    next(one for one in app.button if one.label == "Redo").click().run()
    assert app.slider(key=PRICE).value == base - 1
    app.slider(key=PRICE).set_value(base).run()
    assert app.session_state[state.NOW].sites == {}
    assert not app.exception


@pytest.mark.slow
def test_a_link_restores_whose_values_the_drivers_are_and_all_factories_leave_them_alone() -> None:
    app = opened(scope="romania", **{"romania.gpu_hour_price": "7", "gpu_hour_price": "8"})
    assert app.selectbox(key=scope_state.PICKER).value == "romania"
    assert app.slider(key=PRICE).value == 7
    app.selectbox(key=scope_state.PICKER).select(scope_state.ALL).run()
    assert app.slider(key=PRICE).value == 8
    assert "own: Romania" in marks(app)
    app.slider(key=PRICE).set_value(9.0).run()
    now = app.session_state[state.NOW]
    assert (now.gpu_hour_price, now.sites["romania"]["gpu_hour_price"]) == (9.0, 7.0)
    assert not app.exception


@pytest.mark.slow
@pytest.mark.parametrize("wrong", ["atlantis", "kenya"])
def test_a_factory_that_is_not_in_the_scenario_gives_way_to_all(wrong: str) -> None:
    app = opened(scope=wrong, factories="romania,belgium")
    assert app.selectbox(key=scope_state.PICKER).value == scope_state.ALL
    assert app.selectbox(key=scope_state.PICKER).options == ["All factories", "Belgium", "Romania"]
    assert "scope" not in app.query_params
    assert any("drivers act on all factories" in one.value for one in app.toast)


@pytest.mark.slow
def test_what_a_site_takes_from_its_row_can_be_stated_for_it_and_taken_back() -> None:
    app = opened(scope="romania")
    app.session_state["others"] = True
    app.session_state["panel_search"] = "building permit"
    app.run()
    permit = app.number_input(key="control_permit_months")
    assert permit.value is None
    assert permit.placeholder.endswith("its own row")
    permit.set_value(30).run()
    assert app.session_state[state.NOW].sites == {"romania": {"permit_months": 30.0}}
    app.number_input(key="control_permit_months").set_value(None).run()
    assert app.session_state[state.NOW].sites == {}
    assert not app.exception
