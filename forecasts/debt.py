"""Loans: their terms, the ways they are repaid, and how much debt a cash flow carries."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from forecasts.tax import by_year, income_tax
from forecasts.units import Array, Flags


class Repayment(StrEnum):
    """How a loan is repaid."""

    SCULPTED = "sculpted"
    ANNUITY = "annuity"
    STRAIGHT = "straight"
    BULLET = "bullet"
    STATED = "stated"


class Draws(StrEnum):
    """Who pays first while building."""

    PRO_RATA = "pro_rata"
    EQUITY_FIRST = "equity_first"


def _within(field: str, value: float, low: float, high: float, fix: str) -> None:
    """Refuse a value outside its limits, and NaN."""
    if not low <= value <= high:
        raise ValueError(f"{field} is {value:g}, not within {low:g} to {high:g}; {fix}")


@dataclass(frozen=True, slots=True)
class Tranche:
    """One loan: senior, mezzanine, vendor lease or concessional, by its numbers.

    Attributes
    ----------
    name : str
        What messages call it.
    rate : float
        Quoted interest a year, 0 to 1; a period bears rate / periods_per_year.
    tenor : int
        Periods from the first service to maturity, 1 to 720.
    repayment : Repayment
        Sculpted to cash, equal payments, equal principal, all at the end, or stated shares.
    grace : int
        First periods that bear interest only, 0 to tenor - 1; not when sculpted or stated.
    shares : tuple of float
        Principal repaid in each period as a share of the loan, adding up to 1; when stated only.
    dscr : tuple of float
        Least cash over service of this tranche and all before it, 1 to 20: one for the whole
        tenor or one for each period; empty for no such limit. Sculpted loans need it.
    merchant_dscr : tuple of float
        The same for uncontracted cash; empty for the same as contracted.
    gearing : float
        Most this tranche may be of all uses of funds, 0 to 1.
    amount_usd : float
        Most it may be, USD; infinity for no such limit.
    upfront_fee : float
        Share of the loan paid in period 0, 0 to 0.2.
    commitment_fee : float
        Fee a year on what is not yet drawn, 0 to 0.1.
    """

    name: str
    rate: float
    tenor: int
    repayment: Repayment = Repayment.SCULPTED
    grace: int = 0
    shares: tuple[float, ...] = ()
    dscr: tuple[float, ...] = ()
    merchant_dscr: tuple[float, ...] = ()
    gearing: float = 1.0
    amount_usd: float = np.inf
    upfront_fee: float = 0.0
    commitment_fee: float = 0.0

    def __post_init__(self) -> None:
        of = f"tranche {self.name!r}: "
        _within(of + "rate", self.rate, 0, 1, "write 7 % a year as 0.07")
        _within(of + "tenor", self.tenor, 1, 720, "give the periods of service")
        _within(of + "grace", self.grace, 0, self.tenor - 1, "leave a period for repayment")
        _within(of + "gearing", self.gearing, 0, 1, "a loan cannot exceed what it pays for")
        _within(of + "amount_usd", self.amount_usd, 0, np.inf, "give USD, or infinity")
        _within(of + "upfront_fee", self.upfront_fee, 0, 0.2, "write 2 % as 0.02")
        _within(of + "commitment_fee", self.commitment_fee, 0, 0.1, "write 0.5 % as 0.005")
        for cover in (*self.dscr, *self.merchant_dscr):
            _within(of + "dscr", cover, 1, 20, "lenders ask for cash above service, as 1.3")
        if not {len(self.dscr), len(self.merchant_dscr)} <= {0, 1, self.tenor}:
            raise ValueError(f"{of}dscr has {len(self.dscr)} values; give one, or {self.tenor}")
        sculpted = self.repayment is Repayment.SCULPTED
        if not self.dscr and (sculpted or self.merchant_dscr):
            raise ValueError(f"{of}dscr is empty; give the cover cash is held against, as (1.3,)")
        if self.grace and (sculpted or self.shares):
            raise ValueError(f"{of}grace is {self.grace} but cash or shares set it; drop grace")
        if (self.repayment is Repayment.STATED) != bool(self.shares):
            raise ValueError(f"{of}shares go with stated repayment; give both or neither")
        if self.shares:
            _within(of + "number of shares", len(self.shares), self.tenor, self.tenor, "one each")
            _within(of + "lowest share", min(self.shares), 0, 1, "principal is not drawn again")
            _within(of + "sum of shares", sum(self.shares), 1 - 1e-9, 1 + 1e-9, "repay it all")


@dataclass(frozen=True, slots=True)
class Terms:
    """How a project is financed. Period 0 is financial close; flows come at the end of a period.

    Attributes
    ----------
    tranches : tuple of Tranche
        Loans by priority of payment, first paid first; at least one.
    availability : int
        Periods in which costs are paid from equity and debt, 1 to 720; service starts after them.
    periods_per_year : int
        12 for months, 1 for years, or another divisor of 12.
    max_gearing : float
        Most all tranches together may be of all uses of funds, 0 to 1.
    draws : Draws
        Pro rata: debt is drawn in proportion to uses. Equity first: debt when equity is spent.
    dsra_months : float
        Service held in reserve, in months to come, 0 to 24; funded with the last costs.
    sweep : float
        Share of cash above `sweep_dscr` times service that prepays loans, by priority, 0 to 1;
        a prepayment lowers all later instalments of its loan alike.
    sweep_dscr : float
        Cover above which cash is swept, 1 to 20.
    lockup_dscr : float
        Cover below which nothing is distributed, 0 (never) to 20; released once it is reached.
    tax_before_service : bool
        True: cash for service is after tax. False: before tax, and equity pays the tax.
    """

    tranches: tuple[Tranche, ...]
    availability: int
    periods_per_year: int = 12
    max_gearing: float = 1.0
    draws: Draws = Draws.PRO_RATA
    dsra_months: float = 0.0
    sweep: float = 0.0
    sweep_dscr: float = 1.0
    lockup_dscr: float = 0.0
    tax_before_service: bool = True

    def __post_init__(self) -> None:
        if not self.tranches:
            raise ValueError("tranches is empty; give a loan, with amount_usd=0 for none")
        _within("availability", self.availability, 1, 720, "give the periods before service")
        if self.periods_per_year not in (1, 2, 3, 4, 6, 12):
            raise ValueError(f"periods_per_year is {self.periods_per_year}; give a divisor of 12")
        _within("max_gearing", self.max_gearing, 0, 1, "debt above cost has nothing to pay for")
        _within("dsra_months", self.dsra_months, 0, 24, "lenders ask for 3 to 12 months")
        _within("sweep", self.sweep, 0, 1, "write 50 % as 0.5")
        _within("sweep_dscr", self.sweep_dscr, 1, 20, "sweep only cash above service")
        _within("lockup_dscr", self.lockup_dscr, 0, 20, "give a cover ratio, or 0 for none")

    @property
    def reserve_periods(self) -> float:
        """Length of the debt service reserve in periods."""
        return self.dsra_months * self.periods_per_year / 12


@dataclass(frozen=True, slots=True)
class TaxTerms:
    """How income after interest is taxed.

    Attributes
    ----------
    rate : float
        Share of taxable income, 0 to 0.6.
    refunded : bool
        False: losses are carried forward without limit. True: the tax on a loss is paid out.
    year_periods, first_period : int
        Periods in a tax year, 1 (each taxed by itself) to 12; place of period 0 in its year.
    spread : bool
        True: a year's tax is set aside evenly over its periods of service. False: its last pays.
    holiday_periods : int
        Tax years that end within so many periods of the first service are free, 0 to 720.
    finance_cost_periods : int
        Periods of service over which interest and fees of construction are deducted evenly, 0
        (never) to 720.
    """

    rate: float
    refunded: bool = False
    year_periods: int = 1
    first_period: int = 0
    spread: bool = True
    holiday_periods: int = 0
    finance_cost_periods: int = 0

    def __post_init__(self) -> None:
        _within("tax rate", self.rate, 0, 0.6, "write 25 % as 0.25")
        _within("year_periods", self.year_periods, 1, 12, "a tax year has at most 12 months")
        _within("first_period", self.first_period, 0, self.year_periods - 1, "count within a year")
        _within("holiday_periods", self.holiday_periods, 0, 720, "give periods of service")
        _within("finance_cost_periods", self.finance_cost_periods, 0, 720, "give periods")


def levered_tax(income_usd: Array, tax: TaxTerms, live: int) -> Array:
    """Tax by period on income after interest, (..., period); service starts in period `live`."""
    period = np.arange(income_usd.shape[-1])
    years = (period + tax.first_period) // tax.year_periods
    last = np.flatnonzero(np.diff(years, append=years[-1] + 1))
    taxable = by_year(income_usd, years)
    free = last < live + tax.holiday_periods if tax.holiday_periods else last < 0
    if tax.refunded:
        due = np.where(free, 0.0, taxable * tax.rate)
    else:
        rows = taxable.reshape(1, -1, last.size)
        exempt = np.broadcast_to(free.astype(np.float64), rows.shape[1:])
        due = income_tax(rows, exempt, np.full((rows.shape[1], 1), tax.rate)).reshape(taxable.shape)
    closing = period == last[years]
    paying = np.where(tax.spread & (last[years] >= live), period >= live, closing)
    return due[..., years] * (paying / np.bincount(years, weights=paying)[years])


@dataclass(frozen=True, slots=True, eq=False)
class Schedule:
    """A loan by period, (..., period) each, USD; interest plus principal is the service."""

    opening_usd: Array
    interest_usd: Array
    principal_usd: Array
    closing_usd: Array

    @property
    def service_usd(self) -> Array:
        """Interest plus principal."""
        return self.interest_usd + self.principal_usd


def schedule(debt_usd: Array, balances: Array, rate: Array) -> Schedule:
    """Write out a loan of a size (...) from the balances of a loan of 1 (..., period + 1).

    `rate` is the interest of each period: a quoted yearly rate / 12 for months.
    """
    owed = debt_usd[..., None] * balances
    opening, closing = owed[..., :-1], owed[..., 1:]
    return Schedule(opening, rate * opening, opening - closing, closing)


def balances_of(tranche: Tranche, rate: Array) -> Array:
    """Balances of a loan of 1 that cash does not set, (..., tenor + 1): from 1 to exactly 0."""
    left = tranche.tenor - tranche.grace
    match tranche.repayment:
        case Repayment.ANNUITY:
            paid_off = service_value(np.ones(left), rate[..., tranche.grace :])
        case Repayment.STRAIGHT:
            paid_off = 1 - np.arange(left + 1) / left
        case Repayment.BULLET:
            paid_off = np.append(np.ones(left), 0.0)
        case Repayment.STATED:
            paid_off = np.append(np.cumsum(tranche.shares[::-1])[::-1], 0.0)
        case Repayment.SCULPTED:
            raise ValueError(f"tranche {tranche.name!r} is sculpted: cash sets its balances")
    full = np.ones((*paid_off.shape[:-1], tranche.grace))
    return np.concatenate([full, paid_off / paid_off[..., :1]], axis=-1)


def service_value(service_usd: Array, rate: Array) -> Array:
    """Debt that a service repays: its present value at the debt rate, period by period.

    (..., period + 1): the balance of the loan before each payment, exactly 0 at the end.

    Examples
    --------
    >>> service_value(np.array([1000.0, 1100.0]), np.full(2, 0.1)).round(4)
    array([1818.1818, 1000.    ,    0.    ])
    """
    return _backward(service_usd, 1 / (1 + rate))


def service_value_after_tax(
    cash_usd: Array, income_usd: Array, cover: Array, rate: Array, tax_rate: float
) -> Array:
    """Debt sculpted to cash after a tax that its own interest lowers, in closed form.

    B[t-1] = (B[t] + (cash - tax rate x income) / k) / (1 + r - tax rate x r / k), B[end] = 0.
    Cash and income, (..., period), are before interest; k is `cover`. The balances hold where
    they stay above 0 and every period's income covers its interest, or losses are refunded;
    elsewhere `funding.financed` iterates from here.
    """
    paid = (cash_usd - tax_rate * income_usd) / cover
    return _backward(paid, 1 / (1 + rate - tax_rate * rate / cover))


def _backward(added: Array, factor: Array) -> Array:
    """Solve B[t-1] = (B[t] + added[t]) x factor[t] from B[end] = 0 without a loop."""
    added, factor = np.broadcast_arrays(added, factor)
    grown = np.cumprod(factor, axis=-1)
    worth = np.cumsum((added * grown)[..., ::-1], axis=-1)[..., ::-1]
    before = np.concatenate([np.ones_like(grown[..., :1]), grown[..., :-1]], axis=-1)
    return np.concatenate([worth / before, np.zeros_like(grown[..., :1])], axis=-1)


def target_cover(tranche: Tranche, contracted_usd: Array, merchant_usd: Array) -> Array:
    """Cover asked of all cash, (..., tenor), when contracted and merchant cash differ in theirs.

    (C + M) / (C / k_contracted + M / k_merchant), cash below zero weighing nothing.
    """
    firm, free = np.maximum(contracted_usd, 0.0), np.maximum(merchant_usd, 0.0)
    k_firm = np.broadcast_to(tranche.dscr, firm.shape[-1])
    k_free = np.broadcast_to(tranche.merchant_dscr or tranche.dscr, firm.shape[-1])
    if np.array_equal(k_firm, k_free):
        return np.broadcast_to(k_firm, firm.shape)
    carried = firm / k_firm + free / k_free
    some = carried > 0
    return np.where(some, (firm + free) / np.where(some, carried, 1.0), k_firm)


def carried(tranche: Tranche, rate: Array, headroom_usd: Array) -> tuple[Array, Array]:
    """Largest loan whose service stays within the headroom, and its balances for a loan of 1.

    Headroom, (..., tenor), is cash over target cover less the service of earlier tranches.
    """
    if tranche.repayment is Repayment.SCULPTED:
        worth = service_value(headroom_usd, rate)
        debt_usd = worth[..., 0]
        return debt_usd, worth / np.where(debt_usd > 0, debt_usd, 1.0)[..., None]
    balances = balances_of(tranche, rate)
    service = schedule(np.ones(()), balances, rate).service_usd
    paying = service > 0
    return (headroom_usd[..., paying] / service[paying]).min(axis=-1), balances


def reserve_need(service_usd: Array, periods: float) -> Array:
    """Service of the coming `periods` after each period, (..., period); 0 at maturity."""
    whole, part = divmod(periods, 1)
    pad = np.zeros((*service_usd.shape[:-1], int(whole) + 2))
    coming = np.concatenate([service_usd, pad], axis=-1)
    need = np.zeros_like(service_usd)
    for ahead in range(1, int(whole) + 2):
        need += (1.0 if ahead <= whole else part) * coming[..., ahead : ahead + need.shape[-1]]
    return need


def dscr(cfads_usd: Array, service_usd: Array) -> Array:
    """CFADS over service, (..., period); NaN in periods without service, never inf.

    Examples
    --------
    >>> dscr(np.array([130.0, 50.0]), np.array([100.0, 0.0]))
    array([1.3, nan])
    """
    served: Flags = service_usd > 0
    return np.where(served, cfads_usd / np.where(served, service_usd, 1.0), np.nan)
