"""Marks on a history: values off their neighbours' line, and a break in its level."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.units import Array, Flags

OUTLIER_SPREADS = 6.0
"""A value this many robust spreads off both neighbours' line is called an outlier."""

BREAK_SPREADS = 5.0
"""A step in level this many robust spreads of the remaining moves is called a break."""

JUDGED = 8
"""Shortest history in which outliers and breaks are looked for."""

SIDE = 6
"""Values on each side of a break that tell its size."""

MAD_TO_SIGMA = 1.4826
"""Standard deviation of a normal over its median absolute deviation."""


def numbered(place: int) -> str:
    """Name an observation by its number, from 1.

    Examples
    --------
    >>> numbered(0)
    'observation 1'
    """
    return f"observation {place + 1}"


@dataclass(frozen=True, slots=True)
class Marks:
    """What stands out of a history. Places count from its first value, 0.

    Attributes
    ----------
    smoothed : tuple of int
        Outliers: smoothed for fitting, kept for scoring.
    since : int
        First value after a break in level; 0 when there is none.
    """

    smoothed: tuple[int, ...] = ()
    since: int = 0

    def told(self, name: Callable[[int], str] = numbered) -> tuple[str, ...]:
        """Say what was found and done, in sentences.

        Parameters
        ----------
        name : callable
            Names a place, such as `2024Q1`; the number of the observation when left out.

        Examples
        --------
        >>> Marks((12,), 18).told()[0]
        'Outliers smoothed for fitting: observation 13.'
        """
        said = []
        if self.smoothed:
            places = ", ".join(name(place) for place in self.smoothed)
            said.append(f"Outliers smoothed for fitting: {places}.")
        if self.since:
            said.append(f"The level breaks at {name(self.since)}.")
        return tuple(said)


NO_MARKS = Marks()
"""Nothing stands out."""


def outliers(values: Array) -> Flags:
    """Mark values far off the line between their neighbours.

    Only inner points are judged: at the end a jump may be news. A value counts when it is six
    robust spreads off the mean of its neighbours and these agree with each other.

    Parameters
    ----------
    values : (n,) array
        Seasonally adjusted history; shorter than 8 values it is not judged.
    """
    marks = np.zeros(values.size, dtype=np.bool_)
    if values.size < JUDGED:
        return marks
    distance = values[1:-1] - (values[:-2] + values[2:]) / 2
    spread = MAD_TO_SIGMA * float(np.median(np.abs(distance)))
    apart = np.abs(values[2:] - values[:-2])
    marks[1:-1] = (np.abs(distance) > OUTLIER_SPREADS * spread) & (2 * apart < np.abs(distance))
    if spread <= 0:  # A steady trend shows what is off it; a still history's few moves count.
        step = float(np.median(np.abs(np.diff(values))))
        marks[1:-1] &= (np.abs(distance) > OUTLIER_SPREADS * step) & (step > 0)
    return marks


def break_at(values: Array) -> int:
    """Return the place of the first value after a break in level, 0 when there is none.

    One move larger than five robust spreads of all, and the medians on both sides stay at least
    half of it apart.

    Parameters
    ----------
    values : (n,) array
        Seasonally adjusted history; shorter than 8 values it is not judged.
    """
    if values.size < JUDGED:
        return 0
    moves = np.diff(values)
    off = np.abs(moves - float(np.median(moves)))
    spread = MAD_TO_SIGMA * float(np.median(off))
    place = 1 + int(np.argmax(off))
    size = float(off[place - 1])
    if size <= BREAK_SPREADS * spread or size == 0 or not 4 <= place <= values.size - 3:
        return 0
    before, after = values[max(0, place - SIDE) : place], values[place : place + SIDE]
    kept = abs(float(np.median(after) - np.median(before)))
    return place if kept >= size / 2 else 0
