"""Energy of a factory by source and month: grid, purchase agreement, bridge; what each costs.

The three parts of the energy add up to what is used, and the costs of the sources, with the rent
of the bridge, to the line `power`: checks hold both.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.energy_used import energy_mwh
from forecasts.engine import Result
from forecasts.tax import by_year, calendar_years
from forecasts.units import MONTHS_PER_YEAR, Array

KW_PER_MW = 1e3

PARTS = ("grid", "ppa", "bridge")
"""Sources of energy."""

NAMES: Mapping[str, str] = {
    "grid": "Grid",
    "ppa": "Power purchase agreement",
    "bridge": "Bridge (own generators)",
}
"""Their names on screen."""


@dataclass(frozen=True, slots=True, eq=False)
class EnergyMix:
    """Energy and its cost by month, or by year: arrays of one length.

    Attributes
    ----------
    grid_mwh, ppa_mwh, bridge_mwh : arrays
        Energy used, by source.
    grid_usd, ppa_usd, bridge_fuel_usd, bridge_rent_usd : arrays
        What it costs, positive; nominal.
    """

    grid_mwh: Array
    ppa_mwh: Array
    bridge_mwh: Array
    grid_usd: Array
    ppa_usd: Array
    bridge_fuel_usd: Array
    bridge_rent_usd: Array

    @property
    def columns(self) -> dict[str, Array]:
        """Every array by name."""
        return {name: getattr(self, name) for name in COLUMNS}

    @property
    def used_mwh(self) -> Array:
        """Energy of all sources."""
        return self.grid_mwh + self.ppa_mwh + self.bridge_mwh

    @property
    def usd(self) -> Array:
        """Cost of all sources, with rent."""
        return self.grid_usd + self.ppa_usd + self.bridge_fuel_usd + self.bridge_rent_usd


COLUMNS = (
    "grid_mwh",
    "ppa_mwh",
    "bridge_mwh",
    "grid_usd",
    "ppa_usd",
    "bridge_fuel_usd",
    "bridge_rent_usd",
)
"""Columns of the table."""


def energy_mix(result: Result, row: int, path: int = 0) -> EnergyMix:
    """Return energy and its cost by source in every month of the projection.

    Parameters
    ----------
    result : Result
        A projection.
    row : int
        Factory.
    path : int
        Path of the drivers.
    """
    q = result.plan.quantities[row]
    used = energy_mwh(result, row, path)
    grid, ppa, bridge = (used * share for share in source_shares(result, row))
    level = (1 + q["inflation"]) ** (np.arange(used.size) / MONTHS_PER_YEAR)
    drivers = result.drivers
    dearer = q["power_local_share"] * (drivers.local_index[path, row] - 1)
    tariff = q["power_price"] * (1 + q["power_price_change"])
    return EnergyMix(
        grid_mwh=grid,
        ppa_mwh=ppa,
        bridge_mwh=bridge,
        grid_usd=grid * KW_PER_MW * tariff * drivers.power_index[path, row] * (1 + dearer),
        ppa_usd=ppa * KW_PER_MW * q["ppa_price"] * level,
        bridge_fuel_usd=bridge * KW_PER_MW * q["bridge_fuel_cost"] * level,
        bridge_rent_usd=rented_kw(result, row) * q["bridge_rent"] * level,
    )


def source_shares(result: Result, row: int) -> tuple[Array, Array, Array]:
    """Return the shares of `PARTS` in the energy of every month; months without load are grid's.

    Capacity is that of the plan on every path.
    """
    q = result.plan.quantities[row]
    live = result.sales.live_mw[row]
    carried = _bridged_mw(result, row)
    bridge = np.minimum(np.divide(carried, live, out=np.zeros_like(live), where=live > 0), 1.0)
    ppa = (1 - bridge) * q["ppa_share"]
    return 1 - bridge - ppa, ppa, bridge


def _bridged_mw(result: Result, row: int) -> Array:
    """IT load that generators carry in each month, tenants' space included."""
    month = np.arange(result.plan.months)
    phases, cohorts = result.phases[row], result.cohorts
    found = np.zeros(month.size)
    for place in np.flatnonzero(cohorts.kw[row] > 0).tolist():
        grid = phases[cohorts.phase[row, place]].grid
        there = (month >= cohorts.live[row, place]) & (month < cohorts.end[row, place])
        found += np.where(there & (month < grid), cohorts.kw[row, place] / KW_PER_MW, 0.0)
    for phase in phases:
        found += np.where((month >= phase.live) & (month < phase.grid), phase.leased_mw, 0.0)
    return found * float(result.plan.quantities[row]["bridge_power_share"])


def rented_kw(result: Result, row: int) -> Array:
    """Return the facility power for which generators are rented in each month, kW, (month,)."""
    q, month = result.plan.quantities[row], np.arange(result.plan.months)
    kw = np.zeros(month.size)
    for phase in result.phases[row]:
        there = (month >= phase.energised) & (month < phase.grid)
        kw += np.where(there, phase.it_mw * KW_PER_MW, 0.0)
    return kw * float(q["bridge_power_share"] * q["pue"])


def mix_years(result: Result, row: int, path: int = 0) -> EnergyMix:
    """Return the same by calendar year of the projection."""
    calendar = calendar_years(result.plan.start, result.plan.months)
    monthly = energy_mix(result, row, path).columns
    return EnergyMix(**{name: by_year(values, calendar) for name, values in monthly.items()})


def mix_gaps(result: Result) -> tuple[float, float]:
    """Largest relative gap between sources added up and energy used, and the line `power`."""
    gaps = [0.0, 0.0]
    for row in range(len(result.plan.sites)):
        if result.drivers.slip_months[0, row] > 0:
            continue
        mix = energy_mix(result, row)
        pairs = (
            (mix.used_mwh, energy_mwh(result, row)),
            (mix.usd, -result.lines["power"][0, row]),
        )
        for place, (found, whole) in enumerate(pairs):
            apart = float(np.abs(found - whole).max(initial=0.0))
            scale = max(float(np.abs(whole).max(initial=0.0)), 1.0)
            gaps[place] = max(gaps[place], apart / scale)
    return gaps[0], gaps[1]
