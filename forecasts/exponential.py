"""The exponential function for rows of numbers, several side by side.

The processor's library computes one number at a time; a simulated path takes a thousand. Written as
plain arithmetic the compiler does four at once, a product and its addition in one step where the
processor can: the same bits on every machine of a kind. Good to two units in the last place.
"""

import numpy as np

from forecasts.compiled import contracting
from forecasts.units import Array

LARGEST = 700.0
"""Numbers beyond this and its negative count as it: no float holds their exponential."""

PER_LOG = 1.4426950408889634
"""One over the logarithm of 2."""

LOG_HIGH, LOG_LOW = 0.693147180369123816490, 1.90821492927058770002e-10
"""Logarithm of 2 in two parts; products of the first with whole numbers are exact."""

SHIFT = 6755399441055744.0
"""1.5 x 2^52: added to a number, its last bits hold the nearest whole number."""

BIAS, FRACTION = 1023, 52
"""How a float writes its power of 2."""


@contracting
def exponential(values: Array, room: Array) -> None:
    """Replace a row of logarithms by the numbers; `room` is a row to work in, of the same size."""
    bits = room.view(np.int64)
    for place in range(values.size):
        value = min(max(values[place], -LARGEST), LARGEST)
        shifted = value * PER_LOG + SHIFT
        room[place] = shifted
        power = shifted - SHIFT
        x = (value - power * LOG_HIGH) - power * LOG_LOW
        high = 1 / 39916800 + x * (1 / 479001600 + x * (1 / 6227020800))
        high = 1 / 362880 + x * (1 / 3628800 + x * high)
        high = 1 / 5040 + x * (1 / 40320 + x * high)
        high = 1 / 120 + x * (1 / 720 + x * high)
        values[place] = 1 + x * (1 + x * (1 / 2 + x * (1 / 6 + x * (1 / 24 + x * high))))
    for place in range(values.size):
        bits[place] = (bits[place] + BIAS) << FRACTION
    for place in range(values.size):
        values[place] *= room[place]
