"""People of several workspaces choose one; nobody reaches one that is not theirs."""

from pathlib import Path

import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard import sign_in_state, state
from dashboard.signing_in import Mode, SignIn
from data.actors import MAIN, Actor, Role
from data.problems import RefusedError
from data.store import open_store

ANA, BEN = Actor("ana"), Actor("ben", "north")


@pytest.fixture(autouse=True)
def team(own_store: Path) -> Path:
    with open_store(str(own_store)) as store:
        store.set_role(ANA, "ana", Role.ADMIN)
        store.set_role(Actor("ana", "north"), "ben", Role.ANALYST)
        store.set_role(Actor("ana", "south"), "ben", Role.VIEWER)
        store.set_role(Actor("ana", "south"), "carol", Role.APPROVER)
    return own_store


def signed_in(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(sign_in_state, "how", lambda: SignIn(Mode.PROXY))
    monkeypatch.setattr(sign_in_state, "visitor", lambda: (name, ""))


def picker(app: AppTest) -> list[str]:
    return next((one.options for one in app.selectbox if one.label == "Workspace"), [])


def test_a_person_sees_their_own_workspaces_and_an_admin_of_main_all(team: Path) -> None:
    with open_store(str(team)) as store:
        assert store.workspaces("ben") == {"north": Role.ANALYST, "south": Role.VIEWER}
        assert store.workspaces("ana") == dict.fromkeys((MAIN, "north", "south"), Role.ADMIN)
        assert store.workspaces("eve") == {}


@pytest.mark.slow
def test_going_to_another_workspace_begins_afresh_there(monkeypatch) -> None:
    signed_in(monkeypatch, "ben")
    app = opened("overview", gpu_hour_price="7")
    assert app.session_state[sign_in_state.WORKSPACE] == "north"
    assert app.session_state[state.NOW].gpu_hour_price == 7
    assert picker(app) == ["north (analyst)", "south (viewer)"]
    app.selectbox(key="workspace_picked").set_value("south").run()
    assert not app.exception, app.exception[0].message
    assert app.session_state[sign_in_state.WORKSPACE] == "south"
    assert app.session_state[state.NOW].gpu_hour_price != 7
    assert any("ben, viewer" in one.value for one in app.caption)


@pytest.mark.slow
def test_who_belongs_to_one_workspace_gets_no_picker(monkeypatch) -> None:
    signed_in(monkeypatch, "carol")
    app = opened("overview")
    assert picker(app) == []
    assert app.session_state[sign_in_state.WORKSPACE] == "south"


@pytest.mark.slow
def test_who_loses_a_workspace_is_led_to_one_of_theirs(monkeypatch, team: Path) -> None:
    signed_in(monkeypatch, "ben")
    app = opened("overview")
    with open_store(str(team)) as store:
        store.set_role(Actor("ana", "north"), "ben", None)
    import streamlit as st

    st.cache_resource.clear()
    app.run()
    assert not app.exception, app.exception[0].message
    assert app.session_state[sign_in_state.WORKSPACE] == "south"


def test_a_workspace_that_is_not_theirs_is_refused(monkeypatch) -> None:
    signed_in(monkeypatch, "carol")
    with pytest.raises(RefusedError, match=r"'north'.*no member"):
        sign_in_state.go_to("north")
