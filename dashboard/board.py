"""What the replicas of one machine tell each other: who draws pages, and whose heavy work is on."""

import os
from functools import lru_cache
from mmap import mmap
from typing import Final, Protocol

VARIABLE: Final = "RACKCAST_REPLICA"
"""Environment variable that a replica is begun with: its number, how many there are, and the open
files of its connections and of the board."""

MOST: Final = 64
"""Replicas of a machine."""

MOST_TOLD: Final = 255
"""Pages, and jobs, that a replica tells of."""

DRAWN, WAITING = 0, MOST
"""Where the counts of each begin in the file."""


class Board(Protocol):
    """Where a replica says what it does and sees what the others do."""

    def draws(self, pages: int) -> None:
        """Say how many pages are drawn here."""

    def others_draw(self) -> bool:
        """Whether other replicas draw pages."""

    def waits(self, jobs: int) -> None:
        """Say how many pieces of heavy work wait here."""

    def others_wait(self) -> bool:
        """Whether heavy work waits in other replicas."""

    def take(self) -> bool:
        """Take the machine's turn of heavy work; whether it is this replica's now."""

    def give_back(self) -> None:
        """Give the turn back."""


class Alone:
    """The board of a process that serves alone."""

    def draws(self, pages: int) -> None:
        """Say how many pages are drawn here; nobody listens."""

    def others_draw(self) -> bool:
        """Whether other replicas draw pages."""
        return False

    def waits(self, jobs: int) -> None:
        """Say how many pieces of heavy work wait here; nobody listens."""

    def others_wait(self) -> bool:
        """Whether heavy work waits in other replicas."""
        return False

    def take(self) -> bool:
        """Take the turn: it is nobody else's."""
        return True

    def give_back(self) -> None:
        """Give the turn back."""


class Shared:
    """A board of several replicas: a small file, held open by all of them.

    Parameters
    ----------
    file : int
        The open file; two counts for each replica.
    number, of : int
        Which replica this is, from 1, and of how many.
    """

    def __init__(self, file: int, number: int, of: int) -> None:
        if not 1 <= number <= of <= MOST:
            raise ValueError(f"replica {number} of {of}: a number from 1 to {MOST} is needed")
        self.file, self.own = file, number - 1
        self.others = [place for place in range(of) if place != self.own]
        os.ftruncate(file, 2 * MOST)
        self.counts = mmap(file, 2 * MOST)
        self.draws(0)
        self.waits(0)

    def draws(self, pages: int) -> None:
        """Say how many pages are drawn here."""
        self.counts[DRAWN + self.own] = min(pages, MOST_TOLD)

    def others_draw(self) -> bool:
        """Whether other replicas draw pages."""
        return any(self.counts[DRAWN + place] for place in self.others)

    def waits(self, jobs: int) -> None:
        """Say how many pieces of heavy work wait here."""
        self.counts[WAITING + self.own] = min(jobs, MOST_TOLD)

    def others_wait(self) -> bool:
        """Whether heavy work waits in other replicas."""
        return any(self.counts[WAITING + place] for place in self.others)

    def take(self) -> bool:
        """Take the machine's turn; the system gives it back for a replica that was killed."""
        import fcntl

        try:
            fcntl.lockf(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1)
        except OSError:
            return False
        return True

    def give_back(self) -> None:
        """Give the turn back."""
        import fcntl

        fcntl.lockf(self.file, fcntl.LOCK_UN, 1)


class Place:
    """Which of how many replicas this process is.

    Parameters
    ----------
    number, of : int
        Its number, from 1, and how many there are.
    connections : int
        Open file on which it is given its connections; below zero where it serves alone.
    board : Board
        What it tells the others.
    """

    def __init__(self, number: int, of: int, connections: int, board: Board) -> None:
        self.number, self.of, self.connections, self.board = number, of, connections, board


@lru_cache(maxsize=1)
def place() -> Place:
    """Return which replica this process is, as it was begun; the only one where nothing is said."""
    said = os.environ.get(VARIABLE, "")
    if not said:
        return Place(1, 1, -1, Alone())
    number, of, connections, file = map(int, said.split())
    return Place(number, of, connections, Shared(file, number, of))
