"""Schedules of a loan by kind of repayment: worth the loan, and closed at zero."""

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of
from hypothesis import given
from hypothesis import strategies as st

from forecasts.debt import Repayment, Terms, Tranche, balances_of, schedule, service_value
from forecasts.funding import financed

RATES = st.floats(0, 0.05)


def loans(draw, kind: Repayment, tenor: int) -> Tranche:
    shares, grace = (), draw(st.integers(0, tenor - 1))
    if kind is Repayment.STATED:
        weights = draw(st.lists(st.floats(0.01, 1), min_size=tenor, max_size=tenor))
        shares, grace = tuple(np.array(weights) / sum(weights)), 0
    return Tranche("any", 0.05, tenor, kind, grace=grace, shares=shares)


@given(st.data(), st.integers(1, 120), st.sampled_from(list(Repayment)[1:]), RATES)
def test_every_loan_is_worth_its_service_and_closes_at_zero(data, tenor, kind, rate):
    loan = loans(data.draw, kind, tenor)
    rates = np.full(tenor, rate)
    found = schedule(np.array([7e6, 0.0]), balances_of(loan, rates), rates)
    assert (found.closing_usd[..., -1] == 0).all()
    assert found.opening_usd[..., 0].tolist() == [7e6, 0.0]
    assert found.principal_usd.sum(axis=-1) == pytest.approx([7e6, 0.0], rel=1e-12)
    worth = service_value(found.service_usd, rates)[..., 0]
    assert worth == pytest.approx([7e6, 0.0], rel=1e-11)
    assert (found.principal_usd >= 0).all()


def test_the_kinds_differ_as_their_names_say():
    rate = np.full(4, 0.01)

    def principal(kind, **more):
        loan = Tranche("x", 0.12, 4, kind, **more)
        return schedule(np.array(100.0), balances_of(loan, rate), rate).principal_usd.tolist()

    assert principal(Repayment.STRAIGHT) == [25, 25, 25, 25]
    assert principal(Repayment.STRAIGHT, grace=2) == [0, 0, 50, 50]
    assert principal(Repayment.BULLET) == [0, 0, 0, 100]
    stated = principal(Repayment.STATED, shares=(0.1, 0.2, 0.3, 0.4))
    assert stated == pytest.approx([10, 20, 30, 40], rel=1e-13)
    graced = Tranche("x", 0.12, 4, Repayment.ANNUITY, grace=1)
    service = schedule(np.array(100.0), balances_of(graced, rate), rate).service_usd
    assert service[0] == pytest.approx(1.0)
    assert service[1:] == pytest.approx(100 * 0.01 / (1 - 1.01**-3), rel=1e-13)


def test_interest_may_differ_by_period():
    rate = np.array([0.01, 0.02, 0.03])
    loan = Tranche("floating", 0.05, 3, Repayment.ANNUITY)
    found = schedule(np.array(100.0), balances_of(loan, rate), rate)
    assert found.service_usd == pytest.approx(found.service_usd[0], rel=1e-13)
    assert found.interest_usd == pytest.approx(rate * found.opening_usd, rel=1e-15)


def test_months_bear_a_twelfth_of_the_quoted_rate():
    costs, cash = built_at_once(100, 14), cash_of(np.full(14, 50.0))
    loan = Tranche("m", 0.12, 12, Repayment.BULLET, amount_usd=60)
    found = financed(cash, costs, Terms((loan,), availability=1), UNTAXED)
    assert found.interest_usd[0, 1:13] == pytest.approx(0.6, rel=1e-14)
