"""Sites against each other on the same paths: who is first, how surely, and what decides it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.portfolio import choose
from forecasts.risk_report import share
from forecasts.sampling import normal_scores, quantile
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Simulation
from forecasts.units import Array, Whole

CRITERION = "NPV over first-time capex, on each path"
"""What sites are ranked by: it compares large and small ones."""

BINS = 32
"""Slices of an assumption's range in which the best site is looked for."""

SHOWN = 10
"""Assumptions told."""


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """Sites in order, with what is known of it.

    Attributes
    ----------
    score : (path, factory) array
        NPV over capex.
    rank : (path, factory) array
        1 is best.
    """

    score: Array
    rank: Array


def ranking(simulation: Simulation) -> Ranking:
    """Rank the sites on every path; a site where nothing is built comes last."""
    npv, capex = simulation.values["npv"], simulation.values["capex"]
    score = np.where(capex > 0, npv / np.where(capex > 0, capex, 1.0), -np.inf)
    order = np.argsort(-score, axis=1, kind="stable")
    rank = np.empty_like(score)
    np.put_along_axis(rank, order, np.arange(1.0, score.shape[1] + 1)[None], axis=1)
    return Ranking(score, rank)


def information(simulation: Simulation, sampler: Sampler) -> list[dict[str, object]]:
    """Return what knowing each uncertain input beforehand is worth to the choice of one site.

    The expected value of perfect information on one input: the best site's mean NPV within each
    slice of the input, averaged, less the mean NPV of the site that is best without knowing.
    """
    npv = np.maximum(simulation.values["npv"], -np.inf)
    alone = float(max(npv.mean(axis=0).max(), 0.0))
    scores = normal_scores(simulation.design, sum(len(own) for own in sampler.layout.values()))
    noise = _worth(npv, np.arange(simulation.design.paths) % BINS, alone)
    found = []
    for name, places in sampler.layout.items():
        order = np.argsort(np.argsort(scores[:, places[0]], kind="stable"), kind="stable")
        slices = order * BINS // order.size
        worth = max(_worth(npv, slices, alone) - noise, 0.0)
        best = np.array([npv[slices == one].mean(axis=0) for one in (0, BINS - 1)])
        names = [site.key for site in simulation.plan.sites]
        found.append(
            {
                "input": name,
                "value_usd": worth,
                "first_when_low": names[int(best[0].argmax())],
                "first_when_high": names[int(best[1].argmax())],
            }
        )
    return sorted(found, key=lambda one: -float(str(one["value_usd"])))[:SHOWN]


def _worth(npv: Array, slices: Whole, alone: float) -> float:
    """Gain of choosing the best site, or none, in each slice."""
    means = np.array([npv[slices == one].mean(axis=0).max() for one in range(BINS)])
    return float(np.maximum(means, 0.0).mean() - alone)


def ranking_data(
    simulation: Simulation, sampler: Sampler, expected: Mapping[str, Array], budget: float | None
) -> dict[str, object]:
    """Return the ranking as plain data, in the shape of `rackcast rank --json`.

    Parameters
    ----------
    simulation : Simulation
        Paths of the scenario.
    sampler : Sampler
        What drew them.
    expected : mapping of str to (factory,) array
        `npv` and `capex` along the expected path, which the budget buys.
    budget : float, optional
        USD to spend on first-time capex.
    """
    found, plan = ranking(simulation), simulation.plan
    rows = sorted(range(len(plan.sites)), key=lambda row: (found.rank[:, row].mean(), row))
    sites = []
    for place, row in enumerate(rows, start=1):
        own, score = found.rank[:, row], found.score[:, row]
        npv = simulation.values["npv"][:, row]
        built = bool(np.isfinite(score).all())
        sites.append(
            {
                "place": place,
                "key": plan.sites[row].key,
                "name": plan.sites[row].name,
                "wave": plan.sites[row].wave,
                "first": share(own == 1, simulation),
                "mean_rank": float(own.mean()),
                "rank_p10": quantile(own, 0.1),
                "rank_p90": quantile(own, 0.9),
                "npv_per_capex_median": quantile(score, 0.5) if built else None,
                "mean_npv_usd": float(npv.mean()),
                "expected_case_npv_usd": float(expected["npv"][row]),
                "npv_positive": share(npv > 0, simulation),
            }
        )
    data: dict[str, object] = {
        "scenario": plan.scenario.name,
        "scenario_hash": plan.scenario.hash,
        "data_version": plan.data_version,
        "criterion": CRITERION,
        "paths": simulation.design.paths,
        "seed": simulation.design.seed,
        "result_hash": simulation.result_hash,
        "sites": sites,
        "information": information(simulation, sampler),
    }
    if budget is not None:
        data["budget"] = _bought(simulation, expected, budget)
    return data


def _bought(
    simulation: Simulation, expected: Mapping[str, Array], budget: float
) -> dict[str, object]:
    """Return what a budget buys along the expected path, and what that is worth on all paths."""
    chosen = choose(expected["npv"], expected["capex"], budget)
    taken = np.array(chosen.chosen)
    paths = simulation.values["npv"][:, taken].sum(axis=1)
    worst = np.sort(paths)[: max(paths.size // 20, 1)]
    return {
        "usd": budget,
        "chosen": [
            site.key for site, one in zip(simulation.plan.sites, chosen.chosen, strict=True) if one
        ],
        "capex_usd": chosen.cost,
        "npv_usd": chosen.value,
        "npv_positive": share(paths > 0, simulation),
        "npv_mean_usd": float(paths.mean()),
        "npv_cvar_5_usd": float(worst.mean()),
        "reason": ""
        if taken.any()
        else "No factory within the budget is worth more than it costs along the expected path.",
    }
