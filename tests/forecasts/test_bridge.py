"""The steps of a bridge add up, favour no order, and blame only what was changed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.bridge import MOST_EXACT, bridge, differences
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario

SMALL = Scenario(factories=("romania", "belgium"), months=96)


def total(found):
    return sum(step.change for step in found.steps)


@settings(max_examples=8, deadline=None)
@given(st.floats(4, 12), st.floats(0.0, 0.3), st.integers(0, 24))
def test_steps_add_up_to_the_whole_difference(price, decay, delay):
    after = SMALL.having(gpu_hour_price=price, gpu_price_decay=decay, grid_delay_months=delay)
    found = bridge(SMALL, after)
    assert total(found) == pytest.approx(found.after.value - found.before.value, rel=1e-9, abs=1.0)
    assert found.after.value == portfolio_returns(run(after))["npv"].value


def test_a_way_back_is_the_way_there_with_its_signs_turned():
    after = SMALL.having(gpu_hour_price=7.0, rack_price=9e6, contracted_share=0.5)
    there = {step.name: step.change for step in bridge(SMALL, after).steps}
    back = {step.name: step.change for step in bridge(after, SMALL).steps}
    assert there.keys() == back.keys()
    for name, change in there.items():
        assert back[name] == pytest.approx(-change, rel=1e-9)


def test_one_change_takes_the_whole_difference():
    after = SMALL.having(pue=1.1)
    found = bridge(SMALL, after, "lcoc", "romania")
    row = [site.key for site in run(after).plan.sites].index("romania")
    assert [step.name for step in found.steps] == ["pue"]
    assert found.after.value == factory_returns(run(after), row)["lcoc"].value
    assert total(found) == pytest.approx(found.after.value - found.before.value, rel=1e-9)


def test_many_changes_are_drawn_and_still_add_up():
    after = preset("constrained").having(factories=SMALL.factories, months=96)
    found = bridge(SMALL, after)
    assert len(found.steps) > MOST_EXACT
    assert not found.exact
    assert total(found) == pytest.approx(found.after.value - found.before.value, rel=1e-9)


def test_shares_of_one_whole_change_together_and_factories_by_themselves():
    after = SMALL.having(sites={"romania": {"power_price": 0.09}}, name="other")
    assert list(differences(SMALL, after)) == ["sites.romania"]
    steps = bridge(SMALL, after).steps
    assert steps[0].label == "What is stated for Romania"
    assert differences(SMALL, SMALL.having(name="x", description="y")) == {}
    pair = SMALL.having(shell_cost_share=0.6, electrical_cost_share=0.4)
    assert list(differences(SMALL.having(electrical_cost_share=0.7), pair)) == ["shell_cost_share"]


def test_no_value_gives_a_reason_instead_of_steps():
    nothing = SMALL.having(phase_racks=1, site_capacity_mw=0.0)
    found = bridge(SMALL, nothing, "irr", "romania")
    assert found.steps == ()
    assert found.reason
    with pytest.raises(ValueError, match="no metric 'roi'"):
        bridge(SMALL, SMALL, "roi")
