"""Demand: MW of IT load wanted from each factory, and how much of it the build-out meets."""

from dataclasses import dataclass

import numpy as np

from forecasts.units import MONTHS_PER_YEAR, Array


def ai_share(now: Array, later: Array, years: Array, months: int) -> Array:
    """AI's share of data-centre capacity by month: a straight line from now to later.

    Parameters
    ----------
    now, later : (factory, 1) arrays
        Shares at month 0 and from `years` on.
    years : (factory, 1) array
        Length of the line; 0 means at once.
    months : int
        Length of the projection.

    Returns
    -------
    (factory, month) array
    """
    month = np.arange(months)[None, :]
    progress = np.minimum(1.0, month / np.maximum(years * MONTHS_PER_YEAR, 1e-9))
    return now + (later - now) * progress


def wanted_mw(regional_mw: Array, shares: tuple[Array, ...], change: Array) -> Array:
    """IT load wanted from each factory: regional MW times every share, times `1 + change`.

    Parameters
    ----------
    regional_mw : (path, factory, month) array
        Live data-centre capacity of the region.
    shares : tuple of arrays that broadcast to (factory, month)
        AI share, sovereign share, captured share.
    change : (factory, 1) array
        Change of the level against the forecast, as a share.
    """
    wanted = regional_mw * (1 + change)
    for share in shares:
        wanted = wanted * share
    return wanted


@dataclass(frozen=True, slots=True)
class Coverage:
    """How the build-out meets demand, over the months in which the factory is live.

    Attributes
    ----------
    captured_share : float
        Integral of min(demand, capacity) over the integral of demand.
    shortfall_mw_months : float
        Demand above capacity.
    stranded_mw_months : float
        Capacity above demand.
    """

    captured_share: float
    shortfall_mw_months: float
    stranded_mw_months: float


def coverage(demand_mw: Array, live_mw: Array) -> Coverage | None:
    """Compare demand with live capacity from the first live month on.

    Parameters
    ----------
    demand_mw, live_mw : (month,) arrays
        IT load wanted and installed.

    Returns
    -------
    Coverage or None
        None when nothing goes live or nothing is wanted.
    """
    live = live_mw > 0
    wanted = float(demand_mw[live].sum())
    if wanted <= 0:
        return None
    met = np.minimum(demand_mw[live], live_mw[live]).sum()
    return Coverage(
        captured_share=float(met) / wanted,
        shortfall_mw_months=wanted - float(met),
        stranded_mw_months=float(live_mw[live].sum() - met),
    )
