"""The store on both databases: migrations, roles, audit, what can never be changed."""

import datetime as dt
import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from data.actors import LEAST, Actor, Role, machine_user
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import save, scenarios
from data.store import Store, chained, open_store
from data.store_opening import address, shown, written
from data.store_schema import AUDIT, BLOBS, IMMUTABLE, METADATA

ANA, BEN = Actor("ana"), Actor("ben")


def test_the_migrated_schema_is_the_declared_one(store: Store):
    with store.engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_what_was_saved_is_there_when_the_store_is_opened_again(store: Store, reopen):
    made = save(store, ANA, Draft("Late grid", {"pue": 1.3}))
    with reopen() as again:
        assert scenarios(again, ANA) == (made,)


def test_every_commit_to_a_file_is_seen_by_its_times_and_sizes_and_no_read_is(tmp_path: Path):
    at = address(str(tmp_path / "s.sqlite"))
    assert written(at) == (0, 0, 0, 0)
    with open_store(str(tmp_path / "s.sqlite")) as one:
        marks = [written(at)]
        for name in ("x", "y"):
            save(one, ANA, Draft(name))
            marks.append(written(at))
            assert len(scenarios(one, ANA)) == len(marks) - 1
            assert written(at) == marks[-1]
    assert len(set(marks)) == 3
    assert written(address("postgresql://server/db")) == ()


def test_a_store_is_created_as_private_file_and_opened_twice(tmp_path: Path):
    with open_store(str(tmp_path / "a" / "s.sqlite")) as one:
        save(one, ANA, Draft("x"))
        with open_store(str(tmp_path / "a" / "s.sqlite")) as two:
            assert len(scenarios(two, BEN)) == 1
        with one.engine.connect() as connection:
            modes = [
                connection.execute(text(f"PRAGMA {mode}")).scalar()
                for mode in ("journal_mode", "synchronous", "foreign_keys", "recursive_triggers")
            ]
    assert modes == ["wal", 2, 1, 1]
    assert [path.name for path in (tmp_path / "a").iterdir()] == ["s.sqlite"]


def test_a_new_store_is_open_until_it_has_members(store: Store):
    assert store.role(ANA) is Role.ADMIN
    with pytest.raises(RefusedError, match="no admin would be left"):
        store.set_role(ANA, "ben", Role.VIEWER)
    with pytest.raises(RefusedError, match="make somebody an admin of 'main' first"):
        store.set_role(Actor("ana", "elsewhere"), "ana", Role.ADMIN)
    store.set_role(ANA, "ana", Role.ADMIN)
    store.set_role(ANA, "ben", Role.VIEWER)
    assert store.members(BEN) == {"ana": Role.ADMIN, "ben": Role.VIEWER}
    assert store.role(Actor("eve")) is None
    with pytest.raises(RefusedError, match="eve is not a member, expected viewer"):
        scenarios(store, Actor("eve"))
    with pytest.raises(RefusedError, match="no admin would be left"):
        store.set_role(ANA, "ana", None)
    assert store.members(ANA)["ana"] is Role.ADMIN


def test_a_closed_store_is_closed_in_every_workspace_and_its_admins_are_admins_everywhere(
    store: Store,
):
    store.set_role(ANA, "ana", Role.ADMIN)
    elsewhere = Actor("ana", "elsewhere")
    assert store.role(elsewhere) is Role.ADMIN
    assert store.role(Actor("ben", "elsewhere")) is None
    store.set_role(elsewhere, "ben", Role.ANALYST)
    assert store.role(Actor("ben", "elsewhere")) is Role.ANALYST
    assert store.role(BEN) is None
    with pytest.raises(RefusedError, match="no admin would be left"):
        store.set_role(ANA, "ana", None)


def test_first_admins_are_appointed_once_and_nobody_after_them(store: Store, monkeypatch):
    assert store.appoint([]) == ()
    assert store.appoint(["ana", "root", "ana"]) == ("ana", "root")
    assert store.appoint(["eve"]) == ()
    monkeypatch.setenv("RACKCAST_ADMINS", "eve")
    assert store.role(Actor("eve")) is None
    assert store.role(Actor("root")) is Role.ADMIN
    assert [row["subject"] for row in store.audit(ANA)] == ["member ana", "member root"]


def test_who_works_by_command_is_what_system_or_database_say_not_the_environment(
    store: Store, monkeypatch
):
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME", "PGUSER"):
        monkeypatch.setenv(name, "ana")
    expected = "rackcast" if store.on_server else machine_user()
    assert store.operator("x") == Actor(expected, "x")
    assert machine_user() != "ana"


@pytest.mark.parametrize("action", LEAST)
def test_each_role_may_do_what_is_listed_and_nothing_more(tmp_path: Path, action: str):
    with open_store(str(tmp_path / "s.sqlite")) as store:
        for role in (Role.ADMIN, *Role):
            store.set_role(Actor("admin"), role, role)
        for role in Role:
            if role.covers(LEAST[action]):
                store.record(Actor(role), action, "attempt")
            else:
                with pytest.raises(RefusedError, match=f"{role} is {role}, expected"):
                    store.record(Actor(role), action, "attempt")


