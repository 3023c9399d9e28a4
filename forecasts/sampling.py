"""Even points, correlated scores, estimates with errors: what simulations draw from.

Points come in equal batches, each an independent randomisation of the same design: the spread of
an estimate between batches is its standard error, for Sobol points as for plain random ones.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from math import ceil, log, log2, sqrt
from typing import Literal

import numpy as np
import numpy.typing as npt

from forecasts.units import Array

Method = Literal["sobol", "latin", "random"]
"""Scrambled Sobol points, Latin hypercube, or independent uniform points."""

BATCHES = 8
"""Independent randomisations of a design."""

EDGE = 2.0**-40
"""Points stay this far from 0 and 1, where quantiles may be infinite."""


@dataclass(frozen=True, slots=True)
class Design:
    """How many points, and which.

    Attributes
    ----------
    paths : int
        Number of points, at least `BATCHES`.
    seed : int
        The same seed gives the same points, to the byte.
    method : str
        `sobol`, `latin` or `random`.

    Raises
    ------
    ValueError
        If there are fewer points than batches, or no such method.
    """

    paths: int
    seed: int = 0
    method: Method = "sobol"

    def __post_init__(self) -> None:
        if self.paths < BATCHES:
            raise ValueError(f"paths is {self.paths}; give at least {BATCHES}")
        if self.method not in ("sobol", "latin", "random"):
            raise ValueError(f"method is {self.method!r}; use sobol, latin or random")
        if self.seed < 0:
            raise ValueError(f"seed is {self.seed}; give a whole number from 0 on")

    def batches(self) -> tuple[slice, ...]:
        """Return which points belong to which batch."""
        edges = [round(place * self.paths / BATCHES) for place in range(BATCHES + 1)]
        return tuple(slice(a, b) for a, b in pairwise(edges))


def points(design: Design, dimensions: int) -> Array:
    """Return points in the open unit cube, (path, dimension)."""
    from scipy.stats import qmc  # half a second: only when something is sampled

    found = np.empty((design.paths, dimensions))
    for batch, rows in enumerate(design.batches()):
        random = np.random.Generator(np.random.Philox(np.random.SeedSequence([design.seed, batch])))
        count = rows.stop - rows.start
        if design.method == "sobol":
            made = qmc.Sobol(dimensions, seed=random).random_base2(ceil(log2(max(count, 2))))
            found[rows] = made[:count]
        elif design.method == "latin":
            found[rows] = qmc.LatinHypercube(dimensions, seed=random).random(count)
        else:
            found[rows] = random.random((count, dimensions))
    return np.clip(found, EDGE, 1 - EDGE)


@lru_cache(maxsize=4)
def normal_scores(design: Design, dimensions: int) -> Array:
    """Return independent standard normal scores, (path, dimension)."""
    from scipy.special import ndtri

    found: Array = ndtri(points(design, dimensions))
    found.flags.writeable = False
    return found


def correlated(scores: Array, correlation: Array) -> Array:
    """Give independent normal scores a correlation: a Gaussian copula.

    Parameters
    ----------
    scores : (path, dimension) array
        Independent standard normal scores.
    correlation : (dimension, dimension) array
        Of the scores; the rank correlation is 6/pi asin(r/2).

    Raises
    ------
    ValueError
        If it is not a correlation matrix: symmetric, ones on the diagonal, positive definite.
    """
    good = np.allclose(correlation, correlation.T) and np.allclose(np.diag(correlation), 1)
    if not good:
        raise ValueError("the correlation must be symmetric with ones on the diagonal")
    try:
        root = np.linalg.cholesky(correlation)
    except np.linalg.LinAlgError as error:
        raise ValueError("the correlation must be positive definite; weaken its entries") from error
    return np.asarray(scores @ root.T)


# --- Estimates with their errors -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure of a simulation, with the standard error that the number of paths leaves.

    Attributes
    ----------
    value : float
        The estimate.
    error : float
        Its standard error; NaN where a batch has no finite figure.
    """

    value: float
    error: float


def estimated(values: Array, design: Design, figure: Callable[[Array], float]) -> Estimate:
    """Return a figure of all paths; its error from its spread between the batches."""
    own = [figure(values[rows]) for rows in design.batches()]
    return with_error(figure(values), own)


