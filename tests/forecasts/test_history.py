"""A history is made regular on purpose, and what was done to it is said."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.combine import forecast_series, told
from forecasts.history import clean, is_seasonal, prepared, season_of
from forecasts.marks import break_at, outliers
from forecasts.periods import calendar_of, read_series, regular_grid


def seasonal(years: int, season: int = 12, swing: float = 0.2):
    steps = np.arange(years * season)
    return (100 + steps) * (1 + swing * np.sin(2 * np.pi * steps / season))


def test_gaps_are_filled_along_a_line_and_said():
    values, notes = clean([np.nan, 1.0, np.nan, 4.0, np.inf])
    assert values.tolist() == pytest.approx([1, 2, 4])
    assert len(notes) == 2


@pytest.mark.parametrize("nothing", [[], [np.nan, np.inf]])
def test_a_history_without_a_finite_value_is_refused(nothing):
    with pytest.raises(ValueError, match="no finite value"):
        clean(nothing)


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=40))
def test_a_regular_history_is_left_as_it_is(values):
    kept, notes = clean(values)
    assert kept.tolist() == values
    assert notes == ()


def test_a_season_is_found_removed_and_put_back_exactly():
    values = seasonal(6)
    found = season_of(values, 12)
    assert found.swing == pytest.approx(0.2, abs=0.02)
    assert found.added(found.removed(values), 0) == pytest.approx(values)
    assert np.abs(np.diff(found.removed(values))).mean() < np.abs(np.diff(values)).mean() / 4


def test_noise_is_not_taken_for_a_season():
    swings = [
        season_of(100 + np.random.default_rng(seed).normal(0, 10, 60), 12).swing
        for seed in range(20)
    ]
    assert np.median(swings) < 0.02
    assert not is_seasonal(np.arange(60.0) * 0 + 5, 12)


def test_a_spike_is_an_outlier_and_a_jump_that_stays_is_a_break():
    noise = np.random.default_rng(3).normal(0, 1, 30)
    spiked, stepped = 100 + noise, 100 + noise
    spiked[12] += 60
    stepped[18:] += 60
    assert np.flatnonzero(outliers(spiked)).tolist() == [12]
    assert not outliers(stepped).any()
    assert break_at(stepped) == 18
    assert break_at(100 + noise) == 0


def test_preparing_says_what_it_did():
    values = 100 + np.random.default_rng(3).normal(0, 1, 30)
    values[12] = 400
    ready = prepared(values, 1, nonnegative=True)
    assert ready.marks.smoothed == (12,)
    assert ready.adjusted.max() * ready.scale < 200
    assert "below zero" in prepared(-values, 1, nonnegative=True).notes[0]


@pytest.mark.parametrize(
    ("ds", "following"),
    [
        (["2024Q1", "2024Q2", "2024Q4"], ["2025Q1", "2025Q2"]),
        (["2023-11", "2023-12"], ["2024-01", "2024-02"]),
        (["2022", "2023", "2024"], ["2025", "2026"]),
        ([7, 8, 9], [10, 11]),
        (["1", "2", "3"], [4, 5]),
        (["2024H1", "2024H2"], ["2025H1", "2025H2"]),
        (["2024-01-31", "2024-02-29", "2024-03-31"], ["2024-04-30", "2024-05-31"]),
        (["2024-01-15", "2024-02-15"], ["2024-03-15", "2024-04-15"]),
        (["2024-01-01", "2024-01-08", "2024-01-15"], ["2024-01-22", "2024-01-29"]),
        (list(pd.date_range("2024-01-01", periods=2, freq="YS")), ["2026-01-01", "2027-01-01"]),
        ([2015, 2020, 2025], [2030, 2035]),
    ],
)
def test_a_calendar_goes_on_in_the_form_of_its_input(ds, following):
    made = calendar_of(ds, None).after(2)
    if isinstance(ds[0], pd.Timestamp):
        made = [value.date().isoformat() for value in made]
    assert made == following


def test_periods_may_come_in_any_order_and_gaps_become_missing():
    calendar = calendar_of(["2024Q4", "2024Q1", "2024Q2"], None)
    grid = regular_grid(calendar, np.array([4.0, 1.0, 2.0]))
    assert grid[[0, 1, 3]].tolist() == [1, 2, 4]
    assert np.isnan(grid[2])


@pytest.mark.parametrize(
    ("ds", "message"),
    [(["2024Q1", "2024Q1"], "occurs twice"), (["soon", "later"], "cannot be read")],
)
def test_what_cannot_be_read_is_named(ds, message):
    frame = pd.DataFrame({"unique_id": "a", "ds": ds, "y": [1.0, 2.0]})
    with pytest.raises(ValueError, match=message):
        read_series("a", frame, None)


def test_a_stated_frequency_makes_four_digit_integers_periods_not_years():
    assert calendar_of([f"{n}" for n in range(1000, 1003)], "M").freq == "M"
    assert calendar_of(["2001", "2002"], "YS").freq == "Y"
    with pytest.raises(ValueError, match="unknown"):
        calendar_of([1, 2], "fortnight")


def test_a_point_off_a_steady_trend_is_an_outlier_and_a_rare_event_is_not():
    steady = np.arange(20.0)
    steady[7] = 1e9
    assert np.flatnonzero(outliers(steady)).tolist() == [7]
    rare = np.zeros(20)
    rare[7] = 5.0
    assert not outliers(rare).any()


@pytest.mark.parametrize(
    ("ds", "named"),
    [
        (pd.period_range("2001Q3", periods=30, freq="Q").astype(str).tolist(), "2004Q3"),
        (pd.period_range("2001-03", periods=30, freq="M").astype(str).tolist(), "2002-03"),
        (pd.date_range("2001-01-31", periods=30, freq="ME").tolist(), "2002-01-31"),
        (pd.date_range("2001-01-31", periods=30, freq="ME").strftime("%Y-%m-%d"), "2002-01-31"),
        (list(range(100, 130)), "112"),
    ],
    ids=["quarters", "months", "timestamps", "dates", "integers"],
)
def test_an_outlier_is_told_by_its_own_period(ds, named):
    values = 100 + np.random.default_rng(3).normal(0, 1, 30)
    values[12] = 400
    values[[0, 29]] = np.nan
    frame = pd.DataFrame({"unique_id": "x", "ds": list(ds), "y": values})
    assert f"Outliers smoothed for fitting: {named}." in told(frame, 2).series["notes"][0]
    assert "observation 12" in " ".join(forecast_series(values, 2).said())


SWING = np.tile([10.0, -6.0, 2.0, -6.0], 15)


def seasonal_swing(values):
    return prepared(values, 4, nonnegative=True).seasonal.swing


def test_a_spike_does_not_drown_a_season():
    calm = 100 + 0.3 * np.arange(60) + SWING
    struck = calm.copy()
    struck[23] += 400
    assert seasonal_swing(struck) == pytest.approx(seasonal_swing(calm), rel=0.05)
    assert prepared(struck, 4, nonnegative=True).marks.smoothed == (23,)


def test_spikes_do_not_make_a_season():
    struck = 100 + np.random.default_rng(0).normal(0, 1, 60)
    struck[[19, 23, 27]] += 60
    assert prepared(struck, 4, nonnegative=True).marks.smoothed == (19, 23, 27)
    assert seasonal_swing(struck) < 0.005
