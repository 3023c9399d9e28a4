"""The page's views on comparing sites and on what moves NPV, from what was computed."""

import numpy as np
import pytest

from dashboard.charts import compare_sites, sensitivity
from dashboard.charts.study import study
from dashboard.progress import left_text
from dashboard.risk_runs import grid_of, ranked, simulation_of, spider_of
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.scenario import Scenario

FEW = ("belgium", "malaysia", "romania", "uae", "egypt")


@pytest.fixture(scope="module")
def told():
    case, tables = Scenario(factories=FEW), bundled()
    result = run(case, tables)
    found = simulation_of(case, tables, (256, 0, "sobol"))
    return study(result), ranked(result, found, tables, None), found


def test_the_announced_three_are_set_against_each_other_and_against_candidates(told):
    own, ranking, found = told
    score = found.values["npv"] / found.values["capex"]
    wave = [row for row, site in enumerate(found.plan.sites) if site.wave == "1"]
    rest = [row for row in range(len(FEW)) if row not in wave]
    ahead = (score[:, wave].max(axis=1) > score[:, rest].max(axis=1)).mean()
    assert ranking["first_wave"]["beats_all_candidates"]["value"] == pytest.approx(ahead)
    shares = [one["first_of_wave"]["value"] for one in ranking["first_wave"]["sites"]]
    assert sum(shares) == pytest.approx(1)
    assert "every candidate" in compare_sites.first_wave(own, ranking)


def test_weights_stand_beside_the_order_they_make(told):
    own, ranking, _ = told
    chart = compare_sites.weighted_chart(own, ranking)
    assert chart is not None
    assert chart.table["Score, 0 to 100"].is_monotonic_decreasing
    assert chart.table["First under random weights, %"].sum() == pytest.approx(100)
    table = compare_sites.weights_table(ranking)
    assert sum(int(one) for one in table["Weight of 100"]) == 100
    assert len(compare_sites.criteria_table(own, ranking)) == len(FEW)
    assert "worth" in compare_sites.knowing_all(ranking)
    assert compare_sites.headline(own, ranking)


def test_one_site_alone_and_nothing_built_are_said():
    tables = bundled()
    for case in (Scenario(factories=("uae",)), Scenario(factories=FEW, site_capacity_mw=0.0)):
        result = run(case, tables)
        found = simulation_of(case, tables, (64, 0, "random"))
        ranking = ranked(result, found, tables, None)
        assert compare_sites.headline(study(result), ranking)
        assert "nan" not in str(compare_sites.knowing_all(ranking)).lower()


def test_lines_along_ranges_meet_at_the_value_in_use():
    case, tables = preset("accelerated"), bundled()
    base = float(run(case, tables).figures[0, :, 0].sum())
    data = spider_of(case, tables, "npv", ("gpu_hour_price", "rack_price"))
    middle = data["shares"].index(0.0)
    for one in data["lines"]:
        assert one["values"][middle] == pytest.approx(base, rel=1e-9)
    chart = sensitivity.spider_chart(data)
    assert len(chart.figure.data) == 2
    assert "bends NPV most" in chart.headline


def test_on_the_line_of_the_map_npv_is_zero():
    case, tables = Scenario(factories=FEW), bundled()
    data = grid_of(case, tables, "npv", ("gpu_hour_price", "rack_price"))
    values = np.array(data["values"], dtype=float)
    assert (values > 0).any()
    assert (values < 0).any()
    chart = sensitivity.heat_chart(data)
    price, rack = data["contour"][len(data["contour"]) // 2]
    row = int(np.argmin(np.abs(np.array(data["up"]) - rack)))
    between = np.interp(price, data["across"], values[row])
    assert abs(between) < 0.02 * np.abs(values).max()
    assert [trace.type for trace in chart.figure.data] == ["heatmap", "scatter"]
    assert "above zero in" in chart.headline


def test_the_time_left_is_that_of_the_speed_so_far():
    assert left_text(0.25, 2.0) == " 25 %, 6 s left"
