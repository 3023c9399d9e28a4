"""A viewer can change nothing by any path: pages, addresses, commands, calls, the database itself.

Every attempt is made for real against one closed store, and the store is compared row by row
before and after. The same attempts by an analyst or an admin succeed, so that none is refused for
another reason.
"""

import shutil
import sqlite3
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import streamlit as st
from app_visits import figures, opened, press
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from dashboard import cli, saved_state, sign_in_state
from data import catalog_store, scenario_store
from data.actors import Actor, Role, machine_user
from data.catalog import bundled
from data.catalog_store import Incoming
from data.judgement_store import Judgement, judge
from data.mapping_store import save_mapping
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.store import Store, open_store
from data.store_backup import back_up, contents, restore_backup

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
ANA = Actor("ana")
ME = Actor(machine_user())
ROW = {"series": "own", "period": "2026", "value": 1.0, "unit": "count"}
INCOMING = Incoming(
    "own_series", pd.DataFrame([ROW | {"confidence": "assumption", "notes": "Why."}])
)


@pytest.fixture(scope="module")
def filled(tmp_path_factory) -> Path:
    """A store with something of everything in it, where whoever runs the tests is a viewer."""
    folder = Path(tmp_path_factory.mktemp("filled"))
    with open_store(str(folder / "store.sqlite")) as store:
        store.set_role(ANA, ANA.name, Role.ADMIN)
        scenario_store.save(store, ANA, Draft("Plan", {"pue": 1.3}))
        scenario_store.save(store, ANA, Draft("Plan", {"pue": 1.4}), base=1)
        scenario_store.save(store, ANA, Draft("Locked"))
        scenario_store.lock(store, ANA, "Locked")
        first = catalog_store.accept(store, ANA, INCOMING, base=bundled().version)
        assert first.version != bundled().version
        back_up(store, ANA, folder / "b.zip")
        store.set_role(ANA, ME.name, Role.VIEWER)
    return folder


@pytest.fixture
def closed(filled: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    """A copy of it, in an environment that claims names and powers."""
    path = tmp_path / "store.sqlite"
    for name in ("store.sqlite", "b.zip"):
        shutil.copy(filled / name, tmp_path / name)
    monkeypatch.setenv("RACKCAST_STORE", str(path))
    monkeypatch.chdir(tmp_path)
    for name in ("LOGNAME", "USER", "USERNAME", "RACKCAST_ADMINS"):
        monkeypatch.setenv(name, ANA.name)
    st.cache_resource.clear()
    st.cache_data.clear()
    with open_store(str(path)) as store:
        yield store


def unchanged(store: Store, attempt: Callable[[], object]) -> None:
    before = contents(store, ANA)
    attempt()
    assert contents(store, ANA) == before


def in_force(store: Store) -> str:
    return catalog_store.version_in_force(store, ANA)


CALLS: dict[str, Callable[[Store, Actor], object]] = {
    "save over": lambda s, a: scenario_store.save(s, a, Draft("Plan", {"pue": 1.1}), base=2),
    "save new": lambda s, a: scenario_store.save(s, a, Draft("New")),
    "copy": lambda s, a: scenario_store.duplicate(s, a, "Plan", "Copy"),
    "restore": lambda s, a: scenario_store.restore(s, a, "Plan", 1, base=2),
    "delete": lambda s, a: scenario_store.delete(s, a, "Plan", base=2),
    "lock": lambda s, a: scenario_store.lock(s, a, "Plan"),
    "unlock": lambda s, a: scenario_store.unlock(s, a, "Locked"),
    "approve": lambda s, a: scenario_store.approve(s, a, "Plan", revision=2),
    "accept": lambda s, a: catalog_store.accept(
        s, a, replace(INCOMING, rows=INCOMING.rows.assign(value=2.0)), base=in_force(s)
    ),
    "undo": lambda s, a: catalog_store.undo(s, a, base=in_force(s)),
    "roll back": lambda s, a: catalog_store.roll_back(s, a, bundled().version, base=in_force(s)),
    "mapping": lambda s, a: save_mapping(s, a, "source", {"columns": {}}),
    "judge": lambda s, a: judge(s, a, Judgement("x", "2027", 1.0, "2026", "why")),
    "own role": lambda s, a: s.set_role(a, a.name, Role.ADMIN),
    "role of another": lambda s, a: s.set_role(a, "eve", Role.ANALYST),
    "refresh": lambda s, a: s.record(a, "refresh", "x"),
    "back up": lambda s, a: back_up(s, a, Path("taken.zip")),
    "restore a backup": lambda s, a: restore_backup(s, a, Path("b.zip")),
    "read the audit": lambda s, a: s.audit(a),
    "an unknown action": lambda s, a: s.record(a, "rule the world", "x"),
}


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    "who",
    [ME, Actor("stranger"), Actor(ME.name, "elsewhere")],
    ids=["viewer", "stranger", "elsewhere"],
)
def test_no_call_of_a_viewer_or_a_stranger_changes_anything(closed: Store, name: str, who: Actor):
    def attempt() -> None:
        with pytest.raises((RefusedError, KeyError)):
            CALLS[name](closed, who)
        assert not Path("taken.zip").exists()

    unchanged(closed, attempt)


