"""Fans, evidence, outlooks and shares show the forecasts and judgements they are drawn from."""

from dataclasses import replace

import numpy as np
import pytest
from drawn import numbers

from dashboard.charts import evidence, futures, glance, past, series
from dashboard.theme import percent
from data.catalog import bundled
from forecasts.backtest import ENOUGH, Verdict
from forecasts.ceilings import ceilings_of
from forecasts.coherence import capacity_coherence
from forecasts.evidence import evidence as judged
from forecasts.marks import NO_MARKS
from forecasts.outlook import outlook
from forecasts.past_forecasts import past_forecasts, scored
from forecasts.series_record import record_in_short, series_record


def test_fans_hold_their_intervals_and_widen() -> None:
    forecasts = outlook(bundled())
    for key, history in forecasts.histories.items():
        chart = series.fan(forecasts, key)
        forecast = forecasts.forecasts[key]
        assert np.isfinite(numbers(chart.figure)).all(), key
        bands = [trace for trace in chart.figure.data if trace.name.startswith("Made to hold")]
        assert [trace.name for trace in bands] == [
            "Made to hold 95 %",
            "Made to hold 80 %",
            "Made to hold 50 %",
        ]
        assert all(trace.mode == "lines" for trace in bands)
        assert (forecast.lower[95] <= forecast.lower[50] + 1e-9).all()
        assert history.title in chart.alt
        assert len(chart.table) == history.ends.size + forecast.mean.size
        assert not series.members(forecasts, key).isna().any(axis=None)


def test_no_fan_says_80_percent_where_the_record_says_less() -> None:
    known = outlook(bundled())
    broken = {key for key, made in known.forecasts.items() if made.verdict.broken}
    assert "ai_capex" in broken
    for key, history in known.histories.items():
        chart, tried = series.fan(known, key), known.forecasts[key].verdict
        steps = judged(history, known.forecasts[key]).steps
        assert ("80 % interval" in chart.headline) == (key not in broken)
        if tried.errors >= ENOUGH:
            held = float(steps["covered"] @ steps["errors"]) / float(steps["errors"].sum())
            assert tried.held == pytest.approx(held)
            assert f"held {percent(held, 0)} of {tried.errors} past values" in chart.subtitle
        if key in broken:
            assert f"held {percent(tried.held, 0)} of past values" in chart.headline


def test_a_record_too_short_or_kept_is_said_so() -> None:
    made = outlook(bundled()).forecasts["ai_capex"]

    def said(errors: int, held: float) -> str:
        return series.record(replace(made, verdict=Verdict(0.1, errors, "", held)))

    assert said(0, np.nan) == "its past is too short to try them"
    assert said(3, 0.0) == "tried on 3 past values, too few to tell"
    assert (
        said(50, 0.82).replace("\N{NO-BREAK SPACE}", " ")
        == "the one of 80 % held 82 % of 50 past values"
    )
    assert not Verdict(0.1, 50, "", 0.82).broken
    assert not Verdict(0.1, ENOUGH - 1, "", 0.1).broken


def test_ranges_of_paths_say_how_the_series_behind_them_did() -> None:
    known = outlook(bundled())
    told = series_record(known)
    rows = {row["series"]: row for row in told["series_record"]}
    assert set(rows) == {key for key, made in known.forecasts.items() if made.verdict.errors}
    for name in ("ai_capex", "gpu_hour_price"):
        assert f"{rows[name]['held']:.0%}".replace("%", " %") in told["record_means"]
        assert rows[name]["title"] in told["record_means"]
    assert "NVIDIA" not in told["record_means"]  # it drives nothing
    short, broken = record_in_short(known), told["record_means"].count("(")
    assert short.startswith(f"80 % intervals of {broken} series behind it held ")
    assert all(f"{rows[name]['held']:.0%}"[:-1] in short for name in ("ai_capex", "gpu_hour_price"))
    kept = {
        key: replace(made, verdict=Verdict(0.1, 50, "", 0.8))
        for key, made in known.forecasts.items()
    }
    assert series_record(replace(known, forecasts=kept))["record_means"] == ""
    assert record_in_short(replace(known, forecasts=kept)) == ""


