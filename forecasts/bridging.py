"""Is a bridge worth it? One factory with and without it, and up to which rent it pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from forecasts.drivers import central
from forecasts.energy_mix import energy_mix
from forecasts.engine import Result, evaluate
from forecasts.goals import Aim, goal_seek
from forecasts.replanned import Planner
from forecasts.returns import factory_returns

DEAREST_RENT = 250.0
"""Highest rent of generators that is tried, USD per kW and month."""


@dataclass(frozen=True, slots=True)
class Side:
    """A factory with a bridge, or without.

    Attributes
    ----------
    energised, live, on_grid : int or None
        Months of phase one; None where nothing is built.
    npv_usd : float
        Present value of the project's cash.
    irr, lcoc : float or None
        Of the project; None where there is none.
    capex_usd, power_usd : float
        First-time capex; cost of power over the projection, nominal.
    """

    energised: int | None
    live: int | None
    on_grid: int | None
    npv_usd: float
    irr: float | None
    lcoc: float | None
    capex_usd: float
    power_usd: float


@dataclass(frozen=True, slots=True)
class Bridging:
    """What a bridge does for one factory.

    Attributes
    ----------
    share : float
        Share of a phase's power that it carries.
    stated : bool
        Whether the scenario states it; otherwise all power is tried.
    phases : int
        Phases that it carries; 0 where the grid holds none back, or generators come no sooner.
    alone, bridged : Side
        Without it, and with it.
    fuel_usd, rent_usd : float
        What it costs, nominal.
    mwh : float
        Energy it makes.
    rent, fuel : float
        Rent (USD per kW and month) and fuel (USD per kWh) at the start of the model.
    most_rent : float or None
        Rent at which NPV is the same with it and without; None where none up to `DEAREST_RENT`.
    reason : str
        Why there is none; empty otherwise.
    """

    share: float
    stated: bool
    phases: int
    alone: Side
    bridged: Side
    fuel_usd: float
    rent_usd: float
    mwh: float
    rent: float
    fuel: float
    most_rent: float | None
    reason: str

    @property
    def cost_usd(self) -> float:
        """Fuel and rent."""
        return self.fuel_usd + self.rent_usd

    @property
    def gain_usd(self) -> float:
        """NPV gained."""
        return self.bridged.npv_usd - self.alone.npv_usd

    @property
    def sooner_months(self) -> int:
        """Months by which the first hour is sold sooner."""
        if self.alone.live is None or self.bridged.live is None:
            return 0
        return self.alone.live - self.bridged.live


def bridging(planner: Planner, key: str) -> Bridging:
    """Compare one factory with and without a bridge, all else as the scenario states it.

    Parameters
    ----------
    planner : Planner
        The scenario; quickest with this factory alone.
    key : str
        The factory.

    Raises
    ------
    ValueError
        If there is no such factory.
    """
    row = planner.row(key) or 0
    said = float(planner.plan.quantities[row]["bridge_power_share"])
    share = said if said > 0 else 1.0
    with_it, without = (_carried(planner, row, one) for one in (share, 0.0))
    alone, bridged = _side(without, row), _side(with_it, row)
    mix = energy_mix(with_it, row)
    count = sum(phase.bridged_months > 0 for phase in with_it.phases[row])
    most, reason = _most_rent(planner, row, share, alone.npv_usd) if count else (None, "")
    q = planner.plan.quantities[row]
    return Bridging(
        share=share,
        stated=said > 0,
        phases=count,
        alone=alone,
        bridged=bridged,
        fuel_usd=float(mix.bridge_fuel_usd.sum()),
        rent_usd=float(mix.bridge_rent_usd.sum()),
        mwh=float(mix.bridge_mwh.sum()),
        rent=float(q["bridge_rent"]),
        fuel=float(q["bridge_fuel_cost"]),
        most_rent=most,
        reason=reason,
    )


def _with(planner: Planner, row: int, share: float) -> Planner:
    shares = planner.plan["bridge_power_share"].copy()
    shares[row] = share
    plan = planner.plan.having(bridge_power_share=shares)
    return Planner(plan, planner.outlook, planner.catalog)


def _carried(planner: Planner, row: int, share: float) -> Result:
    plan = _with(planner, row, share).plan
    return evaluate(plan, central(plan, planner.outlook))


def _side(result: Result, row: int) -> Side:
    found, phases = factory_returns(result, row), result.phases[row]
    first = phases[0] if phases else None
    npv = found["npv"].value
    return Side(
        energised=None if first is None else first.energised,
        live=None if first is None else first.live,
        on_grid=None if first is None else first.grid,
        npv_usd=0.0 if npv is None else npv,
        irr=found["irr"].value,
        lcoc=found["lcoc"].value,
        capex_usd=found["capex"].value or 0.0,
        power_usd=-float(result.lines["power"][0, row].sum()),
    )


def _most_rent(planner: Planner, row: int, share: float, target: float) -> tuple[float | None, str]:
    """Return the rent at which a bridge is worth nothing, or why there is none."""
    tried, key = _with(planner, row, share), planner.plan.sites[row].key
    ends = tried.copies(2)
    ends["bridge_rent"] = np.array([[0.0], [DEAREST_RENT]])
    free, dear = tried.metric(ends, "npv", key)
    if free < target:
        return None, "It does not pay even with generators free of rent"
    if dear > target:
        return None, f"It pays at any rent up to {DEAREST_RENT:g} USD per kW and month"
    found = goal_seek(tried, Aim("npv", target, "bridge_rent", key), (0.0, DEAREST_RENT))
    return found.value, found.reason
