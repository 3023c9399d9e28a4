"""Many paths through what was committed: figures, rates and cash, but not the books."""

from typing import NamedTuple

import numpy as np

from forecasts.cases import Inputs, Outputs, on_path, room_of
from forecasts.compiled import bare
from forecasts.figures import FIGURES, figure_finance, figure_project
from forecasts.irr_rows import UNSETTLED, curves, rate_of
from forecasts.kernel import NET, pay_out, project
from forecasts.rate_signs import rate_and_status
from forecasts.records import Room
from forecasts.units import Array, Whole
from forecasts.waterfall import F_EQUITY


class Chunk(NamedTuple):
    """What a chunk of paths came to.

    Attributes
    ----------
    figures : (path, factory, figure) array
    rates : (path, factory + 1, 2) array
        Monthly rates of the project's and the owners' cash; the last row is all together. NaN
        where there is no single rate.
    together : (path, 4) array
        Peak funding, month of payback (-1 never), paid in and paid out of all together.
    """

    figures: Array
    rates: Array
    together: Array


def run_paths(
    given: Inputs, out: Outputs, span: tuple[int, int], factors: Array, keep_cash: bool = False
) -> tuple[Chunk, Array]:
    """Carry paths through what was committed.

    Where no quick proof settles a rate, the one that Newton's method finds counts if the present
    value changes sign once at 64 rates from -89 to 796 percent a month and beyond; else
    `rate_signs` answers, which searches all roots where signs do not prove several.

    The break-even price and the cost of a delay, a search each, are left out.

    Parameters
    ----------
    given, out
        As in `cases.follow`.
    span : (int, int)
        First path, and the first no longer carried.
    factors : (factory, month) array
        Discount factors.
    keep_cash : bool
        Whether the cash of every path is returned: it is most of the memory.

    Returns
    -------
    Chunk
        What they came to.
    (path or 1, factory + 1, 2, month) array
        The project's cash and the owners'; only the last path's when nobody asked for it.
    """
    paths, (sites, months) = span[1] - span[0], factors.shape
    found = Chunk(
        np.zeros((paths, sites, len(FIGURES))),
        np.empty((paths, sites + 1, 2)),
        np.empty((paths, 4)),
    )
    cash = np.empty((paths if keep_cash else 1, sites + 1, 2, months))
    codes = np.empty(found.rates.shape, np.int64)
    kept = (found, cash, codes)
    _run(given, out, span, (factors, curves(months)), kept, room_of(out, months, itemised=False))
    for path in np.unique(np.nonzero(codes == UNSETTLED)[0]):
        if not keep_cash:  # once more, now with its cash
            alone = (span[0] + int(path), span[0] + int(path) + 1)
            found.rates[path] = run_paths(given, out, alone, factors, keep_cash=True)[0].rates[0]
            continue
        for row, kind in np.argwhere(codes[path] == UNSETTLED):
            found.rates[path, row, kind] = rate_and_status(cash[path, row, kind])[0]
    return found, cash


@bare
def _run(
    given: Inputs,
    out: Outputs,
    span: tuple[int, int],
    factors: tuple[Array, Array],
    kept: tuple[Chunk, Array, Whole],
    room: Room,
) -> None:
    """Fill in what is kept; codes say which rates the scalar function must find."""
    (to_start, discounts), (found, held, codes) = factors, kept
    sites = to_start.shape[0]
    for path in range(span[0], span[1]):
        place = path - span[0]
        cash = held[place % held.shape[0]]
        for kind in range(2):
            total = cash[sites, kind]
            for month in range(total.size):
                total[month] = 0.0
        for row in range(sites):
            one = on_path(given, out, row, path, room)
            pay_out(one, project(one, room.nobody))
            figure_project(one, to_start[row], found.figures[place, row])
            figure_finance(one, room.finance, found.figures[place, row])
            _keep(room.tracks[NET], cash[row, 0], cash[sites, 0])
            _keep(room.finance[F_EQUITY], cash[row, 1], cash[sites, 1])
        for row in range(sites + 1):
            for kind in range(2):
                rate, code = rate_of(cash[row, kind], discounts, room.work, room.finance)
                found.rates[place, row, kind], codes[place, row, kind] = rate, code
        _add_up(cash[sites, 0], found.together[place])


@bare
def _keep(flows: Array, kept: Array, total: Array) -> None:
    for month in range(flows.size):
        kept[month] = flows[month]
        total[month] += flows[month]


@bare
def _add_up(flows: Array, found: Array) -> None:
    """Find the peak of all factories' cash, its payback, and what went in and out."""
    total = lowest = paid_in = paid_out = 0.0
    below = -1
    for month in range(flows.size):
        flow = flows[month]
        total += flow
        lowest = min(lowest, total)
        paid_in += max(-flow, 0.0)
        paid_out += max(flow, 0.0)
        if total < 0:
            below = month
    found[0], found[2], found[3] = -lowest, paid_in, paid_out
    found[1] = -1.0 if below < 0 or below >= flows.size - 2 else below + 1
