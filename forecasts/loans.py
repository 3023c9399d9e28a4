"""Loans of one factory: sized on the bank's case, drawn while building, repaid from operations.

Every set of racks is financed by itself, first fit-out with its facility and each refresh alike:
draws while it is built, service from the month after it goes live, no longer than it serves. Its
cash is its share of the factory's, by power in service. Three loans stand side by side:

- senior: repaid so that cash covers service by a stated ratio, contracted and merchant cash each
  with its own (sculpting), and no more than the gearing allows;
- concessional and mezzanine: stated shares of the cost, repaid in equal parts of principal.

Debt is drawn in proportion to cost; interest, fees and the reserve while building are uses of
funds and linear in the loan, so gearing needs one division. Tax depends on interest and interest on
tax: the loans are sized again until the tax stands still, each round shrinking the gap about
tenfold. Definitions: docs/definitions.md; an independent solver: `funding.financed`.
"""

from typing import NamedTuple

import numpy as np

from forecasts.compiled import Record, compiled, whole
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


@compiled
def senior_rate(q: Record) -> float:
    """Yearly interest of the senior loan: government bond, the country's spread, the margin."""
    return float(q.risk_free_rate + q.country_default_spread + q.debt_margin)


@compiled
def lend(q: Record, build: Record, uses: Array, cash: Array, loans: Record) -> None:
    """Size and schedule the loans of every cohort for given cash, and add them up.

    Parameters
    ----------
    q, build
        Assumptions; phases and cohorts.
    uses : (cohort, month) array
        Cost by month, net of grants.
    cash : (2, month) array
        Cash for debt service per kW in service, after tax; and the cover asked of it.
    loans : Loans
        Filled; must hold zeros.
    """
    for place in range(build.made[1]):
        cohort = build.cohorts[place]
        flows = loans.flows[min(place, loans.flows.shape[0] - 1)]
        if loans.flows.shape[0] == 1:
            flows[:] = 0.0
        lent = _size(q, cohort, uses[place], cash)
        loans.bound[place], loans.size_usd[place] = lent.bound, lent.sizes
        for tranche in range(len(TRANCHES)):
            if lent.sizes[tranche] > 0:
                terms = Terms(lent.rates[tranche], lent.fees[tranche], lent.shapes[tranche])
                owed = loans.owed[tranche]
                _write(q, lent.window, terms, lent.sizes[tranche], flows, owed)
        _deduct(flows, cohort.live, lent.tenor)
        for flow in range(len(FLOWS)):
            for month in range(loans.totals.shape[1]):
                loans.totals[flow, month] += flows[flow, month]


@compiled
def deducted(q: Record, build: Record, uses: Array, cash: Array, found: Array) -> None:
    """Fill in what these loans would let the factory deduct from income, by month.

    Interest of service, and that and the fees of construction written off: all that sizing again
    needs to know. Parameters as `lend`; `found` is a (month,) array.
    """
    found[:] = 0.0
    for place in range(build.made[1]):
        lent = _size(q, build.cohorts[place], uses[place], cash)
        extra = 0.0
        for tranche in range(len(TRANCHES)):
            size, shape = lent.sizes[tranche], lent.shapes[tranche]
            if size <= 0:
                continue
            terms = Terms(lent.rates[tranche], lent.fees[tranche], shape)
            extra += size * (
                _extra(q, lent.window, terms) - _reserve(terms, 0, whole(q.dsra_months))
            )
            for step in range(shape.size - 1):
                found[lent.window.live + 1 + step] += size * terms.rate * shape[step]
        for step in range(lent.tenor):
            found[lent.window.live + 1 + step] += extra / lent.tenor


class Window(NamedTuple):
    """When a set of racks is paid for and begins to earn.

    Attributes
    ----------
    share : (month,) array
        Part of the cost paid in each month.
    first, live : int
        First month with a cost; first month of operation.
    """

    share: Array
    first: int
    live: int


class Terms(NamedTuple):
    """One loan: monthly rate, upfront fee, and the balances of a loan of 1 from 1 to 0."""

    rate: float
    fee: float
    shape: Array


class Lent(NamedTuple):
    """The loans of one cohort: sizes, rates, fees and balances of a loan of 1, by tranche."""

    bound: int
    tenor: int
    window: Window
    sizes: Array
    rates: tuple[float, float, float]
    fees: tuple[float, float, float]
    shapes: tuple[Array, Array, Array]


