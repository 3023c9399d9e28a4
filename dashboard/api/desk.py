"""Work of one request after another: who waits is counted, who leaves ends what was begun."""

import asyncio
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TypeVar

from anyio import CapacityLimiter, to_thread
from starlette.requests import Request

from dashboard.api.questions import Tell
from data.problems import Problem

Made = TypeVar("Made")

AT_ONCE = 1
"""Answers worked out at the same time: a simulation keeps two cores busy by itself."""

MOST_WAITING = 16
"""Requests that wait; one more is told to come back."""

COME_BACK_S = 5
"""Seconds after which one that was sent away may ask again."""


class BusyError(Exception):
    """Too many wait already."""

    problem = Problem(
        "service",
        f"{MOST_WAITING} requests that wait",
        f"at most {MOST_WAITING}",
        f"ask again in {COME_BACK_S} seconds",
    )


class LeftError(Exception):
    """Whoever asked has left; nobody reads the answer."""


@dataclass(slots=True)
class Desk:
    """Where requests are worked on, one at a time.

    Attributes
    ----------
    turns : CapacityLimiter
        How many at a time.
    waiting : int
        Requests at work or waiting.
    """

    turns: CapacityLimiter = field(default_factory=lambda: CapacityLimiter(AT_ONCE))
    waiting: int = 0

    async def worked(self, request: Request, work: Callable[[Tell], Made]) -> Made:
        """Do work on a thread; end it as soon as it tells its progress once the caller has left.

        Raises
        ------
        BusyError
            If too many wait already.
        LeftError
            If the caller has left.
        """
        if self.waiting >= AT_ONCE + MOST_WAITING:
            raise BusyError
        left = threading.Event()

        def tell(_done: int, _of: int) -> None:
            if left.is_set():
                raise LeftError

        def begun() -> Made:
            tell(0, 1)
            return work(tell)

        self.waiting += 1
        working = asyncio.ensure_future(to_thread.run_sync(begun, limiter=self.turns))
        gone = asyncio.ensure_future(_gone(request))
        try:
            await asyncio.wait({working, gone}, return_when=asyncio.FIRST_COMPLETED)
            if not working.done():
                left.set()
            return await working
        finally:
            left.set()
            gone.cancel()
            self.waiting -= 1


async def _gone(request: Request) -> None:
    """Return once the caller has left; the body has been read."""
    while (await request.receive())["type"] != "http.disconnect":
        pass