@pytest.mark.parametrize(
    "name", [name for name in CALLS if name not in ("restore a backup", "an unknown action")]
)
def test_the_same_calls_of_an_admin_are_done(closed: Store, name: str):
    before = contents(closed, ANA)
    made = CALLS[name](closed, ANA)
    assert name == "read the audit" or contents(closed, ANA) != before
    assert name != "read the audit" or made


COMMANDS = {
    "become admin": ["members", ME.name, "admin"],
    "admin elsewhere": ["members", ME.name, "admin", "--workspace", "elsewhere"],
    "throw the admin out": ["members", "ana", "none"],
    "refresh": ["refresh", "world_bank", "--accept"],
    "back up": ["backup", "taken.zip"],
    "restore": ["restore", "b.zip"],
    "audit": ["audit"],
    "audit to a file": ["audit", "--out", "taken.csv"],
}


@pytest.mark.parametrize("name", COMMANDS)
def test_no_command_of_a_viewer_changes_anything(closed: Store, name: str, capsys, monkeypatch):
    from data.connectors import refresh

    def offline() -> None:
        raise RefusedError([])

    monkeypatch.setattr(refresh, "cached_fetcher", offline)

    def attempt() -> None:
        with pytest.raises(SystemExit) as end:
            cli.main(COMMANDS[name])
        assert end.value.code == 1
        assert not list(Path().glob("taken.*"))

    unchanged(closed, attempt)
    said = capsys.readouterr().err
    assert f"{ME.name} is " in said
    assert "expected" in said


BUTTONS = {
    "save over": ("Save", "Save as revision 3"),
    "save new": ("Save", "Save as new"),
    "lock": ("Manage", "Lock"),
    "approve": ("Manage", "Approve revision 2"),
    "copy": ("Manage", "Copy"),
    "note": ("Manage", "Save note"),
    "take off": ("Manage", "Take it off"),
    "restore": ("Manage", "Restore it as the newest"),
}


@pytest.mark.slow
@pytest.mark.parametrize("name", BUTTONS)
def test_no_button_of_a_viewer_changes_anything(closed: Store, name: str):
    view, label = BUTTONS[name]

    def attempt() -> None:
        link = {"scenario_view": view, "of": "Plan", "saved": "Plan@2", "rack_price": "9000000"}
        app = opened("scenarios", **link)
        for key in (saved_state.NEW_NAME, saved_state.COPY_NAME):
            for field in (one for one in app.text_input if one.key == key):
                field.set_value("Mine")
        for field in (one for one in app.text_area if one.key == saved_state.NOTE_TEXT):
            field.set_value("A note")
        app = press(app, label)
        assert any("expected" in one.value for one in app.warning), "it must be said why"

    unchanged(closed, attempt)


