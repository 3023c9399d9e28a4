"""Financing of a project: loans sized and drawn, cash paid out in order, the rest for equity."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from forecasts import debt
from forecasts.debt import Draws, Repayment, TaxTerms, Terms
from forecasts.metrics import Metric, Status, irr
from forecasts.units import Array, Flags, Whole

ROUNDS = 200
"""Most rounds of an iteration; each shrinks the error at least by the tax rate over the cover."""

BOUNDS = (
    "Cash over its target cover limits the loan.",
    "Its own gearing limits the loan.",
    "Its stated amount limits the loan.",
    "The gearing of all loans limits it; equity pays for the rest of the uses.",
    "Cash covers no service in the tenor, so nothing is lent.",
)
"""What set the size of a tranche, by the number in `Facility.bound`."""


@dataclass(frozen=True, slots=True, eq=False)
class Cash:
    """Cash of a project before tax and finance, (..., period) each, USD.

    Attributes
    ----------
    contracted_usd, merchant_usd : arrays
        Operating cash by kind of customer, taxed; below zero where costs exceed revenue.
    untaxed_usd, depreciation_usd : arrays
        Cash that is no income, as refresh and working capital; tax depreciation, positive.
    """

    contracted_usd: Array
    merchant_usd: Array
    untaxed_usd: Array
    depreciation_usd: Array

    @property
    def before_tax_usd(self) -> Array:
        """All cash before tax and service."""
        return self.contracted_usd + self.merchant_usd + self.untaxed_usd

    @property
    def income_usd(self) -> Array:
        """Taxable income before interest."""
        return self.contracted_usd + self.merchant_usd - self.depreciation_usd


@dataclass(frozen=True, slots=True, eq=False)
class Facility:
    """A financed project, USD; arrays are (..., period), those of loans (tranche, ..., period).

    Attributes
    ----------
    size_usd, bound : (tranche, ...) arrays
        Debt drawn in full, and the place in `BOUNDS` of what limited it.
    draws_usd, interest_usd, principal_usd, prepaid_usd, closing_usd : arrays of loans
        Each loan; interest and fees of construction are paid out of uses.
    costs_usd, fees_usd, equity_usd : arrays
        What is built, upfront and commitment fees, and what equity puts in while building.
    reserve_usd, locked_usd : arrays
        Debt service reserve and blocked distributions at the end of each period.
    support_usd, distributions_usd : arrays
        What equity adds when cash and reserves do not pay the service, and what it receives.
    clamped : array
        Periods of service in which the cash for sizing was negative and counted as zero.
    """

    terms: Terms
    size_usd: Array
    bound: Whole
    draws_usd: Array
    interest_usd: Array
    principal_usd: Array
    prepaid_usd: Array
    closing_usd: Array
    costs_usd: Array
    fees_usd: Array
    equity_usd: Array
    reserve_usd: Array
    locked_usd: Array
    cfads_usd: Array
    tax_usd: Array
    support_usd: Array
    distributions_usd: Array
    clamped: Flags

    @property
    def live(self) -> Flags:
        """Periods of service and operation, (period,)."""
        return np.arange(self.costs_usd.shape[-1]) >= self.terms.availability

    @property
    def service_usd(self) -> Array:
        """Scheduled interest and principal of all loans, from the first service on."""
        return np.asarray((self.interest_usd + self.principal_usd).sum(axis=0) * self.live)

    @property
    def uses_usd(self) -> Array:
        """Costs, fees, interest and the first reserve: what equity and draws pay for."""
        paid = self.fees_usd + self.interest_usd.sum(axis=0) + np.diff(self.reserve_usd, prepend=0)
        return np.asarray(self.costs_usd + paid * ~self.live)

    @property
    def equity_flows_usd(self) -> Array:
        """Cash to equity, negative when it pays: also cash before service, and tax it bears."""
        borne = 0.0 if self.terms.tax_before_service else self.tax_usd
        received = np.where(self.live, self.distributions_usd - self.support_usd, self.cfads_usd)
        return np.asarray(received - self.equity_usd - borne)


Step = tuple[Array, Facility]
"""The tax a round of an iteration leads to, and what it found."""


def financed(
    cash: Cash, costs_usd: Array, terms: Terms, tax: TaxTerms, bank_case: Cash | None = None
) -> Facility:
    """Size the loans, draw them, run the cash through them.

    Parameters
    ----------
    cash, bank_case : Cash
        What the project earns, and what lenders size the loans by if that differs; cash before
        the first service is equity's. Leading axes share the terms.
    costs_usd : (..., period) array
        What is built, positive, and zero from the first service on.
    """
    case = cash if bank_case is None else bank_case
    agree = partial(_agreed, case, _checked(costs_usd, cash, case, terms), terms, tax)
    agreed = _settled(agree, _first_tax(case, terms, tax))
    return _settled(partial(_waterfall, cash, agreed, tax), _tax(cash, agreed, tax))


def _checked(costs_usd: Array, cash: Cash, case: Cash, terms: Terms) -> Array:
    costs = np.array(np.broadcast_to(costs_usd, cash.before_tax_usd.shape), order="C")
    ends = terms.availability + max(tranche.tenor for tranche in terms.tranches)
    if case.before_tax_usd.shape != costs.shape or ends > costs.shape[-1]:
        raise ValueError(f"cash is {costs.shape}; loans end in period {ends}; lengthen all cash")
    if (costs < 0).any() or costs[..., terms.availability :].any():
        raise ValueError("costs are negative or late; put costs after availability into cash")
    return costs


def _cfads(cash: Cash, tax_usd: Array, terms: Terms) -> Array:
    return cash.before_tax_usd - (tax_usd if terms.tax_before_service else 0.0)


def _tax(cash: Cash, loans: Facility, tax: TaxTerms) -> Array:
    """Tax on income less interest and the deducted costs of finance."""
    live, life = loans.terms.availability, tax.finance_cost_periods
    interest = loans.interest_usd.sum(axis=0)
    paid = (loans.fees_usd + interest)[..., :live].sum(axis=-1, keepdims=True)
    period = np.arange(interest.shape[-1])
    relief = paid / max(life, 1) * ((period >= live) & (period < live + life))
    return debt.levered_tax(cash.income_usd - interest * loans.live - relief, tax, live)


def _first_tax(case: Cash, terms: Terms, tax: TaxTerms) -> Array:
    """Tax to begin with: exact where the closed form holds for one sculpted loan."""
    lead, income, interest = terms.tranches[0], case.income_usd, np.zeros_like(case.income_usd)
    if lead.repayment is Repayment.SCULPTED:
        span = slice(terms.availability, terms.availability + lead.tenor)
        firm, free = case.contracted_usd[..., span], case.merchant_usd[..., span]
        cover = debt.target_cover(lead, firm, free)
        rate = np.full(lead.tenor, lead.rate / terms.periods_per_year)
        cash = case.before_tax_usd[..., span]
        owed = debt.service_value_after_tax(cash, income[..., span], cover, rate, tax.rate)
        interest[..., span] = rate * np.maximum(owed[..., :-1], 0.0)
    return debt.levered_tax(income - interest, tax, terms.availability)


def _settled(step: Callable[[Array], Step], tax_usd: Array) -> Facility:
    """Repeat until every case's tax agrees with the interest it leads to; settled cases stand."""
    for _ in range(ROUNDS):
        new, found = step(tax_usd)
        far = np.abs(new - tax_usd).max(axis=-1) > 1e-13 * np.abs(new).max(axis=-1)
        if not far.any():
            return found
        tax_usd = np.where(far[..., None], new, tax_usd)
    raise ValueError(f"tax and debt did not settle in {ROUNDS} rounds; raise dscr or lower tenor")


