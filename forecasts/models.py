"""The candidate models: three benchmarks that need no fit, and statsmodels, one function a family.

statsmodels is imported when a family first runs: its import takes seconds and the ladder's default
members do without it. A fit that fails gives NaN and a sentence, never an exception.
"""

import threading
import warnings
from collections.abc import Callable, Sequence
from functools import partial
from itertools import product

import numpy as np

from forecasts.smoothing import Family, Fit, Panel
from forecasts.units import Array

FIT_LOCK = threading.Lock()
"""One statsmodels fit at a time: `catch_warnings` is not thread-safe before Python 3.14."""

REFUSALS = (ValueError, ArithmeticError, IndexError, TypeError, np.linalg.LinAlgError)
"""What statsmodels raises on histories it cannot fit."""

ITERATIONS = 200
"""Bound of an optimiser's iterations: the time limit of a fit."""

SHORTEST_FIT = 8
"""Observations below which statsmodels is not asked."""

EtsForm = tuple[str, tuple[str | None, bool]]
"""Error and (trend, damped) of a form of ETS."""

DAMPED_FORM: tuple[EtsForm, ...] = (("add", ("add", True)),)
"""The damped trend alone."""

ETS_FORMS: tuple[EtsForm, ...] = tuple(
    product(("add", "mul"), ((None, False), ("add", False), ("add", True)))
)
"""Forms of the automatic ETS; seasons are removed before."""

ARIMA_ORDERS = (
    ((0, 1, 1), "n"),
    ((1, 1, 1), "n"),
    ((0, 1, 1), "t"),
    ((1, 1, 0), "t"),
    ((0, 2, 2), "n"),
    ((0, 1, 0), "n"),
)
"""Order and trend of the small ARIMA; seasons are removed before."""


def _move_spread(panel: Panel, slope: Array) -> Array:
    """Root mean square of the moves around a slope, (row,)."""
    moves = np.diff(panel.history, axis=1) - slope[:, None]
    inside = np.arange(moves.shape[1]) < panel.lengths[:, None] - 1
    count = np.maximum(panel.lengths - 1, 1)
    return np.asarray(np.sqrt(np.where(inside, moves**2, 0.0).sum(axis=1) / count))


def naive(panel: Panel, horizon: int) -> Fit:
    """Forecast the last value; errors of a random walk."""
    steps = np.arange(1, horizon + 1)
    mean = np.repeat(panel.last[:, None], horizon, axis=1)
    spread = _move_spread(panel, np.zeros(panel.lengths.size))
    return Fit(mean, spread[:, None] * np.sqrt(steps))


