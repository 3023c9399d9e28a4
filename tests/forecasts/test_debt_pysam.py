"""Debt, tax, cash flow and NPV agree with NREL-PySAM's Singleowner on random yearly projects.

Singleowner is another team's implementation of project finance, in C++. Its conventions: the cost
falls in year 0, service is yearly from year 1, cover is asked of cash before tax, losses are paid
out, reserves earn interest, salvage is income of the last year. Left out, because Singleowner then
breaks a law that we keep: receivables with sculpted debt (their first funding enters the debt as
if it came in year 1, and the loan does not close at 0), debt above cost, and years in which cash
does not pay the service and the reserve (it tops up the reserve from nowhere; we draw on it).
"""

from dataclasses import dataclass

import numpy as np
import PySAM.Singleowner as Singleowner
import pytest

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
MACRS = {
    "macrs_5": (0.2, 0.32, 0.192, 0.1152, 0.1152, 0.0576),
    "macrs_15": (
        *(0.05, 0.095, 0.0855, 0.077, 0.0693, 0.0623, 0.059, 0.059),
        *(0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.059, 0.0591, 0.0295),
    ),
}
STRAIGHT_LIVES = {"sl_5": 5, "sl_20": 20, "sl_39": 39}  # sl_15 is a table rounded to 4 digits
LOANS = ("sculpted", "sculpted_capped", "annuity", "straight")


@dataclass(frozen=True)
class Project:
    """One random project, with the shares as shares."""

    loan: str
    years: int
    tenor: int
    grace: int
    cost: float
    construction_finance: float
    closing: float
    other_finance: float
    revenue: np.ndarray
    opex: np.ndarray
    insurance: float
    inflation: float
    salvage: float
    working_months: float
    receivable_months: float
    rate: float
    dscr: float
    gearing: float
    fee: float
    dsra_months: float
    reserve_interest: float
    federal: float
    state: float
    real_discount: float
    depreciation: dict[str, float]

    def escalated(self, first: float) -> np.ndarray:
        """Year 0 nothing, then `first` grown by inflation."""
        return np.append(0.0, first * (1 + self.inflation) ** np.arange(self.years))


def drawn(rng: np.random.Generator, loan: str) -> Project:
    years = int(rng.integers(8, 31))
    cost = 10 ** rng.uniform(7, 9.5)
    yearly = cost * rng.uniform(0.13, 0.2)
    kinds = [*MACRS, *STRAIGHT_LIVES]
    sculpted = loan.startswith("sculpted")
    tenor = int(rng.integers(5 if sculpted else 8, years + 1))
    return Project(
        loan=loan,
        years=years,
        tenor=tenor,
        grace=0 if sculpted else int(rng.integers(0, 4)),
        cost=cost,
        construction_finance=cost * rng.uniform(0, 0.05),
        closing=cost * rng.uniform(0, 0.01),
        other_finance=cost * rng.uniform(0, 0.01),
        revenue=yearly * rng.uniform(0.8, 1.2, years),
        opex=yearly * rng.uniform(0.1, 0.35, years),
        insurance=rng.uniform(0, 0.01),
        inflation=rng.uniform(0, 0.05),
        salvage=rng.uniform(0, 0.2),
        working_months=rng.uniform(0, 6),
        receivable_months=0.0 if sculpted else rng.uniform(0, 3),
        rate=rng.uniform(0.03, 0.12),
        dscr=rng.uniform(1.3, 2.2),
        gearing=rng.uniform(0.2, 0.6),
        fee=rng.uniform(0, 0.04),
        dsra_months=rng.uniform(0, 12 if sculpted else 6),
        reserve_interest=rng.uniform(0, 0.04),
        federal=rng.uniform(0, 0.35),
        state=rng.uniform(0, 0.12),
        real_discount=rng.uniform(0.01, 0.12),
        depreciation=dict(zip(kinds, rng.dirichlet(np.ones(len(kinds))), strict=True)),
    )


# --- PySAM ---------------------------------------------------------------------------------------


