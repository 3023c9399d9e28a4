"""Cash of one factory through the ranks: service, reserve, sweep, lock-up, owners.

The loans stand as they were signed on the bank's case; each path pays them from its own cash. Cash
that falls short is met by locked cash, then the reserve, then the owners (`support`): no loan
defaults here, the cover ratio says that it would have.
"""

from forecasts.compiled import Record, Rows, apart, bare
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
    end, brought = out.shape[1] - 1, purse.brought
    for kept, flow in SIGNED:
        as_signed, written = loans.totals[flow], out[kept]
        for month in range(end + 1):
            written[month] = as_signed[month]
    service = (loans.totals[INTEREST], loans.totals[PRINCIPAL], loans.totals[TARGET])
    paid = (out[CFADS], out[F_TAX], out[F_INTEREST], out[F_PRINCIPAL], out[F_RESERVE])
    left = (out[F_SUPPORT], out[F_OUT], out[F_LOCKED], out[F_PREPAID])
    _cover(q, service, (brought[OPERATING], purse.tax), paid, left)
    out[F_TAX, end] += sale_tax
    out[F_LOCKED, end] = 0.0
    _rank(q, purse, loans, out)
    other, owners = brought[OTHER], out[F_OUT]
    for month in range(end + 1):
        owners[month] += other[month]
    owners[end] += out[F_RESERVE, end] - sale_tax
    out[F_RESERVE, end] = 0.0
    needed = (out[F_BUILDING], out[F_FEES], out[F_RESERVING], out[F_DRAWN], brought[INVESTED])
    earned = (brought[EARNED], out[F_TAX], out[F_INTEREST], loans.totals[DEDUCTED])
    _own(needed, earned, (out[F_PAID_IN], out[F_SUPPORT], out[F_OUT], out[F_PROFIT]))
    _withhold(q.withholding_tax, out[F_PROFIT], out[F_OUT], out[F_WITHHELD])
    flows = (out[F_OUT], out[F_WITHHELD], out[F_PAID_IN], out[F_SUPPORT])
    _keep(flows, out[F_EQUITY])


@apart
def _cover(q: Record, service: Rows, earned: Rows, paid: Rows, left: Rows) -> None:
    """Fill in cash and service as signed, and what of that cash is short of service or free.

    For `_rank` the reserve holds its target, and locked cash whether cash is locked.
    """
    interest, principal, target = service
    operating, tax = earned
    cfads, taxed, interest_paid, repaid, aim = paid
    short, free, locks, prepaid = left
    for month in range(cfads.size):
        cash, due = operating[month] + tax[month], interest[month] + principal[month]
        cfads[month], taxed[month] = cash, -tax[month]
        interest_paid[month], repaid[month] = interest[month], principal[month]
        short[month], free[month] = max(due - cash, 0.0), max(cash - due, 0.0)
        locks[month] = 1.0 if due > 0 and cash < q.lockup_dscr * due else 0.0
        aim[month], prepaid[month] = target[month], 0.0


@bare
def _rank(q: Record, purse: Record, loans: Record, out: Array) -> None:
    """Pay service, fill the reserve, sweep and lock, month by month."""
    kept, owed = purse.swept[0], purse.swept[1]
    for place in range(kept.size):
        kept[place], owed[place] = 1.0, 0.0
    locked = reserve = debt = 0.0
    support, owners, reserves, held = out[F_SUPPORT], out[F_OUT], out[F_RESERVE], out[F_LOCKED]
    reserving, drawn, repaid, owing = out[F_RESERVING], out[F_DRAWN], out[F_PRINCIPAL], out[F_DEBT]
    sweeps = q.cash_sweep > 0
    for month in range(owners.size):
        if sweeps:
            _lower(q, loans, purse.swept, month, out)
        short, free, target = support[month], owners[month], reserves[month]
        reserve += reserving[month]
        unlocked = used = topped = swept = 0.0
        if short > 0 or reserve != target:
            unlocked = min(short, locked)
            used = min(short - unlocked, reserve)
            topped = min(target - reserve + used, free)
            reserve += topped - used
        if sweeps:
            swept = _sweep(q, loans, purse.swept, month, out, free - topped)
        pot = locked - unlocked + free - topped - swept
        locked = 0.0
        if held[month] > 0:
            locked, pot = pot, 0.0
        debt += drawn[month] - repaid[month] - swept
        reserves[month], held[month], owing[month] = reserve, locked, debt
        support[month], owners[month] = short - unlocked - used, pot


@bare
def _lower(q: Record, loans: Record, swept: Array, month: int, out: Array) -> None:
    """Lower a month's service, and what follows from it, by what was prepaid."""
    interest, principal, target = _scaled(loans, swept[0], swept[1], month)
    service, cfads = interest + principal, out[CFADS, month]
    out[F_INTEREST, month], out[F_PRINCIPAL, month] = interest, principal
    out[F_SUPPORT, month], out[F_OUT, month] = max(service - cfads, 0.0), max(cfads - service, 0.0)
    locks = service > 0 and cfads < q.lockup_dscr * service and month < out.shape[1] - 1
    out[F_RESERVE, month], out[F_LOCKED, month] = target, 1.0 if locks else 0.0


@bare
def _sweep(q: Record, loans: Record, swept: Array, month: int, out: Array, free: float) -> float:
    """Prepay loans from a share of the cash above a stated cover; return what was prepaid."""
    service = out[F_INTEREST, month] + out[F_PRINCIPAL, month]
    if service <= 0:
        return 0.0
    spare = max(out[CFADS, month] - q.sweep_dscr * service, 0.0) * q.cash_sweep
    out[F_PREPAID, month] = _prepay(loans, month, swept[0], swept[1], min(spare, free))
    return float(out[F_PREPAID, month])


@apart
def _own(needed: Rows, earned: Rows, found: Rows) -> None:
    """Fill in what owners pay in, the support they give, what is paid out to them, and profit."""
    building, fees, reserving, drawn, invested = needed
    income, tax, interest, fees_deducted = earned
    paid_in, support, paid_out, profit = found
    for month in range(profit.size):
        uses = invested[month] + (building[month] + fees[month] + reserving[month])
        paid_in[month] = uses - drawn[month]
        support[month] += max(-paid_out[month], 0.0)
        paid_out[month] = max(paid_out[month], 0.0)
        profit[month] = income[month] - tax[month] - (interest[month] + fees_deducted[month])


@apart
def _withhold(share: float, profit: Array, paid_out: Array, withheld: Array) -> None:
    """Fill in the tax withheld: dividends, up to the profits so far, bear it."""
    undistributed = 0.0
    for month in range(profit.size):
        left = undistributed + profit[month]
        withheld[month] = min(paid_out[month], max(left, 0.0)) * share
        # What is left less the dividend, in fewer steps that wait for each other.
        undistributed = min(left, max(undistributed + (profit[month] - paid_out[month]), 0.0))


@apart
def _keep(kept: Rows, equity: Array) -> None:
    """Fill in the owners' cash."""
    paid_out, withheld, paid_in, support = kept
    for month in range(equity.size):
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
