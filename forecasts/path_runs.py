"""Many paths through what was committed, keeping figures and cash but not the books."""

import numpy as np

from forecasts.cases import Inputs, Outputs, on_path, room_of
from forecasts.compiled import compiled
from forecasts.figures import figure_finance, figure_project
from forecasts.kernel import NET, pay_out, project
from forecasts.units import Array
from forecasts.waterfall import F_EQUITY


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
    room = room_of(months)
    for path in range(span[0], span[1]):
        for row in range(count):
            one = on_path(given, out, row, path, room)
            pay_out(one, project(one, np.zeros((0, 0))))
            kept = found[path - span[0], row]
            figure_project(one, factors[row], kept)
            figure_finance(one, room.finance, kept)
            cash[path - span[0], row, 0] = room.tracks[NET]
            cash[path - span[0], row, 1] = room.finance[F_EQUITY]
