"""Loans of one factory: what they are, and their schedules: drawn while building, then repaid.

Every set of racks is financed by itself, first fit-out with its facility and each refresh alike:
draws while it is built, service from the month after it goes live, no longer than it serves. Its
cash is its share of the factory's, by power in service. Three loans stand side by side:

- senior: repaid so that cash covers service by a stated ratio, contracted and merchant cash each
  with its own (sculpting), and no more than the gearing allows;
- concessional and mezzanine: stated shares of the cost, repaid in equal parts of principal.

Debt is drawn in proportion to cost; interest, fees and the reserve while building are uses of
funds. How large the loans are: `sizing`. Definitions: docs/definitions.md; an independent solver:
`funding.financed`.
"""

from typing import NamedTuple

import numpy as np

from forecasts.compiled import Record, bare, compiled, whole
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

SENIOR, CONCESSIONAL, MEZZANINE = 0, 1, 2
TRANCHES = ("Senior", "Concessional", "Mezzanine")

BY_COVER, BY_GEARING, NO_LOAN = 0, 1, 2
BOUNDS = ("cash cover", "gearing", "no loan")
"""What set the size of a senior loan."""

DRAWN, INTEREST_BUILDING, FEES, RESERVED, INTEREST, PRINCIPAL, DEDUCTED, TARGET = range(8)
FLOWS = (
    "draws",
    "interest_building",
    "fees",
    "reserve_funding",
    "interest",
    "principal",
    "finance_cost_deducted",
    "reserve_target",
)
"""Monthly flows of all loans of a cohort, positive USD."""


class Loans(NamedTuple):
    """Every loan of one factory.

    Attributes
    ----------
    size_usd : (cohort, tranche) array
        What is lent.
    bound : (cohort,) array of int
        What set the senior loan, an index of `BOUNDS`.
    flows : (cohort, flow, month) array
        `FLOWS`, positive USD; a single row is room for one cohort after the other, where nobody
        asks for each.
    totals : (flow, month) array
        The same for all cohorts together.
    owed : (tranche, month) array
        Debt at the end of each month.
    """

    size_usd: Array
    bound: Whole
    flows: Array
    totals: Array
    owed: Array


def no_loans(cohorts: int, months: int) -> Loans:
    """Return room for the loans of a factory."""
    return Loans(
        np.zeros((cohorts, len(TRANCHES))),
        np.full(cohorts, NO_LOAN),
        np.zeros((cohorts, len(FLOWS), months)),
        np.zeros((len(FLOWS), months)),
        np.zeros((len(TRANCHES), months)),
    )


class Sizing(NamedTuple):
    """What the sizes of loans rest on, by cohort; `sizing` fills it in.

    Attributes
    ----------
    spans : (cohort, 3) array of int
        First month with a cost; payments of the senior loan, 0 where nothing is lent, and of the
        concessional loan.
    fixed : (cohort, 3) array
        USD: most that may be lent beside the other two loans if the senior one cost nothing while
        building; what each of those two costs until the first sale.
    share, waits : (cohort, month) arrays
        From the first cost to the first sale: part of the cost paid in each month; interest and
        commitment fee of a senior loan of 1.
    taken, shape : (cohort, payment) arrays
        Service of the other two loans, USD; what is owed of a senior loan of 1 before each payment.
    room : (month,) array
        Room for a row.
    """

    spans: Whole
    fixed: Array
    share: Array
    waits: Array
    taken: Array
    shape: Array
    room: Array


class Terms(NamedTuple):
    """One loan: monthly rate, upfront fee, and what is owed of 1 before each payment, to 0."""

    rate: float
    fee: float
    shape: Array


@compiled
def senior_rate(q: Record) -> float:
    """Yearly interest of the senior loan: government bond, the country's spread, the margin."""
    return float(q.risk_free_rate + q.country_default_spread + q.debt_margin)


@bare
def terms_of(q: Record, tranche: int, shape: Array) -> Terms:
    """Return the terms of a loan with a given shape."""
    if tranche == SENIOR:
        return Terms(senior_rate(q) / MONTHS_PER_YEAR, q.upfront_fee, shape)
    if tranche == CONCESSIONAL:
        return Terms(q.concessional_rate / MONTHS_PER_YEAR, 0.0, shape)
    return Terms(q.mezzanine_rate / MONTHS_PER_YEAR, q.upfront_fee, shape)


