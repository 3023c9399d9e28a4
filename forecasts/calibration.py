"""Interval factors learned across series: how far real errors reach beyond the models' own.

Every model's formula takes its parameters for known and its form for right, so its intervals are
too narrow. The factors here are quantiles of |error| / sigma over other series (conformal across
series), by frequency, length of history and step, where sigma is the members' median standard
error plus their disagreement, drawn towards the moves of late (`forecasts.spread`), times the
widening that the series' own past asks for.

Origin: 450 series of the M3 competition (150 yearly, quarterly and monthly each), at full length
and cut to the lengths of each rung. On the longest rungs (8 and 16 yearly, 16 quarterly, 48
monthly) 1,001 M1 and 1,311 tourism series count for a sixth each (decision 179).
`python -m benchmarks.forecasting --calibrate --others M1 TOURISM` learns anew.
"""

from statistics import NormalDist

import numpy as np

from forecasts.units import Array

LEVELS = (50, 80, 95)
"""Levels, in percent, at which factors were learned; others are interpolated."""

RUNGS = (1, 2, 4, 8, 16, 48)
"""Fewest observations of each class of length."""

LAST_STEPS = {1: 6, 4: 8, 12: 18}
"""Last step ahead at which factors were learned, by season."""

FACTORS: dict[tuple[int, int], tuple[tuple[float, float], ...]] = {
    (1, 1): ((0.52, 0.72), (1.46, 1.71), (3.66, 3.23)),
    (1, 2): ((0.42, 0.78), (1.12, 1.60), (2.49, 2.68)),
    (1, 4): ((0.46, 0.56), (0.91, 1.28), (1.53, 2.53)),
    (1, 8): ((0.49, 0.63), (0.97, 1.53), (1.70, 2.75)),
    (1, 16): ((0.50, 0.46), (0.91, 1.23), (1.66, 2.20)),
    (4, 1): ((0.50, 0.60), (2.43, 1.41), (6.73, 2.98)),
    (4, 2): ((0.55, 1.01), (1.56, 2.11), (3.46, 2.93)),
    (4, 4): ((0.39, 0.47), (0.89, 1.02), (1.86, 1.86)),
    (4, 8): ((0.48, 0.58), (1.02, 1.20), (1.98, 1.99)),
    (4, 16): ((0.56, 0.63), (1.19, 1.28), (2.36, 2.09)),
    (12, 1): ((0.55, 0.32), (2.28, 0.72), (6.40, 1.41)),
    (12, 2): ((0.54, 0.77), (1.33, 1.92), (2.55, 2.90)),
    (12, 4): ((0.46, 0.37), (1.08, 0.71), (1.83, 1.22)),
    (12, 8): ((0.48, 0.40), (1.02, 0.78), (1.69, 1.37)),
    (12, 16): ((0.59, 0.49), (1.10, 0.99), (1.83, 1.59)),
    (12, 48): ((0.58, 0.56), (1.14, 1.18), (1.88, 2.06)),
}
"""By season and shortest length: for each level, the multiple of sigma at the first and the last
learned step; along the logarithm of the step between them."""

POOLED_MOVES: dict[int, float] = {1: 0.094, 4: 0.049, 12: 0.085}
"""Typical move from one step to the next, as a share of the level, by season: medians over the M3
development series, seasonally adjusted. The spread of a history too short to show its own."""

LEARNED = 12
"""Shortest history whose own backtest may widen its intervals."""

OWN_WEIGHTS = {1: 0.5}
"""Weight of a series' own misses, by season: a yearly series is tried at every observation."""

OTHER_WEIGHT = 0.25
"""Weight of the misses of other series, which are tried at eight origins only."""

WIDEST = 3.0
"""Largest ratio of own to expected misses that is believed."""

PRIOR_MOVES = 2.0
"""Own moves, divided by the observations, that the pooled move counts for."""


def reach(level: float) -> float:
    """Return half the width of a normal interval in standard errors, by level in percent.

    Examples
    --------
    >>> round(reach(95), 3)
    1.96
    """
    return NormalDist().inv_cdf(0.5 + level / 200)


def _nearest(season: int) -> int:
    """Return the learned season nearest to a season, by ratio."""
    return min(LAST_STEPS, key=lambda own: abs(float(np.log(own / season))))


def factor(level: float, horizon: int, season: int, observations: int) -> Array:
    """Return the half width of an interval as a multiple of sigma, (h,).

    Between the learned levels the ratio to the normal quantile is interpolated along that quantile,
    so that levels nest; beyond the last learned step the last factor holds.

    Parameters
    ----------
    level : float
        Coverage in percent, above 0 and below 100.
    horizon : int
        Steps ahead.
    season : int
        Steps in a year; the nearest learned season is taken.
    observations : int
        Length of the history.

    Raises
    ------
    ValueError
        If the level is not between 0 and 100.

    Examples
    --------
    >>> bool((factor(95, 6, 1, 20) > factor(80, 6, 1, 20)).all())
    True
    """
    if not 0 < level < 100:
        raise ValueError(f"an interval level lies between 0 and 100 percent, got {level}")
    known = _nearest(season)
    shortest = max(own for year, own in FACTORS if year == known and own <= max(observations, 1))
    ends = np.array(FACTORS[known, shortest])
    steps = np.log(np.arange(1, horizon + 1))
    share = np.minimum(steps / np.log(LAST_STEPS[known]), 1.0)
    learned = ends[:, :1] + (ends[:, 1:] - ends[:, :1]) * share
    quantiles = np.array([reach(known_level) for known_level in LEVELS])
    wanted = reach(level)
    ratios = learned / quantiles[:, None]
    return np.array([wanted * np.interp(wanted, quantiles, ratio) for ratio in ratios.T])


def pooled_move(season: int) -> float:
    """Return the typical move per step as a share of the level, for series of this season."""
    return POOLED_MOVES[_nearest(season)]


def widening(missed: Array, season: int) -> float:
    """How much wider a series' intervals become because its own past left them.

    The quantile of its misses that should be 1, bounded to 1 to 3, to a power below 1: part of
    what a short backtest says is chance. On the development series this lowers the interval score
    by 5 % at equal coverage; narrowing after a quiet past was tried too and gains nothing more.

    Parameters
    ----------
    missed : (n,) array
        |error| over the half width of the 80 % interval, from `forecasts.backtest.missed`.
    season : int
        Steps in a year.
    """
    if missed.size == 0:
        return 1.0
    own = float(np.clip(np.quantile(missed, 0.8), 1.0, WIDEST))
    return float(own ** OWN_WEIGHTS.get(season, OTHER_WEIGHT))
