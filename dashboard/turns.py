"""Pages are drawn one after the other: each at full speed, whoever asked first is first."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from threading import Condition, get_ident
from typing import Final

AT_ONCE: Final = 1
"""Pages of a process drawn at a time: the interpreter does one thing at a time as well."""

HOLDS_S: Final = 0.4
"""Seconds after which a page that takes long lets the next begin beside it."""

LOOK_S: Final = 0.05
"""Seconds between looks at whether a page that waits is still wanted."""


@dataclass(slots=True)
class Turns:
    """Who is drawn, and who is next.

    Attributes
    ----------
    clock : callable
        Seconds that only grow.
    """

    clock: Callable[[], float] = time.monotonic
    _waiting: deque[int] = field(default_factory=deque)
    _since: dict[int, float] = field(default_factory=dict)
    _changed: Condition = field(default_factory=Condition)

    def take(self, alive: Callable[[], object]) -> None:
        """Wait for this thread's turn; `alive` may raise meanwhile to give it up."""
        own = get_ident()
        with self._changed:
            self._waiting.append(own)
        try:
            while not self._begun(own):
                alive()
        finally:
            with self._changed:
                if own in self._waiting:  # it gave its turn up
                    self._waiting.remove(own)
                    self._changed.notify_all()

    def _begun(self, own: int) -> bool:
        with self._changed:
            if not self._next(own):
                self._changed.wait(LOOK_S)
            if not self._next(own):
                return False
            self._waiting.popleft()
            self._since[own] = self.clock()
            return True

    def _next(self, own: int) -> bool:
        now = self.clock()
        fresh = sum(now - since < HOLDS_S for since in self._since.values())
        return self._waiting[0] == own and fresh < AT_ONCE

    def leave(self) -> None:
        """Let the next begin, if this thread had its turn."""
        with self._changed:
            self._since.pop(get_ident(), None)
            self._changed.notify_all()