@bare
def shaped(q: Record, tranche: int, place: int, sizing: Sizing) -> Terms:
    """Return the terms of a cohort's loan; all but the senior one use the sizing's row of room."""
    senior, soft = sizing.spans[place, 1], sizing.spans[place, 2]
    if tranche == SENIOR:
        return terms_of(q, tranche, sizing.shape[place, : senior + 1])
    payments = soft if tranche == CONCESSIONAL else senior
    shape = sizing.room[: payments + 1]
    even(shape)
    return terms_of(q, tranche, shape)


@bare
def even(shape: Array) -> None:
    """Fill in what is owed of a loan of 1 repaid in equal parts of principal."""
    payments = shape.size - 1
    for step in range(payments + 1):
        shape[step] = (payments - step) / payments


@bare
def service(terms: Terms, step: int) -> float:
    """Interest and principal of a loan of 1 in the payment after `step` payments."""
    if step + 1 >= terms.shape.size:
        return 0.0
    return float(terms.rate * terms.shape[step] + terms.shape[step] - terms.shape[step + 1])


@bare
def reserve(terms: Terms, step: int, months: int) -> float:
    """Service of a loan of 1 over the coming months after so many payments."""
    need = 0.0
    for ahead in range(step, min(step + months, terms.shape.size - 1)):
        need += service(terms, ahead)
    return need


@bare
def lend(q: Record, build: Record, sizing: Sizing, loans: Record) -> None:
    """Schedule the loans of every cohort, and add them up.

    Parameters
    ----------
    q, build
        Assumptions; phases and cohorts.
    sizing : Sizing
        As the last round left it.
    loans : Loans
        With its sizes; must hold zeros else. Filled.
    """
    for place in range(build.made[1]):
        first, tenor, live = (
            sizing.spans[place, 0],
            sizing.spans[place, 1],
            build.cohorts[place].live,
        )
        flows = loans.flows[min(place, loans.flows.shape[0] - 1)]
        if loans.flows.shape[0] == 1:
            flows[:] = 0.0
        if tenor == 0:
            continue
        for tranche in range(len(TRANCHES)):
            size = loans.size_usd[place, tranche]
            if size > 0:
                terms = shaped(q, tranche, place, sizing)
                built = (sizing.share[place], first, live)
                _write(q, built, terms, size, flows, loans.owed[tranche])
        _deduct(flows, live, tenor)
        for flow in range(len(FLOWS)):
            total, own = loans.totals[flow], flows[flow]
            for month in range(total.size):
                total[month] += own[month]


Built = tuple[Array, int, int]
"""Part of the cost paid by month; first month with a cost; first month of operation."""


@bare
def _write(q: Record, built: Built, terms: Terms, size: float, flows: Array, owed: Array) -> None:
    """Write one loan into the schedules."""
    share, first, live = built
    drawn = 0.0
    flows[FEES, first] += size * terms.fee
    for month in range(first, live + 1):
        flows[INTEREST_BUILDING, month] += size * drawn * terms.rate
        flows[FEES, month] += size * (1 - drawn) * q.commitment_fee / MONTHS_PER_YEAR
        flows[DRAWN, month] += size * share[month]
        drawn += share[month]
        owed[month] += size * (drawn if month < live else 1.0)
    months = whole(q.dsra_months)
    held = size * reserve(terms, 0, months)
    flows[RESERVED, live] += held
    flows[TARGET, live] += held
    for step in range(terms.shape.size - 1):
        month = live + 1 + step
        flows[INTEREST, month] += size * terms.rate * terms.shape[step]
        flows[PRINCIPAL, month] += size * (terms.shape[step] - terms.shape[step + 1])
        flows[TARGET, month] += size * reserve(terms, step + 1, months)
        owed[month] += size * terms.shape[step + 1]


@bare
def _deduct(flows: Array, live: int, tenor: int) -> None:
    """Deduct interest and fees of construction evenly over the senior loan's life."""
    total = 0.0
    for month in range(live + 1):
        total += flows[INTEREST_BUILDING, month] + flows[FEES, month]
    for month in range(live + 1, live + 1 + tenor):
        flows[DEDUCTED, month] += total / tenor