def _agreed(case: Cash, costs: Array, terms: Terms, tax: TaxTerms, tax_usd: Array) -> Step:
    """Find the uses that the loans sized on them pay for: two evaluations and one division.

    Equity first and loans set by cash bend the line of uses over loans: a few rounds more.
    """
    lend = partial(_loans, case, costs, terms, tax_usd)
    total = costs.sum(axis=-1)
    for turn in range(ROUNDS):
        loans = lend(total)
        one = loans.uses_usd.sum(axis=-1)
        far = np.abs(one - total) > 4e-15 * one
        if not far.any():
            return _tax(case, loans, tax), loans
        two = lend(one).uses_usd.sum(axis=-1)
        steep = far & (np.abs(one - total) > 1e-9 * one) & (turn < 20)
        slope = np.where(steep, (two - one) / np.where(steep, one - total, 1.0), 0.0)
        if (slope >= 1).any():
            break
        total = np.where(far, one + (two - one) / (1 - slope), total)
    raise ValueError("fees, reserve and interest outgrow the loan; lower dsra_months or gearing")


def _loans(case: Cash, costs: Array, terms: Terms, tax_usd: Array, total: Array) -> Facility:
    """Size every tranche for given uses and draw it; the uses that result may differ."""
    cfads, room = _cfads(case, tax_usd, terms), terms.max_gearing * total
    number, live = len(terms.tranches), terms.availability
    draws, interest, principal, prepaid, closing = np.zeros((5, number, *cfads.shape))
    fees, equity, reserve, locked, support, paid = np.zeros((6, *cfads.shape))
    size, bound = np.zeros((number, *total.shape)), np.zeros((number, *total.shape), np.int64)
    for row, tranche in enumerate(terms.tranches):
        span = slice(live, live + tranche.tenor)
        rate = np.full(tranche.tenor, tranche.rate / terms.periods_per_year)
        headroom = np.full_like(cfads[..., span], np.inf)
        if tranche.dscr:
            firm, free = case.contracted_usd[..., span], case.merchant_usd[..., span]
            covered = np.maximum(cfads[..., span], 0.0) / debt.target_cover(tranche, firm, free)
            earlier = (interest + principal)[..., span].sum(axis=0)
            headroom = np.maximum(covered - earlier, 0.0)
        capacity, balances = debt.carried(tranche, rate, headroom)
        limits = (capacity, tranche.gearing * total, tranche.amount_usd, np.maximum(room, 0.0))
        choices = np.stack(np.broadcast_arrays(*limits))
        size[row] = choices.min(axis=0)
        bound[row] = np.where(capacity > 0, choices.argmin(axis=0), len(BOUNDS) - 1)
        room = room - size[row]
        plan = debt.schedule(size[row], balances, rate)
        interest[row][..., span], principal[row][..., span] = plan.interest_usd, plan.principal_usd
        closing[row][..., span] = plan.closing_usd
    service = (interest + principal).sum(axis=0)
    reserve[..., live - 1] = debt.reserve_need(service, terms.reserve_periods)[..., live - 1]
    loans = Facility(
        terms=terms,
        size_usd=size,
        bound=bound,
        draws_usd=draws,
        interest_usd=interest,
        principal_usd=principal,
        prepaid_usd=prepaid,
        closing_usd=closing,
        costs_usd=costs,
        fees_usd=fees,
        equity_usd=equity,
        reserve_usd=reserve,
        locked_usd=locked,
        cfads_usd=cfads,
        tax_usd=tax_usd,
        support_usd=support,
        distributions_usd=paid,
        clamped=(cfads < 0) & (service > 0),
    )
    return _drawn(loans, total)


