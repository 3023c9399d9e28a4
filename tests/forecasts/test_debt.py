"""Debt: published cases to the digit, laws on random projects, and the traps of finance-notes."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.debt import (
    Draws,
    Repayment,
    TaxTerms,
    Terms,
    Tranche,
    balances_of,
    dscr,
    levered_tax,
    reserve_need,
    schedule,
    service_value,
    service_value_after_tax,
    target_cover,
)
from forecasts.funding import BOUNDS, Cash, Facility, financed, ratios
from forecasts.metrics import Status

UNTAXED = TaxTerms(rate=0.0)


def cash_of(contracted, merchant=0.0, untaxed=0.0, depreciation=0.0) -> Cash:
    contracted = np.asarray(contracted, dtype=float)
    others = (np.broadcast_to(x, contracted.shape) + 0.0 for x in (merchant, untaxed, depreciation))
    return Cash(contracted, *others)


def yearly(*tranches: Tranche, **changes) -> Terms:
    return Terms(tranches, **({"availability": 1, "periods_per_year": 1} | changes))


def built_at_once(cost: float, periods: int) -> np.ndarray:
    return np.append(cost, np.zeros(periods - 1))


# --- RC-14: closed forms -------------------------------------------------------------------------


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


# --- Schedules -----------------------------------------------------------------------------------

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


# --- Random projects -----------------------------------------------------------------------------


@st.composite
def projects(draw, sculpted_only=False, swept=True):
    """Draw cash of three paths, costs, terms of one to three loans, and tax."""
    live, tenor = draw(st.integers(1, 18)), draw(st.integers(2, 60))
    periods = live + tenor + draw(st.integers(0, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    costs = np.append(rng.uniform(1, 10, live), np.zeros(periods - live))
    level = costs.sum() / tenor * rng.uniform(0.3, 4)
    contracted, merchant = level * rng.uniform(0.4, 1.3, (2, 3, periods))
    contracted[:, :live], merchant[:, :live] = 0, 0
    depreciation = np.zeros((3, periods))
    depreciation[:, live : live + tenor] = costs.sum() / tenor * draw(st.floats(0, 1.5))
    cash = cash_of(contracted, merchant, depreciation=depreciation)
    tranches = [
        Tranche(
            "senior",
            rate=draw(st.floats(0, 0.15)),
            tenor=tenor,
            dscr=(draw(st.floats(1.05, 2)),),
            merchant_dscr=draw(st.sampled_from([(), (2.2,)])),
            gearing=draw(st.floats(0.1, 1)),
            upfront_fee=draw(st.floats(0, 0.03)),
            commitment_fee=draw(st.floats(0, 0.02)),
        )
    ]
    if not sculpted_only and draw(st.booleans()):
        kind = draw(st.sampled_from([Repayment.ANNUITY, Repayment.STRAIGHT, Repayment.BULLET]))
        tranches.append(Tranche("lease", 0.1, max(1, tenor // 2), kind, gearing=0.3, dscr=(1.02,)))
    if not sculpted_only and draw(st.booleans()):
        tranches.append(Tranche("soft", 0.01, tenor, Repayment.ANNUITY, gearing=0.2))
    terms = Terms(
        tuple(tranches),
        availability=live,
        max_gearing=draw(st.floats(0.3, 1)),
        draws=draw(st.sampled_from(list(Draws))),
        dsra_months=draw(st.sampled_from([0, 3, 4.5])) if tenor > 12 else 0,
        sweep=draw(st.sampled_from([0, 0.5, 1])) if swept else 0,
        sweep_dscr=1.2,
        lockup_dscr=draw(st.sampled_from([0, 1.15, 3])),
        tax_before_service=sculpted_only or draw(st.booleans()),
    )
    tax = TaxTerms(
        draw(st.sampled_from([0, 0.25, 0.4])),
        refunded=draw(st.booleans()),
        year_periods=draw(st.sampled_from([1, 12])),
        finance_cost_periods=draw(st.sampled_from([0, tenor])),
    )
    return cash, costs, terms, tax


@settings(deadline=None, max_examples=150)
@given(projects())
def test_the_laws_hold_on_any_project(project):
    cash, costs, terms, tax = project
    found = financed(cash, costs, terms, tax)
    total = found.uses_usd.sum(axis=-1)
    live = terms.availability

    sources = found.equity_usd + found.draws_usd.sum(axis=0)
    assert sources == pytest.approx(found.uses_usd, rel=1e-9, abs=1e-9)
    assert sources.sum(axis=-1) == pytest.approx(total, rel=1e-12)
    assert found.draws_usd.sum(axis=-1) == pytest.approx(found.size_usd, rel=1e-9, abs=1e-9)
    assert (found.equity_usd >= 0).all()
    assert (found.draws_usd >= 0).all()

    for row, loan in enumerate(terms.tranches):
        assert (found.closing_usd[row, :, live + loan.tenor - 1 :] == 0).all()
    opening = np.concatenate(
        [np.zeros_like(found.closing_usd[..., :1]), found.closing_usd[..., :-1]], axis=-1
    )
    repaid = found.principal_usd + found.prepaid_usd
    rolled = opening + found.draws_usd - repaid
    assert rolled == pytest.approx(found.closing_usd, rel=1e-9, abs=1e-8)
    rate = np.array([loan.rate for loan in terms.tranches])[:, None, None] / 12
    assert found.interest_usd == pytest.approx(rate * opening, rel=1e-9, abs=1e-9)

    paid = (found.interest_usd + repaid)[..., live:]
    discount = (1 + rate) ** -(np.arange(paid.shape[-1]) + 1.0)
    assert (paid * discount).sum(axis=-1) == pytest.approx(found.size_usd, rel=1e-9, abs=1e-9)


@settings(deadline=None, max_examples=150)
@given(projects())
def test_all_cash_is_paid_to_someone(project):
    cash, costs, terms, tax = project
    found = financed(cash, costs, terms, tax)
    live = found.live
    held = np.diff(found.reserve_usd + found.locked_usd, prepend=0)
    paid_out = found.service_usd + found.prepaid_usd.sum(axis=0) + held + found.distributions_usd
    given_in = found.cfads_usd + found.support_usd
    assert given_in[:, live] == pytest.approx(paid_out[:, live], rel=1e-9, abs=1e-8)
    for flow in (found.reserve_usd, found.locked_usd, found.support_usd, found.distributions_usd):
        assert (flow > -1e-9).all()
    assert found.reserve_usd[:, -1] == pytest.approx(0, abs=1e-9)
    assert found.locked_usd[:, -1] == pytest.approx(0, abs=1e-9)
    untaxed = cash.before_tax_usd - (found.tax_usd if terms.tax_before_service else 0)
    assert found.cfads_usd == pytest.approx(untaxed)
    # Over the whole life equity gets what comes in less what is built and what lenders earn.
    lenders = found.interest_usd.sum(axis=(0, 2)) + found.fees_usd.sum(axis=-1)
    left = (cash.before_tax_usd - found.tax_usd).sum(axis=-1) - costs.sum() - lenders
    assert found.equity_flows_usd.sum(axis=-1) == pytest.approx(left, rel=1e-9, abs=1e-7)


@settings(deadline=None, max_examples=100)
@given(projects())
def test_tax_and_interest_agree(project):
    cash, costs, terms, tax = project
    found = financed(cash, costs, terms, tax)
    live, life = terms.availability, tax.finance_cost_periods
    interest = found.interest_usd.sum(axis=0)
    building = (interest + found.fees_usd)[:, :live].sum(axis=-1, keepdims=True)
    period = np.arange(costs.size)
    relief = building / max(life, 1) * ((period >= live) & (period < live + life))
    due = levered_tax(cash.income_usd - interest * (period >= live) - relief, tax, live)
    assert found.tax_usd == pytest.approx(due, rel=1e-10, abs=1e-10)


@settings(deadline=None, max_examples=150)
@given(projects(sculpted_only=True, swept=False))
def test_cover_is_the_target_in_every_sculpted_period(project):
    cash, costs, terms, tax = project
    found = financed(cash, costs, terms, tax)
    (loan,) = terms.tranches
    span = slice(terms.availability, terms.availability + loan.tenor)
    cover = dscr(found.cfads_usd, found.service_usd)[:, span]
    target = target_cover(loan, cash.contracted_usd[:, span], cash.merchant_usd[:, span])
    served = ~np.isnan(cover)
    assert (served == (found.cfads_usd[:, span] > 0)).all()
    for path in range(3):
        ratio = (cover / target)[path][served[path]]
        # One factor for all periods; it is 1 where cover, not gearing, sets the size.
        assert ratio == pytest.approx(ratio[0], rel=1e-9)
        if found.bound[0, path] == 0:
            assert ratio == pytest.approx(1, rel=1e-9)
        else:
            assert ratio[0] > 1 - 1e-9


@settings(deadline=None, max_examples=60)
@given(projects(), st.sampled_from([0.25, 2.0, 1024.0]))
def test_money_scales(project, factor):
    cash, costs, terms, tax = project
    one = financed(cash, costs, terms, tax)
    parts = {field.name: getattr(cash, field.name) * factor for field in dataclasses.fields(Cash)}
    many = financed(Cash(**parts), costs * factor, terms, tax)
    for name in ("size_usd", "tax_usd", "equity_flows_usd", "closing_usd", "reserve_usd"):
        assert (getattr(many, name) == factor * getattr(one, name)).all(), name
    assert (many.bound == one.bound).all()


@settings(deadline=None, max_examples=60)
@given(projects())
def test_a_path_alone_is_bitwise_the_path_among_others(project):
    cash, costs, terms, tax = project
    together = financed(cash, costs, terms, tax)
    for path in range(3):
        parts = {f.name: getattr(cash, f.name)[path : path + 1] for f in dataclasses.fields(Cash)}
        alone = financed(Cash(**parts), costs, terms, tax)
        assert (alone.equity_flows_usd[0] == together.equity_flows_usd[path]).all()
        assert (alone.size_usd[:, 0] == together.size_usd[:, path]).all()


@settings(deadline=None, max_examples=60)
@given(projects(sculpted_only=True), st.floats(0.01, 1))
def test_a_higher_cover_means_less_debt(project, more):
    cash, costs, terms, tax = project
    # A reserve is cheaper with less service, so a loan that gearing sets may then even grow.
    terms = dataclasses.replace(terms, dsra_months=0)
    (loan,) = terms.tranches
    strict = dataclasses.replace(
        loan,
        dscr=(loan.dscr[0] + more,),
        merchant_dscr=tuple(k + more for k in loan.merchant_dscr),
    )
    less = financed(cash, costs, dataclasses.replace(terms, tranches=(strict,)), tax)
    before = financed(cash, costs, terms, tax)
    assert (less.size_usd <= before.size_usd * (1 + 1e-9)).all()


@settings(deadline=None, max_examples=40)
@given(projects())
def test_leading_axes_are_only_places(project):
    cash, costs, terms, tax = project
    flat = financed(cash, costs, terms, tax)
    parts = {f.name: getattr(cash, f.name).reshape(3, 1, -1) for f in dataclasses.fields(Cash)}
    deep = financed(Cash(**parts), costs, terms, tax)
    assert (deep.equity_flows_usd[:, 0] == flat.equity_flows_usd).all()


# --- Tax and sculpting ---------------------------------------------------------------------------


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


# --- Construction --------------------------------------------------------------------------------


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


# --- Several loans, sweep, lock-up ---------------------------------------------------------------


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


# --- Ratios and traps ----------------------------------------------------------------------------


def simple(cash, **changes) -> Facility:
    loan = Tranche("s", 0.08, 3, **({"dscr": (1.3,)} | changes))
    return financed(cash_of(cash), built_at_once(500, len(cash)), yearly(loan), UNTAXED)


def test_cover_is_counted_over_the_loan_life_only():
    found = simple([0, 130, 130, 130, 900, 900])
    got = {name: metric.value for name, metric in ratios(found).items()}
    assert np.isnan(dscr(found.cfads_usd, found.service_usd)[[0, 4, 5]]).all()
    assert got["min_dscr"] == pytest.approx(1.3)
    assert got["average_dscr"] == pytest.approx(1.3)
    assert got["llcr"] == pytest.approx(1.3)
    later = (900 / 1.08**4 + 900 / 1.08**5) / found.size_usd[0]
    assert got["plcr"] == pytest.approx(1.3 + later)


def test_debt_above_cost_is_capped_and_equity_at_no_risk_earns_no_rate():
    found = simple([0, 1300, 1300, 1300])
    assert found.size_usd[0] == pytest.approx(500)
    assert BOUNDS[found.bound[0]] == "Its own gearing limits the loan."
    assert found.equity_usd.sum() == pytest.approx(0, abs=1e-9)
    rate = ratios(found)["equity_irr"]
    assert (rate.value, rate.status) == (None, Status.UNDEFINED)
    assert rate.reason == "Debt pays for all: no equity is at risk."


def test_equity_irr_is_the_rate_of_the_equity_flows():
    found = simple([0, 200, 200, 200])
    rate = ratios(found)["equity_irr"].value
    worth = found.equity_flows_usd @ (1 + rate) ** -np.arange(4.0)
    assert worth == pytest.approx(0, abs=1e-6)
    monthly = Terms((Tranche("s", 0.08, 3, dscr=(1.3,)),), availability=1)
    found = financed(cash_of([0, 200, 200, 200]), built_at_once(500, 4), monthly, UNTAXED)
    worth = found.equity_flows_usd @ (1 + ratios(found)["equity_irr"].value) ** (-np.arange(4) / 12)
    assert worth == pytest.approx(0, abs=1e-6)


def test_an_equity_that_never_earns_has_a_status():
    found = simple([0, -1, -1, -1])
    rate = ratios(found)["equity_irr"]
    assert rate.value is None
    assert rate.status is Status.SAME_SIGN


def test_a_project_without_cost_or_debt_is_no_error():
    terms = yearly(Tranche("none", 0.08, 3, dscr=(1.3,)))
    found = financed(cash_of([0, 10, 10, 10]), np.zeros(4), terms, UNTAXED)
    assert found.size_usd[0] == 0
    assert found.distributions_usd.sum() == 30


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"rate": 7.0}, "tranche 's': rate is 7, not within 0 to 1; write 7 % a year as 0.07"),
        ({"rate": float("nan")}, "rate is nan"),
        ({"tenor": 0}, "tenor is 0"),
        ({"dscr": (0.9,)}, "dscr is 0.9"),
        ({"dscr": (1.3, 1.4)}, "give one, or 3"),
        ({"dscr": ()}, "dscr is empty"),
        ({"grace": 1}, "drop grace"),
        ({"shares": (0.5, 0.5)}, "give both or neither"),
        ({"gearing": 1.2}, "a loan cannot exceed what it pays for"),
        ({"repayment": Repayment.STATED, "shares": (0.5, 0.2, 0.2)}, "repay it all"),
    ],
)
def test_terms_that_cannot_be_are_refused_with_value_rule_and_fix(changes, message):
    with pytest.raises(ValueError, match="tranche 's'") as refused:
        Tranche(**({"name": "s", "rate": 0.07, "tenor": 3, "dscr": (1.3,)} | changes))
    assert message in str(refused.value)


def test_other_slips_are_refused_too():
    loan = Tranche("s", 0.07, 3, dscr=(1.3,))
    with pytest.raises(ValueError, match="give a loan"):
        Terms((), availability=1)
    with pytest.raises(ValueError, match="divisor of 12"):
        Terms((loan,), availability=1, periods_per_year=5)
    with pytest.raises(ValueError, match=r"write 25 % as 0\.25"):
        TaxTerms(25)
    cash = cash_of([0.0, 1, 1, 1])
    with pytest.raises(ValueError, match="put costs after availability into cash"):
        financed(cash, np.array([1.0, 1, 0, 0]), yearly(loan), UNTAXED)
    with pytest.raises(ValueError, match="loans end in period 5"):
        financed(cash, np.zeros(4), yearly(loan, availability=2), UNTAXED)
    with pytest.raises(ValueError, match="cash sets its balances"):
        balances_of(loan, np.full(3, 0.01))


def test_fees_and_reserve_that_eat_the_loan_are_refused():
    loan = Tranche("s", 0.5, 3, Repayment.ANNUITY, upfront_fee=0.2)
    with pytest.raises(ValueError, match="outgrow the loan"):
        financed(
            cash_of([0, 100, 100, 100]),
            built_at_once(100, 4),
            yearly(loan, dsra_months=24),
            UNTAXED,
        )
