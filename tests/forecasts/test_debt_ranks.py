"""Who is paid first: several loans, their sizes, sweeps and lock-up."""

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, yearly

from forecasts.debt import Repayment, Tranche, dscr
from forecasts.funding import BOUNDS, financed, ratios


def test_a_junior_loan_gets_what_the_senior_leaves():
    senior = Tranche("senior", 0.06, 5, dscr=(1.5,))
    junior = Tranche("mezzanine", 0.12, 5, dscr=(1.2,))
    cash, costs = cash_of(np.append(0, np.full(5, 180.0))), built_at_once(1000, 6)
    found = financed(cash, costs, yearly(senior, junior), UNTAXED)
    service = (found.interest_usd + found.principal_usd)[:, 1:]
    assert service[0] == pytest.approx(120, rel=1e-13)
    assert service.sum(axis=0) == pytest.approx(150, rel=1e-13)
    assert found.size_usd == pytest.approx(
        [120 * (1 - 1.06**-5) / 0.06, 30 * (1 - 1.12**-5) / 0.12]
    )


def test_an_annuity_is_sized_by_its_worst_period():
    lease = Tranche("vendor lease", 0.08, 3, Repayment.ANNUITY, dscr=(1.25,))
    cash = cash_of([0, 500, 125, 500])
    found = financed(cash, built_at_once(5000, 4), yearly(lease), UNTAXED)
    assert found.service_usd[1:] == pytest.approx(100, rel=1e-13)
    assert ratios(found)["min_dscr"].value == pytest.approx(1.25)


def test_what_bound_each_loan_is_said():
    def bound(**limits):
        loan = Tranche("s", 0.08, 4, dscr=(1.3,), **limits)
        cash, costs = cash_of(np.append(0, np.full(4, 390.0))), built_at_once(1200, 5)
        terms = yearly(loan, max_gearing=0.9 if "gearing" not in limits else 1.0)
        return BOUNDS[int(financed(cash, costs, terms, UNTAXED).bound[0])]

    assert bound() == "Cash over its target cover limits the loan."
    assert bound(gearing=0.5) == "Its own gearing limits the loan."
    assert bound(amount_usd=100) == "Its stated amount limits the loan."


def test_a_sweep_prepays_by_priority_and_lowers_all_later_service():
    senior = Tranche("senior", 0.0, 5, Repayment.STRAIGHT, amount_usd=100)
    junior = Tranche("junior", 0.0, 5, Repayment.STRAIGHT, amount_usd=100)
    terms = yearly(senior, junior, sweep=0.5, sweep_dscr=1.5)
    cash = cash_of([0, 360, 40, 40, 40, 40])
    found = financed(cash, built_at_once(1000, 6), terms, UNTAXED)
    # 360 - 1.5 x 40 = 300, half of it swept: all 80 of the senior, 70 of the junior's 80.
    assert found.prepaid_usd[:, 1] == pytest.approx([80, 70])
    assert found.principal_usd[0, 2:] == pytest.approx(0)
    left = found.closing_usd[1, 2:]
    assert (np.diff(left) <= 0).all()
    assert found.closing_usd[:, -1].tolist() == [0, 0]
    assert found.distributions_usd[1] == pytest.approx(360 - 40 - 150)


def test_lock_up_holds_distributions_until_cover_returns():
    loan = Tranche("s", 0.0, 4, Repayment.STRAIGHT, amount_usd=400)
    terms = yearly(loan, lockup_dscr=1.2)
    found = financed(cash_of([0, 110, 115, 130, 110]), built_at_once(1000, 5), terms, UNTAXED)
    assert found.locked_usd.tolist() == [0, 10, 25, 0, 0]
    assert found.distributions_usd.tolist() == [0, 0, 0, 55, 10]


def test_locked_cash_pays_before_reserve_and_sponsor():
    loan = Tranche("s", 0.0, 4, Repayment.STRAIGHT, amount_usd=400)
    terms = yearly(loan, lockup_dscr=1.2)
    found = financed(cash_of([0, 110, 80, 130, 110]), built_at_once(1000, 5), terms, UNTAXED)
    assert found.locked_usd.tolist() == [0, 10, 0, 0, 0]
    assert found.support_usd.tolist() == [0, 0, 10, 0, 0]


def test_lenders_may_size_on_a_case_of_their_own():
    loan = Tranche("s", 0.05, 4, dscr=(1.3,))
    costs, bank = built_at_once(1000, 5), cash_of([0, 130, 130, 130, 130])
    cash = cash_of([[0, 260, 260, 260, 260], [0, 90, 90, 90, 90]])
    bank = cash_of(np.broadcast_to(bank.contracted_usd, (2, 5)))
    found = financed(cash, costs, yearly(loan), UNTAXED, bank_case=bank)
    assert found.size_usd[0, 0] == found.size_usd[0, 1]
    assert dscr(found.cfads_usd, found.service_usd)[:, 1] == pytest.approx([2.6, 0.9])
    assert found.support_usd[1, 1:] == pytest.approx(10)
    assert ratios(found, (1,))["min_dscr"].value == pytest.approx(0.9)
