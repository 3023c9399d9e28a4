"""Pages take turns: in the order of asking, one at a time, slow ones let others in."""

import threading
import time
from collections.abc import Callable

import pytest
from waiting import until

from dashboard.jobs import Queue
from dashboard.turns import HOLDS_S, Turns


def nobody_left() -> None:
    """Everybody is still there."""


class LeftError(Exception):
    """What a run raises whose visitor has left."""


def asked(turns: Turns, work: Callable[[], object]) -> threading.Thread:
    before = len(turns._waiting)

    def run() -> None:
        turns.take(nobody_left)
        work()
        turns.leave()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    until(lambda: len(turns._waiting) > before or not thread.is_alive())
    return thread


def test_pages_are_drawn_one_at_a_time_in_the_order_of_asking() -> None:
    turns, order = Turns(clock=lambda: 0.0), []
    turns.take(nobody_left)
    threads = [asked(turns, lambda one=one: order.append(one)) for one in "abc"]
    time.sleep(0.02)
    assert order == []
    turns.leave()
    for thread in threads:
        thread.join(10)
    assert order == ["a", "b", "c"]


def test_a_page_that_takes_long_lets_the_next_begin_beside_it() -> None:
    now, order = [0.0], []
    turns = Turns(clock=lambda: now[0])
    turns.take(nobody_left)
    thread = asked(turns, lambda: order.append("next"))
    assert order == []
    now[0] = HOLDS_S + 0.01
    thread.join(10)
    assert order == ["next"]


def test_whoever_leaves_while_waiting_does_not_hold_up_the_next() -> None:
    turns, order = Turns(clock=lambda: 0.0), []
    holder, free = threading.Event(), threading.Event()

    def hold() -> None:
        turns.take(nobody_left)
        holder.set()
        free.wait()
        turns.leave()

    first = threading.Thread(target=hold, daemon=True)
    first.start()
    holder.wait()

    def left() -> None:
        raise LeftError

    with pytest.raises(LeftError):
        turns.take(left)
    second = asked(turns, lambda: order.append("second"))
    free.set()
    for thread in (first, second):
        thread.join(10)
    assert order == ["second"]


def test_a_page_that_waits_for_a_job_lets_others_be_drawn() -> None:
    queue, drawn = Queue(), threading.Event()

    def other() -> None:
        with queue.drawing(nobody_left):
            drawn.set()

    with queue.drawing(nobody_left), queue.behind():
        threading.Thread(target=other, daemon=True).start()
        assert drawn.wait(0.75 * HOLDS_S)
