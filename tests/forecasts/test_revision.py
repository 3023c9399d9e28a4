import numpy as np
import pytest

from forecasts.combine import forecast_series
from forecasts.revision import revised

LINE = 100 + 5.0 * np.arange(30) + np.random.default_rng(0).normal(0, 1, 30)


def test_the_earlier_forecast_sees_none_of_the_newest_values():
    now = forecast_series(LINE, 6)
    found = revised(LINE, now, withheld=3)
    alone = forecast_series(LINE[:27], 9)
    assert found.before.mean == pytest.approx(alone.mean)
    assert found.came == pytest.approx(LINE[27:])
    assert found.change == pytest.approx(now.mean[-1] / alone.mean[-1] - 1)
    assert found.inside == 1.0
    assert found.text.startswith("3 of the newest 3 values fell inside")


def test_a_jump_is_outside_and_moves_the_forecast():
    jumped = np.append(LINE, LINE[-1] * 2)
    found = revised(jumped, forecast_series(jumped, 6))
    assert found.inside == 0.0
    assert found.change > 0.2
    assert found.text.startswith("The newest value fell outside")
    assert "rose by" in found.text
    assert found.ahead == 6
    assert found.said("2024Q4", "2026Q2").startswith("The value of 2024Q4 fell outside")
    assert "the forecast of 2026Q2 rose by" in found.said("2024Q4", "2026Q2")


def test_what_changes_nothing_says_so():
    flat = np.full(20, 7.0)
    found = revised(flat, forecast_series(flat, 4))
    assert found.change == 0
    assert "stayed" in found.text


def test_nothing_left_to_forecast_from_gives_none():
    assert revised(np.array([3.0]), forecast_series(np.array([3.0]), 2)) is None
    assert revised(LINE, forecast_series(LINE, 2), withheld=30) is None
