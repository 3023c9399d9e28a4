"""Exponential smoothing and Theta over whole parameter grids at once, in numpy.

Filters run over all histories of a `Panel` and all grid points together. Initial states are not
searched for: the errors are linear in them, so least squares gives the best ones of each grid point
from sums that the filter keeps as it goes. A backtest over many origins is one call.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from forecasts.units import Array, Whole

TINY = 1e-300
"""Keeps logarithms and ratios of perfect fits finite."""

RIDGE = 1e-9
"""Relative ridge of the initial states: keeps their 2 x 2 systems solvable."""

ALPHAS = (0.02, 0.06, 0.12, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99)
"""Smoothing of the level."""

BETA_SHARES = (0.0, 0.03, 0.08, 0.16, 0.3, 0.5)
"""Smoothing of the slope as a share of alpha."""

DAMPINGS = (0.8, 0.86, 0.91, 0.95, 0.98)
"""What a damped slope keeps from step to step."""

TREND_SHARES = (0.0, 0.2, 0.35, 0.5, 0.65, 0.8, 0.9, 1.0)
"""Theta's share of the linear trend, 1 - 1/theta."""

PARAMETERS = {"level": 3, "trend": 5, "damped": 6}
"""Non-seasonal additive ETS forms, (A,N,N), (A,A,N), (A,Ad,N), and how many numbers each
estimates, the error variance included."""

LARGEST_LOG = 60.0
"""Bound of a forecast logarithm; what lies beyond is caught by the guardrails."""


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Histories side by side.

    Attributes
    ----------
    history : (row, step) array
        Each history from its first value on, padded at its end with its last value.
    lengths : (row,) array of int
        Values that were observed in each row.
    """

    history: Array
    lengths: Whole

    def row(self, place: int) -> Array:
        """Return one history without its padding."""
        return self.history[place, : self.lengths[place]]

    @property
    def last(self) -> Array:
        """Last value of each row."""
        return self.history[np.arange(self.lengths.size), self.lengths - 1]


@dataclass(frozen=True, slots=True, eq=False)
class Fit:
    """One forecast for each row of a panel.

    Attributes
    ----------
    mean : (row, h) array
        Point forecast, in the history's unit; NaN where the model could not be fitted.
    sigma : (row, h) array
        Standard error by the model's own formula, before calibration.
    failures : tuple of str
        A sentence for each fit that failed.
    """

    mean: Array
    sigma: Array
    failures: tuple[str, ...] = ()


Family = Callable[[Panel, int], Fit]
"""A model family: panel and horizon in, one forecast a row out."""


def panel_of(histories: Sequence[Array]) -> Panel:
    """Lay histories of any lengths side by side."""
    lengths = np.array([history.size for history in histories], dtype=np.int64)
    laid = np.empty((len(histories), int(lengths.max())))
    for row, history in zip(laid, histories, strict=True):
        row[: history.size] = history
        row[history.size :] = history[-1]
    return Panel(laid, lengths)


class _Sums:
    """Cross-products of errors and of what unit initial states would have added to them.

    From these sums follow, at any step, the best initial states of each grid point and the sum of
    squared errors they leave.
    """

    def __init__(self, rows: int, states: int, points: int) -> None:
        self.errors = np.zeros((rows, points))
        self.cross = np.zeros((rows, states, points))
        self.gram = np.zeros((states, states, points))

    def add(self, error: Array, seen: Array) -> None:
        """Add one step: error (row, point) from zero states, response `seen` (state, point)."""
        self.errors += error**2
        self.cross += error[:, None] * seen
        self.gram += seen[:, None] * seen[None]

    def solved(self, row: int) -> tuple[Array, Array]:
        """Return the remaining sum of squares (point,) and the initial states (state, point)."""
        gram = self.gram.transpose(2, 0, 1)
        ridge = RIDGE * np.trace(gram, axis1=1, axis2=2)[:, None, None]
        steady = gram + ridge * np.eye(gram.shape[1])
        states = np.linalg.solve(steady, self.cross[row].T[:, :, None])[:, :, 0].T
        left = self.errors[row] - (states * self.cross[row]).sum(axis=0)
        return np.maximum(left, 0.0), states


@dataclass(frozen=True, slots=True)
class _Best:
    """The best grid point of a row: sum of squared errors, states at the end, parameters."""

    sse: float
    level: float
    slope: float
    alpha: float
    beta: float
    phi: float


@lru_cache(maxsize=4)
def _filtered(panel: Panel, form: str) -> tuple[_Best, ...]:
    """Filter all rows at all grid points of a form; return each row's best point.

    Two members of a rung ask for the damped trend of one panel: the last few answers are kept.
    """
    betas = (0.0,) if form == "level" else BETA_SHARES
    phis = DAMPINGS if form == "damped" else (1.0,)
    alpha, share, phi = np.array(list(product(ALPHAS, betas, phis))).T
    beta, states, rows = alpha * share, 1 if form == "level" else 2, panel.lengths.size
    level, slope = np.zeros((rows, alpha.size)), np.zeros((rows, alpha.size))
    basis = np.zeros((2, states, alpha.size))
    basis[range(states), range(states)] = 1.0
    sums, best = _Sums(rows, states, alpha.size), {}
    for step in range(int(panel.lengths.max())):
        seen, grown = basis[0] + phi * basis[1], phi * slope
        level = level + grown
        error = panel.history[:, step, None] - level
        level, slope = level + alpha * error, grown + beta * error
        basis = np.stack([(1 - alpha) * seen, phi * basis[1] - beta * seen])
        sums.add(error, seen)
        for row in np.flatnonzero(panel.lengths == step + 1):
            sse, start = sums.solved(int(row))
            at = int(np.argmin(sse))
            ends = basis[:, :, at] @ start[:, at] + [level[row, at], slope[row, at]]
            best[int(row)] = _Best(*map(float, (sse[at], *ends, alpha[at], beta[at], phi[at])))
    return tuple(best[row] for row in range(rows))


def _extended(best: _Best, count: int, horizon: int, form: str) -> tuple[Array, Array, float]:
    """Return mean (h,), standard error (h,) and AICc of a filtered row of `count` values.

    Variance by Hyndman, Koehler, Ord and Snyder (2008), table 6.1, class 1.
    """
    grown = np.cumsum(best.phi ** np.arange(1, horizon + 1))
    variance = best.sse / max(count - PARAMETERS[form] + 1, 1)
    weights = best.alpha + best.beta * grown
    widening = 1 + np.concatenate([[0.0], np.cumsum(weights[:-1] ** 2)])
    mean = best.level + best.slope * grown
    return mean, np.sqrt(variance * widening), _aicc(best.sse, count, PARAMETERS[form])


def _aicc(sse: float, count: int, parameters: int) -> float:
    """Return Akaike's criterion corrected for short histories; infinite when too short."""
    if count <= parameters + 1:
        return np.inf
    fit = count * np.log(max(sse / count, TINY))
    return float(fit + 2 * parameters * count / (count - parameters - 1))


