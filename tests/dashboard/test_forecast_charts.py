"""Fans, evidence, outlooks and shares show the forecasts and judgements they are drawn from."""

import numpy as np
import pytest
from drawn import numbers

from dashboard.charts import evidence, series
from data.catalog import bundled
from forecasts.coherence import capacity_coherence
from forecasts.evidence import evidence as judged
from forecasts.outlook import outlook


def test_fans_hold_their_intervals_and_widen() -> None:
    forecasts = outlook(bundled())
    for key, history in forecasts.histories.items():
        chart = series.fan(forecasts, key)
        forecast = forecasts.forecasts[key]
        assert np.isfinite(numbers(chart.figure)).all(), key
        bands = [trace for trace in chart.figure.data if trace.name.endswith("interval")]
        assert [trace.name for trace in bands] == [
            "95 % interval",
            "80 % interval",
            "50 % interval",
        ]
        assert all(trace.mode == "lines" for trace in bands)
        assert (forecast.lower[95] <= forecast.lower[50] + 1e-9).all()
        assert history.title in chart.alt
        assert len(chart.table) == history.ends.size + forecast.mean.size
        assert not series.members(forecasts, key).isna().any(axis=None)


def test_the_evidence_shown_is_the_evidence_found():
    known = outlook(bundled())
    for key, history in known.histories.items():
        found = judged(history, known.forecasts[key])
        drawn = evidence.error_by_step(found, history)
        if drawn is None:
            assert found.steps.empty
            continue
        assert drawn.headline in found.verdict.text
        for bars, model in zip(drawn.figure.data, ("naive", "combination"), strict=True):
            assert np.asarray(bars.y) == pytest.approx(found.steps[model].to_numpy(), abs=1e-6)
        board = evidence.board(found)
        assert board["In 80 %, %"].between(0, 100).all()
        assert len(board) == len(found.board)
        assert evidence.checks(found)
        assert len(evidence.news(found, history)) == (found.revision is not None)


def test_published_outlooks_are_those_on_the_subject():
    table = bundled().tables["outlooks"]
    capex = evidence.published(table, "ai_capex", "")
    assert len(capex) > 10
    assert capex["Topic"].str.startswith("Capex").all()
    assert capex["Said in"].is_monotonic_decreasing
    assert set(evidence.published(table, "capacity_MYS", "Malaysia")["Address"]) <= set(
        table["url"]
    )
    assert evidence.published(table, "power_BEL", "Belgium").empty


def test_the_table_of_parts_is_the_coherence_found():
    found = capacity_coherence(bundled(), outlook(bundled()), 2028)
    shown = evidence.coherence_table(found).set_index("Part")
    assert shown.loc["World", "Adding up, MW"] == pytest.approx(
        shown[shown["Of"] == "World"]["Adding up, MW"].sum()
    )
    assert shown.loc["Kenya", "Moved, %"] == pytest.approx(
        100 * (shown.loc["Kenya", "Adding up, MW"] / shown.loc["Kenya", "As forecast, MW"] - 1)
    )
