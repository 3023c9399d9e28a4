"""What goes wrong with disks, processes, clocks and servers: nothing acknowledged is ever lost."""

import json
import multiprocessing
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from postgres_server import Server
from sqlalchemy.exc import OperationalError

from data import store_opening
from data.actors import Actor
from data.catalog import Catalog
from data.catalog_store import Incoming, accept, in_force, versions
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import Conflict, Saved, history, save, scenario, scenarios
from data.store import Store, open_store
from data.store_backup import back_up, contents, restore_backup

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")
ANA = Actor("ana")
FORK = multiprocessing.get_context("fork")
KILLS = 100
WRITERS = 50


def rows(value: int) -> Incoming:
    row = {"series": "count", "period": "2026", "value": float(value), "unit": "count"}
    proof = {"confidence": "assumption", "notes": "A count."}
    return Incoming("own_series", pd.DataFrame([row | proof]), file=str(value).encode() * 500)


def in_child(work: Callable[[], object]) -> object:
    """Run work in a child process and return what it returned, as JSON."""
    read, write = os.pipe()

    def run() -> None:
        os.write(write, json.dumps(work()).encode())

    child = FORK.Process(target=run)
    child.start()
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        made = answer.read()
    child.join()
    assert child.exitcode == 0, f"the child ended with {child.exitcode}"
    return json.loads(made)


def keep_saving(where: str, catalog: Catalog, tell: int) -> None:
    """Save a scenario and accept rows, again and again; tell each once it is acknowledged."""
    with open_store(where) as store:
        known = {one.name: one.revision for one in scenarios(store, ANA)}
        revision, version = known.get("counted", 0), in_force(store, ANA).version
        accepted = len(versions(store, ANA))
        while accepted < 400:
            draft = Draft("counted", {"pue": 1 + revision / 1e6}, notes={"pue": "n" * 5000})
            saved = save(store, ANA, draft, base=revision)
            revision = saved.revision
            os.write(tell, f"scenario {revision}\n".encode())
            version = accept(store, ANA, rows(accepted), base=version, below=catalog).version
            accepted += 1
            os.write(tell, f"data {accepted}\n".encode())


def test_no_acknowledged_save_is_lost_by_killing_at_any_moment(tmp_path: Path, monkeypatch):
    """A store that kept every acknowledged row, after each of 100 kills during saves."""
    tables = {name: frame.head(0) for name, frame in in_force_of_nothing().tables.items()}
    small = Catalog(tables, "small0000000")
    # Children are forked: they see it too.
    monkeypatch.setattr("data.catalog_store.bundled", lambda: small)
    where, chance = str(tmp_path / "s.sqlite"), random.Random(7)
    acknowledged = {"scenario": 0, "data": 0}
    for _ in range(KILLS):
        read, write = os.pipe()
        child = FORK.Process(target=keep_saving, args=(where, small, write))
        child.start()
        os.close(write)
        with os.fdopen(read, "rb") as told:
            lines = [told.readline()]
            time.sleep(chance.uniform(0, 0.03))
            os.kill(child.pid, signal.SIGKILL)
            lines += told.read().splitlines()
        child.join()
        for line in filter(None, lines):
            kind, number = line.split()
            acknowledged[kind.decode()] = int(number)
        with open_store(where) as store:
            assert store.notices == ()
            kept = history(store, ANA, "counted")
            assert [one.revision for one in kept] == list(range(1, len(kept) + 1))
            # One more may have been saved than was told.
            assert 0 <= len(kept) - acknowledged["scenario"] <= 1
            assert 0 <= len(versions(store, ANA)) - acknowledged["data"] <= 1
    assert acknowledged["scenario"] >= KILLS / 2


def in_force_of_nothing() -> Catalog:
    from data.catalog import bundled

    return bundled()


def write_once(where: str, number: int, tell: int) -> None:
    with open_store(where) as store:
        made = save(store, Actor(f"writer {number}"), Draft(f"own {number}"))
        assert isinstance(made, Saved)
        base = 0
        while isinstance(made := save(store, ANA, Draft("shared"), base=base), Conflict):
            base = made.theirs.revision
        os.write(tell, f"{made.revision}\n".encode())


