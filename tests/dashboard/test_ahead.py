"""Work begun with a page: it stands back, it is given up with the page, its faults are told."""

import os
import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from waiting import until

from dashboard import sure_state
from dashboard.ahead import STANDS_BACK, Ahead, GivenUpError
from dashboard.jobs import Job, Queue
from dashboard.jobs_state import Begun
from data.problems import Problem, RefusedError

APP = Path(sure_state.__file__).parent / "app.py"


def nobody_left() -> None:
    """Everybody is still there."""


def test_work_ahead_gives_what_comes_out_and_raises_what_went_wrong() -> None:
    assert Ahead(lambda _: threading.current_thread().name).result(nobody_left) == "ahead_0"
    refused = RefusedError([Problem("paths", "7", "at least 8", "give more")])

    def fails(_: object) -> None:
        raise refused

    with pytest.raises(RefusedError, match="at least 8"):
        Ahead(fails).result(nobody_left)


def test_who_waits_is_asked_and_may_leave_and_given_up_work_ends_at_its_next_step() -> None:
    looked, ended = threading.Event(), threading.Event()

    def goes_on(wanted) -> None:
        try:
            while True:
                looked.wait(0.01)
                wanted()
        except GivenUpError:
            ended.set()
            raise

    work = Ahead(goes_on)

    def leaves() -> None:
        looked.set()
        raise KeyError("left")

    with pytest.raises(KeyError, match="left"):
        work.result(leaves)
    assert not ended.is_set()
    work.give_up()
    assert ended.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="threads have priorities on Linux alone")
def test_work_ahead_and_the_threads_it_begins_stand_back() -> None:
    def niceness() -> int:
        return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())

    def both(_: object) -> tuple[int, int]:
        return niceness(), Ahead(lambda _: niceness()).result(nobody_left)

    own = niceness()
    first, inner = Ahead(both).result(nobody_left)
    assert first == min(own + STANDS_BACK, 19)
    assert inner >= first
    assert niceness() == own


def test_a_page_does_not_hold_up_its_own_work_but_that_of_others() -> None:
    queue = Queue()
    with queue.drawing(nobody_left):
        page = threading.get_ident()
        own, other = Job("ana", "own", thread=page), Job("ben", "other", thread=-1)
        queue._join(own)
        assert own.begun >= 0
        queue._leave(own, through=True)
        queue._join(other)
        assert other.begun < 0
    with queue._changed:
        queue._call()
    assert other.begun >= 0
    queue._leave(other, through=True)


def test_what_was_begun_for_a_page_is_given_up_when_its_run_ends_early() -> None:
    held, given_up = sure_state._held(), threading.Event()

    def goes_on(wanted) -> None:
        try:
            while True:
                given_up.wait(0.01)
                wanted()
        except GivenUpError:
            given_up.set()

    with pytest.raises(KeyError), sure_state.ahead_of_page():  # noqa: PT012
        held.begun[threading.get_ident()] = Begun(Job("ana", "x"), Ahead(goes_on))
        raise KeyError("another run is asked for")
    assert given_up.wait(10)
    assert threading.get_ident() not in held.begun


@pytest.mark.slow
def test_the_overview_begins_its_paths_with_the_page_and_shows_the_band(monkeypatch) -> None:
    made: list[str] = []
    before = sure_state.ahead
    monkeypatch.setattr(
        sure_state, "ahead", lambda what, *rest: made.append(what) or before(what, *rest)
    )
    page = AppTest.from_file(str(APP), default_timeout=90).run()
    assert not page.exception
    assert made == []  # a new browser first draws its page
    page.slider(key="control_gpu_hour_price").set_value(6.5).run()
    assert not page.exception
    assert len(made) == 1
    assert made[0].startswith("128 paths of base")
    assert any("rc-paths-128" in one.proto.body for one in page.get("html"))
    until(lambda: not sure_state._held().begun)