def test_audit_rows_tell_who_when_before_and_after_in_an_unbroken_chain(store: Store):
    save(store, ANA, Draft("x", {"pue": 1.3}))
    save(store, ANA, Draft("x", {"pue": 1.4}), base=1)
    store.record(BEN, "export", "deck", {"scenario": "x"})
    rows = store.audit(ANA)
    assert [(row["who"], row["action"], row["role"]) for row in rows] == [
        ("ana", "save scenario", "admin"),
        ("ana", "save scenario", "admin"),
        ("ben", "export", "admin"),
    ]
    assert '"changes.pue":1.3' in rows[1]["before"]
    assert '"changes.pue":1.4' in rows[1]["after"]
    last = ""
    for row in rows:
        said = {key: row[key] for key in row if key not in {"number", "chain"}}
        assert row["chain"] == (last := chained(last, said))


def test_rows_of_immutable_tables_resist_sql(store: Store):
    save(store, ANA, Draft("x"))
    store.write(ANA, "accept data", lambda writing: writing.keep(b"content"))
    filled = {"audit", "blobs", "scenario_revisions"}
    for table in IMMUTABLE if store.on_server else filled:
        column = METADATA.tables[table].columns.keys()[0]
        for act in (f"DELETE FROM {table}", f"UPDATE {table} SET {column} = {column}"):
            refused = pytest.raises(DBAPIError, match=f"{table} is append-only")
            with refused, store.engine.begin() as connection:
                connection.execute(text(act))


def test_a_file_is_kept_once_and_checked_when_read(store: Store):
    for _ in range(2):
        name = store.write(ANA, "accept data", lambda writing: writing.keep(b"a" * 5000))
    with store.reading(ANA) as connection:
        assert store.blob(connection, name) == b"a" * 5000
        assert connection.execute(select(func.count()).select_from(BLOBS)).scalar() == 1
        with pytest.raises(RefusedError, match="file ffff is missing or changed"):
            store.blob(connection, "ffff")


def test_a_clock_that_steps_back_loses_nothing_and_keeps_the_order(where: str):
    times = iter([dt.datetime(2026, 11, 2, tzinfo=dt.UTC), dt.datetime(2026, 1, 1, tzinfo=dt.UTC)])
    with open_store(where, clock=lambda: next(times)) as store:
        save(store, ANA, Draft("x", {"pue": 1.3}))
        save(store, ANA, Draft("x", {"pue": 1.4}), base=1)
        assert scenarios(store, ANA)[0].draft.changes == {"pue": 1.4}
        rows = store.audit(ANA)
    assert [row["at"][:10] for row in rows] == ["2026-11-02", "2026-01-01"]
    assert [row["number"] for row in rows] == sorted(row["number"] for row in rows)


def test_nothing_of_a_failed_change_stays(store: Store):
    def change(writing):
        writing.keep(b"half")
        writing.log("half", None, None)
        raise KeyError("a slip")

    with pytest.raises(KeyError):
        store.write(ANA, "accept data", change)
    with store.reading(ANA) as connection:
        assert connection.execute(select(func.count()).select_from(BLOBS)).scalar() == 0
        assert connection.execute(select(func.count()).select_from(AUDIT)).scalar() == 0


def test_addresses_are_files_or_servers_and_never_show_a_password(monkeypatch, tmp_path: Path):
    monkeypatch.setenv("RACKCAST_STORE", str(tmp_path / "own.sqlite"))
    assert address().database == str(tmp_path / "own.sqlite")
    server = address("postgresql://ana:secret@db.example/rackcast?sslmode=require")
    assert server.drivername == "postgresql+psycopg"
    assert shown(server) == "store postgresql+psycopg://ana:***@db.example/rackcast"
    for wrong in ("mysql://x/y", "sqlite://", "://"):
        with pytest.raises(RefusedError, match="expected a file, sqlite:///FILE or postgresql"):
            address(wrong)


def test_a_store_that_nobody_named_lies_with_the_files_of_whoever_runs_it(monkeypatch, tmp_path):
    monkeypatch.delenv("RACKCAST_STORE")
    for home in ("ana", "ben"):
        monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / home))
        assert address().database == str(tmp_path / home / "rackcast" / "store.sqlite")


def test_a_store_of_a_newer_rackcast_is_refused(store: Store, reopen):
    with store.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(RefusedError, match="made by a newer Rackcast, expected schema"):
        reopen()


def test_a_store_of_an_older_schema_is_migrated_with_its_rows(tmp_path: Path):
    path = tmp_path / "s.sqlite"
    with sqlite3.connect(path) as old:
        old.execute("CREATE TABLE kept (number INTEGER)")
        old.execute("INSERT INTO kept VALUES (7)")
    old.close()
    with open_store(str(path)) as store, store.engine.connect() as connection:
        assert connection.execute(text("SELECT number FROM kept")).scalar() == 7
        assert scenarios(store, ANA) == ()
