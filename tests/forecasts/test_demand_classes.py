"""Demand by class: classes add up to all that is wanted, met and sold, whatever is assumed."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given
from lawful import ANY, ran, scenarios

from forecasts.checks import SAME, Level, check
from forecasts.demand_classes import CLASSES, class_demand, class_gap, demand_years
from forecasts.engine import Result, run
from forecasts.report import annual_frame, projection
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario

NAME = "demand by class adds up"


@ANY
@given(scenarios())
def test_classes_add_up_and_nobody_gets_more_than_wanted_whatever_is_assumed(changes):
    result = ran(changes)
    assert class_gap(result) <= SAME
    found = class_demand(result)
    for values in dataclasses.astuple(found):
        assert np.isfinite(values).all()
        assert (values >= 0).all()
    room = SAME * max(float(result.demand_mw.max()), 1.0)
    assert (found.met_mw <= found.wanted_mw + room).all()
    assert (found.contracted_mw <= found.signing_mw + room).all()
    assert (found.contracted_mw <= found.met_mw + room).all()
    assert (found.contracted_gpu_hours <= found.sold_gpu_hours * (1 + SAME)).all()
    hours = SAME * max(float(found.wanted_gpu_hours.max()), 1.0)
    assert (found.sold_gpu_hours <= found.wanted_gpu_hours + hours).all()


def test_years_of_a_factory_add_up_to_its_metrics(base: Result):
    for row in range(len(base.plan.sites)):
        years, metrics = demand_years(base, row), factory_returns(base, row)
        short = sum(year.shortfall_mw_months for year in years)
        idle = sum(year.stranded_mw_months for year in years)
        assert short == pytest.approx(metrics["shortfall"].value)
        assert idle == pytest.approx(metrics["stranded"].value)
        wanted = sum(year.wanted_mw_months - year.before_live_mw_months for year in years)
        met = sum(year.met_mw_months for year in years)
        assert met / wanted == pytest.approx(metrics["demand_captured"].value)
        for year, sold in zip(years, annual_frame(base, row)["sold_gpu_hours"], strict=True):
            parts = year.met_mw_months + year.shortfall_mw_months + year.before_live_mw_months
            assert year.wanted_mw_months == pytest.approx(parts)
            assert sum(one.wanted_mw_months for one in year.classes) == pytest.approx(
                year.wanted_mw_months
            )
            assert sum(one.met_mw_months for one in year.classes) == pytest.approx(
                year.met_mw_months
            )
            assert sum(one.sold_gpu_hours for one in year.classes) == pytest.approx(sold)


def test_all_factories_together_are_the_sum_of_each(base: Result):
    each = [demand_years(base, row) for row in range(len(base.plan.sites))]
    for place, whole in enumerate(demand_years(base, None)):
        for name in ("wanted_mw_months", "met_mw_months", "shortfall_mw_months"):
            parts = sum(getattr(own[place], name) for own in each)
            assert getattr(whole, name) == pytest.approx(parts)


def short_of(share: float, catalog) -> Result:
    """Project one factory whose demand is several times its capacity."""
    terms = {"demand_change": 4.0, "contracted_share": share, "max_phases": 1.0}
    return run(Scenario(factories=("belgium",), months=96, **terms), catalog)


def test_when_capacity_is_short_contracts_are_served_first(catalog):
    result = short_of(1.0, catalog)
    found, last = class_demand(result), result.plan.months - 1
    assert result.demand_mw[0, 0, last] > 2 * result.sales.live_mw[0, last]
    assert found.contracted_mw[:, 0, last] == pytest.approx(found.met_mw[:, 0, last])
    signing = found.signing_mw[:3, 0, last]
    shares = found.contracted_mw[:3, 0, last] / result.sales.live_mw[0, last]
    assert shares == pytest.approx(signing / signing.sum())


def test_what_contracts_leave_is_shared_by_what_each_class_still_wants(catalog):
    result = short_of(0.3, catalog)
    found, last = class_demand(result), result.plan.months - 1
    free = found.met_mw[:3, 0, last] - found.contracted_mw[:3, 0, last]
    left = found.wanted_mw[:3, 0, last] - found.contracted_mw[:3, 0, last]
    assert free.sum() == pytest.approx(0.7 * result.sales.live_mw[0, last])
    assert free / free.sum() == pytest.approx(left / left.sum())


def test_a_class_that_wants_nothing_gets_nothing(catalog):
    stated = Scenario(factories=("romania",), months=72, regulated_share=1.0)
    found = class_demand(run(stated, catalog))
    others = [place for place, name in enumerate(CLASSES) if name != "regulated"]
    assert found.wanted_mw[0].sum() > 0
    assert not found.wanted_mw[others].any()
    assert not found.sold_gpu_hours[others].any()


def test_tenants_of_space_stand_as_a_class_where_space_is_let(catalog, base: Result):
    let = run(Scenario(factories=("malaysia",), months=96, lease_share=0.4), catalog)
    assert class_gap(let) <= SAME
    (*_, last) = demand_years(let, 0)
    assert [one.name for one in last.classes] == list(CLASSES)
    assert last.classes[-1].met_mw_months == pytest.approx(let.sales.let_mw[0, 0, -12:].sum())
    assert all(one.name != "tenants" for year in demand_years(base, 0) for one in year.classes)


def test_a_wrong_split_fails_the_check(base: Result):
    assert {one.name: one.level for one in check(base)}[NAME] is Level.OK
    sales = dataclasses.replace(base.sales, firm_share=base.sales.firm_share * 1.5)
    broken = dataclasses.replace(base, sales=sales)
    assert {one.name: one.level for one in check(broken)}[NAME] is Level.FAILED


def test_the_projection_as_data_holds_demand_by_class(base: Result):
    made = projection(base, [])
    first = made["factories"][0]
    assert len(first["demand_by_class"]) == len(first["annual"])
    assert [one["name"] for one in first["demand_by_class"][0]["classes"]] == list(CLASSES)[:3]
    assert len(made["portfolio"]["demand_by_class"]) == len(first["annual"])


def test_hours_out_of_order_fail_the_check(base: Result):
    name = "hours in use stand in order"
    assert {one.name: one.level for one in check(base)}[name] is Level.OK
    sales = base.sales
    for wrong in (
        {"available_gpu_hours": sales.installed_gpu_hours * 1.01},
        {"sold_gpu_hours": np.maximum(sales.sold_gpu_hours, sales.available_gpu_hours * 1.01)},
        {"firm_share": sales.firm_share * 0 + 1.0},
    ):
        broken = dataclasses.replace(base, sales=dataclasses.replace(sales, **wrong))
        assert {one.name: one.level for one in check(broken)}[name] is Level.FAILED
