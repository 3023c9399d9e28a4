"""Debt against closed forms: the published cases of RC-14 to the digit."""

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, yearly

from forecasts.debt import Repayment, TaxTerms, Tranche, balances_of, dscr, schedule
from forecasts.funding import BOUNDS, financed, ratios
from forecasts.metrics import Status


def test_rc14_a_annuity():
    loan = Tranche("a", rate=0.10, tenor=2, repayment=Repayment.ANNUITY)
    rate = np.full(2, 0.10)
    found = schedule(np.array(1000.0), balances_of(loan, rate), rate)
    assert found.service_usd == pytest.approx([576.190476, 576.190476], abs=5e-7)
    assert found.interest_usd[0] == pytest.approx(100, rel=1e-14)
    assert found.principal_usd[0] == pytest.approx(476.190476, abs=5e-7)
    assert found.closing_usd[-1] == 0.0


def test_rc14_b_sculpting():
    terms = yearly(Tranche("b", rate=0.10, tenor=2, dscr=(1.30,)))
    found = financed(cash_of([0, 1300, 1430]), built_at_once(5000, 3), terms, UNTAXED)
    assert found.service_usd == pytest.approx([0, 1000, 1100], rel=1e-14)
    assert found.size_usd[0] == pytest.approx(1000 / 1.1 + 1100 / 1.21, rel=1e-15)
    assert found.size_usd[0] == pytest.approx(1818.1818, abs=5e-5)
    assert found.closing_usd[0, -1] == 0.0
    assert dscr(found.cfads_usd, found.service_usd)[1:] == pytest.approx([1.30, 1.30], rel=1e-14)


def test_rc14_c_cash_that_never_covers_service_sizes_nothing_and_says_why():
    terms = yearly(Tranche("c", rate=0.10, tenor=2, dscr=(1.30,)))
    found = financed(cash_of([0, -5, 0, 900]), built_at_once(1000, 4), terms, UNTAXED)
    assert found.size_usd[0] == 0
    assert BOUNDS[found.bound[0]] == "Cash covers no service in the tenor, so nothing is lent."
    assert ratios(found)["min_dscr"].status is Status.UNDEFINED
    assert ratios(found)["min_dscr"].reason == "There is no debt service to cover."
    assert found.equity_usd.sum() == 1000


def test_rc14_d_sculpting_after_tax():
    terms = yearly(Tranche("d", rate=0.08, tenor=3, dscr=(1.3,)))
    tax = TaxTerms(rate=0.25)
    found = financed(cash_of([0, 150, 150, 150]), built_at_once(500, 4), terms, tax)
    assert found.service_usd[1:] == pytest.approx(found.cfads_usd[1:] / 1.3, rel=1e-14)
    assert found.tax_usd[1:] == pytest.approx(0.25 * (150 - found.interest_usd[0, 1:]), rel=1e-14)
    assert found.closing_usd[0, -1] == 0.0
    # Closed form by hand: each balance is (next + 112.5 / 1.3) / (1.08 - 0.02 / 1.3).
    owed = 0.0
    for _ in range(3):
        owed = (owed + 112.5 / 1.3) / (1.08 - 0.02 / 1.3)
    assert found.size_usd[0] == pytest.approx(owed, rel=1e-14)
