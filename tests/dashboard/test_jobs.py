"""The queue of heavy work: fair, bounded, ended by whoever leaves, gives way to pages."""

import threading
import time
from collections.abc import Callable

import pytest
from waiting import until

from dashboard import jobs
from dashboard.jobs import Job, Queue
from data.problems import RefusedError


class LeftError(Exception):
    """What a run raises whose visitor has left."""


def nobody_left() -> None:
    """Everybody is still there."""


def begun(queue: Queue, job: Job, work: Callable[[], object]) -> threading.Thread:
    def run() -> None:
        with queue.turn(job, nobody_left):
            work()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(lambda: job in (*queue.waiting, *queue.working) or job.begun >= 0)
    return thread


def test_one_at_a_time_and_whoever_had_least_is_next() -> None:
    queue, free, order = Queue(), threading.Event(), []
    threads = [begun(queue, Job("ana", "first", 512), free.wait)]
    wanted = [("ana", 512), ("ana", 4096), ("ben", 4096), ("eve", 512)]
    for who, size in wanted:
        threads.append(begun(queue, Job(who, "x", size), lambda one=(who, size): order.append(one)))
    assert len(queue.working) == 1
    assert len(queue.waiting) == 4
    free.set()
    for thread in threads:
        thread.join(10)
    # Those who had nothing yet come first, the smaller job of them before; then by what was had.
    assert order == [("eve", 512), ("ben", 4096), ("ana", 512), ("ana", 4096)]
    assert queue.state() == ((), ())
    assert queue.finished == 5


def test_a_visitor_who_leaves_takes_the_job_along_waiting_or_at_work() -> None:
    queue, free = Queue(), threading.Event()
    holder = begun(queue, Job("ana", "long"), free.wait)

    def left() -> None:
        raise LeftError

    with pytest.raises(LeftError), queue.turn(Job("ben", "waiting"), left):
        raise AssertionError("its turn never comes")
    assert [job.who for job in queue.waiting] == []
    free.set()
    holder.join(10)
    looks = iter([None])

    def leaves_later() -> None:
        if next(looks, "gone") == "gone":
            raise LeftError

    steps = []
    with pytest.raises(LeftError), queue.turn(Job("ben", "at work"), leaves_later) as step:  # noqa: PT012
        for done in range(10):
            step(done, 10)
            steps.append(done)
    assert steps == [0]
    assert queue.state() == ((), ())
    assert queue.ended == 2


def test_an_admin_and_the_clock_end_jobs_and_both_are_said() -> None:
    now = [0.0]
    queue = Queue(clock=lambda: now[0])
    job = Job("ana", "long")
    with pytest.raises(RefusedError, match="ended by ben"), queue.turn(job, nobody_left) as step:  # noqa: PT012
        step(1, 10)
        assert (job.done, job.of) == (1, 10)
        assert queue.end(job.number, "ben")
        step(2, 10)
    assert not queue.end(job.number, "ben")
    with (  # noqa: PT012
        pytest.raises(RefusedError, match="the limit of 300 s"),
        queue.turn(Job("ana", "long"), nobody_left) as step,
    ):
        now[0] += jobs.LONGEST_S + 1
        step(1, 10)


def test_too_many_are_refused_in_words_and_others_still_come_in() -> None:
    queue, free = Queue(), threading.Event()
    threads = [begun(queue, Job("ana", str(n)), free.wait) for n in range(jobs.MOST_OF_ONE)]
    with (
        pytest.raises(RefusedError, match=r"fewer than .* of one person"),
        queue.turn(Job("ana", "one more"), nobody_left),
    ):
        raise AssertionError("it is one too many")
    threads.append(begun(queue, Job("ben", "first of mine"), free.wait))
    free.set()
    for thread in threads:
        thread.join(10)
    assert queue.finished == jobs.MOST_OF_ONE + 1


def test_jobs_give_way_to_pages_but_not_for_ever(monkeypatch) -> None:
    monkeypatch.setattr(jobs, "GIVE_WAY_S", 0.05)
    monkeypatch.setattr(jobs, "PATIENCE_S", 0.0)
    queue = Queue()
    drawn, seen = threading.Event(), threading.Event()

    def page() -> None:
        with queue.drawing(nobody_left):
            seen.set()
            drawn.wait()

    thread = threading.Thread(target=page, daemon=True)
    thread.start()
    seen.wait()
    with queue.turn(Job("ana", "x"), nobody_left) as step:
        before = time.monotonic()
        step(1, 2)
        assert time.monotonic() - before >= 0.04
        drawn.set()
        thread.join(10)
        with queue.drawing(nobody_left), queue.behind():
            # A page that only waits for its job is not in its own way.
            assert queue._drawing == set()
            step(2, 2)


def test_what_is_told_while_waiting_is_how_many_come_before() -> None:
    queue, free, told = Queue(), threading.Event(), []
    threads = [begun(queue, Job(who, "x"), free.wait) for who in ("ana", "ben")]

    def tell(before: int) -> None:
        told.append(before)
        free.set()

    with queue.turn(Job("eve", "x"), nobody_left, tell):
        pass
    for thread in threads:
        thread.join(10)
    assert told[0] == 2


def test_a_person_stops_their_own_work_on_another_page_and_nobody_elses(monkeypatch) -> None:
    from dashboard import jobs_state, sign_in_state
    from data.actors import Actor

    held = Queue()
    monkeypatch.setattr(jobs_state, "queue", lambda: held)
    monkeypatch.setattr(sign_in_state, "actor", lambda: Actor("ana"))
    jobs = [Job(who, "paths", thread=-1) for who in ("ana", "ana, page 1f", "anabel", "ben")]
    jobs.append(Job("ana", "this page's own"))
    for job in jobs:
        held._join(job)
    assert [job.number for job in jobs_state.others_of_mine()] == [1, 2]
    with monkeypatch.context() as here:
        here.setattr(jobs_state, "_asker", lambda: "ana, page 1f")
        assert [job.number for job in jobs_state.others_of_mine()] == [1]
    for number in (1, 3, 4, 5):
        jobs_state.end_own(number)
    assert [bool(job.ended_by) for job in jobs] == [True, False, False, False, False]
