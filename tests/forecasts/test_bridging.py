"""A bridge to the grid: a factory with it and without, and the rent at which both are worth one."""

import pytest

from forecasts.bridging import DEAREST_RENT, bridging
from forecasts.energy_mix import energy_mix
from forecasts.engine import run
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario
from forecasts.sensitivity import planner_of

LATE = {"grid_delay_months": 24, "bridge_power_share": 1.0}
DEAR_HOURS = LATE | {"gpu_hour_price": 12.0, "factories": ("malaysia",)}


def npv(catalog, **stated):
    return factory_returns(run(Scenario(**stated), catalog), 0)["npv"].value


def test_both_sides_are_the_model_run_with_and_without(catalog):
    scenario = Scenario(**LATE, factories=("uae",))
    found = bridging(planner_of(scenario, catalog), "uae")
    own = run(scenario, catalog)
    alone = run(scenario.having(bridge_power_share=0.0), catalog)
    assert found.stated
    assert found.phases == sum(phase.bridged_months > 0 for phase in own.phases[0])
    assert found.sooner_months == alone.phases[0][0].live - own.phases[0][0].live > 0
    first, second = (factory_returns(one, 0)["npv"].value for one in (alone, own))
    assert found.gain_usd == pytest.approx(second - first)
    mix = energy_mix(own, 0)
    paid = mix.bridge_fuel_usd.sum() + mix.bridge_rent_usd.sum()
    assert found.cost_usd == pytest.approx(paid)
    assert found.mwh == pytest.approx(mix.bridge_mwh.sum())


def test_a_factory_alone_and_among_others_says_the_same(catalog):
    every = Scenario(**LATE, sites={"romania": {"bridge_power_share": 0.6}})
    among = bridging(planner_of(every, catalog), "romania")
    alone = bridging(planner_of(every.having(factories=("romania",)), catalog), "romania")
    assert among.share == alone.share == 0.6
    assert among.gain_usd == pytest.approx(alone.gain_usd, rel=1e-9)


def test_at_the_break_even_rent_both_are_worth_the_same(catalog):
    found = bridging(planner_of(Scenario(**DEAR_HOURS), catalog), "malaysia")
    assert 0 < found.most_rent < DEAREST_RENT
    assert found.gain_usd > 0
    at_rent = npv(catalog, **DEAR_HOURS, bridge_rent=found.most_rent)
    assert at_rent == pytest.approx(npv(catalog, **DEAR_HOURS | {"bridge_power_share": 0.0}))
    assert npv(catalog, **DEAR_HOURS, bridge_rent=found.most_rent + 5) < at_rent


def test_without_a_break_even_it_says_why(catalog):
    never = bridging(planner_of(Scenario(**LATE, factories=("malaysia",)), catalog), "malaysia")
    assert never.gain_usd < 0
    assert never.most_rent is None
    assert "free of rent" in never.reason
    always = bridging(planner_of(Scenario(**LATE, factories=("uae",)), catalog), "uae")
    assert always.most_rent is None
    assert "any rent" in always.reason


def test_where_none_is_stated_one_for_all_power_is_tried_and_none_where_the_grid_holds_nothing(
    catalog,
):
    tried = bridging(
        planner_of(Scenario(grid_delay_months=24, factories=("romania",)), catalog), "romania"
    )
    assert (tried.stated, tried.share) == (False, 1.0)
    assert tried.sooner_months > 0
    idle = bridging(planner_of(Scenario(factories=("romania",)), catalog), "romania")
    assert (idle.phases, idle.gain_usd, idle.most_rent, idle.reason) == (0, 0.0, None, "")


def test_a_factory_that_is_not_there_is_named(catalog):
    with pytest.raises(ValueError, match="atlantis"):
        bridging(planner_of(Scenario(factories=("romania",)), catalog), "atlantis")
