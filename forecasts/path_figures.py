"""Every figure of one path whose books are kept: the sums, and two searches."""

from forecasts.break_even import break_even
from forecasts.cases import Inputs, Outputs, factory, kept_in, late, room_of
from forecasts.compiled import bare
from forecasts.figures import DELAY, NPV, OVER, SCALE, figure_finance, figure_project
from forecasts.kernel import NET, TERMINAL, land_of, project
from forecasts.records import Room
from forecasts.units import Array


def figures(
    given: Inputs,
    out: Outputs,
    path: int,
    books: tuple[Array, Array, Array],
    factors: Array,
    found: Array,
) -> None:
    """Fill in `FIGURES` for every factory on one path, (factory, figure).

    Parameters
    ----------
    given, out, path, books
        As in `kernel.follow`, which has filled the books.
    factors : (factory, month) array
        Discount factors.
    found : (factory, figure) array
        Filled; must hold zeros.
    """
    _figures(
        given, out, path, books, (factors, found, room_of(out, factors.shape[1], itemised=False))
    )


@bare
def _figures(
    given: Inputs,
    out: Outputs,
    path: int,
    books: tuple[Array, Array, Array],
    kept: tuple[Array, Array, Room],
) -> None:
    factors, found, spare = kept
    months = factors.shape[1]
    for row in range(found.shape[0]):
        one = factory(given, out, row, path, kept_in(spare, books, row))
        figure_project(one, factors[row], found[row])
        figure_finance(one, books[2][row], found[row])
        end = months - 1
        gain = books[0][row][TERMINAL, end] - land_of(one.build) - books[1][row][OVER, end]
        found[row, SCALE] = break_even(one, gain, factors[row], found[row, NPV])
        slipped = late(factory(given, out, row, path, spare), 1, spare)
        project(slipped, spare.nobody)
        npv = 0.0
        for month in range(months):
            npv += slipped.book.tracks[NET, month] * factors[row, month]
        found[row, DELAY] = found[row, NPV] - npv
