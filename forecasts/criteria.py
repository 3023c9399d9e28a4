"""Sites by several criteria at once, with weights that anyone can see and change.

Beside the ranking on paths, never instead of it: weights are taste. Each criterion runs from 0 (the
worst of the sites compared) to 1 (the best); the score is their weighted mean. How firmly an order
stands is told by how often random weights would keep the same site first, and by how far one weight
must move until another site leads.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.units import Array

DRAWS = 4096
"""Random sets of weights behind the share of first places."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """What sites are compared by.

    Attributes
    ----------
    name, label, unit : str
        Key, words on screen, unit of the values.
    more_is_better : bool
        Whether a larger value is better.
    weight : float
        Usual weight; only the proportions count.
    """

    name: str
    label: str
    unit: str
    more_is_better: bool
    weight: float


CRITERIA = (
    Criterion("return", "Median NPV over first-time capex", "share", True, 30.0),
    Criterion("lcoc", "Median cost of a GPU-hour (LCOC)", "usd_per_gpu_hour", False, 20.0),
    Criterion("positive", "Share of paths with NPV above 0", "share", True, 20.0),
    Criterion("tail", "Mean NPV of the worst 5 % of paths, over capex", "share", True, 10.0),
    Criterion("power", "Months from decision to power", "months", False, 10.0),
    Criterion("country", "Country risk premium", "share_per_year", False, 10.0),
)
"""Criteria with their usual weights, which are our own judgement: change them."""


@dataclass(frozen=True, slots=True, eq=False)
class Weighing:
    """Sites by weighted criteria.

    Attributes
    ----------
    names : tuple of str
        Sites.
    criteria : tuple of Criterion
        What they are compared by, with the weights used.
    values, points : (site, criterion) arrays
        What each site has, and that from 0 (worst of all) to 1 (best); NaN and 0 where there is
        no value.
    score : (site,) array
        Weighted mean of the points.
    first_share : (site,) array
        Share of random sets of weights (all sets equally likely) in which the site is first.
    flips : mapping of str to float or None
        For each criterion, its weight out of 100 at which another site becomes first, the others
        keeping their proportions; None when no weight from 0 to 100 does.
    """

    names: tuple[str, ...]
    criteria: tuple[Criterion, ...]
    values: Array
    points: Array
    score: Array
    first_share: Array
    flips: Mapping[str, float | None]


def weighed(
    names: tuple[str, ...], values: Array, criteria: tuple[Criterion, ...] = CRITERIA
) -> Weighing:
    """Compare sites by weighted criteria.

    Parameters
    ----------
    names : tuple of str
        Sites.
    values : (site, criterion) array
        What each has; NaN where it has none, which counts as the worst.
    criteria : tuple of Criterion
        What the columns are, and what each weighs.

    Raises
    ------
    ValueError
        If no weight is above 0, or one is below.
    """
    weights = np.array([one.weight for one in criteria], dtype=np.float64)
    if not (weights >= 0).all() or weights.sum() <= 0:
        raise ValueError(f"weights are {weights.tolist()}; give none below 0 and one above")
    points = np.column_stack(
        [_points(values[:, place], one.more_is_better) for place, one in enumerate(criteria)]
    )
    share = weights / weights.sum()
    score = points @ share
    random = np.random.Generator(np.random.Philox(0))
    drawn = random.dirichlet(np.ones(len(criteria)), DRAWS)
    first = np.bincount((points @ drawn.T).argmax(axis=0), minlength=len(names)) / DRAWS
    flips = {one.name: _flip(points, share, place) for place, one in enumerate(criteria)}
    return Weighing(tuple(names), criteria, values, points, score, first, flips)


def _points(values: Array, more_is_better: bool) -> Array:
    """Values from 0 for the worst to 1 for the best; 1 for all when they are equal."""
    known = np.isfinite(values)
    signed = np.where(known, values if more_is_better else -values, 0.0)
    if not known.any():
        return np.zeros(values.size)
    low, high = signed[known].min(), signed[known].max()
    span = high - low
    found = (signed - low) / span if span > 0 else np.ones(values.size)
    return np.where(known, found, 0.0)


def _flip(points: Array, share: Array, place: int) -> float | None:
    """Weight of one criterion, out of 100, nearest to its own at which another site leads.

    Scores are straight lines in the weight, the other criteria keeping their proportions.
    """
    own = points[:, place]
    left = 1 - share[place]
    rest = (points @ share - own * share[place]) / left if left > 0 else points.mean(axis=1)
    leader = int((points @ share).argmax())
    gap, slope = rest[leader] - rest, (own[leader] - rest[leader]) - (own - rest)
    with np.errstate(divide="ignore", invalid="ignore"):
        meets = np.where(slope != 0, -gap / slope, np.nan)
    inside = meets[np.isfinite(meets) & (meets >= 0) & (meets <= 1)]
    inside = inside[np.abs(inside - share[place]) > 1e-12]
    if not inside.size:
        return None
    return float(100 * inside[np.abs(inside - share[place]).argmin()])
