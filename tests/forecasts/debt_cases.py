"""Small factories for tests of debt, and random projects with one to three loans."""

import numpy as np
from hypothesis import strategies as st

from forecasts.debt import Draws, Repayment, TaxTerms, Terms, Tranche
from forecasts.funding import Cash

UNTAXED = TaxTerms(rate=0.0)


def cash_of(contracted, merchant=0.0, untaxed=0.0, depreciation=0.0) -> Cash:
    contracted = np.asarray(contracted, dtype=float)
    others = (np.broadcast_to(x, contracted.shape) + 0.0 for x in (merchant, untaxed, depreciation))
    return Cash(contracted, *others)


def yearly(*tranches: Tranche, **changes) -> Terms:
    return Terms(tranches, **({"availability": 1, "periods_per_year": 1} | changes))


def built_at_once(cost: float, periods: int) -> np.ndarray:
    return np.append(cost, np.zeros(periods - 1))


@st.composite
def projects(draw, sculpted_only=False, swept=True):
    """Draw cash of three paths, costs, terms of one to three loans, and tax."""
    live, tenor = draw(st.integers(1, 18)), draw(st.integers(2, 60))
    periods = live + tenor + draw(st.integers(0, 12))
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    costs = np.append(rng.uniform(1, 10, live), np.zeros(periods - live))
    level = costs.sum() / tenor * rng.uniform(0.3, 4)
    contracted, merchant = level * rng.uniform(0.4, 1.3, (2, 3, periods))
    contracted[:, :live], merchant[:, :live] = 0, 0
    depreciation = np.zeros((3, periods))
    depreciation[:, live : live + tenor] = costs.sum() / tenor * draw(st.floats(0, 1.5))
    cash = cash_of(contracted, merchant, depreciation=depreciation)
    tranches = [
        Tranche(
            "senior",
            rate=draw(st.floats(0, 0.15)),
            tenor=tenor,
            dscr=(draw(st.floats(1.05, 2)),),
            merchant_dscr=draw(st.sampled_from([(), (2.2,)])),
            gearing=draw(st.floats(0.1, 1)),
            upfront_fee=draw(st.floats(0, 0.03)),
            commitment_fee=draw(st.floats(0, 0.02)),
        )
    ]
    if not sculpted_only and draw(st.booleans()):
        kind = draw(st.sampled_from([Repayment.ANNUITY, Repayment.STRAIGHT, Repayment.BULLET]))
        tranches.append(Tranche("lease", 0.1, max(1, tenor // 2), kind, gearing=0.3, dscr=(1.02,)))
    if not sculpted_only and draw(st.booleans()):
        tranches.append(Tranche("soft", 0.01, tenor, Repayment.ANNUITY, gearing=0.2))
    terms = Terms(
        tuple(tranches),
        availability=live,
        max_gearing=draw(st.floats(0.3, 1)),
        draws=draw(st.sampled_from(list(Draws))),
        dsra_months=draw(st.sampled_from([0, 3, 4.5])) if tenor > 12 else 0,
        sweep=draw(st.sampled_from([0, 0.5, 1])) if swept else 0,
        sweep_dscr=1.2,
        lockup_dscr=draw(st.sampled_from([0, 1.15, 3])),
        tax_before_service=sculpted_only or draw(st.booleans()),
    )
    tax = TaxTerms(
        draw(st.sampled_from([0, 0.25, 0.4])),
        refunded=draw(st.booleans()),
        year_periods=draw(st.sampled_from([1, 12])),
        finance_cost_periods=draw(st.sampled_from([0, tenor])),
    )
    return cash, costs, terms, tax
