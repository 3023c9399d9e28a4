"""Exponentials, powers and running sums of rows of numbers, several side by side.

The processor's library computes one number at a time; a simulated path takes a thousand. Written as
plain arithmetic the compiler does four at once, a product and its addition in one step where the
processor can: the same bits on every machine of a kind. Good to two units in the last place.
"""

import numpy as np

from forecasts.compiled import apart, bare, contracting
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

BLOCK = 16
"""Powers that are multiplied up one after the other; longer rows are copies of what stands."""


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


@bare
def powers(first: float, step: float, found: Array) -> None:
    """Fill a row with first x step^place.

    One block is multiplied up, then what stands is copied, longer each time: few products follow
    on each other, most run side by side.
    """
    done, level = min(BLOCK, found.size), first
    for place in range(done):
        found[place] = level
        level *= step
    power = step**BLOCK
    while done < found.size:
        more = min(done, found.size - done)
        _multiplied(found[:more], power, found[done : done + more])
        power, done = power * power, done + more


@bare
def powers_back(first: float, step: float, found: Array) -> None:
    """Fill a row with first x step^(places from the last one back)."""
    count = found.size
    done, level = min(BLOCK, count), first
    for place in range(done):
        found[count - 1 - place] = level
        level *= step
    power = step**BLOCK
    while done < count:
        more = min(done, count - done)
        _multiplied(found[count - more :], power, found[count - done - more : count - done])
        power, done = power * power, done + more


@bare
def running(values: Array, found: Array) -> None:
    """Fill a row with the running sums of another, or of itself.

    Four at a time are summed beside what stands before them, so that only every fourth addition
    waits for the one before.
    """
    total, fours = 0.0, values.size - values.size % 4
    for place in range(0, fours, 4):
        first = values[place]
        second = first + values[place + 1]
        third = second + values[place + 2]
        fourth = second + (values[place + 2] + values[place + 3])
        found[place], found[place + 1] = total + first, total + second
        found[place + 2], found[place + 3] = total + third, total + fourth
        total += fourth
    for place in range(fours, values.size):
        total += values[place]
        found[place] = total


@apart
def _multiplied(values: Array, factor: float, found: Array) -> None:
    for place in range(found.size):
        found[place] = values[place] * factor
