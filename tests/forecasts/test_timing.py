"""Timing: alternatives on the same paths, and policies that know no path's future."""

import json

import numpy as np
import pytest

from forecasts.engine import run
from forecasts.figures import FIGURE
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.sensitivity import planner_of
from forecasts.timing import ALTERNATIVES, COMMITTED, foreseen, plans_of, timing, timing_data

FEW = Scenario(factories=("malaysia", "romania"))
DESIGN = Design(256, 4)


@pytest.fixture(scope="module")
def found():
    return timing(planner_of(FEW), DESIGN)


def test_every_site_has_every_plan_against_its_own(found):
    assert [one.key for one in found] == ["malaysia", "romania"]
    for one in found:
        assert [own.name for own in one.plans] == [COMMITTED, *ALTERNATIVES]
        assert one.plans[0].option_usd == 0
    json.dumps(timing_data(found), allow_nan=False)


def test_a_month_of_delay_costs_what_the_projection_says(found):
    result = run(FEW)
    for row, one in enumerate(found):
        assert one.month_usd == result.figures[0, row, FIGURE["delay_cost"]]


def test_stopping_early_is_offered_only_where_there_is_a_second_phase(found):
    assert len(found[0].policies) == 2
    assert found[0].plans[1].mean_usd != found[0].plans[0].mean_usd


def test_all_at_once_decides_every_phase_with_the_first():
    from forecasts.drivers import central
    from forecasts.engine import evaluate

    planner = planner_of(FEW)
    at_once = plans_of(planner)[ALTERNATIVES[1]]
    phases = evaluate(at_once, central(at_once, planner.outlook)).phases[0]
    assert len(phases) > 1
    assert len({phase.decision for phase in phases}) == 1


def test_a_policy_learns_a_rule_that_holds_and_none_from_noise():
    random = np.random.default_rng(0)
    known = random.normal(size=(256, 3))
    noise = random.normal(size=256)
    follows = known[:, 0] + 0.1 * noise
    gained = np.where(foreseen(known, follows, DESIGN) > 0, follows, 0.0).mean()
    assert gained == pytest.approx(0.4, abs=0.06)
    blind = np.where(foreseen(known, noise, DESIGN) > 0, noise, 0.0).mean()
    assert abs(blind) < 0.15


def test_a_policy_that_may_keep_the_plan_loses_little_against_it(found):
    stop = found[0].policies[1]
    assert stop.option_usd > -4 * stop.option_error_usd - 1e6


def test_the_file_of_the_page_holds_numbers_with_their_unit_in_the_name(found):
    from dashboard.charts.decisions import timing_numbers, timing_table
    from dashboard.charts.study import study

    told = study(run(FEW))
    data = {"sites": timing_data(found)}
    frame = timing_numbers(told, data)
    figures = frame.drop(columns="Factory")
    assert set(figures.dtypes.astype(str)) == {"float64"}
    assert all(name.endswith("USD m") for name in figures.columns)
    assert frame["As planned, mean NPV, USD m"].tolist() == [
        one.plans[0].mean_usd / 1e6 for one in found
    ]
    assert len(frame) == len(timing_table(told, data))
