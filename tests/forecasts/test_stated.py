"""Stated projects: each convention by hand, and laws that hold for any project."""

import numpy as np
import numpy_financial
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stated_cases import levels, returns, stated

from forecasts.stated import stated_projection


def test_npv_irr_and_payback_agree_with_a_spreadsheet():
    yearly = 1000 * 8760 * 0.75 * 2.0 - 1_000_000
    flows = [-30e6, *[yearly] * 4, yearly + 3e6]
    found = returns(stated())
    assert found["npv"] == pytest.approx(numpy_financial.npv(0.10, flows), rel=1e-12)
    assert found["irr"] == pytest.approx(numpy_financial.irr(flows), rel=1e-9)
    assert found["payback"] == pytest.approx(30e6 / yearly, rel=1e-12)
    assert found["moic"] == pytest.approx((5 * yearly + 3e6) / 30e6)
    assert found["tco_simple"] == pytest.approx((27e6 / 5 + 1e6) / (8.76e6 * 0.75))


@pytest.mark.parametrize(("when", "shift"), [("start", 0.0), ("mid", 0.5), ("end", 1.0)])
def test_flows_come_at_the_start_middle_or_end_of_a_period(when, shift):
    found = returns(stated(conventions__operating_flows=when))
    yearly = 1000 * 8760 * 0.75 * 2.0 - 1_000_000
    worth = sum(yearly / 1.1 ** (year + shift) for year in range(5)) + 3e6 / 1.1 ** (4 + shift)
    assert found["npv"] == pytest.approx(worth - 30e6, rel=1e-12)
    times = np.array([0.0, *(np.arange(5) + shift), 4 + shift])
    flows = np.array([-30e6, *[yearly] * 5, 3e6])
    assert abs((flows * (1 + found["irr"]) ** -times).sum()) < 1e-3


