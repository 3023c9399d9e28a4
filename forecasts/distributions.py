"""What a number may be: the distributions an assumption can have, by their quantiles."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np

from forecasts.units import Array


@dataclass(frozen=True, slots=True)
class Distribution:
    """What a number may be.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    terms : tuple of float
        Its parameters, in the order `KINDS` names them. `discrete` takes value, weight, value,
        weight and so on.

    Raises
    ------
    ValueError
        If the kind is unknown or its parameters make no distribution.
    """

    kind: str
    terms: tuple[float, ...]

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"distribution {self.kind!r}; use one of {', '.join(KINDS)}")
        names, rule, holds = KINDS[self.kind]
        counted = len(self.terms) == len(names) or (self.kind == "discrete" and self.terms)
        if not (counted and np.isfinite(self.terms).all() and holds(self.terms)):
            raise ValueError(f"{self.kind}{self.terms}: give ({', '.join(names)}) with {rule}")

    def quantile(self, level: Array) -> Array:
        """Return the value below which a share `level` of all draws lie, any shape."""
        return np.asarray(_QUANTILES[self.kind](level, *self.terms))


def _ordered(terms: tuple[float, ...]) -> bool:
    low, mode, high = terms
    return low <= mode <= high


def _weights(terms: tuple[float, ...]) -> bool:
    return len(terms) % 2 == 0 and min(terms[1::2]) >= 0 and sum(terms[1::2]) > 0


KINDS: Mapping[str, tuple[tuple[str, ...], str, Callable[[tuple[float, ...]], bool]]] = {
    "uniform": (("low", "high"), "low <= high", lambda t: t[0] <= t[1]),
    "triangular": (("low", "mode", "high"), "low <= mode <= high", _ordered),
    "pert": (("low", "mode", "high"), "low <= mode <= high", _ordered),
    "normal": (("mean", "sd"), "sd >= 0", lambda t: t[1] >= 0),
    "lognormal": (("median", "sigma"), "median > 0, sigma >= 0", lambda t: t[0] > 0 <= t[1]),
    "discrete": (("value", "weight"), "pairs, no weight below 0", _weights),
}
"""Parameters of each kind, the rule they keep, and a test of it. Beta-PERT has shape 4."""


def _uniform(level: Array, low: float, high: float) -> Array:
    return low + (high - low) * level


def _triangular(level: Array, low: float, mode: float, high: float) -> Array:
    if high == low:
        return np.full(np.shape(level), low)
    split = (mode - low) / (high - low)
    rising = low + np.sqrt(level * (high - low) * (mode - low))
    falling = high - np.sqrt((1 - level) * (high - low) * (high - mode))
    return np.where(level < split, rising, falling)


MANY = 1024
"""Levels from which on a slow quantile is found by two threads."""


def _by_two(work: Callable[[Array], Array], level: Array) -> Array:
    """Find quantiles in two halves at once: each level's is the same whichever are found with it.

    Only for compiled work that lets other threads run.
    """
    if level.ndim != 1 or level.size < MANY:
        return work(level)
    middle = level.size // 2
    with ThreadPoolExecutor(1) as pool:
        rest = pool.submit(work, level[middle:])
        return np.concatenate([work(level[:middle]), rest.result()])


def _pert(level: Array, low: float, mode: float, high: float) -> Array:
    from scipy.special import betaincinv

    if high == low:
        return np.full(np.shape(level), low)
    first = 1 + 4 * (mode - low) / (high - low)
    share = _by_two(lambda some: np.asarray(betaincinv(first, 6 - first, some)), level)
    return np.asarray(low + (high - low) * share)


def _normal(level: Array, mean: float, sd: float) -> Array:
    from scipy.special import ndtri

    return np.asarray(mean + sd * ndtri(level))


def _lognormal(level: Array, median: float, sigma: float) -> Array:
    from scipy.special import ndtri

    return np.asarray(median * np.exp(sigma * ndtri(level)))


def _discrete(level: Array, *pairs: float) -> Array:
    values, weights = np.array(pairs[::2]), np.array(pairs[1::2])
    order = np.argsort(values, kind="stable")
    edges = np.cumsum(weights[order]) / weights.sum()
    place = np.minimum(np.searchsorted(edges, level, side="left"), values.size - 1)
    return values[order][place]


_QUANTILES: Mapping[str, Callable[..., Array]] = {
    "uniform": _uniform,
    "triangular": _triangular,
    "pert": _pert,
    "normal": _normal,
    "lognormal": _lognormal,
    "discrete": _discrete,
}
