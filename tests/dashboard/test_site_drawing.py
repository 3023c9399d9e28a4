"""The site at a month: drawing and tables agree, the link restores it, the model is left alone."""

import base64
import re
import time
from html import unescape

import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard.charts import site_words
from dashboard.charts.site_drawing import site_drawing
from dashboard.charts.study import Study, study
from forecasts import engine
from forecasts.engine import run
from forecasts.presets import PRESETS, preset
from forecasts.scenario import Scenario
from forecasts.site_month import site_month

MOST_MS = 150
"""Milliseconds in which the drawing answers."""

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.fixture(scope="module")
def bridged() -> Study:
    return study(run(Scenario(grid_delay_months=24, bridge_power_share=0.5)))


@pytest.fixture(scope="module")
def base() -> Study:
    return study(run(preset("base")))


def _pictures(drawn: str) -> list[str]:
    found = re.findall(r"data:image/svg\+xml;base64,([A-Za-z0-9+/=]+)", drawn)
    return [base64.b64decode(one).decode() for one in found]


def _drawn(app: AppTest) -> str:
    bodies = [str(one.proto.body) for one in app.get("html")]
    return next(body for body in bodies if 'class="rc-site' in body)


def test_every_hall_is_drawn_with_its_words_in_light_and_dark(base: Study) -> None:
    row = base.row("malaysia")
    for month in (0, 41, 100, 179):
        one = site_month(base.result, row, month)
        drawn = site_drawing(base, row, one)
        assert len(_pictures(drawn)) == 2 + len(one.halls)
        assert not re.search(r"#(000|fff)\b|black|white", "".join(_pictures(drawn)))
        alt = unescape(re.search(r'aria-label="([^"]*)"', drawn).group(1))  # type: ignore[union-attr]
        for hall in one.halls:
            said = site_words.hall_words(base, hall)
            assert said in unescape(re.sub("<[^>]+>", "|", drawn))
            assert f"Phase {hall.number}: {said}" in alt


def test_squares_are_filled_as_racks_stand(base: Study) -> None:
    row = base.row("malaysia")
    one = site_month(base.result, row, 41)
    _, _, *halls = _pictures(site_drawing(base, row, one))
    for hall, picture in zip(one.halls, halls, strict=True):
        drawn = re.findall(r'<path d="([^"]*z)" fill="([^"]+)"', picture)
        squares = {fill: outline.count("M") for outline, fill in drawn}
        empty = squares.get("none", 0)
        filled = sum(squares.values()) - empty
        assert filled == pytest.approx((filled + empty) * hall.racks / hall.planned_racks)


def test_a_square_stands_for_as_many_racks_in_every_hall_and_says_so(base: Study) -> None:
    row = base.row("malaysia")
    one = site_month(base.result, row, 41)
    drawn = site_drawing(base, row, one)
    _, _, *halls = _pictures(drawn)
    counts = [sum(d.count("M") for d in re.findall(r'<path d="([^"]*z)"', one)) for one in halls]
    assert [hall.planned_racks for hall in one.halls] == [96, 96, 96, 96, 22]
    assert counts == [32, 32, 32, 32, 8]
    assert "Squares: 3 rack places each, filled where racks stand." in drawn
    small = base.row("kenya")
    assert "Squares: rack places, filled" in site_drawing(
        base, small, site_month(base.result, small, 41)
    )


def test_phases_of_one_stage_are_listed_as_a_sentence_does(base: Study) -> None:
    row = base.row("south_africa")
    said = site_words.headline(base, site_month(base.result, row, 41))
    assert said.endswith(", phases 1, 2 and 3 under construction")
    assert " " not in site_words.rack_words(site_month(base.result, row, 41).halls[-1])


