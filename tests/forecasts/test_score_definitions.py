"""Scores worked out again from docs/definitions.md, by plain sums over what was said and came."""

from pathlib import Path

import numpy as np
import pytest

from forecasts.backtest import rolled
from forecasts.scorecard import leaderboard

ROOT = Path(__file__).parents[2]


def written(history, season, model, horizon=6):
    """Return the scores of a model as the page defines them, one error at a time."""
    trials = rolled(history, horizon, season)
    largest = max(abs(value) for value in history)
    moves = [abs(now - then) for now, then in zip(history[season:], history, strict=False)]
    unit = sum(moves) / len(moves)

    def means(name):
        errors, shares, widths, inside = [], [], [], []
        for one in (one for one in trials if one.model == name):
            for came, said, half in zip(one.actual, one.path, one.half[95], strict=True):
                value, forecast, reach = came * largest, said * largest, half * largest
                errors.append(abs(value - forecast))
                shares.append(2 * abs(value - forecast) / (abs(value) + abs(forecast)))
                outside = max(0.0, abs(value - forecast) - reach)
                widths.append(2 * reach + 2 / 0.05 * outside)
                inside.append(outside == 0)
        return [float(np.mean(one)) for one in (errors, shares, widths, inside)]

    error, share, width, inside = means(model)
    naive_error, naive_share, *_ = means("naive")
    return {
        "mase": error / unit,
        "smape": share,
        "owa": (share / naive_share + error / naive_error) / 2,
        "msis-95": width / unit,
        "coverage-95": inside,
    }


@pytest.mark.parametrize(("season", "count"), [(1, 20), (4, 30), (12, 60)])
@pytest.mark.parametrize("model", ["combination", "naive"])
def test_scores_are_what_the_page_of_definitions_says(season, count, model):
    noise = np.random.default_rng(season).normal(0, 3, count)
    swing = 12 * np.sin(2 * np.pi * np.arange(count) / season) if season > 1 else 0.0
    history = 100 + 2.0 * np.arange(count) + noise + swing
    board = leaderboard(rolled(history, 6, season), history, season).set_index("model")
    for name, value in written(history, season, model).items():
        assert board.loc[model, name] == pytest.approx(value), name


def test_every_score_shown_is_defined():
    text = (ROOT / "docs" / "definitions.md").read_text("utf-8").partition("# Scores of forecasts")
    defined = text[2].partition("# Terms")[0]
    for name in ("MASE", "sMAPE", "OWA", "MSIS", "Held", "Naive", "Closer than naive"):
        assert f"**{name}**" in defined, name