def test_fifty_writers_at_once_all_save_and_none_overwrites_another(where: str):
    open_store(where).close()
    read, write = os.pipe()
    children = [
        FORK.Process(target=write_once, args=(where, number, write)) for number in range(WRITERS)
    ]
    for child in children:
        child.start()
    os.close(write)
    with os.fdopen(read, "rb") as told:
        revisions = sorted(int(line) for line in told)
    for child in children:
        child.join()
    assert [child.exitcode for child in children] == [0] * WRITERS
    assert revisions == list(range(1, WRITERS + 1))
    with open_store(where) as store:
        assert len(scenarios(store, ANA)) == WRITERS + 1
        assert scenario(store, ANA, "shared").revision == WRITERS


@contextmanager
def small_disk(folder: Path, limit: int) -> Iterator[None]:
    """A disk of few bytes: a small tmpfs where one can be mounted, else a limit on files."""
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={limit}", "tmpfs", str(folder)],
        capture_output=True,
        check=False,
    )
    if mounted.returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", str(folder)], check=True)
        return
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit // 3, resource.RLIM_INFINITY))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))


def until_refused(store: Store) -> tuple[int, str]:
    noise = random.Random(1)
    for revision in range(200):
        text = "".join(chr(noise.randrange(0x4E00, 0x9000)) for _ in range(20_000))
        try:
            save(store, ANA, Draft("big", notes={"pue": text}), base=revision)
        except RefusedError as refused:
            return revision, str(refused)
    raise AssertionError("the disk never filled up")


def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path):
    def work() -> tuple[int, str, int, int, list[str]]:
        with small_disk(tmp_path, 3_000_000):
            where = str(tmp_path / "s.sqlite")
            with open_store(where) as store:
                saved, message = until_refused(store)
                kept = len(history(store, ANA, "big"))
            with open_store(where) as store:
                again = len(history(store, ANA, "big"))
                return saved, message, kept, again, list(store.notices)

    saved, message, kept, again, notices = in_child(work)
    assert saved > 1
    assert (kept, again, notices) == (saved, saved, [])
    assert "nothing was saved" in message
    assert "free some space" in message


def test_a_limit_on_files_is_said_and_loses_nothing(tmp_path: Path):
    def work() -> tuple[int, str, int]:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        where = str(tmp_path / "s.sqlite")
        with open_store(where) as store:
            resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, resource.RLIM_INFINITY))
            saved, message = until_refused(store)
            endless = (resource.RLIM_INFINITY, resource.RLIM_INFINITY)
            resource.setrlimit(resource.RLIMIT_FSIZE, endless)
            # With space again the same store goes on.
            save(store, ANA, Draft("big"), base=saved)
            return saved, message, len(history(store, ANA, "big"))

    saved, message, kept = in_child(work)
    assert saved > 1
    assert kept == saved + 1
    assert "nothing was saved" in message
    assert "free some space" in message


