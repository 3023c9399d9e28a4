"""Scenarios on screen: saved, inherited, compared, restored, locked, approved."""

from pathlib import Path

import pytest
from app_visits import figures, press
from app_visits import opened as open_page
from streamlit.testing.v1 import AppTest

from dashboard import saved_state, sign_in_state, state, store_state
from dashboard.changes import between, stated_form
from dashboard.charts import versus
from dashboard.charts.study import study
from data.actors import Actor
from data.scenario_merging import Draft
from data.scenario_store import approve, resolved, save, scenario
from data.store import open_store
from forecasts.bridge import bridge
from forecasts.engine import run
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(autouse=True)
def own_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RACKCAST_STORE", str(tmp_path / "store.sqlite"))
    sign_in_state._opened.clear()
    store_state.forget()


def opened(view: str, **link: str) -> AppTest:
    return open_page("scenarios", scenario_view=view, **link)


@pytest.mark.parametrize("name", PRESETS)
def test_what_is_saved_is_what_was_on_screen(name: str) -> None:
    wanted = preset(name).having(
        pue=1.3, sites={"romania": {"pue": 1.5}}, months=240, rack_price=9e6
    )
    made = Draft("mine", stated_form(between(preset("base"), wanted), wanted), "base")
    store, who = open_store(), Actor("ana")
    save(store, who, made)
    assert scenario_from(resolved(store, who, "mine"), "mine").hash == wanted.hash


@pytest.mark.slow
def test_a_scenario_is_saved_changed_saved_again_and_its_history_tells_it() -> None:
    app = opened("Save", rack_price="9000000")
    app.text_input(key=saved_state.NEW_NAME).set_value("Dear racks")
    press(app, "Save as new")
    assert "revision 1" in app.success[0].value
    assert app.query_params["saved"] == "Dear racks@1"
    app.slider(key=state.widget_key("gpu_hour_price")).set_value(9.0).run()
    press(app, "Save as revision 2")
    app = opened("Manage")
    frames = [frame.value for frame in app.dataframe]
    history = next(frame for frame in frames if "Old" in frame.columns)
    assert {"gpu_hour_price", "rack_price"} <= set(history["What"])
    press(app, "Restore it as the newest")
    assert app.success
    press(app, "Show it")
    assert app.session_state[state.NOW].rack_price == 9_000_000
    assert app.session_state[state.NOW].gpu_hour_price == preset("base").gpu_hour_price


@pytest.mark.slow
def test_a_name_that_is_taken_and_a_lock_are_said_and_nothing_is_lost() -> None:
    store, who = open_store(), store_state.actor()
    save(store, who, Draft("Taken"))
    app = opened("Save", rack_price="9000000")
    app.text_input(key=saved_state.NEW_NAME).set_value("base")
    press(app, "Save as new")
    assert app.warning
    assert app.session_state[state.NOW].rack_price == 9_000_000
    app = press(opened("Manage"), "Lock")
    assert "locked" in app.success[0].value
    app = press(app, "Show it")
    app.segmented_control(key="scenario_view").set_value("Save").run()
    assert next(b for b in app.button if b.label == "Save as revision 2").disabled


@pytest.mark.slow
def test_an_approved_scenario_is_what_every_page_is_shown_against() -> None:
    store, who = open_store(), store_state.actor()
    save(store, who, Draft("Plan", {"gpu_hour_price": 9.5}, "base"))
    approve(store, who, "Plan", revision=scenario(store, who, "Plan").revision)
    app = opened("Compare")
    assert "Plan" in app.header[0].value
    app.switch_page("app_pages/overview.py").run()
    assert not app.exception
    assert any(note.startswith("↓") for note in figures(app, "note"))


@pytest.mark.slow
def test_two_scenarios_stand_side_by_side_with_what_moved_them() -> None:
    app = opened("Compare", gpu_hour_price="9.5", grid_delay_months="12", **{"to": "on screen"})
    assert len(app.get("plotly_chart")) == 1
    assert any("moves NPV most" in one.value for one in app.markdown)
    assert "Base" in app.dataframe[0].value.columns


def test_the_waterfall_ends_where_the_second_scenario_stands() -> None:
    before = preset("base")
    after = before.having(gpu_hour_price=9.5, grid_delay_months=12, rack_price=9e6)
    found = bridge(before, after)
    chart = versus.bridge_chart(found, ("Base", "Mine"))
    bars = chart.figure.data[0]
    unit = 1e9 if "bn" in chart.figure.layout.yaxis.title.text else 1e6
    assert bars.base[-2] + bars.y[-2] == pytest.approx(bars.y[-1])
    assert bars.y[-1] * unit == pytest.approx(study(run(after)).portfolio["npv"].value)
    assert chart.table.iloc[:, 2].sum() == pytest.approx((bars.y[-1] - bars.y[0]) * unit)


def test_a_comparison_in_which_nothing_moves_says_so_first() -> None:
    late = preset("base").having(sites={"romania": {"grid_delay_months": 2}})
    chart = versus.bridge_chart(bridge(preset("base"), late), ("Base", "Mine"))
    assert chart.headline == "Nothing that differs moves NPV"


def test_side_by_side_gives_changes_against_the_first() -> None:
    studies = {name.capitalize(): study(run(preset(name))) for name in PRESETS}
    frame = versus.side_by_side(studies)
    assert list(frame.columns) == ["Metric", *studies]
    assert not frame["Base"].str.contains("(", regex=False).any()
    assert frame["Constrained"].str.contains("(", regex=False).any()
    assert not frame["Constrained"].str.contains(r"-\d|-USD").any()
    assert frame["Constrained"].str.contains("(\N{MINUS SIGN}USD", regex=False).any()
