"""What a loan pays for while building: draws, fees, interest, and the reserve for service."""

import dataclasses

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, yearly

from forecasts.debt import Draws, Repayment, Terms, Tranche, reserve_need
from forecasts.funding import financed


def test_gearing_with_interest_fees_and_reserve_is_one_division():
    """Uses are affine in the loan: by hand from two evaluations, and again by the library."""
    loan = Tranche(
        "s",
        rate=0.12,
        tenor=10,
        repayment=Repayment.STRAIGHT,
        gearing=0.7,
        upfront_fee=0.02,
        commitment_fee=0.012,
    )
    terms = Terms((loan,), availability=3, dsra_months=6)
    costs = np.append([100.0, 200, 300], np.zeros(10))
    found = financed(cash_of(np.full(13, 100.0)), costs, terms, UNTAXED)

    def uses(size: float) -> float:
        owed, total = 0.0, 0.0
        reserve = sum(size / 10 + 0.01 * size * (1 - i / 10) for i in range(6))
        for period in range(3):
            spent = costs[period] + 0.01 * owed + 0.001 * (size - owed)
            spent += (0.02 * size) * (period == 0) + reserve * (period == 2)
            total += spent
            owed += 0.7 * spent
        return total

    slope = uses(1) - uses(0)
    size = 0.7 * uses(0) / (1 - 0.7 * slope)
    assert found.size_usd[0] == pytest.approx(size, rel=1e-12)
    assert found.uses_usd.sum() == pytest.approx(size / 0.7, rel=1e-12)
    reserve = sum(size / 10 + 0.01 * size * (1 - i / 10) for i in range(6))
    assert found.reserve_usd[2] == pytest.approx(reserve, rel=1e-12)


def test_equity_first_draws_no_debt_before_equity_is_spent():
    loan = Tranche("s", 0.12, 10, Repayment.ANNUITY, gearing=0.6)
    costs = np.append([100.0, 100, 100, 100], np.zeros(10))
    even = Terms((loan,), availability=4)
    first = dataclasses.replace(even, draws=Draws.EQUITY_FIRST)
    cash = cash_of(np.full(14, 60.0))
    late, pro_rata = (financed(cash, costs, terms, UNTAXED) for terms in (first, even))
    assert late.draws_usd[0, 0] == 0
    assert late.equity_usd[3] == 0
    spent = np.cumsum(late.uses_usd)
    equity = late.equity_usd.sum()
    assert late.equity_usd[:4].cumsum() == pytest.approx(np.minimum(spent[:4], equity))
    assert late.size_usd[0] / late.uses_usd.sum() == pytest.approx(0.6, rel=1e-14)
    assert pro_rata.draws_usd[0, :4] == pytest.approx(0.6 * pro_rata.uses_usd[:4], rel=1e-14)
    interest_late, interest_even = (found.interest_usd[0, :4].sum() for found in (late, pro_rata))
    assert interest_late < interest_even


def test_reserve_holds_the_service_to_come():
    service = np.array([0.0, 10, 20, 30, 0])
    assert reserve_need(service, 2).tolist() == [30, 50, 30, 0, 0]
    assert reserve_need(service, 0.5).tolist() == [5, 10, 15, 0, 0]
    assert reserve_need(service, 0).tolist() == [0, 0, 0, 0, 0]


def test_the_reserve_pays_when_cash_is_short_and_is_filled_again():
    loan = Tranche("s", 0.0, 5, Repayment.STRAIGHT, amount_usd=500)
    terms = yearly(loan, dsra_months=12)
    cash = cash_of([0, 150, 40, 300, 150, 150])
    found = financed(cash, built_at_once(1000, 6), terms, UNTAXED)
    assert found.reserve_usd == pytest.approx([100, 100, 40, 100, 100, 0])
    assert found.support_usd.sum() == 0
    assert found.distributions_usd == pytest.approx([0, 50, 0, 140, 50, 150])
