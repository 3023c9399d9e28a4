"""Cumulative cash of all factories on sampled paths: the band it stays in, month by month."""

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from data.catalog import Catalog
from forecasts.compiled import bare
from forecasts.engine import inputs
from forecasts.outlook import Outlook
from forecasts.path_runs import Chunk, run_paths
from forecasts.plan import Plan
from forecasts.sampling import Design
from forecasts.uncertainty import (
    CHUNK,
    THREADS,
    Carrier,
    Progress,
    Simulation,
    carrier_of,
    summed_up,
)
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


def simulate_with_cash(
    plan: Plan,
    outlook: Outlook,
    catalog: Catalog,
    design: Design,
    progress: Progress | None = None,
) -> tuple[Simulation, CashFan]:
    """Carry sampled paths through a scenario, keeping where cumulative cash goes.

    Parameters
    ----------
    plan, outlook, catalog
        The scenario resolved, every forecast, the tables.
    design : Design
        How many paths, and which.
    progress : Progress, optional
        Told after each chunk; may raise to end the run.
    """
    carrier = carrier_of(plan, outlook, catalog, design)
    slices = [
        slice(first, min(first + CHUNK, design.paths)) for first in range(0, design.paths, CHUNK)
    ]
    totals = np.empty((len(plan.sites) + 1, plan.months, design.paths), dtype=np.float32)

    def work(rows: slice) -> Chunk:
        return _kept(carrier, rows, totals)

    chunks = []
    with ThreadPoolExecutor(THREADS) as pool:
        # Few at a time: whoever is told of progress may pause the rest, or end it.
        begun = deque(pool.submit(work, rows) for rows in slices[:THREADS])
        for place, rows in enumerate(slices):
            chunks.append(begun.popleft().result())
            if progress is not None:
                progress(rows.stop, design.paths)
            begun.extend(
                pool.submit(work, one) for one in slices[place + THREADS : place + THREADS + 1]
            )
    figures, rates, together = (
        np.concatenate([getattr(chunk, name) for chunk in chunks])
        for name in ("figures", "rates", "together")
    )
    whole = Chunk(figures, rates, together)
    found = summed_up(plan, design, carrier.committed, whole)
    return found, CashFan(percentiles(totals), design.paths)


def _kept(carrier: Carrier, rows: slice, totals: Totals) -> Chunk:
    """Carry a slice of paths as `Carrier` does, and keep their cumulative cash."""
    plan = carrier.sampler.plan
    quantities, drivers = carrier.sampler.draw(rows)
    given, span = inputs(plan, drivers, quantities), (0, len(quantities))
    found, cash = run_paths(given, carrier.committed, span, carrier.factors, keep_cash=True)
    stack_cash(cash, rows.start, totals)
    return found


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