def _drawn(loans: Facility, total: Array) -> Facility:
    """Fill in the periods of construction."""
    terms, size = loans.terms, loans.size_usd
    numbers = [(loan.rate, loan.commitment_fee, loan.upfront_fee) for loan in terms.tranches]
    rate, commitment, upfront = np.reshape(np.transpose(numbers), (3, -1) + (1,) * total.ndim)
    lent = size.sum(axis=0)
    mix, unspent = size / np.where(lent > 0, lent, 1.0), np.maximum(total - lent, 0.0)
    equity_share = unspent / np.where(total > 0, total, 1.0)
    owed = np.zeros_like(size)
    for period in range(terms.availability):
        interest = owed * rate / terms.periods_per_year
        fees = (size - owed) * commitment / terms.periods_per_year + size * upfront * (period == 0)
        uses = loans.costs_usd[..., period] + loans.reserve_usd[..., period]
        uses = uses + (interest + fees).sum(axis=0)
        even = terms.draws is Draws.PRO_RATA
        equity = uses * equity_share if even else np.minimum(uses, unspent)
        unspent = unspent - equity
        draws = (uses - equity) * mix
        owed = owed + draws
        loans.interest_usd[..., period], loans.fees_usd[..., period] = interest, fees.sum(axis=0)
        loans.equity_usd[..., period], loans.draws_usd[..., period] = equity, draws
        loans.closing_usd[..., period] = owed
    return loans


