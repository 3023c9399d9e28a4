"""Demand: MW of IT load wanted from each factory, and how much of it signs contracts."""

from forecasts.compiled import Record, apart, bare
from forecasts.units import MONTHS_PER_YEAR, Array


@apart
def wanted(q: Record, regional_mw: Array, demand_mw: Array) -> None:
    """Fill in the IT load wanted from one factory, (month,).

    Regional capacity, times AI's share of it (a straight line from now to later), times the share
    that must stay under the country's own law (more under a strict data regime), times the share
    the factory can win.

    Parameters
    ----------
    q : QUANTITY
        Assumptions.
    regional_mw : (month,) array
        Live data-centre capacity of the region.
    demand_mw : (month,) array
        Filled.
    """
    per_month = 1 / max(q.ai_share_years * MONTHS_PER_YEAR, 1e-9)
    level = (1 + q.demand_change) * q.sovereign_share * q.regime_demand * q.capture_share
    now, risen = q.ai_share_now, q.ai_share_later - q.ai_share_now
    for month in range(regional_mw.size):
        progress = min(1.0, month * per_month)
        share = now + risen * progress
        demand_mw[month] = regional_mw[month] * share * level


@bare
def contractable(q: Record) -> float:
    """Share of demand that signs take-or-pay: regulated users, training and inference each."""
    free = q.training_share * q.training_contract_share
    free += (1 - q.training_share) * q.inference_contract_share
    bound = q.regulated_share
    return float(bound * q.regulated_contract_share + (1 - bound) * free)