def _akaike(criteria: Array) -> Array:
    """Return weights that sum to 1; the first form when none can be judged."""
    if not np.isfinite(criteria).any():
        return np.asarray(np.eye(criteria.size)[0])
    weights = np.exp(-np.minimum(criteria - criteria.min(), 200.0) / 2)
    return np.asarray(weights / weights.sum())


def _averaged(panel: Panel, horizon: int, forms: Sequence[str]) -> Fit:
    """Average the forms of each row by their Akaike weights."""
    mean, sigma = np.zeros((2, panel.lengths.size, horizon))
    filtered = [_filtered(panel, form) for form in forms]
    for row, count in enumerate(panel.lengths):
        made = [
            _extended(best[row], int(count), horizon, form)
            for form, best in zip(forms, filtered, strict=True)
        ]
        weights = _akaike(np.array([aicc for _, _, aicc in made]))
        mean[row] = weights @ np.array([path for path, _, _ in made])
        sigma[row] = weights @ np.array([spread for _, spread, _ in made])
    return Fit(mean, sigma)


def smoothing(panel: Panel, horizon: int) -> Fit:
    """Exponential smoothing: level, trend and damped trend averaged by Akaike weights."""
    return _averaged(panel, horizon, tuple(PARAMETERS))


def damped_trend(panel: Panel, horizon: int) -> Fit:
    """Damped-trend exponential smoothing, (A,Ad,N)."""
    return _averaged(panel, horizon, ("damped",))


