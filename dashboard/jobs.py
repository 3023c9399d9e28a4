"""Heavy work in turn: a bounded queue, fair between people, that gives way to pages.

Every job runs in the thread that asked for it, so that whoever leaves takes the job along: waiting
and working both ask `alive` a few times a second, and that may raise to end the job.
"""

import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Condition, get_ident
from typing import Final

from dashboard.board import Alone, Board
from dashboard.turns import Turns
from data.problems import Problem, RefusedError

SLOTS: Final = 1
"""Jobs at work at a time: each uses every core by itself."""

MOST_WAITING, MOST_OF_ONE = 200, 6
"""Jobs that may wait, of all people and of one."""

LONGEST_S: Final = 300.0
"""Seconds after which a job is ended."""

LOOK_S: Final = 0.1
"""Seconds between looks at whether a waiting job's visitor is still there."""

GIVE_WAY_S: Final = 0.5
"""Longest pause of a job, at each step, while pages are being drawn."""

PATIENCE_S: Final = 8.0
"""Seconds that a job waits at most, before it begins, for a moment in which no page is drawn."""

GLANCE_S: Final = 0.02
"""Seconds between looks at whether other replicas still draw."""


@dataclass(slots=True, eq=False)
class Job:
    """One piece of heavy work.

    Attributes
    ----------
    who, what : str
        For whom, and what it is.
    size : int
        How much work it is; among people who had as much, the smaller is first.
    number : int
        In order of asking.
    asked, begun : float
        When, on the queue's clock; below zero before it has begun.
    done, of : int
        Steps.
    ended_by : str
        Who asked to end it; empty while nobody has.
    thread : int
        Of the page it works for: what is drawn there does not hold it up.
    """

    who: str
    what: str
    size: int = 0
    number: int = 0
    asked: float = 0.0
    begun: float = -1.0
    done: int = 0
    of: int = 0
    ended_by: str = ""
    thread: int = field(default_factory=get_ident)


