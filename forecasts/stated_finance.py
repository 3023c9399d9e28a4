"""Debt of a stated project: loans sized and repaid by `forecasts.funding`, cash left to equity."""

from collections.abc import Iterator
from typing import TypedDict

import numpy as np

from data.problems import Problem
from forecasts.debt import Draws, Repayment, TaxTerms, Terms, Tranche, balances_of
from forecasts.funding import BOUNDS, Cash, Facility, financed, ratios
from forecasts.metrics import Metric, Status, irr
from forecasts.stated_blocks import periods_of
from forecasts.stated_costs import Metrics
from forecasts.stated_ledger import Ledger
from forecasts.stated_returns import (
    depreciation,
    discount_rate,
    gain,
    rate_of,
    tax_terms,
    working_capital,
    yearly_irr,
)
from forecasts.stated_terms import Finance, Loan
from forecasts.units import Array

Row = dict[str, object]

RATIOS = {"min_dscr": "dscr_min", "average_dscr": "dscr_average", "llcr": "llcr", "plcr": "plcr"}
"""Cover ratios of `forecasts.funding`, by their name here."""


ALL = 1e-6
"""Share of the uses of funds below which equity counts as none."""

NO_EQUITY = "Debt pays for all: no equity is at risk."
"""Why there is no equity IRR without equity: a return on bridging a month or two says nothing."""


def first_service(book: Ledger, finance: Finance) -> int:
    """Period of the first debt service: stated, or after the last first-time capex."""
    stated = finance.first_service_month
    if stated is not None:
        return max(periods_of(stated, book.layout.per_year) or 0, 1)
    paid = np.flatnonzero(book.cash(book.sum(book.first)))
    return int(paid[-1]) + 1 if paid.size else 1


def misfits(book: Ledger, path: str) -> list[Problem]:
    """Terms that do not fit the timeline or each other."""
    finance = book.project.finance
    if finance is None:
        return []
    problems = []
    live, end = first_service(book, finance), book.layout.periods
    for name, loan in finance.loans.items():
        tenor = periods_of(loan.tenor_months, book.layout.per_year) or 1
        where = f"{path}.finance.loans.{name}"
        if live + tenor > end:
            got = f"{loan.tenor_months} months from period {live}"
            expected = f"repayment before the end, period {end}"
            problems.append(
                Problem(f"{where}.tenor_months", got, expected, "lengthen the timeline")
            )
        if loan.repayment == "sculpted" and loan.dscr is None:
            problems.append(Problem(f"{where}.dscr", "nothing", "a cover to sculpt to", "add it"))
        if loan.grace_months >= loan.tenor_months or (
            loan.grace_months and loan.repayment == "sculpted"
        ):
            got = f"{loan.grace_months} months"
            expected = "fewer than tenor_months, and none when sculpted"
            problems.append(Problem(f"{where}.grace_months", got, expected, "shorten it"))
    if book.layout.per_year not in (1, 2, 3, 4, 6, 12):
        got, fix = "periods of a day", "change the period"
        problems.append(Problem(f"{path}.finance", got, "months or longer", fix))
    return problems or list(_unsettled(book, finance, f"{path}.finance"))


def _unsettled(book: Ledger, finance: Finance, path: str) -> Iterator[Problem]:
    """Terms under which the size of the debt does not settle."""
    try:
        facility(book, finance)
    except ValueError as wrong:
        what, _, fix = str(wrong).partition("; ")
        yield Problem(path, what, "terms that settle", fix or "ease them")


def quoted(loan: Loan, per_year: int) -> float:
    """Yearly rate of which a period bears 1 / n."""
    return rate_of(loan.rate, loan.compounding, per_year) * per_year


def _tax(book: Ledger, live: int) -> TaxTerms:
    return tax_terms(book.project, int(book.layout.live.min()), live)


class _Repaid(TypedDict):
    tenor: int
    repayment: Repayment
    grace: int
    shares: tuple[float, ...]


def _repaid(loan: Loan, per_year: int) -> _Repaid:
    """How a loan is repaid; with a balloon, principal as stated shares of the loan."""
    tenor = periods_of(loan.tenor_months, per_year) or 1
    grace = periods_of(loan.grace_months, per_year) or 0
    way = Repayment(loan.repayment)
    if not loan.balloon_share or way in (Repayment.SCULPTED, Repayment.BULLET):
        return _Repaid(tenor=tenor, repayment=way, grace=grace, shares=())
    plain = Tranche("", quoted(loan, per_year), tenor, way, grace)
    rate = np.full(tenor, plain.rate / per_year)
    owed = balances_of(plain, rate) * (1 - loan.balloon_share) + loan.balloon_share
    owed[-1] = 0.0
    shares = tuple((owed[:-1] - owed[1:]).tolist())
    return _Repaid(tenor=tenor, repayment=Repayment.STATED, grace=0, shares=shares)


