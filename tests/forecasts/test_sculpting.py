"""Debt sculpted to cash after tax: closed form, fixed point with losses, and targets of cover."""

import dataclasses

import numpy as np
import pytest
from debt_cases import UNTAXED, built_at_once, cash_of, projects, yearly
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.debt import (
    TaxTerms,
    Terms,
    Tranche,
    levered_tax,
    service_value,
    service_value_after_tax,
    target_cover,
)
from forecasts.funding import financed


@settings(deadline=None, max_examples=80)
@given(projects(sculpted_only=True, swept=False))
def test_the_closed_form_is_the_answer_while_income_covers_interest(project):
    cash, costs, terms, tax = project
    tax = dataclasses.replace(tax, year_periods=1, finance_cost_periods=0)
    loan = dataclasses.replace(terms.tranches[0], gearing=1.0, upfront_fee=0.0)
    terms = dataclasses.replace(terms, tranches=(loan,), max_gearing=1.0)
    found = financed(cash, costs, terms, tax)
    span = slice(terms.availability, terms.availability + loan.tenor)
    rate = np.full(loan.tenor, loan.rate / 12)
    cover = target_cover(loan, cash.contracted_usd[:, span], cash.merchant_usd[:, span])
    before_tax, income = cash.before_tax_usd[:, span], cash.income_usd[:, span]
    owed = service_value_after_tax(before_tax, income, cover, rate, tax.rate)
    covered = ((income >= rate * owed[:, :-1]) | tax.refunded).all(axis=-1)
    paying = (found.cfads_usd[:, span] > 0).all(axis=-1)
    early = ~found.cfads_usd[:, : terms.availability].any(axis=-1)
    for path in np.flatnonzero(covered & paying & early & (found.bound[0] == 0)):
        assert found.size_usd[0, path] == pytest.approx(owed[path, 0], rel=1e-11)


def sculpted_again(owed, *, cash, income, cover, rate, tax):
    """One round by hand: balances to interest to tax with losses to service to balances."""
    due = levered_tax(income - rate * owed[..., :-1], tax, live=0)
    return service_value(np.maximum(cash - due, 0) / cover, rate)


@settings(deadline=None, max_examples=80)
@given(st.integers(0, 2**32), st.integers(2, 120), st.floats(0, 0.5), st.floats(0.001, 0.01))
def test_sculpting_with_losses_contracts_at_the_stated_rate(seed, tenor, tax_rate, rate):
    """Proof of convergence.

    The tax paid up to a period with losses carried forward is the rate times the largest running
    sum of income, so it moves by no more than the rate times the sum of the moves of interest;
    the present value of service moves by less, over the cover. Two sets of balances therefore come
    closer at least by tax rate x interest rate x tenor / cover, here below 1 (Banach).
    """
    rng = np.random.default_rng(seed)
    cover, rates = 1.3, np.full(tenor, rate)
    case = {
        "cash": rng.uniform(-20, 100, tenor),
        "income": rng.uniform(-80, 100, tenor),
        "cover": np.full(tenor, cover),
        "rate": rates,
        "tax": TaxTerms(tax_rate),
    }
    bound = tax_rate * rate * tenor / cover
    one, other = rng.uniform(0, 5000, (2, tenor + 1))
    gap = np.abs(one - other).max()
    after = np.abs(sculpted_again(one, **case) - sculpted_again(other, **case)).max()
    assert bound < 1
    assert after <= bound * gap * (1 + 1e-9) + 1e-9


def test_with_losses_the_fixed_point_is_reached_from_the_closed_form():
    periods, live, tenor = 61, 1, 60
    income = np.full(periods, 100.0)
    depreciation = np.where(np.arange(periods) <= 24, 140.0, 0.0)  # losses for two years
    cash = cash_of(income, depreciation=depreciation)
    loan = Tranche("s", 0.09, tenor, dscr=(1.25,))
    tax = TaxTerms(0.3)
    found = financed(cash, built_at_once(1e5, periods), Terms((loan,), live), tax)
    served = slice(live, live + tenor)
    assert found.tax_usd[live : live + 24].max() == 0
    assert found.service_usd[served] * 1.25 == pytest.approx(found.cfads_usd[served], rel=1e-12)
    again = sculpted_again(
        np.append(found.size_usd[0], found.closing_usd[0, served]),
        cash=cash.before_tax_usd[served],
        income=cash.income_usd[served],
        cover=np.full(tenor, 1.25),
        rate=np.full(tenor, 0.09 / 12),
        tax=tax,
    )
    # Period 0 earned before the service, at a loss: it shields later income a little.
    assert again[0] == pytest.approx(found.size_usd[0], rel=5e-3)


def test_contracted_and_merchant_cash_carry_their_own_cover():
    loan = Tranche("s", 0.10, 2, dscr=(1.3,), merchant_dscr=(2.0,))
    cash = cash_of([0, 130, 130], merchant=[0, 200, 0])
    found = financed(cash, built_at_once(1000, 3), yearly(loan), UNTAXED)
    assert found.service_usd == pytest.approx([0, 200, 100], rel=1e-14)


def test_the_target_may_change_by_period():
    loan = Tranche("s", 0.10, 2, dscr=(1.3, 1.6))
    found = financed(cash_of([0, 130, 160]), built_at_once(1000, 3), yearly(loan), UNTAXED)
    assert found.service_usd == pytest.approx([0, 100, 100], rel=1e-14)


def test_negative_cash_in_the_tenor_counts_as_zero_and_is_flagged():
    loan = Tranche("s", 0.10, 3, dscr=(1.3,))
    found = financed(cash_of([0, 130, -50, 130]), built_at_once(1000, 4), yearly(loan), UNTAXED)
    assert found.size_usd[0] == pytest.approx(100 / 1.1 + 100 / 1.331, rel=1e-14)
    assert found.service_usd[2] == pytest.approx(0, abs=1e-12)
    assert found.support_usd[2] == pytest.approx(50)
