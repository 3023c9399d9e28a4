"""What an attack on the forecasts once found: each stays mended."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest

from forecasts import smoothing
from forecasts.backtest import origins_of, rolled
from forecasts.combine import forecast, forecast_series
from forecasts.periods import calendar_of


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
    with np.errstate(under="raise"):
        assert np.isfinite(forecast_series(history, 6).mean).all()


BERLIN = "Europe/Berlin"


@pytest.mark.parametrize(
    ("ds", "following"),
    [
        (pd.date_range("2024-03-30 20:00", periods=12, freq="h", tz=BERLIN), "2024-03-31 09:00"),
        (pd.date_range("2024-10-26 20:00", periods=12, freq="h", tz=BERLIN), "2024-10-27 07:00"),
        (pd.date_range("2024-10-20", periods=12, freq="D", tz=BERLIN), "2024-11-01 00:00"),
        (pd.date_range("2024-03-31", periods=12, freq="ME", tz=BERLIN), "2025-03-31 00:00"),
        (pd.period_range("2024-01-01", periods=12, freq="W"), "2024-03-25 00:00"),
        (["2024-03-30T00:00:00Z", "2024-03-31T00:00:00Z"], "2024-04-01 00:00"),
        (["2024-03-31 12", "2024-03-31 13"], "2024-03-31 14:00"),
    ],
    ids=["spring", "autumn", "days", "months", "weeks", "zulu", "hours"],
)
def test_a_clock_that_is_changed_changes_no_step(ds, following):
    calendar = calendar_of(list(ds), None)
    assert np.diff(calendar.steps).tolist() == [1] * (len(ds) - 1)
    assert str(pd.Timestamp(str(calendar.after(1)[0])))[:16] == following


@pytest.mark.parametrize(
    ("ds", "following"),
    [
        (["2024-05-18", "2024-05-28", "2024-06-07", "2024-06-17"], "2024-06-27"),
        (["2024-01-07", "2024-02-04", "2024-03-03", "2024-03-31"], "2024-04-28"),
        (["2024-01-01", "2024-03-01", "2024-05-01"], "2024-07-01"),
        (["2024-01-15", "2024-05-15", "2024-09-15"], "2025-01-15"),
        (["2023-12-28", "2024-01-28", "2024-02-28"], "2024-03-28"),
        (["2022-12-28", "2023-01-28", "2023-02-28"], "2023-03-28"),
        (["2024-01-30", "2024-03-30", "2024-04-30"], "2024-05-30"),
        (["2024-02-29", "2024-03-31", "2024-04-30"], "2024-05-31"),
        (["2024-03-29", "2024-06-28", "2024-09-30", "2024-12-31"], "2025-03-31"),
    ],
    ids=["10d", "4w", "2m", "4m", "leap", "28th", "30th", "ends", "quarters"],
)
def test_dates_go_on_as_evenly_as_they_came(ds, following):
    assert calendar_of(ds, None).after(1) == [following]


def test_a_frequency_that_the_periods_contradict_is_told():
    with pytest.raises(ValueError, match="has frequency M, not Q"):
        calendar_of(["2024-01", "2024-02"], "Q")


def test_years_that_pandas_made_floats_are_years():
    assert calendar_of([2020.0, 2021.0, 2022.0], None).after(2) == [2023, 2024]


@pytest.mark.parametrize(
    ("ds", "message"),
    [
        ([None, "2024"], "ds holds None"),
        ([pd.NaT, pd.Timestamp("2024")], "ds holds NaT"),
        (["2024-01", " "], "ds holds ' '"),
        ([True, False], "ds holds True"),
        ([2000.5, 2001.0], "ds holds 2000.5"),
        ([2**70, 1], "counts no period"),
        ([str(2**70), "1"], "counts no period"),
        (["2024Q1", "2024-06"], "cannot be read: '2024Q1'"),
        (pd.date_range("2024", periods=9, freq="15min"), "fall into one step of frequency h"),
    ],
)
def test_a_period_that_is_none_is_told(ds, message):
    with pytest.raises(ValueError, match=message):
        calendar_of(list(ds), None)


@pytest.mark.parametrize("freq", ["min", "ms", "15min"])
def test_minutes_are_no_months(freq):
    with pytest.raises(ValueError, match="unknown"):
        calendar_of([1, 2], freq)


def long(**columns: object) -> pd.DataFrame:
    return pd.DataFrame({"unique_id": "a", "ds": range(12), "y": np.arange(12.0)} | columns)


@pytest.mark.parametrize(
    ("frame", "message"),
    [
        (long(y=["1"] * 11 + ["x"]), r"series 'a': y holds what is no number.*'x'"),
        (long(y=np.array([10**400] * 12, dtype=object)), "y holds what is no number"),
        (long(y=np.arange(12) + 1j), "y holds complex128"),
        (long(y=pd.date_range("2024", periods=12)), "y holds datetime64"),
        (long(unique_id=["a"] * 11 + [None]), "unique_id is missing in 1 rows"),
        (long().set_axis(["unique_id", "y", "y"], axis=1).assign(ds=1), r"holds \['y'\] twice"),
    ],
)
def test_a_frame_that_is_none_is_told(frame, message):
    with pytest.raises(ValueError, match=message):
        forecast(frame, 2)


@pytest.mark.parametrize(
    "y",
    [
        [Decimal(place) for place in range(12)],
        pd.array([*range(11), None], dtype="Int64"),
        np.array([*range(11), pd.NA], dtype=object),
        pd.array(range(12), dtype="float64[pyarrow]"),
        pd.Categorical(range(12)),
        pd.arrays.SparseArray(range(12)),
    ],
    ids=["decimal", "nullable", "object", "arrow", "categorical", "sparse"],
)
def test_numbers_of_every_kind_are_numbers(y):
    made = forecast(long(y=y), 2).set_index("ds")
    plain = forecast(long(y=[*range(11), None] if pd.isna(y[-1]) else range(12)), 2).set_index("ds")
    pd.testing.assert_frame_equal(made, plain)


@pytest.mark.parametrize(
    "slip",
    [
        {"horizon": 2.5},
        {"horizon": True},
        {"horizon": 10**9},
        {"horizon": "3"},
        {"levels": (80, 80)},
        {"levels": (80.5,)},
        {"levels": ("80",)},
        {"season": 0},
        {"peer_growth": np.nan},
    ],
)
def test_a_slip_in_what_is_asked_is_told(slip):
    with pytest.raises(ValueError, match="forecast of 'x'"):
        forecast_series(np.arange(9.0), **({"horizon": 2, "name": "x"} | slip))


def test_two_members_that_ask_for_one_filter_let_it_run_once():
    smoothing._filtered.cache_clear()
    forecast_series(np.arange(30.0) ** 1.5, 6, judged=False)
    kept = smoothing._filtered.cache_info()
    assert (kept.hits, kept.misses) == (1, 3)


def test_errors_next_to_nothing_are_judged():
    noise = np.random.default_rng(10).uniform(-300, 300, 47)
    with np.errstate(under="raise"):
        made = forecast_series(10.0**noise, 12)
    assert np.isfinite(made.upper[95]).all()