def facility(book: Ledger, finance: Finance) -> Facility:
    """Size and run the loans."""
    layout, first = book.layout, book.cash(book.sum(book.first))
    live = first_service(book, finance)
    building = np.arange(layout.periods) < live
    tranches = tuple(
        Tranche(
            name=name,
            rate=quoted(loan, layout.per_year),
            dscr=() if loan.dscr is None else (loan.dscr,),
            gearing=min(loan.gearing, 1.0),
            **_repaid(loan, layout.per_year),
            amount_usd=np.inf if loan.amount_usd is None else loan.amount_usd,
            upfront_fee=loan.upfront_fee,
            commitment_fee=loan.commitment_fee,
        )
        for name, loan in finance.loans.items()
    )
    terms = Terms(
        tranches=tranches,
        availability=live,
        periods_per_year=layout.per_year,
        max_gearing=min(finance.max_gearing, 1.0),
        draws=Draws(finance.draws),
        dsra_months=finance.dsra_months,
        sweep=finance.sweep,
        sweep_dscr=finance.sweep_dscr,
        lockup_dscr=finance.lockup_dscr,
    )
    costs = np.where(building, np.maximum(first, 0.0), 0.0)
    late = first - costs + book.cash(book.sum(book.again)) - working_capital(book)
    cash = Cash(
        contracted_usd=book.cash(book.income),
        merchant_usd=np.zeros(layout.periods),
        untaxed_usd=-late,
        depreciation_usd=depreciation(book),
    )
    return financed(cash, costs, terms, _tax(book, live))


def debt_metrics(book: Ledger, loans: Facility) -> Metrics:
    """Size and service of each loan, covers, and what equity earns."""
    found: Metrics = {}
    live = loans.terms.availability
    uses = float(loans.uses_usd.sum())
    for row, tranche in enumerate(loans.terms.tranches):
        service = loans.interest_usd[row] + loans.principal_usd[row]
        values = {
            "size": float(loans.size_usd[row]),
            "payment": float(service[live]),
            "total_interest": float(loans.interest_usd[row].sum()),
            "closing": float(loans.closing_usd[row][-1]),
        }
        found |= {f"debt.{tranche.name}.{key}": Metric(v, "USD") for key, v in values.items()}
    interest = float(loans.interest_usd.sum())
    found["total_interest"] = Metric(interest, "USD")
    total = float(loans.size_usd.sum())
    found["debt"] = Metric(total, "USD")
    found["gearing"] = (
        Metric(total / uses, "share")
        if uses > 0
        else Metric(None, "share", Status.UNDEFINED, "Nothing is financed.")
    )
    covers = ratios(loans)
    found |= {name: covers[key] for key, name in RATIOS.items()}
    return found | _equity(book, loans, covers["equity_irr"], uses)


def _equity(book: Ledger, loans: Facility, without_sale: Metric, uses: float) -> Metrics:
    """IRR and NPV of equity at the discount rate, flows at the end of a period from the first."""
    flows = equity_flows(book, loans)
    project, per_year = book.project, book.layout.per_year
    paid_in = float(loans.equity_usd.sum() + loans.support_usd.sum())
    rate = rate_of(discount_rate(project), project.conventions.compounding, per_year)
    worth = flows @ (1 + rate) ** -np.arange(flows.size, dtype=np.float64)
    found = {
        "equity": Metric(paid_in, "USD"),
        "equity_npv": Metric(float(worth), "USD"),
        "equity_cash": Metric(float(flows.sum()), "USD"),
    }
    if loans.size_usd.sum() >= uses * (1 - ALL) and uses > 0:
        found["equity_irr"] = Metric(None, without_sale.unit, Status.UNDEFINED, NO_EQUITY)
    else:
        found["equity_irr"] = yearly_irr(irr(flows), per_year, project.conventions.irr_quoted)
    return found


def equity_flows(book: Ledger, loans: Facility) -> Array:
    """Cash to equity by period; the sale at the end, less tax on its gain, is equity's."""
    flows = np.asarray(loans.equity_flows_usd + book.cash(book.sum(book.terminal)))
    flows[-1] -= gain(book) * _tax(book, loans.terms.availability).rate
    return flows


def loan_rows(loans: Facility) -> list[Row]:
    """Each loan by period of service, counted from 1."""
    rows: list[Row] = []
    for row, tranche in enumerate(loans.terms.tranches):
        live = loans.terms.availability
        for number in range(tranche.tenor):
            period = live + number
            cash, service = float(loans.cfads_usd[period]), float(loans.service_usd[period])
            rows.append(
                {
                    "loan": tranche.name,
                    "service": number + 1,
                    "period": period,
                    "cfads_usd": cash,
                    "interest_usd": float(loans.interest_usd[row][period]),
                    "principal_usd": float(loans.principal_usd[row][period]),
                    "closing_usd": float(loans.closing_usd[row][period]),
                    "dscr": cash / service if service > 0 else None,
                }
            )
    return rows


def limits(loans: Facility) -> list[str]:
    """What set the size of each loan, in a sentence."""
    return [
        f"{tranche.name}: {BOUNDS[int(loans.bound[row])]}"
        for row, tranche in enumerate(loans.terms.tranches)
    ]
