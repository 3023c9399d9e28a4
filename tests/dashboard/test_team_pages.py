"""Two people on one scenario see a merge; the operator's page tells what an operator asks."""

from pathlib import Path

import pytest
import streamlit as st
from app_visits import opened, press
from streamlit.testing.v1 import AppTest

from dashboard import merge_cards, operations_state, saved_state, state, store_state
from data.actors import Actor, Role
from data.scenario_merging import Draft
from data.scenario_rows import Conflict
from data.scenario_store import save, scenario
from data.store import open_store
from data.store_backup import back_up

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
BEN = Actor("ben")

pytestmark = pytest.mark.usefixtures("own_store")


@pytest.mark.slow
@pytest.mark.parametrize("choice", ["mine", "theirs"])
def test_the_second_of_two_writers_sees_both_versions_and_chooses(choice: str) -> None:
    store = open_store()
    save(store, BEN, Draft("Plan", {"gpu_hour_price": 9.0, "pue": 1.2}))
    app = opened("scenarios", scenario_view="Manage", of="Plan")
    press(app, "Show it")
    app.slider(key=state.widget_key("gpu_hour_price")).set_value(7.0).run()
    theirs = {"gpu_hour_price": 9.5, "pue": 1.2, "availability": 0.95}
    save(store, BEN, Draft("Plan", theirs, description="Ben was here."), base=1)
    app.segmented_control(key="scenario_view").set_value("Save").run()
    press(app, _save_label(app))
    assert any("Both versions are below" in one.value for one in app.warning)
    assert any("ben saved Plan" in one.value for one in app.subheader)
    frame = next(one.value for one in app.dataframe if "Changed by" in one.value.columns)
    by = dict(zip(frame["What"], frame["Changed by"], strict=True))
    assert by["GPU hour price"] == "both"
    assert by["Availability"] == "ben"
    assert scenario(store, BEN, "Plan").revision == 2
    app.radio(key=saved_state.choice_key(0)).set_value(choice).run()
    press(app, "Save both together as revision 3")
    made = scenario(store, BEN, "Plan")
    assert made.revision == 3
    assert made.draft.changes["gpu_hour_price"] == (7.0 if choice == "mine" else 9.5)
    assert made.draft.changes["availability"] == 0.95
    assert made.draft.description == "Ben was here."
    assert not any("while you were at work" in one.value for one in app.subheader)
    assert app.session_state[state.NOW].availability == 0.95


def _save_label(app: AppTest) -> str:
    return next(one.label for one in app.button if one.label.startswith("Save as revision"))


def test_versions_are_told_in_words() -> None:
    store = open_store()
    first = save(store, BEN, Draft("Plan", {"sites": {"romania": {"pue": 1.3}}}))
    theirs = save(store, BEN, Draft("Plan", notes={"pue": "Measured."}), base=1)
    mine = Draft("Plan", {"sites": {"romania": {"pue": 1.4}}}, description="Mine.")
    frame = merge_cards.versions(Conflict(first, theirs, mine))
    assert list(frame["What"]) == ["Romania: PUE", "What it supposes", "Note on PUE"]
    assert list(frame["Changed by"]) == ["both", "you", "ben"]
    assert list(frame.iloc[0])[1:4] == ["1.3", "not stated", "1.4"]


@pytest.mark.slow
def test_the_operators_page_tells_data_refreshes_backups_and_members(tmp_path: Path) -> None:
    store, who = open_store(), store_state.actor()
    app = opened("operations")
    assert app.header[0].value == "To look after: no backup has been taken"
    store.record(who, "refresh", "world_bank", "12 changes")
    store.record(who, "refresh", "owid", "no answer")
    store.record(who, "refresh", "ember", "no answer")
    store.record(who, "refresh", "ember", "3 changes")
    back_up(store, who, tmp_path / "b.zip")
    store.set_role(who, who.name, Role.ADMIN)
    st.cache_data.clear()
    app = opened("operations")
    assert app.header[0].value == "To look after: 1 failed refresh"
    told = "\n".join(one.value.to_string() for one in app.dataframe)
    for word in (
        "Our World in Data",
        "no answer",
        "b.zip",
        "Rackcast",
        "Memory now",
        "Process",
        who.name,
        "admin",
    ):
        assert word in told
    assert "ember" not in told
    assert b"set role" in operations_state.audit_csv()


@pytest.mark.slow
def test_the_operators_page_is_for_admins() -> None:
    store, who = open_store(), store_state.actor()
    store.set_role(BEN, "ben", Role.ADMIN)
    store.set_role(BEN, who.name, Role.APPROVER)
    app = opened("operations")
    assert [one.value for one in app.header] == ["This page is for admins"]
    assert not app.dataframe
