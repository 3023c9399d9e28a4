"""Assumptions and phases typed into tables: every cell means what it says, nothing reverts."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.changes import applied, between, read, stated_form, taken, text_of, told
from dashboard.charts.study import short
from dashboard.editor_tables import (
    ALL,
    VALUE,
    assumption_changes,
    assumption_frame,
    curve_changes,
    curve_frame,
    found,
    phase_changes,
    phase_frame,
)
from dashboard.link import query_of, unpacked
from data.catalog import bundled
from forecasts.plan import register
from forecasts.presets import preset
from forecasts.scenario import QUANTITIES, SECTIONS

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SITES = register(bundled())
LABELS = [short(site) for site in SITES]


def test_every_assumption_stands_in_one_section_and_is_found_by_its_name() -> None:
    listed = [name for section in SECTIONS for name in found(section.title, "")]
    assert sorted(listed) == sorted(QUANTITIES)
    for name, one in QUANTITIES.items():
        assert name in found("", one.label.upper())
    assert found("", "no such words") == []


def test_typed_cells_become_changes_in_the_model_s_unit() -> None:
    names = ["contracted_share", "pue", "grid_delay_months"]
    typed = {0: {ALL: 65.0}, 1: {"Romania": 1.4, ALL: None}, 2: {ALL: 6.0, "UAE": None}}
    sites = dict(zip(LABELS, [site.key for site in SITES], strict=True))
    assert assumption_changes(typed, names, sites) == {
        "contracted_share": 0.65,
        "romania.pue": 1.4,
        "pue": None,
        "grid_delay_months": 6,
        "uae.grid_delay_months": None,
    }


def test_the_table_shows_what_is_stated_on_screen_units() -> None:
    shown = preset("base").having(sites={"romania": {"contracted_share": 0.4}})
    frame = assumption_frame(shown, ["contracted_share", "pue"], SITES, LABELS)
    assert frame[ALL].tolist()[0] == 70.0
    assert frame["Romania"].tolist()[0] == 40.0
    assert frame.drop(columns=["Assumption", "Unit", ALL, "Romania"]).isna().all(axis=None)


def test_phases_typed_row_by_row_wait_until_they_are_whole() -> None:
    held = preset("base").having(phases={"belgium": ({"decision": "2027-06-01", "racks": 64},)})
    frame = phase_frame(held, "belgium")
    added = [{"Racks": 8}, {"Decision": "2027-03-15", "Racks": 16, "Rack system": "vr_nvl72"}]
    made = phase_changes(frame, {0: {"Racks": 72}}, added, [], "belgium")
    phases = made["belgium.phases"]
    assert [(one["decision"], one["racks"]) for one in phases] == [
        ("2027-03-01", 16),
        ("2027-06-01", 72),
    ]
    assert phase_changes(frame, {}, [], [0], "belgium") == {"belgium.phases": ()}


def test_points_of_a_curve_wait_until_they_are_whole_and_stand_once() -> None:
    held = preset("base").having(fx_curves={"romania": {2030: 0.9, 2027: 1.0}})
    frame = curve_frame(held, "romania")
    assert frame["Year"].tolist() == [2027, 2030]
    added = [{"Year": 2035}, {"Year": 2040, VALUE: 0.8}]
    made = curve_changes(frame, {0: {VALUE: 1.1}}, added, [1], "romania")
    assert made == {"romania.fx_curve": {2027: 1.1, 2040: 0.8}}
    assert curve_changes(frame, {}, [{"Year": 2030, VALUE: 0.7}], [], "romania") == {}
    assert curve_changes(frame, {}, [], [0, 1], "romania") == {"romania.fx_curve": {}}
    assert curve_frame(held, "belgium").empty


def test_a_fraction_typed_where_whole_numbers_are_wanted_is_refused_not_cut_off() -> None:
    base = preset("base")
    added = [{"Decision": "2027-03-15", "Racks": 16.5}]
    made = phase_changes(phase_frame(base, "belgium"), {}, added, [], "belgium")
    assert not taken(base, made, bundled())
    assert taken(
        base,
        phase_changes(
            phase_frame(base, "belgium"), {}, [added[0] | {"Racks": 16.0}], [], "belgium"
        ),
        bundled(),
    )
    assert (
        curve_changes(curve_frame(base, "romania"), {}, [{"Year": 2030.5, VALUE: 1}], [], "romania")
        == {}
    )
    sites = dict(zip(LABELS, [site.key for site in SITES], strict=True))
    for cells in ({ALL: 3.5}, {"Romania": 3.5}):
        changes = assumption_changes({0: cells}, ["max_phases"], sites)
        assert not taken(base, changes, bundled())
        key = next(iter(changes))
        kept, said = read({key: "3.5"}, base, bundled())
        assert kept == {}
        assert said[0].endswith("'3.5' is no whole number; round it")
    kept, said = read({"romania.phases": "2027-06~3.5"}, base, bundled())
    assert kept == {}
    assert said[0].endswith("write it as 2027-06~64, month and whole racks")


def test_a_curve_travels_in_changes_links_and_files() -> None:
    base = preset("base")
    child = base.having(fx_curves={"romania": {2030: 0.9}})
    made = between(base, child)
    assert made == {"romania.fx_curve": {2030: 0.9}}
    assert applied(base, made) == child
    assert between(child, base) == {"romania.fx_curve": {}}
    assert applied(child, {"romania.fx_curve": {}}) == base
    text = text_of(made["romania.fx_curve"])
    assert read({"romania.fx_curve": text}, base, bundled()) == (made, [])
    assert read({"romania.fx_curve": "data"}, child, bundled()) == ({"romania.fx_curve": {}}, [])
    for wrong in ("2030", "x~1", "2030~x", "1999~1", "2030~0", "2030~nan"):
        kept, problems = read({"romania.fx_curve": wrong}, base, bundled())
        assert (kept, len(problems)) == ({}, 1), wrong
    assert read({"fx_curve": "2030~1"}, base, bundled())[0] == {}
    assert stated_form(made, child) == {"fx_curves": {"romania": {2030: 0.9}}}
    assert list(told(made, base)) == [
        ("Romania: forward curve of the currency", "none", "2030: 0.9")
    ]
    assert unpacked(query_of(child)["own"], [])["fx_curves"] == {"romania": {"2030": 0.9}}


@pytest.mark.slow
def test_curve_and_phases_of_a_link_stand_in_the_editors_that_go_on_from_them() -> None:
    app = AppTest.from_file(str(APP), default_timeout=90)
    app.query_params["factory"] = "romania"
    app.query_params["romania.fx_curve"] = "2027~1,2031~0.8"
    app.query_params["romania.phases"] = "2027-06~20"
    app.run().switch_page("app_pages/assumptions.py").run()
    assert not app.exception
    assert app.session_state[state.NOW].fx_curves["romania"] == {2027: 1.0, 2031: 0.8}
    shown = [one.value for one in app.dataframe if VALUE in one.value.columns]
    assert shown[0][VALUE].tolist() == [1.0, 0.8]
    entered = next(one.value for one in app.dataframe if "Decision" in one.value.columns)
    assert entered["Racks"].tolist() == [20]


@pytest.mark.slow
def test_planned_phases_are_entered_and_given_back_to_the_planner() -> None:
    app = AppTest.from_file(str(APP), default_timeout=90)
    app.query_params["factory"] = "romania"
    app.run().switch_page("app_pages/assumptions.py").run()
    assert not app.exception
    next(one for one in app.button if one.label.startswith("Enter phases")).click().run()
    assert not app.exception
    assert "romania.phases" in app.query_params
    assert app.session_state[state.NOW].phases["romania"]
    next(one for one in app.button if one.label.startswith("Leave them")).click().run()
    assert "romania.phases" not in app.query_params
    assert not app.session_state[state.NOW].phases
