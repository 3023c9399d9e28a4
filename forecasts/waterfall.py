"""Cash of one factory through the ranks: service, reserve, sweep, lock-up, owners.

The loans stand as they were signed on the bank's case; each path pays them from its own cash. Cash
that falls short is met by locked cash, then the reserve, then the owners (`support`): no loan
defaults here, the cover ratio says that it would have.
"""

from forecasts.compiled import Record, bare
from forecasts.loans import (
    DEDUCTED,
    DRAWN,
    FEES,
    INTEREST,
    INTEREST_BUILDING,
    PRINCIPAL,
    RESERVED,
    TARGET,
)
from forecasts.units import Array

FINANCE = (
    "cfads",
    "debt_drawn",
    "interest_building",
    "finance_fees",
    "reserve_funding",
    "interest",
    "principal",
    "prepaid",
    "levered_tax",
    "equity_paid_in",
    "support",
    "reserve",
    "locked",
    "distributions",
    "withholding_tax",
    "equity_cash",
    "debt",
    "profit",
)
"""What finance keeps by month: balances at its end, and flows; costs and payments positive."""

F = {name: place for place, name in enumerate(FINANCE)}
"""Row of each."""

CFADS, F_DRAWN, F_BUILDING, F_FEES = (
    F["cfads"],
    F["debt_drawn"],
    F["interest_building"],
    F["finance_fees"],
)
F_RESERVING, F_INTEREST, F_PRINCIPAL, F_PREPAID = (
    F["reserve_funding"],
    F["interest"],
    F["principal"],
    F["prepaid"],
)
F_TAX, F_PAID_IN, F_SUPPORT, F_RESERVE = (
    F["levered_tax"],
    F["equity_paid_in"],
    F["support"],
    F["reserve"],
)
F_LOCKED, F_OUT, F_WITHHELD, F_EQUITY = (
    F["locked"],
    F["distributions"],
    F["withholding_tax"],
    F["equity_cash"],
)
F_DEBT, F_PROFIT = F["debt"], F["profit"]

OPERATING, INVESTED, OTHER, EARNED = range(4)
"""Rows of what a path brings: operating cash before tax; capex net of grants and working capital
tied up (positive); sales of assets and working capital freed; income before interest and tax."""

SIGNED = (
    (F_DRAWN, DRAWN),
    (F_BUILDING, INTEREST_BUILDING),
    (F_FEES, FEES),
    (F_RESERVING, RESERVED),
)
"""What is paid as signed on every path: its row here, and among the flows of the loans."""


@bare
def distribute(q: Record, purse: Record, sale_tax: float, loans: Record, out: Array) -> None:
    """Fill in finance by month, (finance, month).

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    purse : Purse
        What the path brings: operating cash, capex, other cash, income; and tax after interest,
        negative, without that on the final sale.
    sale_tax : float
        Tax on the final sale, positive.
    loans : Loans
        As signed.
    out : (finance, month) array
        Filled.
    """
    end, brought, tax = out.shape[1] - 1, purse.brought, purse.tax
    cash, paid, operating = out[CFADS], out[F_TAX], brought[OPERATING]
    for month in range(end + 1):
        cash[month] = operating[month] + tax[month]
    for month in range(end + 1):
        paid[month] = -tax[month]
    for kept, flow in SIGNED:
        as_signed, written = loans.totals[flow], out[kept]
        for month in range(end + 1):
            written[month] = as_signed[month]
    out[F_TAX, end] += sale_tax
    _rank(q, purse, sale_tax, loans, out)
    _own(q, brought, loans, out)


