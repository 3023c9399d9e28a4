"""What a simulation says: quantiles and probabilities, each with its standard error."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.copula import copula
from forecasts.engine import discount_rate
from forecasts.metric_register import METRICS
from forecasts.sampling import Design, Estimate, estimated, quantile_of, with_error
from forecasts.uncertainty import Simulation
from forecasts.units import Array, Flags

LEVELS = (5, 10, 25, 50, 75, 90, 95)
"""Percentiles shown."""


@dataclass(frozen=True, slots=True)
class Thresholds:
    """What is asked of the paths.

    Attributes
    ----------
    hurdle : float or None
        Project IRR a year; None: each factory's own discount rate.
    covenant : float or None
        Lowest cover of twelve months; None: the scenario's `covenant_dscr`.
    stranded_share : float
        Share of live MW-months without demand.
    stranded_mw : float
        Mean MW without demand, from the first sale as committed to the end.
    payback_years : float
        Years from the first decision.
    """

    hurdle: float | None = None
    covenant: float | None = None
    stranded_share: float = 0.1
    stranded_mw: float = 5.0
    payback_years: float = 10.0


USUAL = Thresholds()
"""What is asked unless said otherwise."""

MEANING = (
    "p10 is the value below which 10 % of paths lie, p90 that below which 90 % lie. Where more is "
    "better p10 is the cautious figure, where less is better p90 is."
)
"""What the percentiles mean."""

CASES = (
    "Sites, phases, orders and loans are committed on the expected path; each path then brings its "
    "own demand, prices, costs and delays. Later phases are built in every case: what leaving "
    "them out is worth stands under timing."
)
"""What a path is."""


def distribution(values: Array, simulation: Simulation) -> dict[str, object]:
    """Return mean and percentiles of a metric, and the share of paths that have none.

    A metric that never comes (payback) is infinite: its percentile is null, "never". The mean is
    left out then. A percentile among missing values is one of those that exist.
    """
    missing = np.isnan(values)
    never = np.isinf(values)
    found: dict[str, object] = {
        "undefined_share": float(missing.mean()),
        "never_share": float(never.mean()),
    }
    if missing.all():
        return found | {"mean": None} | {f"p{level}": None for level in LEVELS}
    found["mean"] = None
    if not never.any():
        found["mean"] = _number(estimated(values, simulation.design, _mean))
    ordered = _ordered(values)
    batches = [_ordered(values[rows]) for rows in simulation.design.batches()]
    for level in LEVELS:
        own = [_percentile(one, level) for one in batches]
        found[f"p{level}"] = _number(with_error(_percentile(ordered, level), own))
    return found


def _ordered(values: Array) -> Array:
    return np.sort(values[~np.isnan(values)])


def _mean(values: Array) -> float:
    present = values[~np.isnan(values)]
    return float(present.mean()) if present.size else float("nan")


def _percentile(ordered: Array, level: float) -> float:
    return quantile_of(ordered, level / 100) if ordered.size else float("nan")


def _number(found: Estimate) -> dict[str, float | None] | None:
    """A value with its error; null where it is not finite."""
    if not np.isfinite(found.value):
        return None
    error = found.error if np.isfinite(found.error) else None
    return {"value": found.value, "standard_error": error}


def probability(hits: Flags, simulation: Simulation) -> Estimate:
    """Return the share of paths on which something happens, with its standard error."""
    return probability_of(hits, simulation.design)


def probability_of(hits: Flags, design: Design) -> Estimate:
    """Return the share of a design's paths on which something happens, with its standard error."""
    return estimated(np.asarray(hits, dtype=np.float64), design, _mean)


def share(hits: Flags, simulation: Simulation) -> dict[str, float | None]:
    """Return a probability with its standard error."""
    found = probability(hits, simulation)
    return {"value": found.value, "standard_error": found.error}


def probabilities(
    simulation: Simulation, row: int, asked_of: Thresholds = USUAL
) -> dict[str, dict[str, object]]:
    """Return what executives ask of one factory, each with threshold, unit and error."""
    own = {name: values[:, row] for name, values in simulation.values.items()}
    terms = simulation.plan.quantities[row]
    hurdle, covenant = asked_of.hurdle, asked_of.covenant
    if hurdle is None:
        hurdle = float(discount_rate(simulation.plan)[row, 0])
    if covenant is None:
        covenant = float(terms["covenant_dscr"])
    live = own["stranded"] / np.maximum(own["live"], 1e-9)
    mean_mw = own["stranded"] / max(float(simulation.live_months[row]), 1.0)
    asked: Mapping[str, tuple[Flags, float, str, str]] = {
        "npv_positive": (own["npv"] > 0, 0.0, "USD", "NPV above 0"),
        "irr_above_hurdle": (
            own["irr"] > hurdle,
            hurdle,
            "share_per_year",
            "project IRR above the hurdle: the discount rate unless stated",
        ),
        "dscr_below_covenant": (
            own["min_dscr_12m"] < covenant,
            covenant,
            "ratio",
            "lowest 12-month DSCR below the covenant",
        ),
        "stranded_above": (
            live > asked_of.stranded_share,
            asked_of.stranded_share,
            "share",
            "share of live MW-months without demand above the threshold",
        ),
        "stranded_mw_above": (
            mean_mw > asked_of.stranded_mw,
            asked_of.stranded_mw,
            "MW",
            "mean MW without demand above the threshold",
        ),
        "payback_within": (
            own["payback"] <= asked_of.payback_years,
            asked_of.payback_years,
            "years",
            "payback within the threshold",
        ),
    }
    return {
        name: {"event": event, "threshold": threshold, "unit": unit} | share(hits, simulation)
        for name, (hits, threshold, unit, event) in asked.items()
    }


def correlations(simulation: Simulation) -> dict[str, object]:
    """Say which assumptions move together, as used, and what had to be changed for it."""
    used = copula(simulation.plan.scenario.rank_correlations)
    return {"names": list(used.names), "ranks": used.ranks.tolist(), "note": used.said()}


UNITS = {"breaches": "months", "support": "USD", "live": "MW_months"}
"""Units of what is simulated beside the return metrics."""


def unit_of(name: str) -> str:
    """Return the unit of a simulated metric."""
    return METRICS[name].unit if name in METRICS else UNITS[name]


def simulation_data(simulation: Simulation, asked_of: Thresholds = USUAL) -> dict[str, object]:
    """Return a simulation as plain data, in the shape of `rackcast simulate --json`."""
    plan, design = simulation.plan, simulation.design

    def tell(name: str, values: Array) -> dict[str, object]:
        return {"unit": unit_of(name)} | distribution(values, simulation)

    return {
        "scenario": plan.scenario.name,
        "scenario_hash": plan.scenario.hash,
        "data_version": plan.data_version,
        "paths": design.paths,
        "seed": design.seed,
        "method": design.method,
        "result_hash": simulation.result_hash,
        "percentiles": MEANING,
        "paths_mean": CASES,
        "correlations": correlations(simulation),
        "factories": [
            {
                "factory": site.key,
                "key": site.key,
                "name": site.name,
                "metrics": {
                    name: tell(name, values[:, row]) for name, values in simulation.values.items()
                },
                "probabilities": probabilities(simulation, row, asked_of),
            }
            for row, site in enumerate(plan.sites)
        ],
        "portfolio": {
            "metrics": {name: tell(name, values) for name, values in simulation.portfolio.items()},
            "probabilities": {
                "npv_positive": {"event": "NPV above 0", "threshold": 0.0, "unit": "USD"}
                | share(simulation.portfolio["npv"] > 0, simulation)
            },
        },
    }