def test_outliers_and_breaks_stand_on_the_chart_by_period():
    known = outlook(bundled())
    found = {key for key, made in known.forecasts.items() if made.marks != NO_MARKS}
    assert {"power_BEL", "gpu_hour_price"} <= found
    assert "2022-10" in series.fan(known, "power_BEL").alt
    for key, history in known.histories.items():
        marks, chart = known.forecasts[key].marks, series.fan(known, key)
        drawn = {trace.name: trace for trace in chart.figure.data}
        rings = drawn.get("Outlier, smoothed for fitting")
        assert (rings is not None) == bool(marks.smoothed)
        if rings is not None:
            assert rings.y.tolist() == pytest.approx(
                [history.values[place] for place in marks.smoothed]
            )
        line = drawn.get("Level breaks")
        assert (line is not None) == bool(marks.since)
        if line is not None:
            before, after = (history.ends[marks.since - 1 : marks.since + 1] + 1) / 12
            assert before < line.x[0] < after
        assert ("Mark" in chart.table) == (key in found)
        if key in found:
            shown = chart.table[chart.table["Mark"] != ""]
            places = sorted({*marks.smoothed, *([marks.since] if marks.since else [])})
            assert shown.index.tolist() == places


def test_the_evidence_shown_is_the_evidence_found():
    known = outlook(bundled())
    for key, history in known.histories.items():
        found = judged(history, known.forecasts[key])
        drawn = evidence.error_by_step(found, history)
        if drawn is None:
            assert found.steps.empty
            continue
        assert drawn.headline in found.verdict.text
        assert len(found.steps) / drawn.figure.layout.xaxis.dtick <= 8
        for bars, model in zip(drawn.figure.data, ("naive", "combination"), strict=True):
            assert np.asarray(bars.y) == pytest.approx(found.steps[model].to_numpy(), abs=1e-6)
        board = evidence.board(found)
        assert board["80 % held, %"].between(0, 100).all()
        assert (board["80 % held, %"] % 1 == 0).all()
        assert len(board) == len(found.board)
        assert evidence.checks(found, history)
        assert len(evidence.news(found, history)) == (found.revision is not None)


def test_a_year_stands_at_its_number_and_every_line_has_its_own_colour():
    known = outlook(bundled())
    key = "capacity_MYS"
    history = known.histories[key]
    lines = {one["name"]: one for one in series.fan(known, key).plot.data if one.get("name")}
    assert lines["History"]["x"].tolist() == [2023, 2024, 2025]
    assert lines["Forecast"]["x"][0] == 2026
    drawn = futures.under_ceilings(known, key, ceilings_of(bundled(), history)).plot.data
    colours = [one["line"]["color"] for one in drawn if one["line"]["width"]]
    assert len(set(colours)) == len(colours) == 5
    units = set(evidence.published(bundled().tables["outlooks"], "ai_capex", "")["Unit"])
    assert units == {"USD bn"}


def test_all_series_stand_beside_each_other_with_their_records():
    known = outlook(bundled())
    table = glance.glance(known).set_index("Series")
    assert len(table) == len(known.histories)
    capex, forecast = known.histories["ai_capex"], known.forecasts["ai_capex"]
    row = table.loc[capex.title]
    assert row["80 % held, %"] == pytest.approx(100 * forecast.verdict.held)
    half = (forecast.upper[80][3] - forecast.lower[80][3]) / 2
    assert row["± of 80 %, %"] == pytest.approx(100 * half / forecast.mean[3])
    assert row["In 5 years"] == f"{forecast.mean[-1]:,.0f}"
    assert row["Last value"].endswith(" bn a quarter, 2026Q2")
    marks = [one.verdict.beats_naive for one in known.forecasts.values()]
    assert f"{sum(one is True for one in marks)} beat naive" in glance.summary(known)
    assert (table["Against naive"] == "not closer").sum() == sum(one is False for one in marks)


def test_the_record_of_a_group_is_told_in_a_sentence():
    records = [one for one in scored(past_forecasts(bundled(), "capacity"))]
    assert {one.group for one in records} == {"Regional capacity"}
    said = past.held(records)
    for one in records:
        assert f"{percent(one.covered, 0)} of {one.forecasts} values {one.ahead} ahead" in said
    everything = [one for one in scored(past_forecasts(bundled())) if one in records]
    assert everything == records
    assert past.held([]) == ""


def test_points_that_were_filled_are_not_drawn_as_observed():
    known = outlook(bundled())
    chart = series.fan(known, "capacity_BEL")
    (line,) = [one for one in chart.plot.data if one["name"] == "History"]
    assert line["marker"]["size"] == [6, 0, 0, 6]
    assert line["customdata"] == ["2022", "2023, filled", "2024, filled", "2025"]
    assert chart.table["Kind"].tolist()[:4] == ["history", "filled", "filled", "history"]
    whole = series.fan(known, "ai_capex")
    assert set(whole.table["Kind"]) == {"history", "forecast"}


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
