"""Many paths through what was committed, keeping figures and cash but not the books."""

import numpy as np

from forecasts.cases import Inputs, Outputs, factory, late
from forecasts.compiled import compiled
from forecasts.figures import figure_finance, figure_project
from forecasts.kernel import ALL_LINES, ALL_TRACKS, NET, pay_out, project
from forecasts.units import Array
from forecasts.waterfall import F_EQUITY, FINANCE


@compiled
def run_paths(
    given: Inputs,
    out: Outputs,
    span: tuple[int, int],
    factors: Array,
    found: Array,
    cash: Array,
) -> None:
    """Carry paths through what was committed; keep their figures and cash only.

    The break-even price and the cost of a delay, a search each, are left out.

    Parameters
    ----------
    given, out
        As in `cases.follow`.
    span : (int, int)
        First path, and the first no longer carried.
    factors : (factory, month) array
        Discount factors.
    found : (path of the span, factory, figure) array
        Filled; must hold zeros.
    cash : (path of the span, factory, 2, month) array
        Filled with the project's cash and the owners'.
    """
    count, months = factors.shape
    lines, tracks = np.empty((ALL_LINES, months)), np.empty((ALL_TRACKS, months))
    finance = np.empty((len(FINANCE), months))
    for path in range(span[0], span[1]):
        for row in range(count):
            lines[:], tracks[:] = 0.0, 0.0
            one = factory(given, out, row, path, lines, (tracks, finance))
            if given.slip[path, row] > 0:
                one = late(one, given.slip[path, row])
            pay_out(one, project(one, np.zeros((0, 0))))
            kept = found[path - span[0], row]
            figure_project(one, factors[row], kept)
            figure_finance(one, finance, kept)
            cash[path - span[0], row, 0] = tracks[NET]
            cash[path - span[0], row, 1] = finance[F_EQUITY]
