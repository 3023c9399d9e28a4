"""Cost of delay, month by month: halls energised later than committed, money spent as planned.

Decisions, orders and the start of building stand, and so do the loans as signed: sales wait, while
interest and repayments fall due.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace

import numpy as np

from forecasts.cases import commit
from forecasts.drivers import Drivers, central
from forecasts.engine import Result, evaluate, inputs, outputs
from forecasts.figures import FIGURE
from forecasts.irr_rows import irr_rows
from forecasts.loans import FLOWS
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.uncertainty import annualised
from forecasts.units import Array

MOST_MONTHS = 24
"""Months of delay that are followed."""

ALL = "all"
"""Key of all factories together."""


@dataclass(frozen=True, slots=True)
class Delayed:
    """One delay.

    Attributes
    ----------
    months : int
        By which every phase is energised later; 0 is the plan.
    npv_usd : float
        Present value of the project's cash.
    npv_lost_usd : float
        Against the plan; below zero where being late saves.
    irr, equity_irr : float or None
        Yearly, of the project and of the owners; None where there is no single rate.
    waiting_interest_usd, waiting_principal_usd : float
        What falls due on the loans of new halls in the months by which they are late.
    """

    months: int
    npv_usd: float
    npv_lost_usd: float
    irr: float | None
    equity_irr: float | None
    waiting_interest_usd: float
    waiting_principal_usd: float


@dataclass(frozen=True, slots=True)
class DelayCurve:
    """The cost of delay of one factory, or of all together.

    Attributes
    ----------
    key : str
        The factory, or `ALL`.
    interest_building_usd, fees_usd : float
        Interest during construction and fees as signed: paid on time or late alike.
    points : tuple of Delayed
        No delay first.
    """

    key: str
    interest_building_usd: float
    fees_usd: float
    points: tuple[Delayed, ...]


def delay_curves(plan: Plan, outlook: Outlook, most: int = MOST_MONTHS) -> tuple[DelayCurve, ...]:
    """Return the cost of 0 to `most` months of delay: all factories together, then each.

    Parameters
    ----------
    plan, outlook : Plan, Outlook
        The case; drivers run along their means.
    most : int
        Longest delay, months.
    """
    expected = central(plan, outlook)
    result = evaluate(plan, _late(expected, most))
    interest, principal = _waiting(plan, expected, result, most)
    flows = np.stack([result.cash_usd, result.finance["equity_cash"]], axis=2)
    yearly = annualised(result.rates.rate)
    together = annualised(irr_rows(flows.sum(axis=1)).rate)
    npv = result.figures[:, :, FIGURE["npv"]]
    held = [result.finance[name][0].sum(axis=-1) for name in ("interest_building", "finance_fees")]
    whole = (npv.sum(axis=1), together, interest.sum(axis=0), principal.sum(axis=0))
    curves = [_curve(ALL, [float(one.sum()) for one in held], whole)]
    for row, site in enumerate(plan.sites):
        own = (npv[:, row], yearly[:, row], interest[row], principal[row])
        curves.append(_curve(site.key, [float(one[row]) for one in held], own))
    return tuple(curves)


def curves_data(curves: Sequence[DelayCurve]) -> list[dict[str, object]]:
    """Return the curves as plain data."""
    return [asdict(one) for one in curves]


def _curve(
    key: str, signed: Sequence[float], found: tuple[Array, Array, Array, Array]
) -> DelayCurve:
    npv, rates, interest, principal = found
    points = tuple(
        Delayed(
            months=months,
            npv_usd=float(npv[months]),
            npv_lost_usd=float(npv[0] - npv[months]),
            irr=_rate(rates[months, 0]),
            equity_irr=_rate(rates[months, 1]),
            waiting_interest_usd=float(interest[months]),
            waiting_principal_usd=float(principal[months]),
        )
        for months in range(npv.size)
    )
    building, fees = signed
    return DelayCurve(key, building, fees, points)


def _rate(found: float) -> float | None:
    return float(found) if np.isfinite(found) else None


def _late(drivers: Drivers, most: int) -> Drivers:
    """Return the same drivers on every path, path k being k months late."""
    repeated = {
        one.name: np.repeat(getattr(drivers, one.name), most + 1, axis=0)
        for one in fields(drivers)
        if one.name not in {"regional_weight", "slip_months"}
    }
    slip = np.repeat(np.arange(most + 1)[:, None], drivers.slip_months.shape[1], axis=1)
    return replace(drivers, **repeated, slip_months=slip)


def _waiting(plan: Plan, expected: Drivers, result: Result, most: int) -> tuple[Array, Array]:
    """Interest and principal of first loans due while their halls are late, (factory, delay)."""
    signed = outputs(plan, by_cohort=True)
    commit(inputs(plan, expected), signed)
    cohorts = result.cohorts
    first = ~cohorts.is_refresh & (cohorts.kw > 0)
    found = np.zeros((2, len(plan.sites), most + 1))
    for row, slot in zip(*np.nonzero(first), strict=True):
        begin = int(cohorts.live[row, slot])
        due = signed.flows[row, slot][[FLOWS.index("interest"), FLOWS.index("principal")]]
        months = due[:, begin : begin + most]
        found[:, row, 1 : 1 + months.shape[1]] += months.cumsum(axis=1)
        found[:, row, 1 + months.shape[1] :] += months.sum(axis=1)[:, None]
    return found[0], found[1]
