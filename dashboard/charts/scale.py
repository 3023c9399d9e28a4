"""Axes with round marks, for drawings that do not come from a charting library."""

import math
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Values along an axis, and where they stand on it.

    Attributes
    ----------
    low, high, step : float
        Ends and distance of the marks.
    start, end : float
        Points of the ends.
    """

    low: float
    high: float
    step: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        """Return the point of a value."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    @property
    def marks(self) -> list[float]:
        """Return the values that are marked."""
        count = round((self.high - self.low) / self.step)
        return [self.low + place * self.step for place in range(count + 1)]


def scale_of(low: float, high: float, start: float, end: float) -> Scale:
    """Choose an axis of four to seven round marks that holds both values.

    Examples
    --------
    >>> scale_of(0.0, 9.3, 0.0, 100.0).marks
    [0.0, 2.0, 4.0, 6.0, 8.0, 10.0]
    """
    if not high > low:
        low, high = min(low, 0.0), max(high, low + 1.0)
    rough = (high - low) / 5
    size = 10.0 ** math.floor(math.log10(rough))
    step = next(size * part for part in (1, 2, 2.5, 5, 10) if size * part >= rough * 0.999)
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return Scale(first * step, max(last, first + 1) * step, step, start, end)
