"""Assumptions and phases typed into tables: every cell means what it says, nothing reverts."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.charts.study import short
from dashboard.editor_tables import (
    ALL,
    assumption_changes,
    assumption_frame,
    found,
    phase_changes,
    phase_frame,
)
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
