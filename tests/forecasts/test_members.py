"""The members of seasonal series: means of blocks, drifting seasons, regressions on past moves."""

import numpy as np
import pytest

from forecasts import smoothing
from forecasts.autoregression import autoregression, seasonal_autoregression
from forecasts.blocks import in_blocks
from forecasts.combine import forecast_series
from forecasts.ladder import QUARTERLY, SEASONAL, SEASONAL_FAMILIES, _combined, rung_of
from forecasts.seasonal import seasonal_smoothing
from forecasts.smoothing import panel_of

WAVE = np.array([5.0, -3.0, 1.0, -3.0])


def walk(seed: int, count: int):
    return 100 + np.random.default_rng(seed).normal(0.5, 3, count).cumsum()


@pytest.mark.parametrize("name", SEASONAL_FAMILIES)
def test_a_batch_of_a_seasonal_member_says_what_each_row_says_alone(name):
    family = SEASONAL_FAMILIES[name](4)
    rows = [walk(1, 40), walk(2, 6), walk(3, 25)]
    batch = family(panel_of(rows), 9)
    for place, row in enumerate(rows):
        alone = family(panel_of([row]), 9)
        assert batch.mean[place] == pytest.approx(alone.mean[0])
        assert batch.sigma[place] == pytest.approx(alone.sigma[0])


@pytest.mark.parametrize("name", SEASONAL_FAMILIES)
def test_a_seasonal_member_knows_no_unit(name):
    family = SEASONAL_FAMILIES[name](4)
    small, large = (family(panel_of([walk(4, 40) * unit]), 6) for unit in (1.0, 1000.0))
    assert large.mean == pytest.approx(1000 * small.mean, rel=1e-4)
    assert large.sigma == pytest.approx(1000 * small.sigma, rel=1e-3)


@pytest.mark.parametrize("size", [2, 3, 4, 6])
def test_a_straight_line_goes_on_through_means_of_blocks(size):
    line = 10 + 2.0 * np.arange(60)
    mean = in_blocks(smoothing.smoothing, size)(panel_of([line]), 5).mean[0]
    assert mean == pytest.approx(130 + 2.0 * np.arange(5), rel=0.01)


def test_a_history_of_few_blocks_is_fitted_step_by_step():
    short = panel_of([walk(1, 7)])
    own, blocked = smoothing.theta(short, 4), in_blocks(smoothing.theta, 2)(short, 4)
    assert blocked.mean == pytest.approx(own.mean)


def test_a_last_value_that_is_off_moves_means_of_blocks_less():
    history = walk(7, 60)
    struck = np.append(history[:-1], history[-1] + 20)
    families = in_blocks(smoothing.smoothing, 4), smoothing.smoothing
    blocks, steps = (
        float((family(panel_of([struck]), 4).mean - family(panel_of([history]), 4).mean).mean())
        for family in families
    )
    assert 0 < blocks < steps / 2


def test_moves_that_halve_each_step_go_on_halving():
    moves = 8 * 0.5 ** np.arange(12)
    history = 100 + np.concatenate([[0.0], moves.cumsum()])
    mean = autoregression(panel_of([history]), 4).mean[0]
    assert np.diff(mean) == pytest.approx(moves[-1] * 0.5 ** np.arange(2, 5), rel=0.05)


def test_the_regression_agrees_with_statsmodels_arima():
    from statsmodels.tsa.arima.model import ARIMA

    rng = np.random.default_rng(3)
    moves = np.zeros(200)
    for step in range(1, 200):
        moves[step] = 0.6 * moves[step - 1] + rng.normal()
    history = 50 + moves.cumsum()
    own = autoregression(panel_of([history]), 8)
    known = ARIMA(history, order=(1, 1, 0)).fit().get_forecast(8)
    assert own.mean[0] == pytest.approx(known.predicted_mean, abs=0.6)
    assert own.sigma[0] == pytest.approx(known.se_mean, rel=0.15)


def test_a_season_that_repeats_is_repeated():
    history = 50 + np.tile(WAVE, 10)
    mean = seasonal_autoregression(4)(panel_of([history]), 6).mean[0]
    assert mean == pytest.approx(50 + np.tile(WAVE, 2)[:6])


def test_a_season_that_changed_is_followed():
    history = 50 + np.concatenate([np.tile(np.zeros(4), 8), np.tile(WAVE, 8)])
    mean = seasonal_smoothing(4)(panel_of([history]), 4).mean[0]
    still = smoothing.smoothing(panel_of([history]), 4).mean[0]
    assert np.abs(mean - 50 - WAVE).max() < 1.5
    assert np.abs(still - 50 - WAVE).max() > 2


def test_one_wild_member_moves_the_inner_mean_no_further_than_its_neighbour():
    calm = np.array([[10.0], [11.0], [12.0], [13.0]])
    wild, wilder = (np.vstack([calm, [[value]]]) for value in (14.0, 1e6))
    for one, other in zip(_combined(wild, 1), _combined(wilder, 1), strict=True):
        assert one == pytest.approx(other)
    assert _combined(wilder, None)[0] == pytest.approx([12.0])


def test_quarters_and_long_seasons_have_rungs_of_their_own():
    assert rung_of(16, 4) is QUARTERLY
    assert rung_of(15, 4).name == "8 to 15"
    assert rung_of(48, 12) is SEASONAL
    assert rung_of(47, 12).name == rung_of(40, 1).name == "16 and more"
    assert forecast_series(walk(1, 20), 4, season=4).model.startswith("inner mean of theta, ")
