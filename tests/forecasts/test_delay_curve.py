"""Cost of delay: the first month is the metric, money stands still, loans fall due as signed."""

import pytest
from hypothesis import given
from lawful import ANY, planned, scenarios

from data.catalog import bundled
from forecasts.delay_curve import ALL, DelayCurve, curves_data, delay_curves
from forecasts.engine import Result, run
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def curves(base: Result, catalog) -> tuple[DelayCurve, ...]:
    return delay_curves(base.plan, outlook(catalog))


def test_no_delay_is_the_plan_and_a_month_costs_what_the_metric_says(curves, base: Result):
    assert [one.key for one in curves] == [ALL, *(site.key for site in base.plan.sites)]
    for row, curve in enumerate(curves[1:]):
        found = factory_returns(base, row)
        now, later = curve.points[:2]
        assert (now.npv_usd, now.irr) == (found["npv"].value, found["irr"].value)
        assert now.equity_irr == found["equity_irr"].value
        assert later.npv_lost_usd == pytest.approx(found["delay_cost"].value, abs=1.0)


def test_all_together_is_the_sum_and_has_the_portfolio_s_rate(curves, base: Result):
    whole, *each = curves
    for months, point in enumerate(whole.points):
        own = [one.points[months] for one in each]
        assert point.months == months
        assert point.npv_usd == pytest.approx(sum(one.npv_usd for one in own))
        assert point.waiting_interest_usd == pytest.approx(
            sum(one.waiting_interest_usd for one in own)
        )
    assert whole.points[0].irr == pytest.approx(portfolio_returns(base)["irr"].value)


def test_interest_and_fees_of_construction_are_those_signed(curves, base: Result):
    for row, curve in enumerate(curves[1:]):
        finance = base.finance
        assert curve.interest_building_usd == finance["interest_building"][0, row].sum()
        assert curve.fees_usd == finance["finance_fees"][0, row].sum()


def test_what_falls_due_while_late_grows_and_stays_below_all_that_is_due(curves, base: Result):
    for row, curve in enumerate(curves[1:]):
        due = [point.waiting_interest_usd for point in curve.points]
        assert due[0] == curve.points[0].waiting_principal_usd == 0
        assert due == sorted(due)
        repaid = curve.points[-1].waiting_principal_usd  # single months may add to a sculpted loan
        for name, found in (("interest", due[-1]), ("principal", repaid)):
            assert found <= base.finance[name][0, row].sum() * (1 + 1e-9)


def test_one_phase_waits_for_exactly_what_its_loan_says():
    plan = compile_plan(Scenario(factories=("malaysia",), max_phases=1, months=120), bundled())
    (_, curve) = delay_curves(plan, outlook(bundled()), most=6)
    result = run(plan.scenario)
    live = result.phases[0][0].live
    paid = result.finance["interest"][0, 0, live : live + 6].sum()
    assert curve.points[6].waiting_interest_usd == pytest.approx(paid)


def test_without_loans_nothing_falls_due(catalog):
    plan = compile_plan(Scenario(gearing=0.0, factories=("belgium",)), catalog)
    for curve in delay_curves(plan, outlook(catalog), most=3):
        assert curve.fees_usd == curve.interest_building_usd == 0
        assert {point.waiting_interest_usd for point in curve.points} == {0.0}


@ANY
@given(scenarios())
def test_every_scenario_has_a_curve_of_numbers(changes):
    plan, _ = planned(changes)
    for curve in curves_data(delay_curves(plan, outlook(bundled()), most=24)):
        assert curve["points"][0]["npv_lost_usd"] == 0
        assert all(point["npv_usd"] == point["npv_usd"] for point in curve["points"])
