"""The same work on many jobs, by as many processes as the machine has, in order."""

import os
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

Job = TypeVar("Job")
Made = TypeVar("Made")

MOST_WORKERS = 16
"""Processes at most."""

LONGEST_CHUNK = 25
"""Jobs handed to a process at once: so often does a progress bar move."""


def mapped(work: Callable[[Job], Made], jobs: Sequence[Job], *, many: int) -> Iterator[Made]:
    """Run jobs and yield what they made, in order; how many processes ran changes nothing.

    Forked, since a spawned process imports everything anew (seconds) and needs a guarded main
    module; a process that already runs threads is not forked but works alone.

    Parameters
    ----------
    work : callable
        A function of a module, so that it travels to another process.
    jobs : sequence
        What it is called with.
    many : int
        Jobs from which on processes are started.
    """
    from concurrent.futures import ProcessPoolExecutor  # only for many jobs
    from multiprocessing import get_all_start_methods, get_context

    workers = min(os.cpu_count() or 1, MOST_WORKERS)
    alone = threading.active_count() > 1 or "fork" not in get_all_start_methods()
    if len(jobs) < many or alone or workers < 2:
        yield from map(work, jobs)
        return
    chunk = min(LONGEST_CHUNK, max(1, len(jobs) // (8 * workers)))
    with ProcessPoolExecutor(workers, mp_context=get_context("fork")) as pool:
        yield from pool.map(work, jobs, chunksize=chunk)
