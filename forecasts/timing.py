"""When to build: what a month's delay costs, and what it is worth to keep the choice open.

Every alternative is a plan committed beforehand and carried along the same sampled paths. A policy
watches until a month, then goes the way that looks better; its rule is learned on one half of the
paths and used on the other, so it knows no path's future. Its option value is its mean NPV less
that of the plan it keeps open, or of building nothing where that is better.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np

from forecasts.drivers import Drivers, central
from forecasts.engine import evaluate
from forecasts.figures import FIGURE
from forecasts.options import as_candidates
from forecasts.plan import Plan
from forecasts.replanned import Planner
from forecasts.sampling import BATCHES, Design
from forecasts.uncertainty import (
    Mapper,
    Progress,
    carrier_of,
    carry_metrics,
    part_of,
)
from forecasts.units import Array

WAIT_MONTHS = 12
"""Months of waiting before the choice."""

COMMITTED = "as planned"
"""The plan of the scenario."""

ALTERNATIVES = ("first phase only", "all phases at once", "a year later", "next rack generation")
"""Other plans that may be committed."""


@dataclass(frozen=True, slots=True)
class Worth:
    """Mean NPV of a plan or policy at one site.

    Attributes
    ----------
    name : str
        What is done.
    mean_usd, error_usd : float
        Mean NPV over all paths, and its standard error.
    option_usd, option_error_usd : float
        What it gains over the plan it is compared with on the same paths, with its error.
    """

    name: str
    mean_usd: float
    error_usd: float
    option_usd: float
    option_error_usd: float


@dataclass(frozen=True, slots=True)
class Timing:
    """The timing of one site.

    Attributes
    ----------
    key : str
        The site.
    month_usd : float
        NPV lost when energisation comes a month late, along the expected path.
    plans : tuple of Worth
        Committed plans, the scenario's own first; gains against it.
    policies : tuple of Worth
        Adaptive policies; gains against the better of the plan they keep open and nothing.
    """

    key: str
    month_usd: float
    plans: tuple[Worth, ...]
    policies: tuple[Worth, ...]


def plans_of(planner: Planner) -> Mapping[str, Plan]:
    """Return the plans that could be committed, the scenario's own first."""
    plan = planner.plan
    every = plan["generation_months"]
    later = as_candidates(plan)
    return {
        COMMITTED: plan,
        ALTERNATIVES[0]: plan.having(max_phases=np.ones_like(every)),
        ALTERNATIVES[1]: plan.having(
            phase_spacing_months=np.zeros_like(every), expansion_threshold=np.zeros_like(every)
        ),
        ALTERNATIVES[2]: plan.having(decision_month=plan["decision_month"] + WAIT_MONTHS),
        ALTERNATIVES[3]: later.having(decision_month=plan["decision_month"] + every),
    }


def timing(
    planner: Planner,
    design: Design,
    mapper: Mapper | None = None,
    progress: Progress | None = None,
) -> tuple[Timing, ...]:
    """Return the timing of every site on the same sampled paths."""
    plan = planner.plan
    npv: dict[str, Array] = {}
    drivers: Drivers | None = None
    plans = plans_of(planner)
    for place, (name, one) in enumerate(plans.items()):
        carrier = carrier_of(one, planner.outlook, planner.catalog, design)
        told = part_of(progress, place, len(plans))
        values, _ = carry_metrics(carrier, mapper, told)
        npv[name] = values["npv"]
        if drivers is None:
            drivers = carrier.sampler.draw(slice(0, design.paths))[1]
    assert drivers is not None
    result = evaluate(plan, central(plan, planner.outlook))
    found = []
    for row, site in enumerate(plan.sites):
        own = {name: values[:, row] for name, values in npv.items()}
        phases = result.phases[row]
        second = phases[1].decision if len(phases) > 1 else None
        begin = phases[0].decision if phases else 0
        found.append(
            Timing(
                site.key,
                float(result.figures[0, row, FIGURE["delay_cost"]]),
                tuple(_worth(name, one, own[COMMITTED], design) for name, one in own.items()),
                _policies(
                    own,
                    signals(drivers, row, begin + WAIT_MONTHS),
                    None if second is None else signals(drivers, row, second),
                    design,
                ),
            )
        )
    return tuple(found)


def signals(drivers: Drivers, row: int, month: int) -> Array:
    """What is known in a month: levels of demand, prices and spending, (path, signal)."""
    at = min(month, drivers.ai_spending_index.shape[1] - 1)
    levels = [
        drivers.ai_spending_index[:, at],
        drivers.regional_mw[:, row, at],
        drivers.gpu_price_index[:, row, at],
        drivers.power_index[:, row, at],
        drivers.rack_price_index[:, at],
    ]
    logs = np.log(np.maximum(np.stack(levels, axis=1), 1e-12))
    spread = logs.std(axis=0)
    return np.asarray((logs - logs.mean(axis=0)) / np.where(spread > 0, spread, 1.0))


def _policies(
    own: Mapping[str, Array], after_wait: Array, at_second: Array | None, design: Design
) -> tuple[Worth, ...]:
    waited = own[ALTERNATIVES[2]]
    nothing = np.zeros_like(waited)
    wait = np.where(foreseen(after_wait, waited, design) > 0, waited, nothing)
    now = own[COMMITTED] if own[COMMITTED].mean() > 0 else nothing
    found = [_worth("wait a year, then build or not", wait, now, design)]
    if at_second is not None:
        first, whole = own[ALTERNATIVES[0]], own[COMMITTED]
        stop = np.where(foreseen(at_second, whole - first, design) > 0, whole, first)
        found.append(_worth("stop after phase one if later ones look bad", stop, whole, design))
    return tuple(found)


def foreseen(known: Array, gain: Array, design: Design) -> Array:
    """Gain expected from what is known, (path,): learned on the other half of the batches."""
    terms = np.hstack([np.ones((len(known), 1)), known, known**2])
    found = np.empty(len(gain))
    half = np.zeros(len(gain), dtype=bool)
    for place, rows in enumerate(design.batches()):
        half[rows] = place % 2 == 0
    for used in (half, ~half):
        weights = np.linalg.lstsq(terms[~used], gain[~used], rcond=None)[0]
        found[used] = terms[used] @ weights
    return found


def _worth(name: str, npv: Array, against: Array, design: Design) -> Worth:
    gain = npv - against
    return Worth(
        name, float(npv.mean()), _error(npv, design), float(gain.mean()), _error(gain, design)
    )


def _error(values: Array, design: Design) -> float:
    means = np.array([values[rows].mean() for rows in design.batches()])
    return float(means.std(ddof=1) / sqrt(BATCHES))


def timing_data(found: tuple[Timing, ...]) -> list[dict[str, object]]:
    """Return timing as plain data."""

    def told(one: Worth) -> dict[str, object]:
        return {
            "name": one.name,
            "mean_npv_usd": one.mean_usd,
            "standard_error_usd": one.error_usd,
            "gain_usd": one.option_usd,
            "gain_standard_error_usd": one.option_error_usd,
        }

    return [
        {
            "factory": one.key,
            "key": one.key,
            "delay_cost_usd_per_month": one.month_usd,
            "plans": [told(own) for own in one.plans],
            "policies": [told(own) for own in one.policies],
        }
        for one in found
    ]
