"""A bar with the time left, on the terminal only, for whatever takes longer than two seconds."""

import sys
import time
from typing import TextIO

QUIET_SECONDS = 2.0
"""Time before the bar is shown."""

WIDTH = 30
"""Characters of the bar."""


class Bar:
    """Told how much is done; writes to a terminal, and nothing to a file or a pipe.

    Parameters
    ----------
    stream : TextIO, optional
        Where to write; standard error when not given.
    """

    def __init__(self, stream: TextIO | None = None) -> None:
        self.stream = stream if stream is not None else sys.stderr
        self.begun = time.monotonic()
        self.shown = False

    def __call__(self, done: int, of: int) -> None:
        """Draw how much is done."""
        taken = time.monotonic() - self.begun
        if not self.stream.isatty() or (taken < QUIET_SECONDS and not self.shown):
            return
        self.shown = True
        self.stream.write("\r" + line(done, of, taken))
        if done >= of:
            self.stream.write("\r" + " " * (WIDTH + 40) + "\r")
        self.stream.flush()


def line(done: int, of: int, taken: float) -> str:
    """Write a bar: how much is done, and the time that the rest will take at the same speed.

    Examples
    --------
    >>> line(50, 100, 3.0)
    '[###############...............]  50 %, 3 s left '
    """
    share = done / max(of, 1)
    full = round(share * WIDTH)
    return f"[{'#' * full}{'.' * (WIDTH - full)}] {left_text(share, taken)} "


def left_text(share: float, taken: float) -> str:
    """Write how much is done, and the time that the rest will take at the same speed.

    Examples
    --------
    >>> left_text(0.5, 3.0)
    ' 50 %, 3 s left'
    """
    left = taken / share - taken if share > 0 else 0.0
    return f"{share:4.0%}, {left:.0f} s left".replace("%", " %", 1)
