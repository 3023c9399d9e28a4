"""Stages: schedules sum to what is paid, contracts keep their price, losses are carried forward."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stages import VERA_RUBIN, building, paths, quantities, site

from forecasts.capex import s_curve
from forecasts.cohorts import fit_out
from forecasts.demand import contractable, wanted
from forecasts.hardware import Generation, hour_level, rack_price_per_kw
from forecasts.lines import LINE
from forecasts.receipts import depreciate, tie_up
from forecasts.records import TRACK, TRACKS
from forecasts.revenue import serve, token_price
from forecasts.tax import MOST_YEARS, by_year, calendar_years, due_by_year, income_tax, pay


@given(st.integers(0, 100), st.integers(0, 60))
def test_an_s_curve_pays_everything_once(start, length):
    shares = s_curve(start, start + length, 180)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()
    assert shares[:start].sum() == 0
    assert shares[start + max(length, 1) :].sum() == 0


def test_an_s_curve_is_slow_fast_slow():
    shares = s_curve(0, 12, 24)
    assert shares[0] < shares[3] < shares[5]
    assert shares[:6].sum() == pytest.approx(0.5)


def test_what_falls_beyond_the_end_is_not_paid():
    assert s_curve(20, 28, 24).sum() == pytest.approx(0.5)


def served(**stated):
    """Tracks of one phase live from month 10, with a market that halves every year."""
    where = site(VERA_RUBIN)
    q = quantities(gpu_hour_price=8.0, availability=1.0, ramp_months=0, **stated)
    build = building([(0, 2, 3, 7, 10, 0, 10, 720, 0, 2.27)])
    fit_out(q, where, build, 60)
    tracks = np.zeros((len(TRACKS), 60))
    serve(q, where, build, paths(60, gpu_price=0.5 ** (np.arange(60) / 12)), tracks)
    return tracks


def test_a_contract_keeps_the_price_of_the_month_it_began():
    tracks = served(contract_months=12, hardware_life_years=20)
    price = tracks[TRACK["contract_value"]] / np.maximum(tracks[TRACK["available_hours"]], 1)
    assert price[9] == 0
    assert price[10:22] == pytest.approx(8.0 * 0.5 ** (10 / 12))
    assert price[22:34] == pytest.approx(8.0 * 0.5 ** (22 / 12))
    spot = served(contract_months=0, hardware_life_years=20)
    value, market = spot[TRACK["contract_value"]], spot[TRACK["market_value"]]
    assert value[10:] == pytest.approx(market[10:])


def test_a_new_generation_starts_at_the_launch_price_and_then_ages():
    roadmap = site(Generation("a", -3, 200.0, 72), Generation("b", 24, 200.0, 72)).roadmap
    index = 0.9 ** (np.arange(48) / 12)
    q = quantities(gpu_hour_price=6.0, generation_price_change=0.1)
    assert hour_level(q, roadmap[0], index) * index[[0, 24]] == pytest.approx([6.0, 6.0 * 0.81])
    later = hour_level(q, roadmap[1], index) * index[[24, 36]]
    assert later == pytest.approx([6.6, 6.6 * 0.9])


def test_rack_prices_fall_from_their_launch_on():
    roadmap = site(Generation("a", -3, 200.0, 72), Generation("b", 24, 200.0, 72)).roadmap
    q = quantities(
        rack_price=8.0e6, rack_power_kw=200.0, rack_price_trend=-0.1,
        generation_rack_price_change=0.2,
    )  # fmt: skip
    asked = ((0, 0), (0, 12), (1, 24), (1, 48))
    price = [rack_price_per_kw(q, roadmap[generation], month) for generation, month in asked]
    assert price == pytest.approx([40_000, 36_000, 48_000, 48_000 * 0.81])


def test_a_rack_named_by_a_scenario_has_its_own_price():
    named = Generation("gb300_nvl72", -16, 135.0, 72, 5e6, 4.0, on_sale=False)
    roadmap = site(VERA_RUBIN, named).roadmap
    q = quantities(rack_price_trend=0.0)
    assert rack_price_per_kw(q, roadmap[1], 12) == pytest.approx(5e6 / 135)
    assert hour_level(q, roadmap[1], np.ones(48)) == 4.0


@given(st.integers(0, 100), st.floats(1, 20), st.floats(1, 30), st.floats(1, 30), st.floats(0, 3))
def test_depreciation_sums_to_the_basis(live, life, tax_life, facility_life, factor):
    q = quantities(
        hardware_life_years=life, hardware_tax_life_years=tax_life,
        facility_tax_life_years=facility_life, declining_factor=factor,
    )  # fmt: skip
    build = building([(0, 0, 0, live, live, 0, 10, 720, 0, 2.27)], cohorts=200)
    fit_out(q, site(VERA_RUBIN), build, 120)
    build.facility_usd[0] = 700.0
    build.hardware_usd[: build.made[1]] = 1000.0
    written = np.zeros(120)
    over = depreciate(q, build, written)
    assert written.sum() == pytest.approx(700.0 + 1000.0 * build.made[1])
    assert (written >= -1e-9).all()
    assert -1e-9 <= over <= written[-1] + 1e-9


def test_declining_balance_writes_off_earlier():
    build = building([(0, 0, 0, 0, 0, 0, 10, 720, 0, 2.27)])
    fit_out(quantities(hardware_life_years=60), site(VERA_RUBIN), build, 120)
    build.hardware_usd[0] = 1000.0
    straight, declining = np.zeros(120), np.zeros(120)
    depreciate(quantities(hardware_tax_life_years=5), build, straight)
    depreciate(quantities(hardware_tax_life_years=5, declining_factor=2), build, declining)
    assert straight[:60] == pytest.approx(1000 / 60)
    assert declining[0] == pytest.approx(2000 / 60)
    assert declining.cumsum()[11] > straight.cumsum()[11]
    assert declining[60:].sum() == 0


def test_years_are_calendar_years():
    years = calendar_years(dt.date(2027, 11, 1), 15)
    assert years.tolist() == [0] * 2 + [1] * 12 + [2]
    assert by_year(np.ones(15), years).tolist() == [2.0, 12.0, 1.0]


def test_losses_are_carried_forward_and_never_paid_out():
    income = np.array([[[-100.0, 40.0, 80.0, 10.0]]])
    due = income_tax(income, np.zeros((1, 4)), np.array([[0.25]]))
    assert due.tolist() == [[[0.0, 0.0, 5.0, 2.5]]]


def taxed(yearly, disposal=0.0, first=0, **stated):
    """Tax by year of incomes earned in January, and that on the disposal."""
    income = np.zeros(12 * len(yearly))
    income[::12] = yearly
    years = np.full((3, MOST_YEARS), 7.0)  # whatever stood in the room to work in
    on_sale = due_by_year(quantities(**stated), income, 0, first, disposal, years)
    return years[0, : len(yearly)].tolist(), on_sale


def test_tax_uses_losses_and_a_holiday_leaves_them():
    assert taxed([-100, 40, 80, 10], corporate_tax=0.25)[0] == [0.0, 0.0, 5.0, 2.5]
    free = taxed([-100, 60, 150], corporate_tax=0.2, tax_holiday_years=2)
    assert free[0] == [0.0, 0.0, 10.0]
    late = taxed([100, 100, 100, 100], first=14, corporate_tax=0.1, tax_holiday_years=2)
    assert late[0] == [0.0, 0.0, 0.0, 10.0]


def test_old_losses_expire_and_their_use_may_be_capped():
    assert taxed([-100, 30, 80], corporate_tax=0.1, loss_years=1)[0] == [0.0, 0.0, 8.0]
    assert taxed([-100, 30, 80], corporate_tax=0.1, loss_years=2)[0] == pytest.approx([0, 0, 1.0])
    capped = taxed([-100, 100, 100], corporate_tax=0.1, loss_use_share=0.5)
    assert capped[0] == pytest.approx([0.0, 5.0, 5.0])


def test_the_sale_at_the_end_is_taxed_with_its_year():
    assert taxed([0, 100], 50.0, corporate_tax=0.2) == ([0.0, 20.0], pytest.approx(10.0))
    assert taxed([0, 100], -80.0, corporate_tax=0.2) == ([0.0, 20.0], pytest.approx(-16.0))
    assert taxed([0, 100], -180.0, corporate_tax=0.2) == ([0.0, 20.0], pytest.approx(-20.0))


def test_tax_is_paid_over_the_months_of_operation():
    paid = np.zeros(24)
    due = np.zeros(MOST_YEARS)
    due[:2] = 60.0, 120.0
    pay(due, 0, 8, paid)
    assert paid[:8].sum() == 0
    assert paid[8:12] == pytest.approx(-15.0)
    assert paid[12:] == pytest.approx(-10.0)


def test_working_capital_is_freed_at_the_end():
    lines, tracks = np.zeros((len(LINE), 6)), np.zeros((len(TRACK), 6))
    tracks[TRACK["revenue"], 1:] = 365 / 12
    tracks[TRACK["opex"], 1:] = -365 / 12 / 2
    tie_up(quantities(receivable_days=60, payable_days=30), lines, tracks)
    change = lines[LINE["working_capital"]]
    assert change.tolist() == pytest.approx([0, -45, 0, 0, 0, 45])


def demand_of(months, **stated):
    found = np.zeros(months)
    q = quantities(sovereign_share=1.0, capture_share=1.0, **stated)
    wanted(q, np.ones(months), found)
    return found


def test_ai_share_goes_along_a_line_and_stops():
    stated = {"ai_share_now": 0.2, "ai_share_later": 0.6}
    share = demand_of(48, ai_share_years=2.0, **stated)
    assert share[[0, 12, 24, 47]].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.6])
    assert demand_of(3, ai_share_years=0.0, **stated)[1] == pytest.approx(0.6)


def test_each_class_signs_its_own_share():
    q = quantities(
        regulated_share=0.5, training_share=0.4, regulated_contract_share=1.0,
        training_contract_share=0.5, inference_contract_share=0.25,
    )  # fmt: skip
    assert contractable(q) == pytest.approx(0.5 + 0.5 * (0.4 * 0.5 + 0.6 * 0.25))


def test_an_hour_of_tokens():
    q = quantities(
        tokens_per_gpu_second=1000.0, token_price=2.0, token_cache_share=0.5,
        token_cached_price_share=0.1,
    )  # fmt: skip
    assert token_price(q) == pytest.approx(3.6 * 2.0 * 0.55)