@bare
def _rank(q: Record, purse: Record, sale_tax: float, loans: Record, out: Array) -> None:
    """Pay service, fill the reserve, sweep and lock, month by month."""
    other, kept, owed = purse.brought[OTHER], purse.swept[0], purse.swept[1]
    for place in range(kept.size):
        kept[place], owed[place] = 1.0, 0.0
    locked = reserve = debt = 0.0
    sweep, lockup = q.cash_sweep, q.lockup_dscr
    last = out.shape[1] - 1
    for month in range(last + 1):
        interest, principal = loans.totals[INTEREST, month], loans.totals[PRINCIPAL, month]
        target = loans.totals[TARGET, month]
        if sweep > 0:
            interest, principal, target = _scaled(loans, kept, owed, month)
        service, cfads = interest + principal, out[CFADS, month]
        free, short = max(cfads - service, 0.0), max(service - cfads, 0.0)
        reserve += out[F_RESERVING, month]
        unlocked = used = topped = 0.0
        if short > 0 or reserve != target:
            unlocked = min(short, locked)
            used = min(short - unlocked, reserve)
            topped = min(target - reserve + used, free)
            reserve += topped - used
        swept = 0.0
        if sweep > 0 and service > 0:
            spare = max(cfads - q.sweep_dscr * service, 0.0) * sweep
            swept = _prepay(loans, month, kept, owed, min(spare, free - topped))
        pot = locked - unlocked + free - topped - swept
        locked = 0.0
        if service > 0 and cfads < lockup * service and month < last:
            locked, pot = pot, 0.0
        pot += other[month]
        if month == last:
            pot, reserve = pot + reserve - sale_tax, 0.0
        debt += out[F_DRAWN, month] - principal - swept
        out[F_INTEREST, month], out[F_PRINCIPAL, month] = interest, principal
        out[F_PREPAID, month], out[F_DEBT, month] = swept, debt
        out[F_RESERVE, month], out[F_LOCKED, month] = reserve, locked
        out[F_SUPPORT, month], out[F_OUT, month] = short - unlocked - used, pot


@bare
def _own(q: Record, brought: Array, loans: Record, out: Array) -> None:
    """What owners pay in and get: dividends, up to the profits so far, bear withholding tax."""
    profits = dividends = 0.0
    withholding, months = q.withholding_tax, out.shape[1]
    building, fees, reserving, drawn = out[F_BUILDING], out[F_FEES], out[F_RESERVING], out[F_DRAWN]
    paid_in, support, paid_out, invested = (
        out[F_PAID_IN],
        out[F_SUPPORT],
        out[F_OUT],
        brought[INVESTED],
    )
    profit, income, tax, interest = out[F_PROFIT], brought[EARNED], out[F_TAX], out[F_INTEREST]
    fees_deducted, withheld, equity = loans.totals[DEDUCTED], out[F_WITHHELD], out[F_EQUITY]
    for month in range(months):
        needed = building[month] + fees[month] + reserving[month]
        paid_in[month] = invested[month] + needed - drawn[month]
    for month in range(months):
        support[month] += max(-paid_out[month], 0.0)
    for month in range(months):
        paid_out[month] = max(paid_out[month], 0.0)
    for month in range(months):
        profit[month] = income[month] - tax[month] - (interest[month] + fees_deducted[month])
    for month in range(months):
        profits += profit[month]
        dividend = min(paid_out[month], max(profits - dividends, 0.0))
        dividends += dividend
        withheld[month] = dividend * withholding
    for month in range(months):
        equity[month] = paid_out[month] - withheld[month] - paid_in[month] - support[month]


@bare
def _scaled(loans: Record, kept: Array, owed: Array, month: int) -> tuple[float, float, float]:
    """Interest, principal and reserve of a month, lower for loans that were prepaid."""
    interest = principal = target = 0.0
    for place in range(kept.size):
        flows = loans.flows[place]
        interest += kept[place] * flows[INTEREST, month]
        paid = kept[place] * flows[PRINCIPAL, month]
        principal += paid
        target += kept[place] * flows[TARGET, month]
        owed[place] += flows[DRAWN, month] - paid
        if owed[place] < 1e-6:
            owed[place] = 0.0
    return interest, principal, target


@bare
def _prepay(loans: Record, month: int, kept: Array, owed: Array, cash: float) -> float:
    """Prepay loans in service, the oldest first; each lowers all later service of its loan."""
    paid = 0.0
    for place in range(kept.size):
        serving = loans.flows[place, INTEREST, month] > 0
        if not serving or owed[place] <= 0 or cash <= paid:
            continue
        amount = min(cash - paid, owed[place])
        kept[place] *= 1 - amount / owed[place]
        owed[place] -= amount
        paid += amount
    return paid