def seasonal_naive(panel: Panel, horizon: int, season: int) -> Fit:
    """Forecast the last season again; errors of a random walk from season to season.

    The rows are raw histories, longer than one season.
    """
    steps = np.arange(horizon)
    places = panel.lengths[:, None] - season + steps % season
    mean = np.take_along_axis(panel.history, places, axis=1)
    moves = panel.history[:, season:] - panel.history[:, :-season]
    inside = np.arange(moves.shape[1]) < panel.lengths[:, None] - season
    squares = np.where(inside, moves**2, 0.0).sum(axis=1)
    spread = np.sqrt(squares / np.maximum(panel.lengths - season, 1))
    return Fit(mean, spread[:, None] * np.sqrt(1 + steps // season))


def drift(panel: Panel, horizon: int) -> Fit:
    """Forecast along the line through the first and the last value (random walk with drift)."""
    steps = np.arange(1, horizon + 1)
    count = np.maximum(panel.lengths - 1, 1)
    slope = (panel.last - panel.history[:, 0]) / count
    mean = panel.last[:, None] + slope[:, None] * steps
    spread = _move_spread(panel, slope)
    return Fit(mean, spread[:, None] * np.sqrt(steps * (1 + steps / count[:, None])))


_OneFit = Callable[[Array, int], tuple[Array, Array]]


def _each_row(panel: Panel, horizon: int, name: str, fit: _OneFit) -> Fit:
    """Fit rows one by one; a refusal gives NaN and a sentence."""
    mean, sigma = np.full((2, panel.lengths.size, horizon), np.nan)
    failures = []
    for row, count in enumerate(panel.lengths):
        if count < SHORTEST_FIT:
            failures.append(f"{name} needs {SHORTEST_FIT} observations, got {count}.")
            continue
        if np.ptp(panel.row(row)) == 0:
            failures.append(f"{name} needs a history that moves.")
            continue
        with FIT_LOCK, warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                mean[row], sigma[row] = fit(panel.row(row), horizon)
            except REFUSALS as refusal:
                failures.append(f"{name} could not be fitted ({refusal}).")
    return Fit(mean, sigma, tuple(failures))


def ets(panel: Panel, horizon: int) -> Fit:
    """Statsmodels' ETS, the form of six chosen by AICc."""
    return _each_row(panel, horizon, "ETS", _ets_row)


def damped_ets(panel: Panel, horizon: int) -> Fit:
    """Statsmodels' ETS with additive errors and a damped trend, (A,Ad,N)."""
    return _each_row(panel, horizon, "damped ETS", partial(_ets_row, forms=DAMPED_FORM))


def _ets_row(
    history: Array, horizon: int, forms: Sequence[EtsForm] = ETS_FORMS
) -> tuple[Array, Array]:
    import pandas as pd
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    labelled = pd.Series(history)  # statsmodels' predictions read the labels
    fits = [
        ETSModel(labelled, error=error, trend=trend, damped_trend=damped).fit(
            disp=False, maxiter=ITERATIONS
        )
        for error, (trend, damped) in forms
        if error == "add" or history.min() > 0
    ]
    best = min(fits, key=lambda fit: fit.aicc if np.isfinite(fit.aicc) else np.inf)
    ahead = best.get_prediction(start=history.size, end=history.size + horizon - 1)
    mean = np.asarray(ahead.predicted_mean, dtype=np.float64)
    variance = np.asarray(ahead.forecast_variance, dtype=np.float64)
    return mean, np.sqrt(np.maximum(variance, 0.0))


def arima(panel: Panel, horizon: int) -> Fit:
    """Statsmodels' ARIMA, the order of six chosen by AICc."""
    return _each_row(panel, horizon, "ARIMA", _arima_row)


def _arima_row(history: Array, horizon: int) -> tuple[Array, Array]:
    from statsmodels.tsa.arima.model import ARIMA

    fits = [ARIMA(history, order=order, trend=trend).fit() for order, trend in ARIMA_ORDERS]
    best = min(fits, key=lambda fit: fit.aicc if np.isfinite(fit.aicc) else np.inf)
    ahead = best.get_forecast(horizon)
    return np.asarray(ahead.predicted_mean), np.asarray(ahead.se_mean)


def components(panel: Panel, horizon: int) -> Fit:
    """Statsmodels' unobserved components: a local linear trend with a cycle-free remainder."""
    return _each_row(panel, horizon, "unobserved components", _components_row)


def _components_row(history: Array, horizon: int) -> tuple[Array, Array]:
    from statsmodels.tsa.statespace.structural import UnobservedComponents

    fit = UnobservedComponents(history, "lltrend").fit(disp=False, maxiter=ITERATIONS)
    ahead = fit.get_forecast(horizon)
    return np.asarray(ahead.predicted_mean), np.asarray(ahead.se_mean)


def theta_model(panel: Panel, horizon: int) -> Fit:
    """Statsmodels' Theta (theta = 2); its errors grow as those of its smoothed level."""
    return _each_row(panel, horizon, "Theta (statsmodels)", _theta_row)


def _theta_row(history: Array, horizon: int) -> tuple[Array, Array]:
    from statsmodels.tsa.forecasting.theta import ThetaModel

    fit = ThetaModel(history, deseasonalize=False, period=1).fit()
    alpha = float(fit.params["alpha"])
    level, errors = history[0], np.empty(history.size - 1)
    for place, value in enumerate(history[1:]):
        errors[place] = value - level - float(fit.params["b0"]) / 2
        level += alpha * (value - level)
    spread = np.sqrt(np.mean(errors**2) * (1 + np.arange(horizon) * alpha**2))
    return np.asarray(fit.forecast(horizon), dtype=np.float64), spread


STATSMODELS: dict[str, Family] = {
    "ETS": ets,
    "damped ETS": damped_ets,
    "Theta (statsmodels)": theta_model,
    "ARIMA": arima,
    "unobserved components": components,
}
"""Candidates that a backtest compares; measured on M3, none improves the default combination."""
