"""What goes wrong with disks, files, locks and answers: it is said and nothing is lost."""

import json
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from faults import ANA, FORK, half, holed
from sqlalchemy.exc import OperationalError

from data import store_opening
from data.problems import RefusedError
from data.scenario_merging import Draft
from data.scenario_store import history, save, scenario, scenarios
from data.store import Store, open_store

pytestmark = pytest.mark.filterwarnings("ignore:.*fork.*:DeprecationWarning")


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
