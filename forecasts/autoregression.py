"""Autoregressions, averaged: what ARIMA says, by least squares instead of a search."""

from dataclasses import dataclass

import numpy as np

from forecasts.smoothing import TINY, Family, Fit, Panel
from forecasts.units import Array

MOST_LAGS = 4
"""Past moves that a move may depend on."""

MOVES_PER_LAG = 4
"""Moves that a lag asks for."""

FEWEST_MOVES = 8
"""Moves from season to season below which moves from step to step are taken."""

WILDEST_MOVE = 3.0
"""A forecast move is bounded to this multiple of the largest seen."""

LIGHTEST = 0.01
"""Weight relative to the best, below which a regression is left out."""


@dataclass(frozen=True, slots=True, eq=False)
class _Regression:
    """A fit of moves on earlier ones: constant, coefficients, error variance and AICc."""

    drift: float
    lags: tuple[float, ...]
    variance: float
    criterion: float


def autoregression(panel: Panel, horizon: int) -> Fit:
    """Moves from step to step on up to four earlier ones, with and without drift, by AICc weights.

    ARIMA(p, 1, 0) for p from 0 to 4, by least squares on the same moves.
    """
    return _panel_fit(panel, horizon, 1)


def seasonal_autoregression(season: int) -> Family:
    """Return the family that fits moves from season to season in the same way.

    ARIMA(p, 0, 0)(0, 1, 0) with p from 0 to 4. A history of fewer than eight such moves is fitted
    from step to step.

    Parameters
    ----------
    season : int
        Steps in a season.
    """

    def fitted(panel: Panel, horizon: int) -> Fit:
        return _panel_fit(panel, horizon, season)

    return fitted


def _panel_fit(panel: Panel, horizon: int, season: int) -> Fit:
    mean, sigma = np.zeros((2, panel.lengths.size, horizon))
    for row, count in enumerate(panel.lengths):
        gap = season if count - season >= FEWEST_MOVES else 1
        mean[row], sigma[row] = _row(panel.row(row), horizon, gap)
    return Fit(mean, sigma)


def _row(history: Array, horizon: int, gap: int) -> tuple[Array, Array]:
    """Return mean and standard error of one history, from its moves over `gap` steps."""
    moves = history[gap:] - history[:-gap]
    if moves.size == 0:
        return np.full(horizon, history[-1]), np.zeros(horizon)
    found = _regressions(moves)
    best = min(one.criterion for one in found)
    bound = WILDEST_MOVE * float(np.abs(moves).max())
    mean, sigma, total = np.zeros(horizon), np.zeros(horizon), 0.0
    for one in found:
        weight = float(np.exp(best / 2 - one.criterion / 2))
        if weight < LIGHTEST:
            continue
        total += weight
        mean += weight * _summed(_ahead(moves, one, bound, horizon), history[-gap:])
        sigma += weight * _standard_error(one, gap, horizon)
    return mean / total, sigma / total


def _regressions(moves: Array) -> list[_Regression]:
    """Fit with and without drift, on 0 to 4 lags, all on the same moves."""
    most = min(MOST_LAGS, max(0, (moves.size - 3) // MOVES_PER_LAG))
    count = moves.size - most
    answer = moves[most:]
    lagged = [moves[most - lag : moves.size - lag] for lag in range(1, most + 1)]
    table = np.array([np.ones(count), *lagged])
    gram, cross, power = table @ table.T, table @ answer, float(answer @ answer)
    found = []
    for first in (0, 1):
        for last in range(most + 1):
            chosen = slice(first, last + 1)
            fitted = _solved(gram[chosen, chosen], cross[chosen])
            left = max(power - float(fitted @ cross[chosen]), 0.0) / count
            known = fitted.size + 1
            penalty = 2 * known * count / max(count - known - 1, 1)
            drift = 0.0 if first else float(fitted[0])
            variance = left * count / max(count - known + 1, 1)
            criterion = count * float(np.log(max(left, TINY))) + penalty
            lags = tuple(map(float, fitted[1 - first :]))
            found.append(_Regression(drift, lags, variance, criterion))
    return found


def _solved(gram: Array, cross: Array) -> Array:
    """Return least-squares coefficients; a trace of ridge keeps constant moves solvable."""
    if cross.size == 0:
        return np.zeros(0)
    ridge = 1e-8 * float(np.trace(gram)) / cross.size + TINY
    return np.asarray(np.linalg.solve(gram + ridge * np.eye(cross.size), cross))


def _ahead(moves: Array, fitted: _Regression, bound: float, steps: int) -> list[float]:
    """Iterate the recursion, each move in the place of the next one seen."""
    order = len(fitted.lags)
    past = [float(move) for move in moves[moves.size - order :]]
    for _ in range(steps):
        recent = past[len(past) - order :][::-1]
        move = fitted.drift + sum(a * b for a, b in zip(fitted.lags, recent, strict=True))
        past.append(min(max(move, -bound), bound))
    return past[order:]


def _summed(moves: list[float], last: Array) -> Array:
    """Add moves to the values a gap before them, (h,); `last` holds the gap's values."""
    values = [float(value) for value in last]
    for step, move in enumerate(moves):
        values.append(values[step] + move)
    return np.array(values[last.size :])


def _standard_error(fitted: _Regression, gap: int, horizon: int) -> Array:
    """Standard error from what one shock moves at every later step, (h,)."""
    shock = np.zeros(max(len(fitted.lags), 1))
    shock[-1] = 1.0
    still = _Regression(0.0, fitted.lags, 0.0, 0.0)
    moves = [1.0, *_ahead(shock, still, WILDEST_MOVE, horizon - 1)]
    reply = _summed(moves, np.zeros(gap))
    return np.asarray(np.sqrt(fitted.variance * np.cumsum(reply**2)))