def logged(family: Family) -> Family:
    """Return the family fitted to logarithms; additive for a row with a value that is not positive.

    Each row is judged alone: in a backtest the others hold what came later.
    """

    def fitted(panel: Panel, horizon: int) -> Fit:
        positive = panel.history.min(axis=1) > 0
        if not positive.any():
            return family(panel, horizon)
        fit = family(Panel(np.log(panel.history[positive]), panel.lengths[positive]), horizon)
        mean = np.exp(np.clip(fit.mean, -LARGEST_LOG, LARGEST_LOG))
        sigma = mean * np.minimum(fit.sigma, LARGEST_LOG)
        if positive.all():
            return Fit(mean, sigma, fit.failures)
        plain = family(Panel(panel.history[~positive], panel.lengths[~positive]), horizon)
        means, sigmas = np.empty((2, positive.size, horizon))
        means[positive], means[~positive] = mean, plain.mean
        sigmas[positive], sigmas[~positive] = sigma, plain.sigma
        return Fit(means, sigmas, fit.failures + plain.failures)

    return fitted


# Theta ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class _Line:
    """Least-squares line through each row's first `count` values: mean and slope, (row,)."""

    mean: Array
    slope: Array
    count: int

    def with_value(self, value: Array) -> "_Line":
        """Return the line through one more value."""
        count = self.count + 1
        slope = ((count - 2) * self.slope + 6 * (value - self.mean) / count) / (count + 1)
        mean = ((count - 1) * self.mean + value) / count
        return _Line(mean, slope if count > 1 else self.slope, count)

    def ahead(self, alpha: Array) -> Array:
        """Return what the trend adds to the level one step ahead, (row, point)."""
        start = (1 - alpha) ** self.count
        base = self.mean - self.slope * (self.count + 1) / 2
        grown = (1 - start * (1 - alpha)) / alpha
        return np.asarray(start * base[:, None] + grown * self.slope[:, None])

    def row(self, place: int) -> "_Line":
        """Return one row's line."""
        return _Line(self.mean[[place]], self.slope[[place]], self.count)


def _theta(panel: Panel, horizon: int, shares: Sequence[float]) -> Fit:
    alpha, share = np.array(list(product(ALPHAS, shares))).T
    rows = panel.lengths.size
    sums, line = _Sums(rows, 1, alpha.size), _Line(np.zeros(rows), np.zeros(rows), 0)
    level = np.zeros((rows, alpha.size))
    mean, sigma = np.zeros((2, rows, horizon))
    for step in range(int(panel.lengths.max())):
        value = panel.history[:, step]
        error = value[:, None] - level - share * line.ahead(alpha)
        sums.add(error, (1 - alpha)[None] ** step)
        level = level + alpha * (value[:, None] - level)
        line = line.with_value(value)
        for row in np.flatnonzero(panel.lengths == step + 1):
            sse, first = sums.solved(int(row))
            at = int(np.argmin(sse))
            final = float(level[row, at] + (1 - alpha[at]) ** (step + 1) * first[0, at])
            mean[row] = _theta_path(final, alpha[at], share[at], line.row(int(row)), horizon)
            spread = np.sqrt(sse[at] / max(step - 2, 1))
            sigma[row] = spread * np.sqrt(1 + np.arange(horizon) * alpha[at] ** 2)
    return Fit(mean, sigma)


def _theta_path(level: float, alpha: float, share: float, line: _Line, horizon: int) -> Array:
    """Iterate the recursion with each forecast in the place of the next value."""
    path, rate = np.empty(horizon), np.array([alpha])
    for step in range(horizon):
        path[step] = level + share * line.ahead(rate)[0, 0]
        level = level + alpha * (path[step] - level)
        line = line.with_value(path[[step]])
    return path


def theta(panel: Panel, horizon: int) -> Fit:
    """Dynamic optimised Theta: level smoothing plus a fitted share of the linear trend so far.

    Fiorucci, Pellegrini, Louzada, Petropoulos and Koehler (2016), International Journal of
    Forecasting 32, section 3, over a grid of (alpha, share).
    """
    return _theta(panel, horizon, TREND_SHARES)


def standard_theta(panel: Panel, horizon: int) -> Fit:
    """Theta with half the linear trend (theta = 2), as Assimakopoulos and Nikolopoulos (2000)."""
    return _theta(panel, horizon, (0.5,))