def inputs(p: Project) -> dict[str, dict[str, object]]:
    """Fill every input of Singleowner that has a say here; rates and shares in percent."""
    reserves = {f"equip{i}_reserve_{what}": 0 for i in (1, 2, 3) for what in ("cost", "freq")}
    return {
        "Revenue": {
            "ppa_soln_mode": 1,
            "ppa_price_input": [0.0],
            "ppa_escalation": 0,
            "ppa_multiplier_model": 0,
            "flip_target_percent": 10,
            "flip_target_year": 1,
            "dispatch_tod_factors": [1] * 9,
            "dispatch_sched_weekday": [[1] * 24] * 12,
            "dispatch_sched_weekend": [[1] * 24] * 12,
        },
        "FinancialParameters": reserves
        | {
            "analysis_period": p.years,
            "inflation_rate": p.inflation * 100,
            "real_discount_rate": p.real_discount * 100,
            "federal_tax_rate": [p.federal * 100],
            "state_tax_rate": [p.state * 100],
            "property_tax_rate": 0,
            "prop_tax_cost_assessed_percent": 100,
            "prop_tax_assessed_decline": 0,
            "insurance_rate": p.insurance * 100,
            "salvage_percentage": p.salvage * 100,
            "system_capacity": 1000,
            "construction_financing_cost": p.construction_finance,
            "cost_debt_closing": p.closing,
            "cost_debt_fee": p.fee * 100,
            "cost_other_financing": p.other_finance,
            "debt_option": int(p.loan.startswith("sculpted")),
            "debt_percent": p.gearing * 100,
            "dscr": p.dscr,
            "dscr_limit_debt_fraction": int(p.loan == "sculpted_capped"),
            "dscr_maximum_debt_fraction": p.gearing * 100,
            "dscr_reserve_months": p.dsra_months,
            "loan_moratorium": p.grace,
            "payment_option": int(p.loan == "straight"),
            "months_receivables_reserve": p.receivable_months,
            "months_working_reserve": p.working_months,
            "reserves_interest": p.reserve_interest * 100,
            "term_int_rate": p.rate * 100,
            "term_tenor": p.tenor,
            "equip_reserve_depr_fed": 0,
            "equip_reserve_depr_sta": 0,
        },
        "SystemCosts": {
            "total_installed_cost": p.cost,
            "om_fixed": p.opex.tolist(),
            "om_fixed_escal": 0,
            "om_production": [0],
            "om_capacity": [0],
        },
        "SystemOutput": {"degradation": [0], "gen": [0.0] * 8760, "system_capacity": 1000},
        "Lifetime": {"system_use_lifetime_output": 0},
        "CapacityPayments": {
            "cp_capacity_payment_type": 1,
            "cp_capacity_payment_amount": p.revenue.tolist(),
            "cp_capacity_payment_esc": 0,
            "cp_capacity_credit_percent": [0],
            "cp_system_nameplate": 1,
            "cp_battery_nameplate": 0,
        },
        "Depreciation": {"depr_custom_schedule": [0]}
        | {"depr_fedbas_method": 1, "depr_stabas_method": 1}
        | {"depr_alloc_custom_percent": 0, "depr_alloc_sl_15_percent": 0}
        | {f"depr_alloc_{kind}_percent": share * 100 for kind, share in p.depreciation.items()},
    }


def of_pysam(p: Project) -> dict[str, np.ndarray]:
    model = Singleowner.new()
    for name in dir(model.Depreciation):
        if name.startswith(("depr_bonus", "depr_itc")):
            setattr(model.Depreciation, name, 0)
    for group, values in inputs(p).items():
        for name, value in values.items():
            setattr(getattr(model, group), name, value)
    model.execute(0)
    out = model.Outputs
    return {
        "debt": np.array([out.size_of_debt]),
        "interest": np.array(out.cf_debt_payment_interest),
        "principal": np.array(out.cf_debt_payment_principal),
        "balance": np.array(out.cf_debt_balance),
        "reserve": np.array(out.cf_reserve_debtservice),
        "depreciation": np.array(out.cf_feddepr_total),
        "state tax": -np.array(out.cf_statax),
        "federal tax": -np.array(out.cf_fedtax),
        "after-tax cash flow": np.array(out.cf_project_return_aftertax),
        "NPV": np.array([out.project_return_aftertax_npv]),
        "uses": np.array([out.cost_installed]),
    }


# --- The same from our functions -----------------------------------------------------------------


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