def _waterfall(cash: Cash, agreed: Facility, tax: TaxTerms, tax_usd: Array) -> Step:
    """Pay service, reserve, sweep and equity in that order, at a given tax."""
    terms, live, last = agreed.terms, agreed.terms.availability, tax_usd.shape[-1] - 1
    cfads = _cfads(cash, tax_usd, terms)
    run = replace(deepcopy(agreed), cfads_usd=cfads, tax_usd=tax_usd)
    closing, reserve = run.closing_usd, run.reserve_usd
    need = debt.reserve_need(run.interest_usd + run.principal_usd, terms.reserve_periods)
    kept, locked = np.ones_like(run.size_usd), np.zeros_like(cfads[..., 0])
    for t in range(live, last + 1):
        for flow in (run.interest_usd, run.principal_usd, closing):
            flow[..., t] *= kept
        service = (run.interest_usd[..., t] + run.principal_usd[..., t]).sum(axis=0)
        free = np.maximum(cfads[..., t] - service, 0.0)
        short = free - (cfads[..., t] - service)
        unlocked = np.minimum(short, locked)
        used = np.minimum(short - unlocked, reserve[..., t - 1])
        left = reserve[..., t - 1] - used
        topped = np.minimum((kept * need[..., t]).sum(axis=0) - left, free)
        swept = terms.sweep * np.maximum(cfads[..., t] - terms.sweep_dscr * service, 0.0)
        swept = np.where(service > 0, np.minimum(swept, free - topped), 0.0)
        owed = closing[..., t].copy()
        prepaid = np.clip(swept - (np.cumsum(owed, axis=0) - owed), 0.0, owed)
        closing[..., t] = owed - prepaid
        kept = kept * closing[..., t] / np.where(owed > 0, owed, 1.0)
        pot = locked - unlocked + free - topped - prepaid.sum(axis=0)
        blocked = (cfads[..., t] < terms.lockup_dscr * service) & (t < last)
        locked = np.where(blocked, pot, 0.0)
        run.prepaid_usd[..., t], reserve[..., t] = prepaid, left + topped
        run.support_usd[..., t] = short - unlocked - used
        run.locked_usd[..., t], run.distributions_usd[..., t] = locked, pot - locked
    return _tax(cash, run, tax), run


def ratios(facility: Facility, at: tuple[int, ...] = ()) -> dict[str, Metric]:
    """Covers over the loan life and the equity IRR of one case, each a value or why there is none.

    `at` is the place on the leading axes. min_dscr and average_dscr are over periods with service;
    llcr and plcr: CFADS over the loan life and over the project, worth at the average debt rate at
    the first service, over debt; equity_irr is yearly.
    """
    terms, equity = facility.terms, {"equity_irr": _equity_irr(facility, at)}
    cfads, service = facility.cfads_usd[at][facility.live], facility.service_usd[at][facility.live]
    size = np.array([loan[at] for loan in facility.size_usd])
    names = ("min_dscr", "average_dscr", "llcr", "plcr")
    if not service.any():
        none = Metric(None, "ratio", Status.UNDEFINED, "There is no debt service to cover.")
        return dict.fromkeys(names, none) | equity
    rate = size @ [tranche.rate for tranche in terms.tranches] / size.sum() / terms.periods_per_year
    worth = cfads * (1 + rate) ** -(np.arange(cfads.size) + 1.0) / size.sum()
    cover = debt.dscr(cfads, service)[service > 0]
    loan_life = worth[: np.flatnonzero(service)[-1] + 1]
    values = (cover.min(), cover.mean(), loan_life.sum(), worth.sum())
    return {name: Metric(float(values[i]), "ratio") for i, name in enumerate(names)} | equity


def _equity_irr(facility: Facility, at: tuple[int, ...]) -> Metric:
    paid_in = facility.equity_usd[at].sum() + facility.support_usd[at].sum()
    found, unit = irr(facility.equity_flows_usd[at]), "share_per_year"
    if paid_in <= 1e-9 * facility.uses_usd[at].sum():
        return Metric(None, unit, Status.UNDEFINED, "Debt pays for all: no equity is at risk.")
    if found.rate is None:
        return Metric(None, unit, found.status, "No single rate makes equity's cash worth zero.")
    return Metric((1 + found.rate) ** facility.terms.periods_per_year - 1, unit)
