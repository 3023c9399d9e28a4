"""A present value as a function of the rate: with a bound on its error, and exactly.

The variable is s = ln(1 + rate) per step, so that PV(s) = sum of flow x e^(-time s). All values
belong to e^(shift s) PV(s) for some whole shift: it has the same roots, and a shift to the middle
of the flows that matter keeps its derivatives small.
"""

from dataclasses import dataclass
from decimal import Decimal
from math import factorial
from typing import Self

import numpy as np

from forecasts.units import Array

TERMS = 14
"""Order of the Taylor series of a cell."""

EPSILON = 2.0**-52
"""Distance from 1 to the next float."""

ZERO = Decimal("1e-40")
"""Share of the discounted flows below which an exactly computed value counts as zero."""

BLUR = Decimal(4 * EPSILON)
"""Relative doubt about a flow that is not a whole number: it was rounded, perhaps several times."""

LARGEST_EXPONENT = 300.0
"""Terms of a bound beyond e to this are cut there: such a bound proves nothing anyway."""

LARGEST_LOG = float(np.log(np.finfo(np.float64).max))
"""ln(1 + rate) of the largest rate that a float holds, about 1.8e308."""


@dataclass(frozen=True, slots=True, eq=False)
class Flows:
    """Flows in order of time, with what is used again and again.

    Attributes
    ----------
    cash, times : (flow,) array
        Nonzero flows, and whole steps since the first, rising strictly.
    size : (flow,) array
        Logarithm of the absolute flow.
    exact : tuple of (Decimal, int, bool)
        Flow, time, and whether the flow is whole and so free of rounding.
    steps_per_unit : int
        Steps in the period of the rate: 365 when steps are days.
    """

    cash: Array
    times: Array
    size: Array
    exact: tuple[tuple[Decimal, int, bool], ...]
    steps_per_unit: int

    @classmethod
    def of(cls, cash: Array, times: Array, steps_per_unit: int) -> Self:
        """Prepare what is used at every point."""
        exact = tuple(
            (Decimal(flow), int(time), flow.is_integer() and abs(flow) < 1 / EPSILON)
            for flow, time in zip(cash.tolist(), times.tolist(), strict=True)
        )
        return cls(cash, times, np.log(np.abs(cash)), exact, steps_per_unit)

    @property
    def range(self) -> tuple[float, float]:
        """Log growth per step outside which the first or the last flow outweighs all others."""
        room = self.size + np.log(self.cash.size)
        low = -np.max((room[:-1] - self.size[-1]) / (self.times[-1] - self.times[:-1]))
        high = np.max((room[1:] - self.size[0]) / self.times[1:])
        return float(low), min(float(high), LARGEST_LOG / self.steps_per_unit)


def expand(flows: Flows, centre: Array, half: Array) -> tuple[Array, Array, Array, Array]:
    """Taylor coefficients on [-1, 1], their doubt, the scale of the rest, and the time shift."""
    exponent = flows.size - np.multiply.outer(centre, flows.times)
    top = exponent.argmax(axis=1)
    lag = flows.times - flows.times[top][:, None]
    ratio = flows.size - flows.size[top][:, None]
    carry = lag * centre[:, None]
    exponent = ratio - carry
    weight = np.exp(exponent)
    shift = np.rint((weight @ flows.times) / weight.sum(axis=1))
    digits_lost = np.where(weight > EPSILON**2, np.abs(ratio) + np.abs(carry), 0).max(axis=1)
    blur = EPSILON * (8 + flows.cash.size / 4 + digits_lost)
    reach = (flows.times - shift[:, None]) * half[:, None]
    far = np.abs(reach)
    bound = np.exp(np.minimum(exponent + far, LARGEST_EXPONENT)) * far ** (TERMS + 1)
    signed, sizes = np.sign(flows.cash) * weight, weight
    series, doubt = np.empty((2, centre.size, TERMS + 1))
    for power in range(TERMS + 1):
        series[:, power], doubt[:, power] = signed.sum(axis=1), sizes.sum(axis=1)
        signed, sizes = signed * (-reach / (power + 1)), sizes * (far / (power + 1))
    return series, doubt * blur[:, None], bound.sum(axis=1), shift


def expand_exactly(
    flows: Flows, centre: float, half: float, shift: int
) -> tuple[Array, Array, float]:
    """Taylor coefficients computed in decimals, the doubt that is left, and what counts as zero."""
    sums, size, _ = derivatives(flows, Decimal(centre), shift, TERMS + 1)
    unit = _largest(flows, centre, shift)
    scaled = [
        float(value / unit * Decimal(half) ** power / factorial(power))
        for power, value in enumerate(sums)
    ]
    series = np.array(scaled)
    zero = size / unit * ZERO
    return series, 8 * EPSILON * np.abs(series) + float(zero * ZERO), float(zero)


def derivatives(
    flows: Flows, place: Decimal, shift: int, count: int
) -> tuple[list[Decimal], Decimal, Decimal]:
    """First derivatives of e^(shift s) PV(s) in decimals, its size, and the doubt in the flows."""
    step = (-place).exp()
    sums = [Decimal(0)] * count
    size = doubt = Decimal(0)
    weight, before = step**-shift, 0
    for flow, time, whole in flows.exact:
        weight *= step if time == before + 1 else step ** (time - before)
        before = time
        term = flow * weight
        size += abs(term)
        if not whole:
            doubt += abs(term)
        for order in range(count):
            sums[order] += term
            term *= shift - time
    return sums, size, doubt * BLUR


def rounded(flows: Flows, place: float, order: int, shift: int) -> tuple[float, float, float]:
    """Derivative of e^(shift s) PV(s), its size and its rounding, all by one positive factor."""
    exponent = flows.size - place * flows.times
    top = int(exponent.argmax())
    ratio = flows.size - flows.size[top]
    carry = place * (flows.times - flows.times[top])
    terms = np.sign(flows.cash) * np.exp(ratio - carry) * (shift - flows.times) ** order
    sizes = np.abs(terms)
    size = float(sizes.sum())
    lost = float(sizes @ (np.abs(ratio) + np.abs(carry)))
    return float(terms.sum()), size, EPSILON * (size * (8 + flows.cash.size / 4) + lost)


def value(flows: Flows, place: float, order: int, shift: int) -> float:
    """Derivative of e^(shift s) PV(s) up to a positive factor; its sign is right."""
    total, _, rounding = rounded(flows, place, order, shift)
    if abs(total) > rounding:
        return total
    sums, _, _ = derivatives(flows, Decimal(place), shift, order + 1)
    return float(sums[order] / _largest(flows, place, shift))


def _largest(flows: Flows, place: float, shift: int) -> Decimal:
    """Weight of the flow that is largest at a point: what the floats are divided by."""
    flow, time, _ = flows.exact[int((flows.size - place * flows.times).argmax())]
    return abs(flow) * (Decimal(place) * (shift - time)).exp()
