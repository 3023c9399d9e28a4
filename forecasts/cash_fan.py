"""Cumulative cash of all factories on sampled paths: the band it stays in, month by month."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from forecasts.compiled import bare
from forecasts.uncertainty import THREADS
from forecasts.units import Array

Totals = np.ndarray[tuple[int, ...], np.dtype[np.float32]]
"""Cumulative cash, (factory + 1, month, path): single precision, since only bands are read off;
the paths of a month lie together, since they are what is sorted."""

LEVELS = (0.10, 0.50, 0.90)
"""Percentiles of the band: 8 of 10 paths lie between the first and the last."""

SIDE = 16
"""Paths added up side by side: their single-precision totals fill a line of the cache."""


@dataclass(frozen=True, slots=True, eq=False)
class CashFan:
    """Percentiles of cumulative net cash.

    Attributes
    ----------
    bands : (3, factory + 1, month) array
        P10, P50 and P90 at the end of each month, USD; the last row is all factories together.
    paths : int
        Paths behind them.
    """

    bands: Array
    paths: int


def stack_cash(cash: Array, first: int, totals: Totals) -> None:
    """Add up each factory's cash month by month.

    Parameters
    ----------
    cash : (path, factory + 1, 2, month) array
        As `run_paths` returns it.
    first : int
        Place of the first of these paths among all.
    totals : (factory + 1, month, path) array
        Filled at these paths.
    """
    _stack(cash, first, np.empty(SIDE), totals)


@bare
def _stack(cash: Array, first: int, running: Array, totals: Totals) -> None:
    """Add up some paths side by side: numpy would write each of their totals apart."""
    paths, sites, _, months = cash.shape
    for row in range(sites):
        for begin in range(0, paths, running.size):
            side = min(running.size, paths - begin)
            for lane in range(side):
                running[lane] = 0.0
            for month in range(months):
                for lane in range(side):
                    running[lane] += cash[begin + lane, row, 0, month]
                    totals[row, month, first + begin + lane] = running[lane]


def percentiles(totals: Totals) -> Array:
    """Return percentiles, (level, factory + 1, month); the paths are left in another order.

    Each row is split at one place after the other, the rest behind it alone: three times as fast as
    at all of them at once.
    """
    paths = totals.shape[-1]
    places = [min(round(level * (paths - 1)), paths - 1) for level in LEVELS]

    def of(factory: Totals) -> Totals:
        begin = 0
        for place in places:
            factory[:, begin:].partition(place - begin, axis=-1)
            begin = place + 1
        return factory[:, places].T

    with ThreadPoolExecutor(THREADS) as pool:
        return np.stack(list(pool.map(of, totals)), axis=1, dtype=np.float64)
