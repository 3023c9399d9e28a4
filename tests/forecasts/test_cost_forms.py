"""The bridge between the forms of cost of a GPU-hour, on the base case and at its edges."""

import json

import pytest

from forecasts.checks import check
from forecasts.cost_forms import FORMS, adds_up, lcoc_bridge
from forecasts.engine import run
from forecasts.report import projection
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def result():
    return run(Scenario(factories=("malaysia", "kenya")))


@pytest.mark.parametrize("row", [0, 1])
def test_the_bridge_leads_through_every_form(result, row):
    steps = lcoc_bridge(result, row)
    found = factory_returns(result, row)
    for step in steps:
        if step.form:
            assert step.level == found[step.name].value
    assert [step.name for step in steps if step.form] == list(FORMS)
    assert adds_up(steps)


def test_what_each_step_leaves_out_is_its_sign(result):
    changes = {step.name: step.change for step in lcoc_bridge(result, 0)}
    assert changes["left_over"] > 0  # the value at the end lowered the cost
    assert changes["refreshes"] < 0
    assert changes["unsold_hours"] < 0
    assert changes["service_level"] > 0
    assert changes["cost_of_capital"] < 0
    assert changes["sold_hours"] > 0


def test_a_step_is_computed_by_hand(result):
    steps = {step.name: step for step in lcoc_bridge(result, 0)}
    availability = float(result.plan.quantities[0]["availability"])
    annuity = steps["tco_annuity"].level
    assert steps["service_level"].change == pytest.approx(annuity / availability - annuity)
    factors = result.factors[0]
    lines = result.total(("terminal_value", "resale", "grants"))[0, 0] @ factors
    hours = result.sales.sold_gpu_hours[0, 0] @ factors
    assert steps["left_over"].change == pytest.approx(lines / hours)


@pytest.mark.parametrize(
    "changes",
    [
        {"gpu_hour_price": 0.0},
        {"gearing": 0.0},
        {"grant_share": 1.0},
        {"months": 24},
        {"availability": 0.0},
        {"risk_free_rate": 0.0, "asset_beta": 0.0, "country_risk_exposure": 0.0},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_edges_give_a_bridge_that_adds_up_or_none(changes):
    made = run(Scenario(factories=("malaysia",), **changes))
    steps = lcoc_bridge(made, 0)
    assert not steps or adds_up(steps)
    json.dumps(projection(made, check(made)), allow_nan=False)
