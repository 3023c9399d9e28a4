"""Sites against each other on the same paths: who is first, how surely, and what decides it."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.criteria import CRITERIA, Criterion, Weighing, weighed
from forecasts.plan import FIRST_WAVE
from forecasts.portfolio import choose
from forecasts.risk_report import share
from forecasts.sampling import estimated, normal_scores, quantile
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
    return ranking_of(simulation.values["npv"], simulation.values["capex"])


def ranking_of(npv: Array, capex: Array) -> Ranking:
    """Rank the sites on every path by NPV and capex, (path, factory) each."""
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
    names, count = [site.key for site in simulation.plan.sites], len(npv)
    noise = _worth(_slices(npv, np.argsort(np.arange(count) % BINS, kind="stable")), alone)
    found = []
    for name, places in sampler.layout.items():
        means = _slices(npv, np.argsort(scores[:, places[0]], kind="stable"))
        low, high = (names[int(means[one].argmax())] for one in (0, -1))
        found.append(
            {
                "input": name,
                "value_usd": max(_worth(means, alone) - noise, 0.0),
                "first_when_low": low,
                "first_when_high": high,
                "flips": low != high,
            }
        )
    return sorted(found, key=lambda one: (-float(str(one["value_usd"])), not one["flips"]))[:SHOWN]


def _slices(npv: Array, order: Whole) -> Array:
    """Mean NPV of each site in equal slices of the paths as ordered, (slice, factory)."""
    begin = np.arange(BINS) * order.size // BINS
    size = np.diff(begin, append=order.size)
    total: Array = np.add.reduceat(npv[order], begin, axis=0)
    return total / size[:, None]


def _worth(means: Array, alone: float) -> float:
    """Gain of choosing the best site, or none, in each slice."""
    return float(np.maximum(means.max(axis=1), 0.0).mean() - alone)


def everything(simulation: Simulation) -> dict[str, float]:
    """Return what knowing every input beforehand would be worth to the choice of one site.

    The mean over paths of the best site's NPV, or of nothing, less the mean NPV of the site that
    is best without knowing.
    """
    npv = simulation.values["npv"]
    alone = int(npv.mean(axis=0).argmax())
    chosen = npv[:, alone] if npv[:, alone].mean() > 0 else np.zeros(len(npv))
    gain = np.maximum(npv.max(axis=1), 0.0) - chosen
    found = estimated(gain, simulation.design, lambda values: float(values.mean()))
    return {"value_usd": found.value, "standard_error_usd": found.error}


def first_wave_against(simulation: Simulation, score: Array) -> dict[str, object] | None:
    """Return the announced sites among themselves, and their best against every candidate.

    None where a scenario holds only one of the two kinds.
    """
    wave = np.array([site.wave == FIRST_WAVE for site in simulation.plan.sites])
    if wave.all() or not wave.any():
        return None
    own, others = score[:, wave], score[:, ~wave]
    keys = [site.key for site in simulation.plan.sites if site.wave == FIRST_WAVE]
    best = own.argmax(axis=1)
    return {
        "sites": [
            {"factory": key, "key": key, "first_of_wave": share(best == place, simulation)}
            for place, key in enumerate(keys)
        ],
        "beats_all_candidates": share(own.max(axis=1) > others.max(axis=1), simulation),
        "best_candidate": [site.key for site in simulation.plan.sites if site.wave != FIRST_WAVE][
            int(np.median(others, axis=0).argmax())
        ],
    }


def criteria_of(
    simulation: Simulation,
    score: Array,
    power_months: Array,
    criteria: tuple[Criterion, ...] = CRITERIA,
) -> Weighing:
    """Weigh the sites by several criteria.

    Parameters
    ----------
    simulation : Simulation
        Paths.
    score : (path, factory) array
        NPV over capex, as `ranking` gives it.
    power_months : (factory,) array
        Months from decision to power as planned; NaN where nothing is built.
    criteria : tuple of Criterion
        What sites are compared by, with weights.
    """
    npv, capex = simulation.values["npv"], simulation.values["capex"]
    lcoc, worst = simulation.values["lcoc"], max(len(npv) // 20, 1)
    rows = range(npv.shape[1])
    spent = np.maximum(capex.mean(axis=0), 1.0)
    known = {
        "return": [quantile(score[:, row], 0.5) for row in rows],
        "lcoc": [_median(lcoc[:, row]) for row in rows],
        "positive": (npv > 0).mean(axis=0),
        "tail": np.sort(npv, axis=0)[:worst].mean(axis=0) / spent,
        "power": power_months,
        "country": simulation.plan.quantities["country_risk_premium"],
    }
    values = np.column_stack([known[one.name] for one in criteria]).astype(np.float64)
    built = np.isfinite(score).all(axis=0)
    values[~built] = np.nan
    return weighed(tuple(site.key for site in simulation.plan.sites), values, criteria)


def _median(values: Array) -> float:
    present = values[np.isfinite(values)]
    return float(np.median(present)) if present.size else float("nan")


def weighing_data(found: Weighing) -> dict[str, object]:
    """Return a weighing as plain data; a missing value is null."""

    def number(value: float) -> float | None:
        return float(value) if np.isfinite(value) else None

    return {
        "criteria": [
            {
                "name": one.name,
                "label": one.label,
                "unit": one.unit,
                "more_is_better": one.more_is_better,
                "weight": one.weight,
                "flips_at_weight": found.flips[one.name],
            }
            for one in found.criteria
        ],
        "sites": [
            {
                "factory": name,
                "key": name,
                "score": float(found.score[row]),
                "first_share_of_weights": float(found.first_share[row]),
                "values": {
                    one.name: number(found.values[row, place])
                    for place, one in enumerate(found.criteria)
                },
            }
            for row, name in enumerate(found.names)
        ],
    }


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
        `npv` and `capex` along the expected path, which the budget buys, and `power_months`
        from decision to power.
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
                "factory": plan.sites[row].key,
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
        "perfect_information": everything(simulation),
        "first_wave": first_wave_against(simulation, found.score),
        "weighted": weighing_data(criteria_of(simulation, found.score, expected["power_months"])),
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
