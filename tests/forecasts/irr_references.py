"""Flows with every rate of return, to 50 digits, by ways that share nothing with the library.

`ladder` is Rolle's theorem in mpmath: a sum of k exponentials, divided by one of them and
differentiated, has k - 1, so roots are bracketed by those of shorter sums. It is exact for any
times but slow, so long cases carry roots known from how they were built.
"""

import datetime as dt
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise

import mpmath as mp
import numpy as np

DIGITS = 50
TOUCHES = mp.mpf(10) ** -100
HALVINGS = 40
LARGEST = mp.log(np.finfo(np.float64).max)


@dataclass(frozen=True)
class Case:
    """Flows and their dates; its roots. None: `ladder` finds them; "one": one change of sign."""

    name: str
    flows: list[float]
    dates: list[dt.date] | None = None
    roots: tuple[object, ...] | str | None = None

    def reference(self) -> list[mp.mpf]:
        with mp.workdps(DIGITS + 70):
            if self.roots is not None and self.roots != "one":
                return [
                    mp.mpf(root.numerator) / root.denominator
                    if hasattr(root, "numerator")
                    else mp.mpf(root)
                    for root in self.roots
                ]
            days = [day.toordinal() for day in self.dates or []]
            times = [mp.mpf(day - min(days)) / 365 for day in days] or range(len(self.flows))
            terms = _terms(self.flows, times)
            if self.roots == "one":
                signs = [flow > 0 for _, flow in terms]
                assert sum(a != b for a, b in pairwise(signs)) == 1
                return [mp.expm1(_crossing(terms, terms[0][0], *_range(terms)))]
            return [mp.expm1(root) for root in ladder(terms)]


def _terms(flows, times):
    net = {}
    for flow, time in zip(flows, times, strict=True):
        net[time] = net.get(time, mp.mpf(0)) + mp.mpf(flow)
    return sorted((mp.mpf(time), flow) for time, flow in net.items() if flow)


def _range(terms):
    """Outside, the first or the last term outweighs all others."""
    count, first, last = mp.log(len(terms)), terms[0], terms[-1]
    sizes = [(time, mp.log(abs(flow)) + count) for time, flow in terms]
    high = max((b - mp.log(abs(first[1]))) / (t - first[0]) for t, b in sizes[1:])
    low = -max((b - mp.log(abs(last[1]))) / (last[0] - t) for t, b in sizes[:-1])
    return low, min(high, LARGEST)


def ladder(terms):
    """ln(1 + rate) of every root."""
    if len(terms) < 2:
        return []
    low, high = _range(terms)
    return _roots(terms, low, high) if low < high else []


def _at(terms, base, place):
    """Sum and slope times e^(base place); 0 when only rounding is left."""
    weight, steps, parts, before = mp.exp((base - terms[0][0]) * place), {}, [], terms[0][0]
    for time, flow in terms:
        gap = time - before
        steps[gap] = steps.get(gap) or mp.exp(-gap * place)
        weight, before = weight * steps[gap], time
        parts.append(flow * weight)
    total = mp.fsum(parts)
    slope = mp.fsum((base - time) * part for (time, _), part in zip(terms, parts, strict=True))
    return (0 if abs(total) < TOUCHES * mp.fsum(map(abs, parts)) else total), slope


def _crossing(terms, base, low, high):
    """Halving between ends of opposite sign, then Newton's method."""
    rising = _at(terms, base, high)[0] > 0
    place = (low + high) / 2
    for step_number in range(2000):
        value, slope = _at(terms, base, place)
        low, high = (low, place) if (value > 0) == rising else (place, high)
        step = value / slope if slope else mp.inf
        if value == 0 or min(abs(step), high - low) < mp.mpf(10) ** -(DIGITS + 5):
            return place
        near = step_number >= HALVINGS and low < place - step < high
        place = place - step if near else (low + high) / 2
    raise ArithmeticError


def _roots(terms, low, high):
    if len(terms) < 2:
        return []
    base = terms[len(terms) // 2][0]
    slopes = [(time, (base - time) * flow) for time, flow in terms if time != base]
    edges = [low, *_roots(slopes, low, high), high]
    values = [_at(terms, base, edge)[0] for edge in edges]
    found = [edge for edge, value in zip(edges, values, strict=True) if value == 0]
    for (left, right), (below, above) in zip(pairwise(edges), pairwise(values), strict=True):
        if below * above < 0:
            found.append(_crossing(terms, base, left, right))
    return sorted(found)


def product(*factors):
    """Flows of a product of polynomials in the discount factor; whole numbers stay exact."""
    flows = reduce(np.convolve, [np.array(factor, dtype=object) for factor in factors])
    assert all(abs(flow) < 2**53 for flow in flows)
    return [float(flow) for flow in flows]


def days(*steps, start=dt.date(2023, 11, 17)):
    return [start + dt.timedelta(days=step) for step in steps]


def noise(kind, count, seed):
    flows = np.random.default_rng(seed).standard_normal(count).round(3)
    if kind == "alternating":
        flows = np.abs(flows) * np.where(np.arange(count) % 2, -1, 1)
    return (np.cumsum(flows).round(3) if kind == "walk" else flows).tolist()
