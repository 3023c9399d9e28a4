"""One assumption at a time, two together, and the value that reaches a goal: each is the model."""

import numpy as np
import pytest

from forecasts.engine import run
from forecasts.goals import Aim, goal_seek
from forecasts.plan import compile_plan
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.sensitivity import (
    contour,
    grid,
    planner_of,
    ranges,
    ranked_drivers,
    spider,
    tornado,
)

FEW = Scenario(factories=("belgium", "malaysia"))


@pytest.fixture(scope="module")
def planner():
    return planner_of(FEW)


@pytest.fixture(scope="module")
def found(planner):
    return tornado(planner, "npv")


@pytest.mark.parametrize("name", ["gpu_hour_price", "rack_lead_months", "generation_months"])
def test_a_bar_is_the_scenario_with_the_other_value(found, name):
    bar = next(one for one in found.drivers if one.name == name)
    over = found.ranges[name]
    for end, value in ((bar.low, over.low[0]), (bar.high, over.high[0])):
        exact = int(value) if QUANTITIES[name].whole else float(value)
        again = portfolio_returns(run(FEW.having(**{name: exact})))["npv"].value
        assert end == again
    assert found.base == portfolio_returns(run(FEW))["npv"].value


def test_every_assumption_with_a_range_has_a_bar_and_the_widest_is_first(found):
    names = {one.name for one in found.drivers}
    assert len(names) > 100
    assert "demand_correlation" not in names
    spans = [one.span for one in found.drivers]
    assert spans == sorted(spans, reverse=True)
    assert spans[0] > 0


def test_a_site_s_own_figures_move_over_its_own_range(planner):
    over = ranges(planner)["power_price"]
    plan = compile_plan(FEW, planner.catalog)
    assert len(set(over.high)) == 2
    assert (over.low <= plan.quantities["power_price"]).all()


@pytest.mark.parametrize("metric", ["irr", "lcoc", "min_dscr", "payback"])
def test_metrics_of_one_factory_are_those_of_its_projection(planner, metric):
    for one in tornado(planner, metric, "malaysia").drivers[:2]:
        value = float(ranges(planner)[one.name].high[1])
        told = factory_returns(run(FEW.having(**{one.name: value})), 1)[metric]
        assert one.high == pytest.approx(told.value, rel=1e-12)


def test_metrics_that_need_a_search_are_found_too():
    small = planner_of(Scenario(factories=("belgium",), months=120))
    base = run(small.plan.scenario)
    found = tornado(small, "break_even_price", "belgium")
    assert found.base == factory_returns(base, 0)["break_even_price"].value
    assert found.drivers[0].span > 0
    cover = tornado(small, "min_dscr")
    assert cover.base == portfolio_returns(base)["min_dscr"].value


def test_ranked_drivers_name_what_decides():
    first = ranked_drivers(FEW, "irr", "malaysia")[:8]
    assert "gpu_hour_price" in [one.name for one in first]


def test_a_scenario_s_own_value_widens_the_range():
    far = planner_of(FEW.having(gpu_hour_price=20.0))
    assert ranges(far)["gpu_hour_price"].high[0] == 20.0


def test_shares_of_one_whole_stay_below_one():
    over = ranges(planner_of(FEW.having(shell_cost_share=0.55)))
    assert over["electrical_cost_share"].high[0] <= 0.45 + 1e-12


def test_undefined_ends_come_last_and_have_no_span():
    nothing = planner_of(Scenario(factories=("belgium",), site_capacity_mw=0.0))
    bars = tornado(nothing, "irr", "belgium").drivers
    assert np.isnan(tornado(nothing, "irr", "belgium").base)
    assert all(np.isnan(one.span) for one in bars)


def test_a_spider_meets_base_and_bars(planner, found):
    names = [one.name for one in found.drivers[:3]]
    web = spider(planner, "npv", names, steps=5)
    for bar in found.drivers[:3]:
        line = web.lines[bar.name]
        assert (line[0], line[2], line[4]) == (bar.low, found.base, bar.high)


def test_a_grid_has_the_model_in_every_cell(planner):
    made = grid(planner, "npv", ("gpu_hour_price", "rack_price"), steps=5)
    changed = FEW.having(gpu_hour_price=float(made.across[3]), rack_price=float(made.up[1]))
    assert made.values[1, 3] == portfolio_returns(run(changed))["npv"].value


def test_the_contour_runs_where_the_metric_meets_the_level(planner):
    made = grid(planner, "irr", ("gpu_hour_price", "gpu_price_decay"), "malaysia", steps=7)
    points = contour(made, 0.08)
    assert len(points) >= 3
    for across, up in points:
        changed = FEW.having(gpu_hour_price=float(across), gpu_price_decay=float(up))
        assert factory_returns(run(changed), 1)["irr"].value == pytest.approx(0.08, abs=0.01)


def test_a_goal_is_met_by_the_value_found(planner):
    found = goal_seek(planner, Aim("irr", 0.08, "gpu_hour_price", "malaysia"))
    assert found.value is not None
    again = factory_returns(run(FEW.having(gpu_hour_price=found.value)), 1)["irr"].value
    assert again == pytest.approx(0.08, abs=1e-7)


def test_a_payback_that_comes_out_of_never_passes_its_target_in_a_step():
    egypt = planner_of(Scenario(factories=("egypt",)))
    found = goal_seek(egypt, Aim("payback", 11.7059, "hardware_life_years", "egypt"))
    assert found.value == pytest.approx(4.2083, abs=1e-3)
    assert "passes the target in a step" in found.reason


def test_no_root_in_range_is_an_answer(planner):
    found = goal_seek(planner, Aim("irr", 0.9, "gpu_hour_price", "malaysia"))
    assert found.value is None
    assert "No root in range: between 4.92 and" in found.reason
    wider = goal_seek(planner, Aim("irr", 0.9, "gpu_hour_price", "malaysia"), (5.0, 100.0))
    assert wider.value is not None


def test_whole_assumptions_get_whole_answers(planner):
    middle = run(FEW.having(rack_lead_months=11))
    target = portfolio_returns(middle)["npv"].value + 1.0
    found = goal_seek(planner, Aim("npv", target, "rack_lead_months"))
    assert found.value is None or found.value == int(found.value)
    assert found.value is not None or "No root in range" in found.reason


def test_a_wide_range_of_whole_values_is_closed_in_on(planner):
    narrow = goal_seek(planner, Aim("npv", -3e8, "phase_racks"), (12, 192))
    wide = goal_seek(planner, Aim("npv", -3e8, "phase_racks"), (1, 100_000))
    assert narrow.value in (wide.value, *wide.others)


def test_slips_are_named(planner):
    with pytest.raises(ValueError, match="no metric 'luck'"):
        tornado(planner, "luck")
    with pytest.raises(ValueError, match="no factory 'mars'"):
        tornado(planner, "npv", "mars")
    with pytest.raises(ValueError, match="choose two"):
        grid(planner, "npv", ("rack_price", "rack_price"))
    with pytest.raises(ValueError, match="has no range"):
        spider(planner, "npv", ["luck"])
