"""Growth of each series by month: along its mean, or along many sample paths at once."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from data.problems import Problem, RefusedError
from forecasts.outlook import Outlook
from forecasts.units import Array, Whole

BACK = 72
"""Months before the start in which a series may have ended; its growth is carried to the start."""

BLOCK = 256
"""Paths handled together: they fit the processor's cache."""

LOWEST_SHARE = 0.2
"""A year's level counts as at least this share of the last one seen: nobody buys power for nothing
for a year, however wide an interval is."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How a series grows along many paths, by month on the grid.

    Attributes
    ----------
    begun : (path,) array
        How far each path has left the mean before the first month, logarithm.
    first : int
        Place on the grid of the first month kept.
    growth : (path, month) array
        Logarithmic growth of the months kept, to the end of the forecast.
    """

    begun: Array
    first: int
    growth: Array


Growth = Callable[[str], Course]
"""Gives the course of a series by its key."""


def history_of(outlook: Outlook, key: str) -> None:
    """Refuse a series that the tables do not hold.

    Raises
    ------
    RefusedError
        If there is no such series.
    """
    if key not in outlook.histories:
        raise RefusedError(
            [Problem("data", f"no series {key!r}", "its rows in the tables", "restore them")]
        )


def monthly_growth(outlook: Outlook, key: str, ahead: Array, grid: Whole) -> Array:
    """Monthly logarithmic growth of a series' yearly level; NaN once its forecast has ended.

    Seasonal series are summed over a year first, so that a season is not read as growth; a sum
    stands at the middle of its year. Before the first value growth counts as 0. Between the
    middle of the last year and its end the last known growth goes on.

    Parameters
    ----------
    outlook : Outlook
        Histories and forecasts.
    key : str
        The series.
    ahead : (path, step) array
        Its values after the history.
    grid : (month,) array
        Months, as 12 x year + month - 1.

    Returns
    -------
    (path, month) array
    """
    history_of(outlook, key)
    history = outlook.histories[key]
    year = min(history.season, history.values.size + ahead.shape[1])
    ends = np.concatenate([history.ends, outlook.future_ends(key)])
    middle = (ends[year - 1 :] + ends[: ends.size - year + 1]) / 2
    # Only what the grid can see: from the last knot before it.
    first = max(int(np.searchsorted(middle, grid[0], side="right")) - 1, 0)
    first = min(first, history.values.size - 1)
    past = np.broadcast_to(history.values[first:], (ahead.shape[0], history.values.size - first))
    values = np.concatenate([past, ahead], axis=1)
    known = _logs(values, year)
    seen = values.shape[1] - ahead.shape[1] - year
    if 0 <= seen < known.shape[1]:
        np.maximum(known, known[:, seen : seen + 1] + np.log(LOWEST_SHARE), out=known)
    middle = middle[first:]
    if middle.size == 1:
        still: Array = np.where(grid > ends[-1], np.nan, np.zeros((ahead.shape[0], grid.size)))
        return still
    left = np.clip(np.searchsorted(middle, grid, side="right") - 1, 0, middle.size - 2)
    share = np.clip((grid - middle[left]) / (middle[left + 1] - middle[left]), 0.0, 1.0)
    logs = known[:, left] * (1 - share) + known[:, left + 1] * share
    growth: Array = np.diff(logs, prepend=logs[:, :1])
    growth[:, grid > ends[-1]] = np.nan
    late = (grid > middle[-1]) & (grid <= ends[-1])
    last = (known[:, -1] - known[:, -2]) / (middle[-1] - middle[-2])
    growth[:, late] = last[:, None]
    return growth


def course(outlook: Outlook, key: str, ahead: Array, grid: Whole, first: int) -> Course:
    """Return the course of a series along paths of its forecast.

    Parameters
    ----------
    outlook, key, ahead, grid
        As for `monthly_growth`.
    first : int
        Place on the grid from which growth is kept.
    """
    history_of(outlook, key)
    end = int(np.searchsorted(grid, outlook.future_ends(key)[-1], side="right"))
    known = grid[: max(end, first, BACK + 1)]
    mean = monthly_growth(outlook, key, outlook.forecasts[key].mean[None], known)
    before = slice(1, BACK + 1)
    begun = np.empty(ahead.shape[0])
    kept = np.empty((ahead.shape[0], max(end - first, 0)))
    for start in range(0, begun.size, BLOCK):
        rows = slice(start, start + BLOCK)
        found = monthly_growth(outlook, key, ahead[rows], known)
        begun[rows] = np.nansum((found - mean)[:, before], axis=1)
        kept[rows] = found[:, first:end]
    return Course(begun, first, kept)


def _logs(values: Array, year: int) -> Array:
    """Logarithm of the sum over the last `year` values, (path, step - year + 1)."""
    count = values.shape[1] - year + 1
    level = values[:, :count].copy()
    for place in range(1, year):
        level += values[:, place : place + count]
    logs: Array = np.log(np.maximum(level, 1e-9))
    return logs
