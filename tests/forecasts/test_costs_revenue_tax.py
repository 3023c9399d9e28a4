"""Stages: schedules sum to what is paid, contracts keep their price, losses are carried forward."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.costs import s_curve
from forecasts.demand import ai_share, coverage
from forecasts.hardware import Generation, price_per_gpu_hour, price_per_rack_kw
from forecasts.revenue import contract_begin
from forecasts.tax import by_year, calendar_years, holiday, income_tax, straight_line


@given(st.integers(0, 100), st.integers(0, 60))
def test_an_s_curve_pays_everything_once(start, length):
    shares = s_curve(np.array(start), np.array(start + length), 180)
    assert shares.sum() == pytest.approx(1.0)
    assert (shares >= 0).all()
    assert shares[:start].sum() == 0
    assert shares[start + max(length, 1) :].sum() == 0


def test_an_s_curve_is_slow_fast_slow():
    shares = s_curve(np.array(0), np.array(12), 24)
    assert shares[0] < shares[3] < shares[5]
    assert shares[:6].sum() == pytest.approx(0.5)


def test_what_falls_beyond_the_end_is_not_paid():
    assert s_curve(np.array(20), np.array(28), 24).sum() == pytest.approx(0.5)


def test_a_contract_keeps_the_month_it_began():
    began = contract_begin(np.array([[10]]), (12,), 40)[0, 0]
    assert began[9:12].tolist() == [10, 10, 10]
    assert began[21:24].tolist() == [10, 22, 22]
    spot = contract_begin(np.array([[10]]), (0,), 40)[0, 0]
    assert spot[10:14].tolist() == [10, 11, 12, 13]


def test_a_new_generation_starts_at_the_launch_price_and_then_ages():
    roadmap = (Generation("a", -3, 200.0, 72), Generation("b", 24, 200.0, 72))
    index = (0.9 ** (np.arange(48) / 12))[None]
    prices = price_per_gpu_hour(roadmap, np.array([6.0]), np.array([0.1]), index)
    assert prices[0, 0, 0] == 6.0
    assert prices[0, 0, 24] == pytest.approx(6.0 * 0.81)
    assert prices[0, 1, 24] == pytest.approx(6.6)
    assert prices[0, 1, 36] == pytest.approx(6.6 * 0.9)


def test_rack_prices_fall_from_their_launch_on():
    roadmap = (Generation("a", -3, 200.0, 72), Generation("b", 24, 200.0, 72))
    month, generation = np.array([0, 12, 24, 48]), np.array([0, 0, 1, 1])
    price = price_per_rack_kw(roadmap, 8.0e6, (-0.1, 0.2), month, generation)
    assert price.tolist() == pytest.approx([40_000, 36_000, 48_000, 48_000 * 0.81])


@given(st.integers(0, 100), st.integers(1, 150), st.integers(12, 240))
def test_depreciation_sums_to_the_basis(live, length, life):
    written = straight_line(
        np.array([[1000.0]]), np.array([[live]]), np.array([[live + length]]),
        np.array([[life]]), 120,
    )  # fmt: skip
    assert written.sum() == pytest.approx(1000.0)
    assert (written >= -1e-9).all()


def test_years_are_calendar_years():
    years = calendar_years(dt.date(2027, 11, 1), 15)
    assert years.tolist() == [0] * 2 + [1] * 12 + [2]
    assert by_year(np.ones(15), years).tolist() == [2.0, 12.0, 1.0]


def test_losses_are_carried_forward_and_never_paid_out():
    income = np.array([[[-100.0, 40.0, 80.0, 10.0]]])
    due = income_tax(income, np.zeros((1, 4)), np.array([[0.25]]))
    assert due.tolist() == [[[0.0, 0.0, 5.0, 2.5]]]


def test_a_holiday_year_is_free_and_uses_no_losses():
    income = np.array([[[-100.0, 60.0, 150.0]]])
    due = income_tax(income, np.array([[0.0, 1.0, 0.0]]), np.array([[0.2]]))
    assert due.tolist() == [[[0.0, 0.0, 10.0]]]


def test_a_holiday_runs_from_first_operation():
    calendar = calendar_years(dt.date(2027, 1, 1), 60)
    marked = holiday(np.array([14, -1]), np.array([[2.0], [2.0]]), calendar)
    assert marked.tolist() == [[1.0, 1.0, 1.0, 0.0, 0.0], [0.0] * 5]
    assert holiday(np.array([0]), np.array([[0.0]]), calendar).sum() == 0


def test_ai_share_goes_along_a_line_and_stops():
    share = ai_share(np.array([[0.2]]), np.array([[0.6]]), np.array([[2.0]]), 48)[0]
    assert share[[0, 12, 24, 47]].tolist() == pytest.approx([0.2, 0.4, 0.6, 0.6])
    assert ai_share(np.array([[0.2]]), np.array([[0.6]]), np.array([[0.0]]), 3)[0, 1] == 0.6


def test_coverage_counts_from_the_first_live_month():
    met = coverage(np.array([50.0, 5.0, 20.0]), np.array([0.0, 10.0, 10.0]))
    assert met is not None
    assert met.captured_share == pytest.approx(15 / 25)
    assert (met.shortfall_mw_months, met.stranded_mw_months) == (10.0, 5.0)
    assert coverage(np.ones(3), np.zeros(3)) is None
