"""Work begun in a thread of its own, before the page that wants it asks for it.

A page that is being drawn leaves a core idle, and its browser another. Heavy work begun with the
page is done so much sooner, where it stands back for both.
"""

import os
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Event, get_native_id
from typing import Final, Generic, TypeVar

One = TypeVar("One")

LOOK_S: Final = 0.01
"""Seconds between looks at whether what is waited for is still wanted."""

STANDS_BACK: Final = 10
"""Added to the niceness of threads that work ahead, and of those they begin: one that draws a page,
or a browser on this machine, gets ten times their share of a core."""

NICEST: Final = 19
"""Highest niceness there is."""


class GivenUpError(Exception):
    """Raised within work that nobody wants any more."""


class Ahead(Generic[One]):
    """Work that has begun.

    Parameters
    ----------
    work : callable
        What is done, once, in a thread of its own. It is given what it must call now and then:
        that raises `GivenUpError` when nobody wants the work any more.

    Examples
    --------
    >>> Ahead(lambda wanted: 6 * 7).result(lambda: None)
    42
    """

    def __init__(self, work: Callable[[Callable[[], None]], One]) -> None:
        self._given_up = Event()
        pool = ThreadPoolExecutor(1, "ahead", stand_back)
        self._found = pool.submit(work, self._wanted)
        pool.shutdown(wait=False)

    def _wanted(self) -> None:
        if self._given_up.is_set():
            raise GivenUpError

    def give_up(self) -> None:
        """Say that nobody wants the work any more: it ends at its next step."""
        self._given_up.set()

    def result(self, alive: Callable[[], object]) -> One:
        """Wait for what comes out; what the work raised is raised here.

        Parameters
        ----------
        alive : callable
            Called meanwhile; may raise to wait no longer.
        """
        while not self._found.done():
            alive()
            try:
                self._found.exception(timeout=LOOK_S)
            except TimeoutError:
                continue
        return self._found.result()


def stand_back() -> None:
    """Let all others go first: this thread and those it begins, where threads have a priority."""
    if sys.platform == "linux":
        own = os.getpriority(os.PRIO_PROCESS, get_native_id())
        os.setpriority(os.PRIO_PROCESS, get_native_id(), min(own + STANDS_BACK, NICEST))
