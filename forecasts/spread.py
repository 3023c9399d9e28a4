"""How far a forecast may be off before calibration: what the models say, the moves seen, others'.

A model's standard error looks back on its whole history alike. The moves of late say more about the
next ones, so they are mixed in; a history too short to show any takes the typical move of others.
"""

from math import log, pi, sqrt

import numpy as np

from forecasts.calibration import PRIOR_MOVES, pooled_move
from forecasts.history import Prepared
from forecasts.smoothing import TINY
from forecasts.units import Array

MOVES_WEIGHT = 0.25
"""Weight of the recent moves against the models' standard error, on a logarithmic scale. Measured
on M1, tourism and the M3 development series: 0.2 to 0.4 are as good within a percent."""

FIRST_STEPS = 4
"""Steps, and at least a season, over which the two are compared. Beyond, errors grow as the models
say: the root of the steps is too slow for series that explode."""

KEPT = 0.85
"""What a move counts for against the one a step later."""

DEVIATION = sqrt(pi / 2)
"""Standard deviation of a normal over its mean absolute deviation."""

SHORTEST = 8
"""Observations, and at least two seasons, from which on recent moves are mixed in."""

LARGEST_RATIO = log(4)
"""Largest ratio, as a logarithm, between the two that is believed."""


def recent_move(history: Array, season: int) -> float:
    """Return the typical step of late: moves over a season, each weighing less the older it is.

    Parameters
    ----------
    history : (n,) array
        Longer than one season.
    season : int
        Steps in a season.

    Returns
    -------
    float
        Standard deviation of a step, in the history's unit: mean absolute move over a season,
        divided by the root of its steps, times that ratio of a normal.

    Examples
    --------
    >>> round(recent_move(np.array([1.0, 2.0, 3.0]), 1), 3)
    1.253
    """
    moves = np.abs(history[season:] - history[:-season])
    weights = KEPT ** np.arange(moves.size)[::-1]
    return DEVIATION * float(np.average(moves, weights=weights)) / sqrt(season)


def standard_error(own: Array, history: Prepared) -> Array:
    """Return the standard error of a combination before calibration, (h,).

    Parameters
    ----------
    own : (h,) array
        What the models say: their standard error, and how far they are apart; for at least
        `compared_steps`.
    history : Prepared
        What they were fitted to.
    """
    return _with_prior(_with_moves(own, history), history)


def _with_moves(own: Array, history: Prepared) -> Array:
    """Scale a standard error towards what the recent moves alone would make its first steps."""
    steps = compared_steps(history.season)
    if history.adjusted.size < max(SHORTEST, 2 * history.season) or own[:steps].min() <= 0:
        return own
    moved = recent_move(history.adjusted, history.season) * np.sqrt(np.arange(1, steps + 1))
    apart = np.log(np.maximum(moved, TINY)) - np.log(own[:steps])
    believed = np.clip(apart.mean(), -LARGEST_RATIO, LARGEST_RATIO)
    return own * float(np.exp(MOVES_WEIGHT * believed))


def compared_steps(season: int) -> int:
    """Return over how many steps standard errors and recent moves are compared."""
    return max(FIRST_STEPS, season)


def _with_prior(sigma: Array, history: Prepared) -> Array:
    """Pool a standard error with the typical move of other series, as far as it is short.

    One observation has nothing but the typical move; from eight on it hardly counts.
    """
    count = history.adjusted.size
    typical = pooled_move(history.season) * float(np.abs(history.adjusted).mean())
    prior = typical**2 * np.arange(1, sigma.size + 1)
    weight = PRIOR_MOVES / count
    pooled = ((count - 1) * sigma**2 + weight * prior) / (count - 1 + weight)
    return np.asarray(np.sqrt(pooled))