@pytest.mark.slow
def test_no_address_changes_anything_and_uploads_are_not_accepted(closed: Store):
    def attempt() -> None:
        for link in (
            {"saved": "Plan@1", "of": "Plan", "scenario_view": "Manage", "workspace": "elsewhere"},
            {"role": "admin", "user": "ana", "accept": "true", "workspace": "main"},
        ):
            opened("scenarios", **link)
        app = opened("upload")
        content = b"Country,Year,MW\nMalaysia,2025,2500\nMalaysia,2026,3500\n"
        app.file_uploader(key="upload_file").upload("mw.csv", content, "text/csv").run()
        assert app.button(key="accept").disabled
        # A click that a browser would not send: as if the button were not greyed out.
        app.button(key="accept").proto.disabled = False
        app.button(key="accept").click().run()
        assert not app.exception

    unchanged(closed, attempt)


@pytest.mark.slow
def test_somebody_without_a_role_sees_no_page(closed: Store, monkeypatch):
    closed.set_role(ANA, ME.name, None)
    monkeypatch.setenv("RACKCAST_SIGN_IN", "proxy")
    monkeypatch.setenv("RACKCAST_PROXIES", "127.0.0.1")
    monkeypatch.setattr(sign_in_state, "visitor", lambda: (ME.name, ""))
    app = AppTest.from_file(str(APP), default_timeout=180).run()
    assert [one.value for one in app.header] == ["You have no role here yet"]
    assert not figures(app)
    with pytest.raises(RefusedError, match="not a member"):
        sign_in_state.demand("look")


def test_rows_that_only_are_added_resist_the_database_itself(closed: Store, tmp_path: Path):
    def attempt() -> None:
        with sqlite3.connect(tmp_path / "store.sqlite") as direct:
            for statement in (
                "UPDATE audit SET who = 'eve'",
                "DELETE FROM audit",
                "UPDATE scenario_revisions SET changes = '{}'",
                "DELETE FROM approvals; DELETE FROM dataset_versions",
            ):
                with pytest.raises(sqlite3.Error):
                    direct.executescript(statement)

    unchanged(closed, attempt)


def test_a_person_with_an_account_that_only_reads_changes_nothing_by_sql_or_command(
    server, monkeypatch, capsys, tmp_path
):
    """A viewer may have an account of the server, with the rights told in docs/deployment.md."""
    where = server.address("shared_with_viewers")
    with open_store(where) as store:
        owner = store.operator()
        store.set_role(owner, owner.name, Role.ADMIN)
        store.set_role(owner, "vera", Role.VIEWER)
        scenario_store.save(store, owner, Draft("Plan"))
        before = contents(store, owner)
        with store.engine.begin() as connection:
            for statement in grants("vera"):
                connection.execute(text(statement))
    vera = where.replace("rackcast@", "vera@")
    monkeypatch.setenv("RACKCAST_STORE", vera)
    with open_store(vera) as mine:
        assert mine.operator() == Actor("vera")
        assert len(scenario_store.scenarios(mine, Actor("vera"))) == 1
        # Claiming another name in a call of one's own passes the roles, but not the database.
        with pytest.raises(RefusedError, match="cannot be written"):
            scenario_store.save(mine, owner, Draft("Mine"))
        for statement in (
            "DELETE FROM members",
            "INSERT INTO members VALUES ('main','vera','admin')",
        ):
            refused = pytest.raises(Exception, match="permission denied")
            with refused, mine.engine.begin() as connection:
                connection.execute(text(statement))
    never = tmp_path / "never.zip"
    for command in (["members", "vera", "admin"], ["backup", str(never)]):
        with pytest.raises(SystemExit):
            cli.main(command)
        assert "vera is viewer" in capsys.readouterr().err
    assert not never.exists()
    with open_store(where) as store:
        assert contents(store, owner) == before


def grants(name: str) -> list[str]:
    """The statements that docs/deployment.md tells, for one account."""
    page = (Path(__file__).parents[2] / "docs" / "deployment.md").read_text("utf-8")
    block = page.split("<!-- read-only account -->")[1].split("```")[1].removeprefix("sql")
    return [one.strip() for one in block.replace("vera", name).split(";") if one.strip()]
