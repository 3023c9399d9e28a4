"""What an attack on the forecasts once found: each stays mended."""

import numpy as np
import pytest

from forecasts.backtest import origins_of, rolled


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
