"""What an attack on the forecasts once found: each stays mended."""

import numpy as np
import pytest

from forecasts.backtest import origins_of, rolled
from forecasts.combine import forecast_series


def said_at(history: np.ndarray, place: int, season: int) -> list[np.ndarray]:
    """Forecasts and half widths of every model at one origin, in the history's unit."""
    trials, largest = rolled(history, 6, season), float(np.abs(history).max())
    models = dict.fromkeys(one.model for one in trials)
    own = [[one for one in trials if one.model == model][place] for model in models]
    return [part * largest for one in own for part in (one.path, one.half[80], one.half[95])]


@pytest.mark.parametrize("season", [4, 12])
@pytest.mark.parametrize("future", [0.0, -1.0, 1e200])
def test_what_came_after_an_origin_moves_no_model_at_it(season, future):
    noise = np.random.default_rng(3).normal(0, 1, 120).cumsum()
    history = 40 + noise + 5 * np.sin(np.arange(120) * 2 * np.pi / season)
    origins = origins_of(120, 6, season)
    changed = history.copy()
    changed[origins[4] :] *= future
    for before, after in zip(said_at(history, 4, season), said_at(changed, 4, season), strict=True):
        assert after == pytest.approx(before, rel=1e-7)


@pytest.mark.parametrize("power", [-900, -10, 1, 100, 900])
@pytest.mark.parametrize("sign", [1.0, -1.0])
def test_gaps_have_the_same_digits_in_every_unit(power, sign):
    history = sign * np.exp(np.random.default_rng(5).normal(0, 1, 40))
    history[[3, 4, 17]] = np.nan
    plain = forecast_series(history, 6, season=4)
    other = forecast_series(history * 2.0**power, 6, season=4)
    assert other.mean.tolist() == (plain.mean * 2.0**power).tolist()
    assert other.upper[95].tolist() == (plain.upper[95] * 2.0**power).tolist()


def test_gaps_between_the_smallest_numbers_are_filled():
    history = np.full(30, 5e-324)
    history[4], history[9] = 1.5e-323, np.nan
    assert np.isfinite(forecast_series(history, 6).mean).all()
