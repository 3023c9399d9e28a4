"""What is issued, and how it is scored once the tables hold the period."""

import json
from dataclasses import replace

import numpy as np
import pytest

from data.catalog import Catalog
from forecasts.engine import Result
from forecasts.issue_scores import coverage, observed, scored_issue
from forecasts.issued import (
    HEADLINES,
    Said,
    follows_in,
    headlines_in,
    issue_content,
    said_in,
)
from forecasts.outlook import histories, month_of, outlook
from forecasts.past_forecasts import stood_at
from forecasts.returns import factory_returns

JUNE = month_of("2025-06")


@pytest.fixture(scope="module")
def content(base: Result, catalog: Catalog) -> dict[str, object]:
    return json.loads(json.dumps(issue_content(base, outlook(catalog)), allow_nan=False))


@pytest.fixture(scope="module")
def earlier(base: Result, catalog: Catalog) -> tuple[Said, ...]:
    """What would have been issued in June 2025."""
    return said_in(issue_content(base, outlook(stood_at(catalog, JUNE))))


def test_every_series_is_kept_with_its_intervals_by_period(content, catalog: Catalog):
    known = outlook(catalog)
    said = {one.key: one for one in said_in(content)}
    assert set(said) == set(known.histories)
    for key, one in said.items():
        made = known.forecasts[key]
        assert one.mean == pytest.approx(made.mean, rel=1e-9)
        for level in (80, 95):
            assert one.lower[level] == pytest.approx(made.lower[level], rel=1e-9)
            assert one.upper[level] == pytest.approx(made.upper[level], rel=1e-9)
        assert one.ends.tolist() == known.future_ends(key).tolist()
        assert one.known == known.histories[key].ends[-1]
    buyers = next(one for one in content["series"] if one["key"] == "ai_capex")
    assert buyers["periods"][0] == "2026Q3"
    assert follows_in(content) == {}


def test_headline_results_are_those_of_the_projection(content, base: Result):
    found = {(one.factory, one.metric): one for one in headlines_in(content)}
    assert len(found) == (len(base.plan.sites) + 1) * (len(HEADLINES) + 1)
    site = base.plan.sites[0]
    assert found[site.key, "npv"].value == pytest.approx(factory_returns(base, 0)["npv"].value)
    assert found["all", "live"].value == min(
        one.value for key, one in found.items() if key[1] == "live" and one.value
    )


def test_equal_forecasts_have_equal_contents(base: Result, catalog: Catalog):
    one, two = (json.dumps(issue_content(base, outlook(catalog))) for _ in range(2))
    assert one == two


def test_nothing_is_scored_before_it_comes_and_the_first_period_is_named(content, catalog):
    found = {one.said.key: one for one in scored_issue(said_in(content), histories(catalog))}
    assert all(not one.scores and one.waits_for and not one.reason for one in found.values())
    assert found["ai_capex"].waits_for == "2026Q3"


def test_what_came_is_held_against_what_was_said(earlier, catalog: Catalog):
    known = histories(catalog)
    found = {one.said.key: one for one in scored_issue(earlier, known)}
    buyers = found["ai_capex"]
    assert [one.period for one in buyers.scores] == ["2025Q3", "2025Q4", "2026Q1", "2026Q2"]
    assert buyers.waits_for == "2026Q3"
    first = buyers.scores[0]
    place = known["ai_capex"].ends.tolist().index(month_of("2025Q3"))
    assert first.came == known["ai_capex"].values[place]
    assert first.said == buyers.said.mean[0]
    assert first.still == buyers.said.last
    assert first.error == first.said - first.came
    naive = abs(first.still - first.came)
    assert first.against_naive == pytest.approx(abs(first.error) / naive)
    assert first.inside_80 == (buyers.said.lower[80][0] <= first.came <= buyers.said.upper[80][0])
    every = [score for one in found.values() for score in one.scores]
    for level in (80, 95):
        inside, of = coverage(every, level)
        assert 0 < inside < of == len(every)
    assert coverage(every, 95)[0] >= coverage(every)[0]


def series(**changed) -> Said:
    made = Said(
        key="ai_capex", title="A", unit="USD_bn", freq="Q", known=JUNE, last=100.0,
        ends=JUNE + 3.0 * np.arange(1, 4), mean=np.array([110.0, 121.0, 133.1]),
        lower={80: np.array([100.0, 105.0, 110.0]), 95: np.array([90.0, 95.0, 100.0])},
        upper={80: np.array([120.0, 135.0, 150.0]), 95: np.array([130.0, 145.0, 160.0])},
    )  # fmt: skip
    return replace(made, **changed)


def test_a_series_that_is_gone_or_in_another_unit_says_so(catalog: Catalog):
    known = histories(catalog)
    gone, other = scored_issue([series(key="own_x"), series(unit="MW")], known)
    assert gone.reason == "The tables hold this series no longer."
    assert "in USD_bn by now, the forecast in MW" in other.reason
    assert not gone.scores + other.scores


def test_a_month_between_two_steps_lies_on_the_line_with_the_width_of_the_step_to_come(catalog):
    known = histories(catalog)
    said = series(ends=JUNE + 6.0 * np.arange(1, 4))
    (one,) = scored_issue([said], known)
    between = next(score for score in one.scores if score.period == "2025Q3")
    assert between.said == pytest.approx(np.sqrt(100.0 * 110.0))
    assert between.low_80 == pytest.approx(between.said * 100 / 110)
    assert between.high_95 == pytest.approx(between.said * 130 / 110)


def test_where_naive_was_exact_there_is_no_ratio_and_a_past_horizon_waits_for_nothing(catalog):
    known = histories(catalog)
    came = observed(known["ai_capex"])[month_of("2025Q3")]
    said = series(last=came, ends=np.array([JUNE + 3.0]), mean=np.array([110.0]),
                  lower={80: np.array([1.0]), 95: np.array([1.0])},
                  upper={80: np.array([200.0]), 95: np.array([200.0])})  # fmt: skip
    (one,) = scored_issue([said], known)
    assert one.scores[0].against_naive is None
    assert one.waits_for == ""


def test_filled_points_are_no_evidence(catalog: Catalog):
    frame = catalog.tables["gpu_hour_prices"]
    gap = {"gpu_hour_prices": frame[frame["period"] != "2025-10"]}
    prices = histories(replace(catalog, tables={**catalog.tables, **gap}, memo={}))[
        "gpu_hour_price"
    ]
    assert prices.filled == 1
    assert month_of("2025-10") in prices.ends
    assert month_of("2025-10") not in observed(prices)
    assert len(observed(prices)) == prices.observations