@dataclass(slots=True)
class Queue:
    """All heavy work of one process.

    Attributes
    ----------
    slots : int
        Jobs at work at a time.
    clock : callable
        Seconds that only grow.
    board : Board
        What other replicas of this machine do: they draw pages, or their jobs are at work.
    turns : Turns
        Of pages that are drawn.
    """

    slots: int = SLOTS
    clock: Callable[[], float] = time.monotonic
    board: Board = field(default_factory=Alone)
    turns: Turns = field(default_factory=Turns)
    waiting: list[Job] = field(default_factory=list)
    working: list[Job] = field(default_factory=list)
    finished: int = 0
    ended: int = 0
    waits: deque[float] = field(default_factory=lambda: deque(maxlen=200))
    _served: dict[str, int] = field(default_factory=dict)
    _asked: int = 0
    _drawing: set[int] = field(default_factory=set)
    _changed: Condition = field(default_factory=Condition)

    @contextmanager
    def turn(
        self,
        job: Job,
        alive: Callable[[], object],
        told: Callable[[int], object] | None = None,
    ) -> Iterator[Callable[[int, int], None]]:
        """Wait for a job's turn and hold it; give what the job must tell each step to.

        Parameters
        ----------
        job : Job
            The work.
        alive : callable
            Asked while waiting and at each step; raises when nobody waits for the work any more.
        told : callable, optional
            Told how many are before it, while waiting.

        Raises
        ------
        RefusedError
            If too many wait already, or an admin or the time limit has ended the job.
        """
        self._join(job)
        through = False
        try:
            self._wait(job, alive, told)
            yield lambda done, of: self._step(job, alive, (done, of))
            through = True
        finally:
            self._leave(job, through=through)

    def _join(self, job: Job) -> None:
        with self._changed:
            own = sum(one.who == job.who for one in (*self.waiting, *self.working))
            if len(self.waiting) >= MOST_WAITING or own >= MOST_OF_ONE:
                found = f"{len(self.waiting)} jobs wait, {own} of them yours"
                expected = f"fewer than {MOST_WAITING}, and than {MOST_OF_ONE} of one person"
                fix = "wait a little, or close other pages of yours, then try again"
                raise RefusedError([Problem(job.what, found, expected, fix)])
            self._asked += 1
            job.number, job.asked = self._asked, self.clock()
            self.waiting.append(job)
            self._call()
            self.board.waits(len(self.waiting))

    def _wait(
        self, job: Job, alive: Callable[[], object], told: Callable[[int], object] | None
    ) -> None:
        while True:
            with self._changed:
                self._call()
                if job.begun >= 0:
                    break
                before = len(self.waiting) - 1 + len(self.working)
            self._demand(job)
            alive()
            if told is not None:
                told(before)
            with self._changed:
                if job.begun < 0:
                    self._changed.wait(LOOK_S)
        self.waits.append(job.begun - job.asked)

    def _call(self) -> None:
        """Let the next begin: of whoever has had least since the queue was empty, the oldest."""
        while self.waiting and len(self.working) < self.slots:
            chosen = min(
                self.waiting, key=lambda one: (self._served.get(one.who, 0), one.size, one.number)
            )
            if not self._quiet(chosen):
                return
            self.waiting.remove(chosen)
            self.working.append(chosen)
            self._served[chosen.who] = self._served.get(chosen.who, 0) + chosen.size
            chosen.begun = self.clock()
            self.board.waits(len(self.waiting))
            self._changed.notify_all()

    def _quiet(self, job: Job) -> bool:
        """Whether the next may begin: no other page is drawn, or not for long; no replica works."""
        longest = self.clock() - min(one.asked for one in self.waiting)
        return (longest > PATIENCE_S or not self._busy(job)) and self.board.take()

    def _busy(self, job: Job) -> bool:
        """Whether pages are drawn, but for the one that the job is for."""
        return bool(self._drawing - {job.thread}) or self.board.others_draw()

    def _leave(self, job: Job, *, through: bool) -> None:
        with self._changed:
            self.finished += through
            self.ended += not through
            for held in (self.waiting, self.working):
                with suppress(ValueError):
                    held.remove(job)
            self.board.waits(len(self.waiting))
            if not self.working:
                self.board.give_back()
            if not self.board.others_wait():
                self._call()
            if not self.working and not self.waiting:
                self._served.clear()

    def _step(self, job: Job, alive: Callable[[], object], steps: tuple[int, int]) -> None:
        job.done, job.of = steps
        self._demand(job)
        alive()
        self.give_way(job)

    def _demand(self, job: Job) -> None:
        if job.begun >= 0 and self.clock() - job.begun > LONGEST_S:
            job.ended_by = job.ended_by or f"the limit of {LONGEST_S:.0f} s"
        if job.ended_by:
            fix = "try again later, or with fewer paths"
            raise RefusedError([Problem(job.what, f"ended by {job.ended_by}", "its end", fix)])

    def end(self, number: int, by: str) -> bool:
        """End a job, waiting or at work; whether there was one of this number."""
        with self._changed:
            found = [one for one in (*self.waiting, *self.working) if one.number == number]
            for one in found:
                one.ended_by = by
            self._changed.notify_all()
        return bool(found)

    @contextmanager
    def drawing(self, alive: Callable[[], object]) -> Iterator[None]:
        """Wait for a page's turn to be drawn, and hold it: jobs give way to it."""
        self._draw(now=True)
        try:
            self.turns.take(alive)
            yield
        finally:
            self.turns.leave()
            self._draw(now=False)

    @contextmanager
    def behind(self) -> Iterator[None]:
        """Say that this thread's page is drawn so far and now only waits for a job."""
        drew = get_ident() in self._drawing
        self.turns.leave()
        self._draw(now=False)
        try:
            yield
        finally:
            self._draw(now=drew)

    def _draw(self, *, now: bool) -> None:
        with self._changed:
            (self._drawing.add if now else self._drawing.discard)(get_ident())
            self.board.draws(len(self._drawing))
            if not self._drawing:
                self._changed.notify_all()

    def give_way(self, job: Job) -> None:
        """Pause a job while other pages are being drawn, for a moment at most."""
        until = self.clock() + GIVE_WAY_S
        with self._changed:
            while self._busy(job) and self.clock() < until:
                left = until - self.clock()
                self._changed.wait(left if self._drawing else min(left, GLANCE_S))

    def state(self) -> tuple[tuple[Job, ...], tuple[Job, ...]]:
        """Return the jobs at work and those waiting, in order of asking."""
        with self._changed:
            return tuple(self.working), tuple(self.waiting)
