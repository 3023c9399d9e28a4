"""Debt, tax, cash flow and NPV agree with NREL-PySAM's Singleowner on random yearly projects.

Singleowner is another team's implementation of project finance, in C++. Its conventions: the cost
falls in year 0, service is yearly from year 1, cover is asked of cash before tax, losses are paid
out, reserves earn interest, salvage is income of the last year. Left out, because Singleowner then
breaks a law that we keep: receivables with sculpted debt (their first funding enters the debt as
if it came in year 1, and the loan does not close at 0), debt above cost, and years in which cash
does not pay the service and the reserve (it tops up the reserve from nowhere; we draw on it).
"""

import numpy as np
import pytest
from singleowner import of_pysam
from yearly_projects import LOANS, MACRS, STRAIGHT_LIVES, Project, drawn

from forecasts.debt import (
    Repayment,
    TaxTerms,
    Terms,
    Tranche,
    balances_of,
    levered_tax,
    reserve_need,
    schedule,
)
from forecasts.funding import Cash, Facility, financed
from forecasts.tax import by_year

PROJECTS = 240
SEED = 20261014
TOLERANCE = 1e-9


def reserve_for(months: float, flow: np.ndarray) -> np.ndarray:
    """Hold so many months of the next year's flow; nothing after the last."""
    return np.append(months / 12 * flow[1:], 0.0)


def write_off(p: Project) -> np.ndarray:
    """Half-year convention: straight line goes live in July of year 1; MACRS tables contain it.

    Singleowner writes off the cost with the finance of construction and other finance, but neither
    the closing cost nor the fee of the loan.
    """
    months = 12 * (p.years + 1 + max(STRAIGHT_LIVES.values()))
    shares = np.zeros(p.years + 1)
    for kind, table in MACRS.items():
        share = np.append(0.0, np.append(table, np.zeros(p.years)))[: p.years + 1]
        shares += p.depreciation[kind] * share
    for kind, life in STRAIGHT_LIVES.items():
        monthly = np.zeros(months)
        monthly[12 + 6 : 12 + 6 + 12 * life] = p.depreciation[kind] / (12 * life)
        monthly[months - 1] += p.depreciation[kind] - monthly.sum()
        shares += by_year(monthly, np.arange(months) // 12)[: p.years + 1]
    return (p.cost + p.construction_finance + p.other_finance) * shares


def terms_of(p: Project, costs: float, receivables: float) -> Terms:
    """Singleowner's rules of size, as our terms.

    The cap on a sculpted loan counts the fee on the cost instead of the debt, and no reserves of
    debt service or receivables; gearing counts the fee to first order, and no receivables.
    """
    common = {"name": "term", "rate": p.rate, "tenor": p.tenor, "upfront_fee": p.fee}
    if p.loan.startswith("sculpted"):
        cap = p.gearing * (costs - receivables + p.fee * p.cost)
        amount = cap if p.loan == "sculpted_capped" else np.inf
        tranche = Tranche(**common, dscr=(p.dscr,), amount_usd=amount)
    else:
        unit = Tranche(**common, repayment=Repayment(p.loan), grace=p.grace)
        rate = np.full(p.tenor, p.rate)
        first = schedule(np.ones(()), balances_of(unit, rate), rate).service_usd[0]
        share = p.gearing * (1 + p.gearing * p.fee)
        loan = share * (costs - receivables) / (1 - share * p.dsra_months / 12 * first)
        tranche = Tranche(**common, repayment=Repayment(p.loan), grace=p.grace, amount_usd=loan)
    return Terms(
        (tranche,),
        availability=1,
        periods_per_year=1,
        dsra_months=p.dsra_months,
        tax_before_service=False,
    )


def of_ours(p: Project) -> tuple[dict[str, np.ndarray], Facility]:
    revenue, opex = np.append(0.0, p.revenue), np.append(0.0, p.opex)
    opex = opex + p.escalated(p.insurance * p.cost)
    working, receivables = (
        reserve_for(p.working_months, opex),
        reserve_for(p.receivable_months, revenue),
    )
    ebitda = revenue - opex
    ebitda[-1] += p.salvage * p.cost
    built = p.cost + p.construction_finance + p.closing + p.other_finance
    costs = np.zeros(p.years + 1)
    costs[0] = built + working[0] + receivables[0]
    lent = np.append(0.0, -np.diff(receivables))
    zero, depreciation = np.zeros(p.years + 1), write_off(p)
    facility = financed(
        Cash(ebitda, zero, lent, depreciation),
        costs,
        terms_of(p, costs[0], receivables[0]),
        TaxTerms(rate=0.0),
    )
    held = facility.reserve_usd + working + receivables
    earned = np.append(0.0, p.reserve_interest * held[:-1])
    interest = facility.interest_usd[0]
    income = ebitda + earned - interest - depreciation
    state = levered_tax(income, TaxTerms(p.state, refunded=True), live=1)
    federal = levered_tax(income - state, TaxTerms(p.federal, refunded=True), live=1)
    released = np.append(0.0, -np.diff(working))
    flows = facility.equity_flows_usd + earned + released - state - federal
    rate = (1 + p.inflation) * (1 + p.real_discount) - 1
    return {
        "debt": facility.size_usd,
        "interest": interest,
        "principal": facility.principal_usd[0],
        "balance": facility.closing_usd[0],
        "reserve": facility.reserve_usd,
        "depreciation": depreciation,
        "state tax": state,
        "federal tax": federal,
        "after-tax cash flow": flows,
        "NPV": np.array([flows @ (1 + rate) ** -np.arange(p.years + 1.0)]),
        "uses": np.array([facility.uses_usd.sum()]),
    }, facility


def deviation(ours: np.ndarray, theirs: np.ndarray, p: Project) -> float:
    """Largest difference relative to the largest entry of the line, or to a millionth of cost."""
    scale = max(np.abs(theirs).max(), 1e-6 * p.cost)
    return float(np.abs(ours - theirs).max() / scale)


def short_of_cash(facility: Facility) -> bool:
    """Whether cash left the service or the reserve unpaid in any year."""
    need = reserve_need(facility.service_usd, facility.terms.reserve_periods)
    held = facility.reserve_usd
    return bool(facility.support_usd.any() or (held < need * (1 - 1e-9)).any())


@pytest.fixture(scope="module")
def compared() -> list[tuple[Project, dict[str, float]]]:
    rng, found = np.random.default_rng(SEED), []
    while len(found) < PROJECTS:
        p = drawn(rng, LOANS[len(found) % len(LOANS)])
        ours, facility = of_ours(p)
        above_cost = ours["debt"][0] > 0.98 * facility.uses_usd.sum()
        if above_cost or short_of_cash(facility):
            continue
        theirs = of_pysam(p)
        found.append((p, {k: deviation(ours[k], theirs[k], p) for k in theirs}))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    "output",
    [
        *("debt", "interest", "principal", "balance", "reserve", "depreciation", "uses"),
        *("state tax", "federal tax", "after-tax cash flow", "NPV"),
    ],
)
def test_every_line_agrees_with_pysam(compared, output):
    worst = max(errors[output] for _, errors in compared)
    assert worst < TOLERANCE, f"{output} deviates by {worst:.2e}"


@pytest.mark.slow
def test_at_least_200_projects_of_every_kind_are_compared(compared):
    assert len(compared) >= 200
    assert all(sum(p.loan == loan for p, _ in compared) >= 50 for loan in LOANS)
    assert sum(p.grace > 0 for p, _ in compared) > 30
    assert sum(p.tenor == p.years for p, _ in compared) > 10