def test_a_locked_store_is_said_and_works_once_it_is_free(tmp_path: Path, monkeypatch):
    monkeypatch.setattr(store_opening, "WAIT_SECONDS", 0)
    with open_store(str(tmp_path / "s.sqlite")) as store:
        other = sqlite3.connect(tmp_path / "s.sqlite", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(RefusedError, match=r"locked by another program, .*; try again"):
            save(store, ANA, Draft("x"))
        assert scenarios(store, ANA) == ()
        other.execute("ROLLBACK")
        other.close()
        assert save(store, ANA, Draft("x")).revision == 1


@pytest.mark.parametrize("log_left", [False, True])
def test_a_folder_that_cannot_be_written_can_still_be_read(log_left: bool):
    folder = Path(tempfile.mkdtemp(dir="/tmp"))
    where = str(folder / "s.sqlite")
    store = open_store(where)
    save(store, ANA, Draft("x", {"pue": 1.3}))
    if not log_left:
        store.close()
    folder.chmod(0o555)

    def work() -> tuple[list[str], float, list[str]]:
        if os.getuid() == 0:
            os.setresuid(65534, 65534, 65534)
        with open_store(where) as read_only:
            refusals = []
            for attempt in (
                lambda: save(read_only, ANA, Draft("y")),
                lambda: open_store(str(folder / "new.sqlite")),
            ):
                try:
                    attempt()
                except RefusedError as refused:
                    refusals.append(str(refused))
            found = scenario(read_only, ANA, "x").draft.changes["pue"]
            return list(read_only.notices), found, refusals

    notices, found, refusals = in_child(work)
    folder.chmod(0o755)
    store.close()
    shutil.rmtree(folder)
    assert notices == ["s.sqlite can be read but not written: nothing can be saved."]
    assert found == 1.3
    assert len(refusals) == 2
    assert "it cannot be written" in refusals[0]
    assert "it cannot be created (Permission denied)" in refusals[1]


def half(content: bytes) -> bytes:
    return content[: len(content) // 2]


def holed(content: bytes) -> bytes:
    return content[:4096] + b"\xff" * 8192 + content[12288:]


@pytest.mark.parametrize(
    "spoil", [half, holed, lambda _: b"", lambda _: b"not a database" * 500], ids=str
)
def test_a_damaged_file_is_set_aside_whole_and_said(tmp_path: Path, spoil):
    path = tmp_path / "s.sqlite"
    with open_store(str(path)) as store:
        save(store, ANA, Draft("x"))
    spoilt = spoil(path.read_bytes())
    path.write_bytes(spoilt)
    with open_store(str(path)) as store:
        (notice,) = store.notices
        assert "s.sqlite was damaged" in notice
        assert "s.sqlite.damaged-1" in notice
        assert "rackcast restore" in notice
        assert save(store, ANA, Draft("y")).revision == 1
    assert (tmp_path / "s.sqlite.damaged-1").read_bytes() == spoilt
    with open_store(str(path)) as store:
        assert store.notices == ()


def test_a_draft_of_a_store_left_by_a_kill_does_no_harm(tmp_path: Path):
    (tmp_path / ".s.sqlite.0123456789ab").write_bytes(b"half")
    with open_store(str(tmp_path / "s.sqlite")) as store:
        assert save(store, ANA, Draft("x")).revision == 1


def test_an_answer_lost_after_the_commit_is_not_saved_twice(store: Store, monkeypatch):
    whole = store.transaction
    lost = []

    @contextmanager
    def losing():
        with whole() as connection:
            yield connection
        if not lost:
            lost.append(True)
            raise OperationalError("COMMIT", {}, OSError("gone"), connection_invalidated=True)

    monkeypatch.setattr(store, "transaction", losing)
    made = save(store, ANA, Draft("x"))
    assert lost
    assert made.revision == 1
    assert history(store, ANA, "x") == (made,)
    assert len(store.audit(ANA)) == 1


def test_backup_wipe_restore_gives_the_same_hashes(store: Store, tmp_path: Path, catalog: Catalog):
    save(store, ANA, Draft("x", {"pue": 1.25}))
    made = accept(store, ANA, rows(7), base=catalog.version)
    before = contents(store, ANA)
    backup = back_up(store, ANA, tmp_path / "b.zip")
    assert backup == before
    assert before.rows["audit"] == 2
    with open_store(str(tmp_path / "other.sqlite")) as other:
        assert restore_backup(other, ANA, tmp_path / "b.zip") == before
        assert contents(other, ANA) == before
        assert in_force(other, ANA).version == made.version
        assert save(other, ANA, Draft("x"), base=1).revision == 2
        with pytest.raises(RefusedError, match="expected an empty store"):
            restore_backup(other, ANA, tmp_path / "b.zip")


def test_a_backup_of_a_laptop_goes_to_a_server(server: Server, tmp_path: Path, catalog: Catalog):
    with open_store(str(tmp_path / "s.sqlite")) as store:
        accept(store, ANA, rows(7), base=catalog.version)
        before = back_up(store, ANA, tmp_path / "b.zip")
    with open_store(server.address("moved")) as moved:
        restore_backup(moved, ANA, tmp_path / "b.zip")
        assert contents(moved, ANA) == before
        version = in_force(moved, ANA).version
        assert accept(moved, ANA, rows(8), base=version).stack[-1].number == 2


@pytest.mark.parametrize("spoil", [half, holed, lambda _: b"", lambda _: b"PK no zip"], ids=str)
def test_a_damaged_backup_restores_nothing(tmp_path: Path, spoil):
    path = tmp_path / "b.zip"
    with open_store(str(tmp_path / "s.sqlite")) as store:
        for name in "abc":
            save(store, ANA, Draft(name, notes={"pue": str(random.Random(1).random()) * 2000}))
        back_up(store, ANA, path)
    content = path.read_bytes()
    path.write_bytes(spoil(content) if len(spoil(content)) < 3 * len(content) else half(content))
    with open_store(str(tmp_path / "new.sqlite")) as new:
        with pytest.raises(RefusedError, match="nothing was restored"):
            restore_backup(new, ANA, path)
        assert sum(contents(new, ANA).rows.values()) == 0
