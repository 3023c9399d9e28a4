"""The forecast is finite, frank, calibrated and the same every time, from one point up."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.calibration import FACTORS, factor
from forecasts.combine import forecast, forecast_series
from forecasts.ladder import rung_of, trouble_with
from forecasts.peers import own_weight

NASTY = {
    "zeros": np.zeros(30),
    "one point": np.array([5.0]),
    "two equal": np.array([5.0, 5.0]),
    "huge": np.array([1e308, 1e-308] * 20),
    "both ends": np.array([-1.7e308, 1.7e308, 0.0] * 8),
    "tiny": np.full(15, 5e-324),
    "step": np.repeat([1.0, 1e9], 20),
    "explosion": 100 * 1.5 ** np.arange(60),
    "decay": 100 * 0.5 ** np.arange(40),
    "rare": np.eye(1, 50, 20)[0] * 1e6,
    "gaps": np.where(np.arange(40) % 3 == 1, np.nan, np.arange(40.0)),
}


def walk(seed: int, count: int = 40):
    return 100 + np.random.default_rng(seed).normal(0.5, 3, count).cumsum()


def sane(made):
    arrays = [made.mean, *made.lower.values(), *made.upper.values(), *made.members.values()]
    assert all(np.isfinite(array).all() for array in arrays)
    assert min(array.min() for array in arrays) >= made.floor
    levels = sorted(made.upper)
    for narrow, wide in pairwise(levels):
        assert (made.lower[wide] <= made.lower[narrow]).all()
        assert (made.upper[narrow] <= made.upper[wide]).all()
    assert (made.lower[levels[0]] <= made.mean).all()
    assert (made.mean <= made.upper[levels[0]]).all()


@pytest.mark.parametrize("y", NASTY.values(), ids=NASTY)
@pytest.mark.parametrize("season", [1, 4, 12])
def test_nasty_series_stay_finite_and_ordered(y, season):
    made = forecast_series(y, 12, season=season, levels=(1, 50, 80, 95, 99), peer_growth=0.4)
    sane(made)
    assert np.isfinite(made.paths(50, seed=1)).all()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=30), st.sampled_from([1, 4]))
def test_any_history_is_forecast(values, season):
    sane(forecast_series(np.array(values), 5, season=season))


@settings(max_examples=20, deadline=None)
@given(st.floats(1e-6, 1e6), st.integers(0, 50), st.integers(1, 30))
def test_the_unit_does_not_matter(unit, seed, count):
    one, other = (forecast_series(walk(seed, count) * u, 4) for u in (1.0, unit))
    assert other.mean == pytest.approx(unit * one.mean, rel=1e-5)
    assert other.upper[95] == pytest.approx(unit * one.upper[95], rel=1e-5)


def test_the_same_history_gives_the_same_forecast_and_paths():
    one, other = (forecast_series(walk(1), 6, season=4) for _ in range(2))
    assert (one.mean == other.mean).all()
    assert (one.paths(100, seed=3) == other.paths(100, seed=3)).all()
    assert (one.paths(100, seed=3) != other.paths(100, seed=4)).any()


def test_quantiles_of_paths_are_the_stated_intervals():
    made = forecast_series(walk(2, 80), 12, season=12, levels=(50, 80, 95))
    paths = made.paths(4096, seed=7)
    for level in (50, 80, 95):
        ends = np.quantile(paths, [0.5 - level / 200, 0.5 + level / 200], axis=0)
        assert ends[0] == pytest.approx(made.lower[level], rel=0.02)
        assert ends[1] == pytest.approx(made.upper[level], rel=0.02)
    assert np.median(paths, axis=0) == pytest.approx(made.mean, rel=0.005)


def test_paths_keep_their_rank_more_over_one_step_than_over_ten():
    paths = forecast_series(walk(3, 60), 12).paths(2000, seed=1)
    near = np.corrcoef(paths[:, 4], paths[:, 5])[0, 1]
    far = np.corrcoef(paths[:, 0], paths[:, 11])[0, 1]
    assert near > 0.8
    assert 0.1 < far < near


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"horizon": 0}, "horizon"),
        ({"horizon": 3, "levels": (80, 100)}, "levels"),
        ({"horizon": 3, "y": [np.nan]}, "no finite value"),
    ],
)
def test_slips_are_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        forecast_series(**({"y": np.array([1.0, 2.0])} | arguments))


def test_the_ladder_is_stated():
    names = [forecast_series(walk(1, n), 2).rung for n in (1, 2, 3, 4, 7, 8, 15, 16, 40)]
    assert names == ["1", *["2 to 3"] * 2, *["4 to 7"] * 2, *["8 to 15"] * 2, *["16 and more"] * 2]
    assert "seasons" in rung_of(60, 12).name
    assert "median of" in forecast_series(walk(1), 2).model


def test_a_short_history_borrows_its_peers_growth_and_says_so():
    made = forecast_series(np.array([100.0]), 3, peer_growth=0.2)
    assert made.mean == pytest.approx([120, 144, 172.8])
    assert "peers' growth of 20 %" in " ".join(made.notes)
    weights = [own_weight(count) for count in range(1, 40)]
    assert all(a < b for a, b in pairwise(weights))


def test_a_falling_price_nears_zero_but_does_not_reach_it():
    made = forecast_series(np.linspace(100, 20, 12), 24)
    assert made.mean.min() > 0
    assert (np.diff(made.mean) <= 1e-9).all()


def test_a_negative_history_may_stay_negative_and_says_so():
    made = forecast_series(walk(1) - 300, 3)
    assert made.mean.max() < 0
    assert any("below zero" in note for note in made.notes)


def test_guardrails_name_what_is_wrong():
    history = np.array([1.0, 2.0, 3.0])
    assert trouble_with(np.array([3.0, np.nan]), history) == "gave no finite forecast"
    assert "tenfold" in trouble_with(np.array([31.0]), history)
    assert "jumped" in trouble_with(np.array([9.0]), history)
    assert not trouble_with(np.array([4.0]), history)


def test_levels_between_the_learned_ones_lie_between_them():
    for season, count in FACTORS:
        widths = np.array([factor(level, 12, season, count) for level in range(1, 100)])
        assert (widths > 0).all()
        assert (np.diff(widths, axis=0) > 0).all()


def test_the_chosen_intervals_cover_what_they_say_on_simulated_trends():
    inside = []
    for seed in range(60):
        values = walk(seed, 36)
        made = forecast_series(values[:30], 6)
        inside.append((values[30:] >= made.lower[80]) & (values[30:] <= made.upper[80]))
    assert np.mean(inside) == pytest.approx(0.8, abs=0.12)


def long(count: int = 20, series: int = 3):
    parts = [
        pd.DataFrame(
            {
                "unique_id": f"s{number}",
                "ds": pd.period_range("2015Q1", periods=count - number, freq="Q").astype(str),
                "y": walk(number, count - number),
            }
        )
        for number in range(series)
    ]
    return pd.concat(parts, ignore_index=True)


def test_the_frame_keeps_the_contract():
    made = forecast(long(), 4, levels=(95, 80))
    columns = ["unique_id", "ds", "mean", "lo-80", "hi-80", "lo-95", "hi-95", "model"]
    assert list(made.columns) == columns
    assert made["unique_id"].unique().tolist() == ["s0", "s1", "s2"]
    assert made.loc[0, "ds"] == "2020Q1"
    assert made.notna().all().all()


@pytest.mark.parametrize(
    ("ds", "ahead"),
    [
        (["2020", "2021", "2022", "2023", "2024"], ["2023", "2024"]),
        (["2023Q1", "2023Q2", "2023Q3", "2023Q4", "2024Q1"], ["2023Q4", "2024Q1"]),
        (["2024-01-31", "2024-02-29", "2024-03-31", "2024-04-30", "2024-05-31"],
         ["2024-04-30", "2024-05-31"]),
        ([1, 2, 3, 4, 5], [4, 5]),
    ],
)  # fmt: skip
def test_periods_after_the_last_value_are_what_is_forecast(ds, ahead):
    blank = pd.DataFrame({"unique_id": "a", "ds": ds, "y": [3.0, 4.0, 6.0, np.nan, np.nan]})
    found = forecast(blank, 2)
    assert found["ds"].tolist() == ahead
    assert found.equals(forecast(blank.iloc[:3], 2))
    assert forecast(blank.sample(frac=1, random_state=2), 2).equals(found)


def test_two_processes_say_what_one_says(monkeypatch):
    alone = forecast(long(12, 6), 3)
    monkeypatch.setattr("forecasts.combine.MANY", 2)
    pd.testing.assert_frame_equal(forecast(long(12, 6), 3), alone)


def test_a_bad_frame_is_refused_with_the_series_named():
    with pytest.raises(ValueError, match="lacks"):
        forecast(pd.DataFrame({"ds": [1], "y": [1.0]}), 3)
    with pytest.raises(ValueError, match=r"series 'a'.*no finite"):
        forecast(pd.DataFrame({"unique_id": "a", "ds": [1], "y": [np.nan]}), 3)


def test_uneven_days_that_share_a_week_are_read_as_days():
    days = ["2024-02-26", "2024-02-28", "2024-03-01", "2024-03-15", "2024-03-22", "2024-03-30"]
    frame = pd.DataFrame({"unique_id": "a", "ds": days, "y": [1.0, 2, 3, 4, 5, 6]})
    made = forecast(frame, 2, levels=(80,))
    assert [str(day)[:10] for day in made["ds"]] == ["2024-03-31", "2024-04-01"]


def test_a_day_given_twice_is_still_refused():
    frame = pd.DataFrame({"unique_id": "a", "ds": ["2024-03-01"] * 2, "y": [1.0, 2.0]})
    with pytest.raises(ValueError, match="2024-03-01 occurs twice"):
        forecast(frame, 2, levels=(80,))
