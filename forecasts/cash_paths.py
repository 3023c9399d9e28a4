"""Sampled paths as far as the project's cash: NPV, capex and the band of cash, in half the time.

Loans, covers and rates of return take as long as all that comes before them. Who only asks what
sites are worth, which comes first and where cash goes leaves them out; every figure has the bits
that it has beside all others.
"""

from collections import deque
from collections.abc import Callable, Generator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from typing import TypeVar

import numpy as np

from data.catalog import Catalog
from forecasts.cases import Inputs, Outputs, on_path, room_of
from forecasts.cash_fan import CashFan, Totals, percentiles, stack_cash
from forecasts.compiled import bare
from forecasts.engine import inputs
from forecasts.figures import CAPITAL, FIGURES, NPV, figure_project
from forecasts.kernel import NET, project
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.records import Room
from forecasts.sampling import Design
from forecasts.uncertainty import THREADS, Carrier, Progress, carrier_of
from forecasts.units import Array

One = TypeVar("One")

CHUNK = 128
"""Paths carried together: who gives up waits for one chunk, some 20 ms."""


@dataclass(frozen=True, slots=True, eq=False)
class CashPaths:
    """What sampled paths come to before finance.

    Attributes
    ----------
    design : Design
        The points.
    npv, capex : (path, factory) arrays
        As `uncertainty.Simulation` holds them.
    together : CashFan
        Band of cumulative cash of all factories; it has no other row.
    each : Future of CashFan
        Bands of every factory and of all, soon after.
    """

    design: Design
    npv: Array
    capex: Array
    together: CashFan
    each: Future[CashFan]

    @property
    def fan(self) -> CashFan:
        """Bands of cumulative cash of every factory and of all, once they are there."""
        return self.each.result()


def simulate_cash(
    plan: Plan,
    outlook: Outlook,
    catalog: Catalog,
    design: Design,
    progress: Progress | None = None,
) -> CashPaths:
    """Carry sampled paths through a scenario as far as the project's cash.

    Parameters
    ----------
    plan, outlook, catalog
        The scenario resolved, every forecast, the tables.
    design : Design
        How many paths, and which.
    progress : Progress, optional
        Told after each chunk; may raise to end the run.
    """
    return carry_cash(carrier_of(plan, outlook, catalog, design), design, progress)


def carry_cash(carrier: Carrier, design: Design, progress: Progress | None = None) -> CashPaths:
    """Carry the paths of a plan that is committed already, as far as the project's cash.

    Parameters
    ----------
    carrier : Carrier
        From `uncertainty.carrier_of`, of the same design.
    design, progress
        As in `simulate_cash`.
    """
    plan = carrier.sampler.plan
    sites = len(plan.sites)
    worth = np.empty((design.paths, sites, 2))
    totals = np.empty((sites + 1, plan.months, design.paths), dtype=np.float32)

    def carried(rows: slice) -> int:
        _carry(carrier, rows, worth[rows], totals)
        return int(rows.stop)

    slices = [
        slice(first, min(first + CHUNK, design.paths)) for first in range(0, design.paths, CHUNK)
    ]
    with closing(_few_at_a_time(carried, slices)) as through:
        for done in through:
            if progress is not None:
                progress(done, design.paths)
    together = CashFan(percentiles(totals[-1:]), design.paths)

    def fan() -> CashFan:
        both = [percentiles(totals[:-1]), together.bands]
        return CashFan(np.concatenate(both, axis=1), design.paths)

    with_each = beside(fan)
    return CashPaths(design, worth[:, :, 0], worth[:, :, 1], together, with_each)


def beside(work: Callable[[], One]) -> Future[One]:
    """Begin work in a thread of its own, for whoever asks for it later."""
    pool = ThreadPoolExecutor(1, "beside")
    found = pool.submit(work)
    pool.shutdown(wait=False)
    return found


def _few_at_a_time(work: Callable[[slice], int], slices: list[slice]) -> Generator[int, None, None]:
    """Work through slices in order: who takes what comes out may pause the rest, or end it."""
    with ThreadPoolExecutor(THREADS) as pool:
        begun = deque(pool.submit(work, rows) for rows in slices[:THREADS])
        for place in range(len(slices)):
            yield begun.popleft().result()
            begun.extend(
                pool.submit(work, one) for one in slices[place + THREADS : place + THREADS + 1]
            )


def _carry(carrier: Carrier, rows: slice, worth: Array, totals: Totals) -> None:
    """Carry a slice of paths: fill in what they are worth, and their cumulative cash."""
    quantities, drivers = carrier.sampler.draw(rows)
    given, out = inputs(carrier.sampler.plan, drivers, quantities), carrier.committed
    sites, months = carrier.factors.shape
    cash = np.empty((len(quantities), sites + 1, 1, months))
    room = room_of(out, months, itemised=False)
    _carried(given, out, carrier.factors, (worth, cash, np.zeros(len(FIGURES))), room)
    stack_cash(cash, rows.start, totals)


def _through(
    given: Inputs, out: Outputs, factors: Array, kept: tuple[Array, Array, Array], room: Room
) -> None:
    """Fill in NPV and capex of every factory, and the cash of each and of all, month by month."""
    worth, held, figures = kept
    for path in range(held.shape[0]):
        cash = held[path, :, 0]
        together = cash[factors.shape[0]]
        for month in range(together.size):
            together[month] = 0.0
        for row in range(factors.shape[0]):
            one = on_path(given, out, row, path, room)
            project(one, room.nobody)
            figure_project(one, factors[row], figures)
            worth[path, row, 0], worth[path, row, 1] = figures[NPV], figures[CAPITAL]
            net = room.tracks[NET]
            for month in range(net.size):
                cash[row, month] = net[month]
                together[month] += net[month]


_carried = bare(_through)
"""Called from Python alone, so numba itself sees when this file changes: it is not among the
sources whose change has every stage compiled again."""
