"""Issues in the store: kept once, never changed, checked, carried by migration and backup."""

import json
import os
import zipfile
from pathlib import Path

import pytest
from faults import ANA, FORK
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from data import store_opening
from data.actors import Actor, Role
from data.audit import trail
from data.issue_store import Issue, issues, keep_issue
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import save, scenarios
from data.store import Store, open_store
from data.store_backup import back_up, contents, restore_backup

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


def said(value: float, note: str = "") -> Issue:
    content = {"form": "rackcast-issue-1", "series": [{"key": "a", "mean": [value]}]}
    return Issue(content, "data1", "0.1.0 (code)", "the base case", "scen1", note)


def test_an_issue_is_kept_with_who_when_versions_and_hash(store: Store):
    made, new = keep_issue(store, ANA, said(1.5, "Before the board."))
    assert new
    assert (made.number, made.who, made.note) == (1, "ana", "Before the board.")
    assert made.content["series"] == [{"key": "a", "mean": [1.5]}]
    assert (made.data_version, made.code_version) == ("data1", "0.1.0 (code)")
    assert len(made.hash) == 64
    assert made.at.startswith("20")
    assert issues(store, ANA) == (made,)
    assert issues(store, Actor("ana", "elsewhere")) == ()


def test_the_same_content_is_kept_once_whoever_issues_it_again(store: Store):
    first, _ = keep_issue(store, ANA, said(1.5))
    again, new = keep_issue(store, Actor("ben"), said(1.5, "Another note."))
    assert not new
    assert again == first
    _, other = keep_issue(store, ANA, said(1.6))
    assert other
    assert [one.number for one in issues(store, ANA)] == [1, 2]
    elsewhere = Actor("ana", "elsewhere")
    assert keep_issue(store, elsewhere, said(1.5))[1]
    told = [row["subject"] for row in trail(store, ANA).rows]
    assert told == ["issue 1", "issue 2"]
    assert trail(store, ANA).broken == ()


def test_a_kept_issue_can_neither_be_changed_nor_removed(store: Store):
    keep_issue(store, ANA, said(1.5))
    for act in ("DELETE FROM issues", "UPDATE issues SET note = 'x'"):
        refused = pytest.raises(DBAPIError, match="issues is append-only")
        with refused, store.engine.begin() as connection:
            connection.execute(text(act))


def test_a_viewer_looks_and_cannot_issue_and_a_note_has_an_end(store: Store):
    store.set_role(ANA, "ana", Role.ADMIN)
    store.set_role(ANA, "vera", Role.VIEWER)
    keep_issue(store, ANA, said(1.5))
    assert len(issues(store, Actor("vera"))) == 1
    with pytest.raises(RefusedError, match="vera is viewer, expected analyst"):
        keep_issue(store, Actor("vera"), said(1.6))
    with pytest.raises(RefusedError, match="expected at most 2,000"):
        keep_issue(store, ANA, said(1.6, "n" * 2001))


def issue_once(where: str, value: float, tell: int) -> None:
    with open_store(where) as store:
        made, new = keep_issue(store, Actor(f"writer {os.getpid()}"), said(value))
        os.write(tell, f"{made.number} {new}\n".encode())


def test_many_issues_at_once_are_all_kept_and_equal_ones_once(where: str):
    open_store(where).close()
    read, write = os.pipe()
    values = [1.0, 1.0, 1.0, 1.0, 2.0, 2.0]
    children = [FORK.Process(target=issue_once, args=(where, one, write)) for one in values]
    for child in children:
        child.start()
    os.close(write)
    with os.fdopen(read, "rb") as told:
        lines = [line.split() for line in told]
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * len(values)
    assert sorted(number for number, _ in lines) in (
        [b"1"] * 4 + [b"2"] * 2,
        [b"1"] * 2 + [b"2"] * 4,
    )
    assert sum(new == b"True" for _, new in lines) == 2
    with open_store(where) as store:
        assert len(issues(store, ANA)) == 2
        assert trail(store, ANA).broken == ()


def test_a_store_of_before_issues_is_migrated_with_what_it_holds(tmp_path: Path, monkeypatch):
    where = str(tmp_path / "old.sqlite")
    with monkeypatch.context() as older:
        older.setattr(store_opening, "HEAD", "0001")
        with open_store(where) as store:
            save(store, ANA, Draft("x", {"pue": 1.3}))
            with store.engine.connect() as connection:
                held = "SELECT name FROM sqlite_master WHERE name = 'issues'"
                assert connection.execute(text(held)).first() is None
    with open_store(where) as store:
        assert [one.name for one in scenarios(store, ANA)] == ["x"]
        assert keep_issue(store, ANA, said(1.5))[1]
        assert trail(store, ANA).broken == ()
        with (
            pytest.raises(DBAPIError, match="append-only"),
            store.engine.begin() as connection,
        ):
            connection.execute(text("DELETE FROM issues"))


def test_a_backup_carries_issues_and_one_of_before_them_restores(store: Store, tmp_path: Path):
    save(store, ANA, Draft("x"))
    whole, older, spoilt = (tmp_path / name for name in ("new.zip", "old.zip", "spoilt.zip"))
    empty = back_up(store, ANA, older)
    assert empty.rows["issues"] == 0
    made, _ = keep_issue(store, ANA, said(1.5))
    before = back_up(store, ANA, whole)
    with open_store(str(tmp_path / "a.sqlite")) as other:
        restore_backup(other, ANA, whole)
        assert contents(other, ANA) == before
        assert issues(other, ANA) == (made,)
        assert keep_issue(other, ANA, said(1.5)) == (made, False)
    without(older, spoilt, "issues", "0002")
    lacks = pytest.raises(RefusedError, match="lacks issues")
    with open_store(str(tmp_path / "b.sqlite")) as other, lacks:
        restore_backup(other, ANA, spoilt)
    without(older, spoilt, "issues", "0001")
    with open_store(str(tmp_path / "c.sqlite")) as other:
        restore_backup(other, ANA, spoilt)
        assert [one.name for one in scenarios(other, ANA)] == ["x"]
        assert issues(other, ANA) == ()


def without(source: Path, target: Path, table: str, schema: str) -> None:
    """Write a backup as an older Rackcast would have: without a table."""
    with zipfile.ZipFile(source) as held, zipfile.ZipFile(target, "w") as made:
        for name in held.namelist():
            content = held.read(name)
            if name == "manifest.json":
                manifest = json.loads(content) | {"schema": schema}
                for part in ("rows", "hashes"):
                    manifest[part].pop(table)
                content = json.dumps(manifest).encode()
            if name != f"{table}.ndjson":
                made.writestr(name, content)


@pytest.mark.parametrize("content", [b"no zip", b"x\x9c\x03\x00\x00\x00\x00\x01"], ids=str)
def test_an_issue_changed_behind_the_programs_back_is_told(tmp_path: Path, content: bytes):
    with open_store(str(tmp_path / "s.sqlite")) as store:
        made, _ = keep_issue(store, ANA, said(1.5))
        with store.engine.begin() as connection:
            connection.execute(text("DROP TRIGGER blobs_no_update"))
            connection.execute(text("UPDATE blobs SET content = :one"), {"one": content})
        with pytest.raises(RefusedError, match=f"file {made.hash[:12]} is missing or changed"):
            issues(store, ANA)