def with_error(whole: float, batches: list[float]) -> Estimate:
    """Return a figure of all paths with the error that its values in the batches give."""
    own = np.array(batches)
    error = float(own.std(ddof=1) / sqrt(BATCHES)) if np.isfinite(own).all() else float("nan")
    return Estimate(float(whole), error)


def quantile(values: Array, level: float) -> float:
    """Value below which a share of the values lies; missing values must be infinite, not NaN.

    Between two neighbours along the line, unless one is infinite: then the nearer one.
    """
    return quantile_of(np.sort(values), level)


def quantile_of(ordered: Array, level: float) -> float:
    """The same of values that are in order already."""
    place = level * (ordered.size - 1)
    low = int(place)
    high = min(low + 1, ordered.size - 1)
    if not np.isfinite(ordered[[low, high]]).all():
        return float(ordered[low if place - low < 0.5 else high])
    return float(ordered[low] + (place - low) * (ordered[high] - ordered[low]))


def order_interval(values: Array, level: float, confidence: float) -> tuple[float, float]:
    """Interval that covers a quantile with a confidence, whatever the distribution.

    By order statistics: how many of n independent values lie below the quantile is binomial.
    """
    from scipy.stats import binom

    ordered = np.sort(values)
    tail = (1 - confidence) / 2
    low = int(binom.ppf(tail, values.size, level)) - 1
    high = int(binom.ppf(1 - tail, values.size, level)) - 1
    low, high = max(low, 0), min(high, values.size - 1)
    return float(ordered[low]), float(ordered[high])


# --- Paths by few scores -------------------------------------------------------------------------


def principal(covariance: npt.NDArray[np.float64], count: int) -> Array:
    """Return the weights of a few scores that make a path, (component, step).

    The leading principal components, stretched so that every step keeps its variance; each leans
    to the positive side. The first moves the whole path, later ones bend it.
    """
    spreads, shapes = np.linalg.eigh(covariance)
    kept = min(count, spreads.size)
    weights = np.sqrt(np.maximum(spreads[::-1][:kept], 0.0))[:, None] * shapes.T[::-1][:kept]
    weights *= np.where(weights.sum(axis=1) < 0, -1.0, 1.0)[:, None]
    held = np.sqrt((weights**2).sum(axis=0))
    wanted = np.sqrt(np.diag(covariance))
    stretched = weights * np.where(held > 0, wanted / np.maximum(held, 1e-300), 0.0)
    return np.concatenate([stretched, np.zeros((count - kept, wanted.size))])


def carried_share(width: Array) -> float:
    """Return how much of a step's error later steps carry, 0 to 1, from how intervals widen.

    Errors of simple exponential smoothing with parameter alpha have variance 1 + alpha^2 (h - 1) of
    the first step's (Hyndman, Koehler, Ord and Snyder 2008, table 6.1, class 1): intervals that do
    not widen carry nothing, those of a random walk everything.

    Parameters
    ----------
    width : (h,) array
        Half widths of one interval, above 0.

    Examples
    --------
    >>> carried_share(np.sqrt([1.0, 2.0, 3.0])), carried_share(np.ones(3))
    (1.0, 0.0)
    """
    if width.size == 1:
        return 1.0
    with np.errstate(over="ignore"):
        gained = ((width[1:] / width[0]) ** 2 - 1) / np.arange(1, width.size)
    return float(np.sqrt(np.clip(gained.mean(), 0.0, 1.0)))


def level_correlation(carried: float, steps: int) -> Array:
    """Return the correlation of errors that carry on a share of themselves, (step, step).

    An error of step i is in all later ones by that share; nothing else ties two steps.
    """
    place = np.arange(steps)
    spread = np.sqrt(1 + carried**2 * place)
    shared = carried + carried**2 * np.minimum(place[:, None], place)
    np.fill_diagonal(shared, spread**2)
    return np.asarray(shared / spread[:, None] / spread)


def reverting_covariance(months: int, volatility: float, half_life_months: float) -> Array:
    """Covariance of an Ornstein-Uhlenbeck path that starts at 0, (month, month).

    The volatility is that of its yearly shocks; a deviation halves over the half-life.
    """
    speed = log(2) / max(half_life_months, 1e-9)
    time = np.arange(months, dtype=np.float64)
    both, gap = time[:, None] + time, np.abs(time[:, None] - time)
    spread = volatility**2 / 12 / (2 * speed)
    return np.asarray(spread * (np.exp(-speed * gap) - np.exp(-speed * both)))
