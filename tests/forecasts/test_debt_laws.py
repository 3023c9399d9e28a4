"""Laws of debt on random projects: sources, cash, tax, cover, scale and independence of paths."""

import dataclasses

import numpy as np
import pytest
from debt_cases import projects
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.debt import dscr, levered_tax, target_cover
from forecasts.funding import Cash, financed


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
