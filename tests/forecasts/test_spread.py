"""How wide intervals are before calibration, and how the errors of a path hang together."""

import numpy as np
import pytest

from forecasts.combine import forecast_series
from forecasts.fan import Forecast
from forecasts.history import prepared
from forecasts.sampling import carried_share, level_correlation
from forecasts.spread import (
    DEVIATION,
    KEPT,
    LARGEST_RATIO,
    MOVES_WEIGHT,
    compared_steps,
    recent_move,
    standard_error,
)

STEPS = np.sqrt(np.arange(1, 13))


def ready(history, season=1):
    return prepared(np.asarray(history, dtype=float), season, nonnegative=True)


def zigzag(moves):
    signs = np.where(np.arange(len(moves)) % 2, 1.0, -1.0)
    return 1000 + np.concatenate([[0.0], np.cumsum(signs * moves)])


def test_the_recent_move_is_the_weighted_mean_of_moves_over_a_season():
    history = np.array([1.0, 5.0, 3.0, 6.0, 7.0])
    moves = [(2.0, KEPT**2), (1.0, KEPT), (4.0, 1.0)]
    mean = sum(move * weight for move, weight in moves) / sum(weight for _, weight in moves)
    assert recent_move(history, 2) == pytest.approx(DEVIATION * mean / np.sqrt(2))


def test_the_recent_move_of_a_random_walk_is_its_standard_deviation():
    walk = np.random.default_rng(3).normal(0, 2.0, (400, 60)).cumsum(axis=1)
    for season in (1, 4):
        assert np.mean([recent_move(row, season) for row in walk]) == pytest.approx(2, rel=0.05)


def test_a_history_that_moved_more_of_late_has_wider_intervals():
    moves = np.linspace(1.0, 9.0, 40)
    own = 0.005 * STEPS
    wilder, calmer = (standard_error(own, ready(zigzag(m))) for m in (moves, moves[::-1]))
    assert (wilder > 1.1 * calmer).all()


def test_the_recent_moves_scale_all_steps_alike():
    own = 0.004 * np.arange(1.0, 13.0)
    long = standard_error(own, ready(zigzag(np.full(4000, 8.0))))
    assert long / own == pytest.approx(np.full(12, long[0] / own[0]), rel=1e-3)
    moved = recent_move(ready(zigzag(np.full(4000, 8.0))).adjusted, 1)
    apart = np.log(moved * STEPS[:4] / own[:4]).mean()
    assert long[0] / own[0] == pytest.approx(np.exp(MOVES_WEIGHT * apart), rel=1e-3)


def test_a_ratio_beyond_four_is_not_believed():
    own = np.full(12, 1e-6)
    wide = standard_error(own, ready(zigzag(np.full(4000, 8.0))))
    prior = standard_error(np.zeros(12), ready(zigzag(np.full(4000, 8.0))))
    bare = np.sqrt(np.maximum(wide**2 - prior**2, 0)) / own
    assert bare == pytest.approx(np.full(12, np.exp(MOVES_WEIGHT * LARGEST_RATIO)), rel=1e-2)


@pytest.mark.parametrize(("count", "season"), [(7, 1), (23, 12), (7, 4)])
def test_recent_moves_wait_for_eight_values_and_two_seasons(count, season):
    history = zigzag(np.linspace(1, 9, count - 1))
    own = 0.01 * np.sqrt(np.arange(1, 14))
    turned = [standard_error(own, ready(h, season)) for h in (history, history[::-1])]
    means = [float(np.abs(ready(h, season).adjusted).mean()) for h in (history, history[::-1])]
    assert means[0] == pytest.approx(means[1])
    assert turned[0] == pytest.approx(turned[1])


@pytest.mark.parametrize(("season", "count"), [(1, 20), (4, 40), (12, 90), (52, 120)])
def test_an_interval_does_not_depend_on_how_far_is_asked(season, count):
    walk = 100 + np.random.default_rng(season).normal(0.3, 3, count).cumsum()
    near, far = (forecast_series(walk, h, season=season, judged=False) for h in (1, 30))
    assert near.upper[80][0] == pytest.approx(far.upper[80][0], rel=1e-12)
    assert near.mean.size == near.upper[80].size == 1
    assert far.mean.size == far.upper[95].size == 30
    assert all(path.size == 1 for path in near.members.values())
    assert compared_steps(season) >= season


def test_a_history_that_stands_still_has_a_finite_interval():
    made = forecast_series(np.full(30, 5.0), 8)
    assert np.isfinite(made.upper[95]).all()
    assert (made.upper[95] >= made.mean).all()


def smoothed_errors(alpha, count=200_000, steps=12):
    """Errors, by step, of simple exponential smoothing on the process it is right for."""
    shocks = np.random.default_rng(5).standard_normal((count, steps))
    level = np.zeros(count)
    errors = np.empty((count, steps))
    for step in range(steps):
        errors[:, step] = level + shocks[:, step]
        level += alpha * shocks[:, step]
    return errors


@pytest.mark.parametrize("alpha", [0.0, 0.1, 0.4, 0.8, 1.0])
def test_steps_hang_together_as_the_errors_of_smoothing_do(alpha):
    errors = smoothed_errors(alpha)
    assert carried_share(errors.std(axis=0)) == pytest.approx(alpha, abs=0.03)
    real = np.corrcoef(errors, rowvar=False)
    assert level_correlation(alpha, 12) == pytest.approx(real, abs=0.01)


def test_intervals_that_widen_faster_than_a_random_walk_carry_everything():
    assert carried_share(np.arange(1.0, 9.0)) == carried_share(np.array([1e-300, 1e300])) == 1.0
    assert carried_share(np.arange(9.0, 1.0, -1)) == 0.0
    assert carried_share(np.ones(1)) == 1.0


@pytest.mark.parametrize("alpha", [0.0, 0.5, 1.0])
def test_paths_hang_together_as_their_intervals_say(alpha):
    wide = 10 * np.sqrt(1 + alpha**2 * np.arange(12))
    mean = np.full(12, 500.0)
    made = Forecast(mean, {80: mean - wide}, {80: mean + wide}, "", {}, (), "", 40)
    found = np.corrcoef(made.paths(20_000, seed=2), rowvar=False)
    assert found == pytest.approx(level_correlation(alpha, 12), abs=0.03)
