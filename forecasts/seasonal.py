"""Exponential smoothing whose season drifts, over a whole parameter grid at once, in numpy.

The members of the ladder see histories whose season was removed once, by one set of indices. Here
the season may move on: what is left of it starts at zero and is smoothed like level and slope. So
this member errs about the season in another way than the others do.
"""

from dataclasses import dataclass
from itertools import product

import numpy as np

from forecasts.smoothing import TINY, Family, Fit, Panel
from forecasts.units import Array

ALPHAS = (0.03, 0.1, 0.2, 0.35, 0.5, 0.7, 0.9)
"""Smoothing of the level."""

BETA_SHARES = (0.0, 0.03, 0.1, 0.25)
"""Smoothing of the slope as a share of alpha."""

GAMMA_SHARES = (0.0, 0.05, 0.12, 0.25, 0.45)
"""Smoothing of the season as a share of 1 - alpha."""

DAMPINGS = (0.9, 0.97, 1.0)
"""What a slope keeps from step to step."""

BEST = 10
"""Grid points averaged, by Akaike weights."""

START_SEASONS = 2
"""Seasons through which the line runs that gives level and slope to start from."""

SHORTEST_START = 8
"""Values through which it runs at least."""


@dataclass(frozen=True, slots=True)
class _Grid:
    """Parameters of every grid point, (point,), and how many of them are free."""

    alpha: Array
    beta: Array
    gamma: Array
    phi: Array
    free: Array


def _grid() -> _Grid:
    points = np.array(list(product(ALPHAS, BETA_SHARES, GAMMA_SHARES, DAMPINGS))).T
    alpha, share, gamma, phi = points
    free = 3.0 + 2.0 * (share > 0) + (phi < 1) + (gamma > 0)
    return _Grid(alpha, alpha * share, gamma * (1 - alpha), phi, free)


def seasonal_smoothing(season: int) -> Family:
    """Return the family that smooths level, damped slope and a drifting season.

    Parameters
    ----------
    season : int
        Steps in a season; a history shorter than two of them keeps the season it came with.
    """

    def fitted(panel: Panel, horizon: int) -> Fit:
        return _smoothed(panel, horizon, season)

    return fitted


def _smoothed(panel: Panel, horizon: int, season: int) -> Fit:
    grid = _grid()
    level, slope = _starts(panel, season, grid.alpha.size)
    drifted = np.zeros((season, panel.lengths.size, grid.alpha.size))
    squares = np.zeros_like(level)
    mean, sigma = np.zeros((2, panel.lengths.size, horizon))
    for step in range(int(panel.lengths.max())):
        slope = grid.phi * slope
        level = level + slope
        place = drifted[step % season]
        error = panel.history[:, step, None] - level - place
        squares += error**2
        level += grid.alpha * error
        slope += grid.beta * error
        place += grid.gamma * error
        for row in np.flatnonzero(panel.lengths == step + 1):
            ahead = drifted[(step + 1 + np.arange(horizon)) % season, row]
            states = level[row], slope[row], ahead
            mean[row], sigma[row] = _extended(grid, squares[row], states, step + 1, season)
    return Fit(mean, sigma)


def _starts(panel: Panel, season: int, points: int) -> tuple[Array, Array]:
    """Return level and slope before the first value: a line through the first seasons."""
    level, slope = np.zeros((2, panel.lengths.size, points))
    for row, count in enumerate(panel.lengths):
        first = panel.row(row)[: max(START_SEASONS * season, SHORTEST_START)]
        if count > 1:
            slope[row], start = np.polyfit(np.arange(1, first.size + 1), first, 1)
            level[row] = start
        else:
            level[row] = first[0]
    return level, slope


def _extended(
    grid: _Grid, squares: Array, states: tuple[Array, Array, Array], count: int, season: int
) -> tuple[Array, Array]:
    """Average the best grid points: mean and standard error, (h,).

    Variance by Hyndman, Koehler, Ord and Snyder (2008), table 6.1, class 1.
    """
    level, slope, ahead = states
    criteria = count * np.log(np.maximum(squares / count, TINY))
    criteria += 2 * grid.free * count / np.maximum(count - grid.free - 1, 1)
    if count < START_SEASONS * season:
        criteria[grid.gamma > 0] = np.inf
    best = np.argsort(criteria, kind="stable")[:BEST]
    weights = np.exp(-np.minimum(criteria[best] - criteria[best[0]], 200.0) / 2)
    weights /= weights.sum()
    steps = np.arange(1, ahead.shape[0] + 1)
    grown = np.cumsum(grid.phi[best] ** steps[:, None], axis=0)
    mean = level[best] + slope[best] * grown + ahead[:, best]
    answers = grid.alpha[best] + grid.beta[best] * grown
    answers += grid.gamma[best] * (steps % season == 0)[:, None]
    widening = 1 + np.cumsum(answers**2, axis=0) - answers**2
    spread = squares[best] / np.maximum(count - grid.free[best] + 1, 1)
    return mean @ weights, np.sqrt(spread * widening) @ weights
