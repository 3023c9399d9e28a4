"""First-time capex by phase and line, per MW and per GPU: adding up to what is paid."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.capex import KW_PER_MW, WATTS_PER_MW
from forecasts.compiled import Record
from forecasts.engine import Result
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.units import Array

FACILITY = ("shell", "electrical", "cooling", "grid_connection", "contingency", "owners_cost")
"""Lines that are paid while a hall is built: they keep their proportions through the months."""

HARDWARE = ("racks", "network_storage", "integration", "security_platform", "freight_duty")
"""Lines that are paid with the racks, in fixed proportions to them."""


@dataclass(frozen=True, slots=True)
class CapexLine:
    """One line of a factory's first-time capex.

    Attributes
    ----------
    name, label, help : str
        Key, name on screen, what it holds.
    usd : float
        All phases.
    share : float
        Of all lines.
    usd_per_mw, usd_per_gpu : float or None
        Over the IT load and over the GPUs of all phases; None where there are none.
    phases_usd : tuple of float
        By phase.
    """

    name: str
    label: str
    help: str
    usd: float
    share: float
    usd_per_mw: float | None
    usd_per_gpu: float | None
    phases_usd: tuple[float, ...]


def by_phase(result: Result, row: int) -> Array:
    """Return first-time capex of a factory, (phase, line) in the order of `CAPEX_LINES`, USD.

    What the model pays for a hall is one sum a phase; its lines share it in fixed proportions, and
    so do the lines that come with racks.
    """
    phases = len(result.phases[row])
    assets, opening = result.assets, _first_racks(result)[row]
    paid = (
        assets.facility_usd[row, :phases],
        assets.hardware_usd[row, np.flatnonzero(opening)[:phases]],
        assets.land_usd[row, :phases],
    )
    return _in_order(paid, _proportions(result.plan.quantities[row : row + 1]))


def stack_gap(result: Result) -> float:
    """Largest difference between phases added up and a line as it is paid, over the largest line.

    All factories at once: the checks ask after every change of a scenario.
    """
    assets = result.assets
    paid = (
        assets.facility_usd.sum(axis=1),
        (assets.hardware_usd * _first_racks(result)).sum(axis=1),
        assets.land_usd.sum(axis=1),
    )
    found = _in_order(paid, _proportions(result.plan.quantities))
    lines = np.stack([-result.lines[name][0].sum(axis=1) for name in CAPEX_LINES], axis=-1)
    apart = float(np.abs(found - lines).max(initial=0.0))
    return apart / max(float(lines.max(initial=0.0)), 1.0)


def _first_racks(result: Result) -> Array:
    """1 for racks that were bought with a phase, else 0, (factory, slot)."""
    return np.where(result.cohorts.is_refresh, 0.0, np.sign(result.cohorts.kw))


def _in_order(paid: tuple[Array, Array, Array], proportions: tuple[Array, Array]) -> Array:
    """Spread what was paid for halls, racks and land over the lines, (..., line)."""
    halls, racks, land = paid
    found = np.zeros((halls.size, len(CAPEX_LINES)))
    found[:, _places(FACILITY)] = halls[:, None] * proportions[0]
    found[:, _places(HARDWARE)] = racks[:, None] * proportions[1]
    found[:, CAPEX_LINES.index("land")] = land
    return found


def _places(names: tuple[str, ...]) -> list[int]:
    return [CAPEX_LINES.index(name) for name in names]


def _proportions(q: Record) -> tuple[Array, Array]:
    """Shares of `FACILITY` in a hall and of `HARDWARE` in racks, (factory, line) each."""
    plant = q["build_cost"] * (1 + q["ai_build_premium"]) * WATTS_PER_MW
    grid = KW_PER_MW * q["pue"] * q["grid_connection_cost"]
    shell, electrical = q["shell_cost_share"], q["electrical_cost_share"]
    extra = [(plant + grid) * q[name] for name in ("contingency_share", "owners_cost_share")]
    built = [plant * shell, plant * electrical, plant * (1 - shell - electrical), grid, *extra]
    network = q["network_storage_share"]
    bringing = (1 + network) * (q["freight_share"] + q["import_duty"])
    own = [network, q["integration_share"], q["security_platform_share"], bringing]
    return _shares(built), _shares([np.ones_like(network), *own])


def _shares(weights: list[Array]) -> Array:
    """Bring weights, one array by factory each, to shares of their sum, if there is one."""
    stacked = np.stack(weights, axis=-1)
    whole = stacked.sum(axis=-1, keepdims=True)
    return np.asarray(stacked / np.where(whole > 0, whole, 1.0))


def capex_lines(result: Result, row: int, names: Sequence[str] = CAPEX_LINES) -> list[CapexLine]:
    """Return the lines of a factory's first-time capex, largest first; none where nothing is paid.

    Parameters
    ----------
    result, row : Result, int
        Projection and factory.
    names : sequence of str
        Lines wanted.
    """
    stack = by_phase(result, row)
    mw = sum(phase.it_mw for phase in result.phases[row])
    gpus = sum(phase.gpus for phase in result.phases[row])
    whole = float(stack.sum())
    made = []
    for name in names:
        own = stack[:, CAPEX_LINES.index(name)]
        usd = float(own.sum())
        line = LINES[name]
        made.append(
            CapexLine(
                name=name,
                label=line.label,
                help=line.help,
                usd=usd,
                share=usd / whole if whole > 0 else 0.0,
                usd_per_mw=usd / mw if mw > 0 else None,
                usd_per_gpu=usd / gpus if gpus > 0 else None,
                phases_usd=tuple(own.tolist()),
            )
        )
    return sorted((one for one in made if one.usd > 0), key=lambda one: -one.usd)


def phase_lines(result: Result, row: int) -> Iterator[dict[str, float]]:
    """Give the lines of each phase by name, USD, in the order of the phases."""
    for own in by_phase(result, row):
        yield dict(zip(CAPEX_LINES, own.tolist(), strict=True))
