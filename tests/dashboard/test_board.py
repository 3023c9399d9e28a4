"""Replicas of a machine see each other's pages and take turns at heavy work."""

import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator

import pytest

from dashboard import board, jobs
from dashboard.board import Alone, Shared
from dashboard.jobs import Job, Queue

OTHER = """
import sys
from dashboard.board import Shared
other = Shared(int(sys.argv[1]), 2, 2)
for line in sys.stdin:
    print(eval(line), flush=True)
"""


@pytest.fixture
def file() -> Iterator[int]:
    with tempfile.TemporaryFile() as held:
        yield held.fileno()


@pytest.fixture
def other(file: int) -> "Iterator[subprocess.Popen[str]]":
    command = [sys.executable, "-c", OTHER, str(file)]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
    with subprocess.Popen(command, pass_fds=(file,), text=True, **pipes) as process:
        yield process
        process.kill()


def said(other: "subprocess.Popen[str]", what: str) -> str:
    other.stdin.write(f"{what}\n")
    other.stdin.flush()
    return other.stdout.readline().strip()


def nobody_left() -> None:
    """Everybody is still there."""


def test_replicas_see_each_others_pages_and_jobs_but_not_their_own(file: int) -> None:
    one, two = Shared(file, 1, 2), Shared(file, 2, 2)
    one.draws(3)
    two.waits(900)
    assert (one.others_draw(), one.others_wait()) == (False, True)
    assert (two.others_draw(), two.others_wait()) == (True, False)
    Shared(file, 1, 2)  # begun anew, it draws nothing
    assert not two.others_draw()


def test_one_replica_at_a_time_works_and_a_killed_one_gives_its_turn_back(
    file: int, other: "subprocess.Popen[str]"
) -> None:
    own = Shared(file, 1, 2)
    assert own.take()
    assert said(other, "other.take()") == "False"
    own.give_back()
    assert said(other, "other.take()") == "True"
    assert not own.take()
    other.kill()
    other.wait()
    assert own.take()


def test_a_job_begins_when_no_replica_draws_and_none_works(
    file: int, other: "subprocess.Popen[str]", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "PATIENCE_S", 60.0)
    said(other, "other.draws(1)")
    queue, begun = Queue(board=Shared(file, 1, 2)), threading.Event()

    def run() -> None:
        with queue.turn(Job("ana", "paths"), nobody_left):
            begun.set()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    assert not begun.wait(0.3)
    said(other, "other.take()")
    said(other, "other.draws(0)")
    assert not begun.wait(0.3)
    said(other, "other.give_back()")
    thread.join(10)
    assert begun.is_set()
    assert said(other, "other.take()") == "True"


def test_a_job_does_not_wait_for_a_quiet_moment_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    class Busy(Alone):
        def others_draw(self) -> bool:
            return True

    monkeypatch.setattr(jobs, "PATIENCE_S", 0.05)
    monkeypatch.setattr(jobs, "GIVE_WAY_S", 0.05)
    begun = time.monotonic()
    with Queue(board=Busy()).turn(Job("ana", "paths"), nobody_left) as step:
        step(1, 2)
    assert 0.1 <= time.monotonic() - begun < 5


def test_a_replica_that_has_ended_a_job_lets_one_of_another_begin() -> None:
    class Waited(Alone):
        def others_wait(self) -> bool:
            return True

    queue, free, at_work = Queue(board=Waited()), threading.Event(), threading.Event()

    def run() -> None:
        with queue.turn(Job("ana", "first"), nobody_left):
            at_work.set()
            free.wait()

    first = threading.Thread(target=run, daemon=True)
    first.start()
    assert at_work.wait(10)
    queue._join(Job("ben", "second"))
    free.set()
    first.join(10)
    assert [job.what for job in queue.waiting] == ["second"]


def test_a_process_is_alone_unless_it_was_begun_as_one_of_several(
    file: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    board.place.cache_clear()
    monkeypatch.delenv(board.VARIABLE, raising=False)
    assert (board.place().number, board.place().of) == (1, 1)
    board.place.cache_clear()
    monkeypatch.setenv(board.VARIABLE, f"2 3 9 {file}")
    assert (board.place().number, board.place().of, board.place().connections) == (2, 3, 9)
    board.place.cache_clear()
    with pytest.raises(ValueError, match="replica 3 of 2"):
        Shared(file, 3, 2)
