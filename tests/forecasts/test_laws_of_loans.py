"""Laws of loans and cash that hold whatever is assumed: see `lawful`."""

import numpy as np
import pytest
from hypothesis import given
from lawful import ANY, MONEY, moved, planned, ran, scenarios

from forecasts.cases import commit
from forecasts.engine import inputs, outputs
from forecasts.figures import FIGURE, SMALLEST_SERVICE
from forecasts.lines import CAPEX_LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import INTEREST, PRINCIPAL


@ANY
@given(scenarios())
def test_sources_are_uses_in_every_month(changes):
    result = ran(changes)
    held = result.finance
    uses = -result.total((*CAPEX_LINES, "refresh", "grants"))
    uses = uses + np.maximum(-result.lines["working_capital"], 0.0)
    uses = uses + held["interest_building"] + held["finance_fees"] + held["reserve_funding"]
    sources = held["debt_drawn"] + held["equity_paid_in"]
    assert np.abs(sources - uses).max() <= MONEY * moved(result)
    found = result.figures[0, :, FIGURE["uses"]]
    assert found == pytest.approx(uses[0].sum(axis=1), rel=1e-9, abs=MONEY * moved(result))


@ANY
@given(scenarios())
def test_every_loan_is_repaid_in_full_and_nothing_is_owed_at_the_end(changes):
    result = ran(changes)
    held, size = result.finance, result.debt.size_usd
    assert result.debt.settled
    assert (size >= -1e-6).all()
    scale = max(size.sum(), 1.0)
    assert held["debt_drawn"][0].sum(axis=1) == pytest.approx(size.sum(axis=(1, 2)), rel=1e-9)
    repaid = (held["principal"] + held["prepaid"])[0].sum(axis=1)
    assert repaid == pytest.approx(size.sum(axis=(1, 2)), rel=1e-9)
    assert (held["debt"] >= -MONEY * scale).all()
    assert np.abs(held["debt"][..., -1]).max() <= MONEY * scale
    assert np.abs(result.debt.owed_usd[..., -1]).max(initial=0.0) <= MONEY * scale
    if float(result.plan["cash_sweep"].max()) == 0:
        owed = result.debt.owed_usd.sum(axis=1)
        assert np.abs(held["debt"][0] - owed).max() <= MONEY * scale


@ANY
@given(scenarios(concessional_share=0.0))
def test_a_senior_loan_is_worth_its_service_at_its_own_rate(changes):
    plan, drivers = planned(changes)
    given_, out = inputs(plan, drivers), outputs(plan, by_cohort=True)
    commit(given_, out)
    for row in range(len(plan.sites)):
        q = plan.quantities[row]
        yearly = q["risk_free_rate"] + q["country_default_spread"] + q["debt_margin"]
        for place in range(out.made[row, 1]):
            senior, _, junior = out.size_usd[row, place]
            cohort = out.cohorts[row, place]
            flows = out.flows[row, place]
            # The mezzanine loan repays in equal parts over the senior's tenor: take it out.
            tenor = int((flows[INTEREST] > 0).sum())
            owed = junior * np.arange(tenor, 0, -1) / max(tenor, 1)
            span = slice(cohort["live"] + 1, cohort["live"] + 1 + tenor)
            service = (flows[INTEREST] + flows[PRINCIPAL])[span].copy()
            service -= owed * q["mezzanine_rate"] / 12 + junior / max(tenor, 1)
            worth = service @ (1 + yearly / 12) ** -np.arange(1.0, tenor + 1)
            scale = max(senior + junior, 1.0)
            if tenor and (flows[INTEREST] > 0)[span].all():
                assert worth == pytest.approx(senior, abs=1e-9 * scale)


@ANY
@given(scenarios(concessional_share=0.0, mezzanine_share=0.0, cash_sweep=0.0))
def test_cover_in_the_banks_case_is_never_below_what_was_asked(changes):
    """Without a sweep, which repays early, spares interest and so adds tax."""
    result = ran(changes)
    held = result.finance
    service = (held["interest"] + held["principal"])[0]
    sales = result.sales
    racks, let = sales.live_mw - sales.leased_mw, sales.let_mw[0]
    sold, firm = racks * sales.sold_share[0] + let, racks * sales.firm_share[0] + let
    contracted = np.divide(firm, sold, out=np.zeros_like(sold), where=sold > 0)
    asked = (
        contracted / result.plan["target_dscr"] + (1 - contracted) / result.plan["merchant_dscr"]
    )
    room = held["cfads"][0] * asked
    assert (service <= np.maximum(room, 0) * (1 + 1e-9) + 1e-3).all()
    assert (held["support"][0][service > SMALLEST_SERVICE] <= 1e-3).all()


@ANY
@given(scenarios())
def test_cash_rolls_forward(changes):
    """What was held, plus what came in, less what was paid, is what is held."""
    result = ran(changes)
    held = result.finance
    came = held["cfads"] + held["debt_drawn"] + held["equity_paid_in"] + held["support"]
    came = came + result.total(("resale", "terminal_value"))
    came = came + np.maximum(result.lines["working_capital"], 0.0)
    paid = held["interest"] + held["principal"] + held["prepaid"] + held["distributions"]
    paid = paid + held["interest_building"] + held["finance_fees"]
    paid = paid - result.total((*CAPEX_LINES, "refresh", "grants"))
    paid = paid + np.maximum(-result.lines["working_capital"], 0.0)
    # Tax on the sale at the end is in levered tax and not in cfads.
    operating = result.total((*REVENUE_LINES, *OPEX_LINES))
    paid = paid + held["levered_tax"] - (operating - held["cfads"])
    kept = held["reserve"] + held["locked"]
    rolled = np.cumsum(came - paid, axis=-1)
    assert np.abs(rolled - kept).max() <= MONEY * moved(result)
    for name in ("reserve", "locked", "distributions", "support", "interest", "withholding_tax"):
        assert (held[name] >= -MONEY * moved(result)).all(), name
    assert (kept[..., -1] <= MONEY * moved(result)).all()
