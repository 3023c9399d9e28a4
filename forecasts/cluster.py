"""Chunks of paths carried on other machines by Dask, behind the same seam as threads here.

A chunk is the same paths wherever it is carried, and results come back in order: any number of
workers gives the same bytes, also after one of them is lost.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from data.problems import Problem, RefusedError
from forecasts.path_runs import Chunk
from forecasts.uncertainty import Mapper

if TYPE_CHECKING:
    from distributed import Client

SECONDS = 10
"""Time within which a scheduler must answer and have a worker."""

RETRIES = 5
"""Times a chunk is carried anew when its worker is lost."""


def cluster(address: str) -> Mapper:
    """Return a mapper that carries chunks on the workers of a Dask scheduler.

    Raises
    ------
    RefusedError
        When chunks are carried: if Dask is missing, or no scheduler or worker answers.
    """

    def carry(work: Callable[[slice], Chunk], slices: list[slice]) -> Iterable[Chunk]:
        client = _connected(address)
        futures = []
        try:
            # A task, not scattered data: it is made anew when the worker that holds it is lost.
            held = client.submit(_held, work, pure=False, retries=RETRIES)
            futures = client.map(_carried, slices, work=held, pure=False, retries=RETRIES)
            for place, future in enumerate(futures):
                yield future.result()
                futures[place].release()
        finally:
            client.cancel(futures)
            client.close()

    return carry


def _held(work: Callable[[slice], Chunk]) -> Callable[[slice], Chunk]:
    return work


def _carried(rows: slice, work: Callable[[slice], Chunk]) -> Chunk:
    return work(rows)


def _connected(address: str) -> "Client":
    """Return a client of a scheduler that has at least one worker."""
    try:
        from distributed import Client
    except ImportError as error:
        fix = "install Rackcast with the extra: pip install 'rackcast[cluster]'"
        raise RefusedError(
            [Problem("--cluster", "no Dask on this machine", "the package distributed", fix)]
        ) from error
    try:
        client = Client(address, timeout=SECONDS, set_as_default=False)
    except (OSError, ValueError) as error:
        expected = "the address of a running Dask scheduler, as tcp://10.0.0.5:8786"
        fix = "start one with `dask scheduler`, and workers with `dask worker`"
        raise RefusedError([Problem("--cluster", repr(address), expected, fix)]) from error
    try:
        client.wait_for_workers(1, timeout=SECONDS)
    except TimeoutError as error:
        client.close()
        fix = f"start one: `dask worker {address}`"
        raise RefusedError([Problem("--cluster", "no worker", "at least one", fix)]) from error
    return client