def test_places_of_tenants_are_drawn_apart() -> None:
    made = study(run(preset("base").having(lease_share=0.5)))
    row = made.row("malaysia")
    one = site_month(made.result, row, 41)
    assert one.halls[0].let_places == one.halls[0].planned_racks
    first = _pictures(site_drawing(made, row, one))[2]
    drawn = re.findall(r'<path d="([^"]*z)" fill="([^"]+)"', first)
    racks, tenants = (outline.count("M") for outline, _ in drawn)
    assert racks == tenants


def test_tables_hold_the_figures_of_the_projection(base: Study) -> None:
    row = base.row("malaysia")
    one = site_month(base.result, row, 41)
    said = unescape(re.sub("<[^>]+>", "|", site_words.tables(base, row, one)))
    assert f"|IT load live, MW||{one.live_mw:.1f}||{one.planned_mw:.1f}|" in said
    assert f"|Racks installed||{one.racks}||{one.planned_racks}|" in said
    assert "|Generators until the grid comes, MW||none|" in said
    frame = site_words.by_month(base, row)
    assert len(frame) == 180 * len(one.halls)
    assert not frame.isna().any().any()
    month = frame[frame["month"] == "2030-06"]
    assert month["live_mw"].sum() == pytest.approx(one.live_mw)


def test_generators_are_drawn_until_their_grid_comes(bridged: Study) -> None:
    phases = bridged.result.phases
    row = next(row for row, own in enumerate(phases) if own and own[0].bridged_months)
    first = phases[row][0]
    during, after = (
        site_drawing(bridged, row, site_month(bridged.result, row, month))
        for month in (first.live, max(phase.grid for phase in phases[row]))
    )
    assert "rc-bus-engines" in during
    assert "MW rented until" in during
    assert "Live on generators" in during
    assert "Gone since" in after
    assert "rc-bus-grid" in after
    assert len(_pictures(during)) == 3 + len(phases[row])


@pytest.mark.parametrize("name", PRESETS)
def test_every_month_of_every_case_can_be_drawn(name: str) -> None:
    made = study(run(preset(name)))
    for row, phases in enumerate(made.result.phases):
        for month in range(0, made.result.plan.months if phases else 0, 29):
            one = site_month(made.result, row, month)
            said = site_drawing(made, row, one) + site_words.tables(made, row, one)
            assert "nan" not in re.sub('base64,[^"]+', "", said).lower()


def test_the_link_restores_the_month_and_the_model_does_not_run_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    app = opened("factory", factory="malaysia", site_month="2030-06")
    slider = app.select_slider(key="site_month")
    assert slider.value == "2030-06"
    assert "2030-06: 43.6 of 92.2 MW live, phase 3 under construction" in _drawn(app)
    with monkeypatch.context() as patched:
        patched.setattr(engine, "evaluate", _never)
        slider.set_value("2033-01").run()
    assert not app.exception
    assert "2033-01:" in _drawn(app)
    assert "2033-01" in app.query_params["site_month"]
    again = opened("factory", factory="malaysia", site_month="2033-01")
    assert _drawn(again) == _drawn(app)


def _never(*_: object) -> None:
    raise AssertionError("the model ran again")


def test_without_a_choice_it_is_the_first_sale_and_a_strange_month_is_said() -> None:
    app = opened("factory", factory="malaysia", site_month="2130-06")
    assert app.select_slider(key="site_month").value == "2028-04"
    assert any("use 2027-01 to 2041-12" in str(one.value) for one in app.toast)
    assert "site_month" not in app.query_params
    app.select_slider(key="site_month").set_value("2029-01").run()
    app.select_slider(key="site_month").set_value("2028-04").run()
    assert "site_month" not in app.query_params


def test_drawing_and_figures_are_made_in_time(base: Study) -> None:
    row = base.row("malaysia")
    began = time.perf_counter()
    for month in range(0, 180, 18):
        one = site_month(base.result, row, month)
        site_drawing(base, row, one)
        site_words.tables(base, row, one)
    assert (time.perf_counter() - began) * 1e3 / 10 < MOST_MS