@compiled
def _size(q: Record, cohort: Record, uses: Array, cash: Array) -> Lent:
    """Size the loans of one cohort."""
    cost, months, live = uses.sum(), uses.size, cohort.live
    tenor = min(whole(q.debt_tenor_years * MONTHS_PER_YEAR), min(cohort.end, months) - 1 - live)
    soft_tenor = min(whole(q.concessional_tenor_years * MONTHS_PER_YEAR), months - 1 - live)
    rates = (
        senior_rate(q) / MONTHS_PER_YEAR,
        q.concessional_rate / MONTHS_PER_YEAR,
        q.mezzanine_rate / MONTHS_PER_YEAR,
    )
    fees, sizes = (q.upfront_fee, 0.0, q.upfront_fee), np.zeros(len(TRANCHES))
    if cost <= 0 or tenor <= 0 or q.gearing <= 0:
        flat = _even(1)
        return Lent(NO_LOAN, 0, Window(uses, 0, live), sizes, rates, fees, (flat, flat, flat))
    first = 0
    while uses[first] == 0:
        first += 1
    window = Window(uses / cost, first, live)
    soft = Terms(rates[CONCESSIONAL], fees[CONCESSIONAL], _even(max(soft_tenor, 1)))
    junior = Terms(rates[MEZZANINE], fees[MEZZANINE], _even(tenor))
    soft_usd = min(q.concessional_share, q.gearing) * cost
    junior_usd = min(q.mezzanine_share, q.gearing - soft_usd / cost) * cost
    headroom = np.empty(tenor)
    for step in range(tenor):
        month = live + 1 + step
        headroom[step] = cash[0, month] * cohort.kw / cash[1, month]
        headroom[step] -= soft_usd * _service(soft, step) + junior_usd * _service(junior, step)
    worth = _worth(headroom, rates[SENIOR])
    shape = worth / worth[0] if worth[0] > 0 else _even(tenor)
    senior = Terms(rates[SENIOR], fees[SENIOR], shape)
    beside = _extra(q, window, soft) * soft_usd + _extra(q, window, junior) * junior_usd
    room = max(q.gearing * (cost + beside) - soft_usd - junior_usd, 0.0)
    limit = room / (1 - q.gearing * _extra(q, window, senior))
    bound = NO_LOAN
    if worth[0] > 0:
        bound = BY_COVER if worth[0] <= limit else BY_GEARING
    sizes[SENIOR], sizes[CONCESSIONAL] = min(worth[0], limit), soft_usd
    sizes[MEZZANINE] = junior_usd
    return Lent(bound, tenor, window, sizes, rates, fees, (shape, soft.shape, junior.shape))


@compiled
def _even(tenor: int) -> Array:
    """Balances of a loan of 1 repaid in equal parts of principal."""
    return np.arange(tenor, -1, -1) / tenor


@compiled
def _worth(service: Array, rate: float) -> Array:
    """Debt that a service repays, before each payment: its value at the rate, 0 at the end."""
    worth = np.zeros(service.size + 1)
    for step in range(service.size - 1, -1, -1):
        worth[step] = (worth[step + 1] + max(service[step], 0.0)) / (1 + rate)
    return worth


@compiled
def _service(terms: Terms, step: int) -> float:
    """Interest and principal of a loan of 1 in the payment after `step` payments."""
    if step + 1 >= terms.shape.size:
        return 0.0
    return float(terms.rate * terms.shape[step] + terms.shape[step] - terms.shape[step + 1])


@compiled
def _reserve(terms: Terms, step: int, months: int) -> float:
    """Service of a loan of 1 over the coming months after so many payments."""
    need = 0.0
    for ahead in range(step, min(step + months, terms.shape.size - 1)):
        need += _service(terms, ahead)
    return need


@compiled
def _extra(q: Record, window: Window, terms: Terms) -> float:
    """Interest, fees and reserve while building, for a loan of 1."""
    drawn, total = 0.0, terms.fee + _reserve(terms, 0, whole(q.dsra_months))
    for month in range(window.first, window.live + 1):
        total += drawn * terms.rate + (1 - drawn) * q.commitment_fee / MONTHS_PER_YEAR
        drawn += window.share[month]
    return total


@compiled
def _write(q: Record, window: Window, terms: Terms, size: float, flows: Array, owed: Array) -> None:
    """Write one loan into the schedules."""
    if size <= 0:
        return
    drawn, live = 0.0, window.live
    flows[FEES, window.first] += size * terms.fee
    for month in range(window.first, live + 1):
        flows[INTEREST_BUILDING, month] += size * drawn * terms.rate
        flows[FEES, month] += size * (1 - drawn) * q.commitment_fee / MONTHS_PER_YEAR
        flows[DRAWN, month] += size * window.share[month]
        drawn += window.share[month]
        owed[month] += size * (drawn if month < live else 1.0)
    months = whole(q.dsra_months)
    reserve = size * _reserve(terms, 0, months)
    flows[RESERVED, live] += reserve
    flows[TARGET, live] += reserve
    for step in range(terms.shape.size - 1):
        month = live + 1 + step
        flows[INTEREST, month] += size * terms.rate * terms.shape[step]
        flows[PRINCIPAL, month] += size * (terms.shape[step] - terms.shape[step + 1])
        flows[TARGET, month] += size * _reserve(terms, step + 1, months)
        owed[month] += size * terms.shape[step + 1]


@compiled
def _deduct(flows: Array, live: int, tenor: int) -> None:
    """Deduct interest and fees of construction evenly over the senior loan's life."""
    total = 0.0
    for month in range(live + 1):
        total += flows[INTEREST_BUILDING, month] + flows[FEES, month]
    for month in range(live + 1, live + 1 + tenor):
        flows[DEDUCTED, month] += total / tenor