@pytest.mark.parametrize(
    ("compounding", "factor"),
    [
        ("effective", lambda month: 1.1 ** (-month / 12)),
        ("nominal", lambda month: (1 + 0.1 / 12) ** -month),
        ("yearly_steps", lambda month: 1.1 ** -(month // 12)),
    ],
)
def test_a_yearly_rate_becomes_monthly_in_each_way(compounding, factor):
    conventions = {"discount_rate": 0.1, "compounding": compounding}
    timeline = {"period": "month", "periods": 24}
    found = returns(stated(timeline=timeline, conventions=conventions))
    hours = 1000 * 730 * 0.75
    worth = sum(hours * factor(month) for month in range(24))
    assert found["pv_gpu_hours"] == pytest.approx(worth, rel=1e-12)


def test_hours_of_a_year_are_an_input():
    assert (
        returns(stated(conventions__hours_per_year=8640))["total_gpu_hours"]
        == 1000 * 8640 * 0.75 * 5
    )


def test_idle_hardware_draws_its_share():
    power = {"billed_on": "used", "idle_share": 0.3, "sources": {"grid": {"usd_per_mwh": 50}}}
    found = returns(stated(power=power))
    assert found["total_power"] == pytest.approx(1.5 * (0.3 + 0.7 * 0.75) * 8760 * 50 * 5)


def test_the_cheapest_source_serves_first_and_a_gap_is_told():
    sources = {
        "dear": {"usd_per_mwh": 90, "capacity_mw": 0.6},
        "cheap": {"usd_per_mwh": 40, "capacity_mw": 0.5},
    }
    file = stated(power={"sources": sources})
    assert returns(file)["total_power"] == pytest.approx((0.5 * 40 + 0.6 * 90) * 8760 * 5)
    assert levels(file)["power is short"] == "warning"
    listed = returns(stated(power={"sources": sources, "dispatch": "listed"}))
    assert listed["power.dear"] == pytest.approx(0.6 * 90 * 8760 * 5)


@pytest.mark.parametrize(
    ("residual", "share"),
    [
        ({"share": 0.25}, 0.25),
        ({"curve": [0.8, 0.6, 0.4]}, 0.4),
        ({"curve": [0.8, 0.6, 0.5, 0.4, 0.3]}, 0.3),
        ({"straight_line_months": 120}, 0.5),
        ({"straight_line_months": 120, "floor_share": 0.2}, 0.6),
        ({"straight_line_months": 24}, 0.0),
        ({"yearly_decline": 0.2}, 0.8**5),
    ],
)
def test_each_form_of_residual(residual, share):
    found = returns(stated(capex__gpu__residual=residual))
    assert found["total_terminal"] == pytest.approx(30e6 * share)


def test_a_refresh_is_bought_at_its_price_and_the_old_one_sold():
    gpu = {"usd": 30000, "per": "gpu", "repeat_months": 24, "yearly_change": -0.1}
    gpu["residual"] = {"yearly_decline": 0.5}
    found = returns(stated(capex={"gpu": gpu}))
    second, third = 30e6 * 0.9**2, 30e6 * 0.9**4
    assert found["total_capex"] == 30e6
    assert found["total_refresh"] == pytest.approx(second + third)
    assert found["total_terminal"] == pytest.approx(0.25 * (30e6 + second) + 0.5 * third)


def test_capex_is_spread_and_its_share_follows():
    capex = {
        "plant": {"usd": 9e6, "spread_months": 36},
        "works": {"usd": 1e6, "spread_shares": [0.2, 0.8]},
        "contingency": {"share": 0.1, "lines": ["plant"]},
    }
    result = stated_projection(stated(capex=capex), "test.yaml")
    paid = [-row["capex_usd"] for row in result["factories"][0]["annual"]]
    assert paid == pytest.approx([3.5e6, 4.1e6, 3.3e6, 0, 0])


def test_tax_waits_for_losses_and_depreciation():
    file = stated(
        timeline={"period": "year", "periods": 3},
        capex={"plant": {"usd": 900, "tax_life_years": 3}},
        opex={},
        revenue={"cash": {"amounts_usd": [200, 500, 500]}},
        tax={"rate": 0.25},
    )
    rows = stated_projection(file, "test.yaml")["factories"][0]["annual"]
    assert [row["tax_usd"] for row in rows] == pytest.approx([0, -25, -50])


def test_sales_can_be_limited_by_demand():
    demand = {"points": [{"month": 0, "mw": 0.75}, {"month": 24, "mw": 1.5}]}
    use = {"utilisation": 1.0, "limited_by_demand": True}
    found = returns(stated(demand=demand, use=use))
    assert found["total_gpu_hours"] == pytest.approx(8.76e6 * (0.5 + 0.75 + 3))
    assert found["demand_captured"] == pytest.approx(1.0)


def test_break_even_price_and_use_make_npv_zero():
    found = returns(stated())
    even = returns(stated(revenue={"hours": {"usd": found["break_even_price"], "per": "gpu_hour"}}))
    assert abs(even["npv"]) < 1e-6
    even = returns(stated(use={"utilisation": found["break_even_utilisation"]}))
    assert abs(even["npv"]) < 1e-6


amounts = st.floats(1e3, 1e6)


@settings(max_examples=40, deadline=None)
@given(price=amounts, running=amounts, use=st.floats(0.1, 1.0), scale=st.floats(0.5, 20.0))
def test_scaling_all_money_scales_npv_and_leaves_irr(price, running, use, scale):
    def found(factor: float) -> dict:
        return returns(
            stated(
                capex={"gpu": {"usd": price * factor, "per": "gpu", "residual": {"share": 0.2}}},
                opex={"all": {"usd": running * factor, "every": "year"}},
                revenue={"hours": {"usd": 3.0 * factor, "per": "gpu_hour"}},
                use={"utilisation": use},
            )
        )

    one, more = found(1.0), found(scale)
    assert more["npv"] == pytest.approx(one["npv"] * scale, rel=1e-9, abs=1e-3)
    assert more["lcoc"] == pytest.approx(one["lcoc"] * scale, rel=1e-9)
    assert (one["irr"] is None) == (more["irr"] is None)
    if one["irr"] is not None:
        assert more["irr"] == pytest.approx(one["irr"], rel=1e-7, abs=1e-9)
