"""A backtest sees only the past, scores as the competitions do, and says when naive wins."""

import numpy as np
import pandas as pd
import pytest

from forecasts import models
from forecasts.backtest import (
    NAIVE,
    mase,
    msis,
    naive2,
    origins_of,
    rolled,
    smape,
    verdict_of,
)
from forecasts.scorecard import backtest, leaderboard


def frame(**series):
    return pd.concat(
        [
            pd.DataFrame({"unique_id": key, "ds": range(len(y)), "y": y})
            for key, y in series.items()
        ],
        ignore_index=True,
    )


def test_scores_by_hand():
    actual, path = np.array([1.0, 3.0]), np.array([3.0, 3.0])
    assert smape(actual, path) == pytest.approx(0.5)
    assert mase(actual, path, 2.0) == pytest.approx(0.5)
    assert np.isnan(mase(actual, path, 0.0))
    # Width 1 twice, one miss by 1 at price 40: (1 + 1 + 40) / 2.
    assert msis(actual, np.array([2.0, 2.5]), np.array([3.0, 3.5]), 1.0, 95) == pytest.approx(21)


def test_naive2_repeats_a_season():
    values = np.tile([10.0, 20.0, 30.0, 20.0], 5)
    assert naive2(values, 4, 4) == pytest.approx([10, 20, 30, 20])


@pytest.mark.parametrize(("count", "season"), [(2, 1), (5, 1), (14, 1), (30, 4), (120, 12)])
def test_origins_leave_something_to_compare_with(count, season):
    origins = origins_of(count, 6, season)
    assert origins == sorted(set(origins))
    assert all(1 <= origin < count for origin in origins)


def test_the_future_does_not_reach_the_past():
    values = 100 + np.random.default_rng(0).normal(0, 3, 40).cumsum()
    changed = values.copy()
    changed[-1] += 5
    first, second = rolled(values, 1)[0], rolled(changed, 1)[0]
    scale = np.abs(values).max(), np.abs(changed).max()
    assert first.path * scale[0] == pytest.approx(second.path * scale[1])


def test_a_random_walk_is_not_beaten_and_a_trend_is():
    walk = np.random.default_rng(5).normal(0, 1, 60).cumsum() + 200
    trend = 100 + 5.0 * np.arange(60) + np.random.default_rng(1).normal(0, 1, 60)
    assert verdict_of(rolled(trend, 4)).skill > 0.5
    assert verdict_of(rolled(walk, 4)).skill < 0.1
    assert "Nothing beats naive" in verdict_of(rolled(np.full(20, 3.0), 4)).text
    assert "Too short" in verdict_of(rolled(np.array([3.0]), 4)).text


def test_few_errors_are_called_few():
    assert "too few to tell" in verdict_of(rolled(np.array([1.0, 3, 2, 5, 4, 7, 6, 9]), 2)).text


def test_the_report_scores_every_model_by_series_and_by_step():
    walk = np.random.default_rng(2).normal(1, 3, 30).cumsum() + 100
    report = backtest(frame(a=walk, b=walk[::-1].copy()), 4, candidates={"ETS": models.ets})
    assert set(report.verdicts["unique_id"]) == {"a", "b"}
    assert {"combination", NAIVE, "theta", "ETS"} <= set(report.summary["model"])
    naive = report.series[report.series["model"] == NAIVE]
    assert naive["owa"].to_numpy() == pytest.approx(1.0)
    assert sorted(report.steps["step"].unique()) == [1, 2, 3, 4]
    covered = report.summary[["coverage-80", "coverage-95"]].to_numpy()
    assert ((covered >= 0) & (covered <= 1)).all()
    assert (report.series["errors"] > 0).all()


def test_a_model_is_compared_with_naive_on_the_series_it_fits_alone():
    rng = np.random.default_rng(2)
    parts = {"long": rng.normal(1, 3, 40).cumsum() + 100, "short": rng.normal(9, 1, 6).cumsum()}
    both = frame(**parts)
    when = both.groupby("unique_id").cumcount()
    both = both.assign(ds=[f"{2010 + at // 4}Q{at % 4 + 1}" for at in when])
    whole, alone = backtest(both, 3), backtest(both[both["unique_id"] == "long"], 3)
    summary, only = (one.summary.set_index("model") for one in (whole, alone))
    assert summary.loc["combination", "series"] == 2
    partial = [
        name for name, row in summary.iterrows() if row["series"] == 1 and name in only.index
    ]
    assert partial
    for name in partial:
        assert summary.loc[name, "owa"] == pytest.approx(only.loc[name, "owa"])
    assert summary.loc[NAIVE, "owa"] == pytest.approx(1.0)


def test_a_report_on_single_points_has_verdicts_only():
    report = backtest(frame(a=[1.0]), 3)
    assert report.series.empty
    assert report.verdicts["verdict"].tolist() == ["Too short for a backtest."]


def test_a_series_that_never_moved_spoils_no_report():
    frame = pd.DataFrame(
        {"unique_id": ["still"] * 12 + ["up"] * 12, "ds": [*range(12)] * 2,
         "y": [7.0] * 12 + [float(n) ** 1.1 for n in range(12)]}
    )  # fmt: skip
    report = backtest(frame, 3)
    best = report.verdicts.set_index("unique_id")["best"]
    assert best["still"] == ""
    assert best["up"] != ""
    still = report.series[report.series["unique_id"] == "still"]
    assert still["mase"].isna().all()


def test_the_leaderboard_is_the_report_on_one_series():
    history = np.exp(np.cumsum(np.random.default_rng(8).normal(0.02, 0.05, 44)))
    trials = rolled(history, 4, 4)
    board = leaderboard(trials, history, 4)
    quarters = frame(a=history).assign(ds=[f"{2010 + n // 4}Q{n % 4 + 1}" for n in range(44)])
    report = backtest(quarters, 4).series.set_index("model")
    assert set(board["model"]) == set(report.index)
    for score in ("mase", "smape", "owa", "coverage-80", "msis-95"):
        assert board.set_index("model")[score].to_dict() == pytest.approx(report[score].to_dict())
    assert board["owa"].is_monotonic_increasing
    assert board.set_index("model").loc[NAIVE, "owa"] == pytest.approx(1.0)
    assert leaderboard([], history, 4).empty


def judged(history):
    return verdict_of(rolled(history, 4))


def test_a_random_walk_is_seldom_said_to_be_forecast_better_than_by_its_last_value():
    walks = [100 + np.random.default_rng(seed).normal(0, 1, 60).cumsum() for seed in range(40)]
    said = [judged(walk) for walk in walks]
    assert sum(one.beats_naive is True for one in said) <= 4
    lucky = [one for one in said if one.skill > 0 and one.beats_naive is None]
    assert lucky
    assert all(one.text.endswith("chance might do that.") for one in lucky)


def test_a_trend_beats_naive_beyond_chance():
    line = 100 + np.arange(60) * 0.5 + np.random.default_rng(3).normal(0, 1, 60)
    assert judged(line).beats_naive is True
    assert "chance" not in judged(line).text
