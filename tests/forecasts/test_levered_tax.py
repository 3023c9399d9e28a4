"""Tax after interest: when it is paid, holidays, and losses carried forward."""

import numpy as np
import pytest

from forecasts.debt import TaxTerms, levered_tax


def test_a_year_of_tax_is_set_aside_evenly_or_paid_at_its_end():
    income = np.full(24, 10.0)
    even = levered_tax(income, TaxTerms(0.25, year_periods=12), live=0)
    late = levered_tax(income, TaxTerms(0.25, year_periods=12, spread=False), live=0)
    assert even == pytest.approx(2.5)
    assert late.reshape(2, 12)[:, -1] == pytest.approx(30)
    assert late.sum() == even.sum()
    partly = levered_tax(income, TaxTerms(0.25, year_periods=12), live=6)
    assert partly[:6].sum() == 0
    assert partly.sum() == pytest.approx(even.sum())


def test_a_holiday_frees_the_first_years_and_losses_wait():
    income = np.array([-100.0, 60, 60, 60, 60])
    assert levered_tax(income, TaxTerms(0.5), live=0).tolist() == [0, 0, 10, 30, 30]
    assert levered_tax(income, TaxTerms(0.5, holiday_periods=3), live=0).tolist() == [
        0,
        0,
        0,
        0,
        10,
    ]
    assert levered_tax(income, TaxTerms(0.5, refunded=True), live=0)[0] == -50
