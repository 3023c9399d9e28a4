"""How closely each sampled input goes with a result: rank correlations on the same paths.

Spearman's correlation is that of the ranks; the partial one takes the linear effect of every other
input's ranks out of both first. Both are signed, from -1 to 1, and ask only that more of the input
means more (or less) of the result, not by how much. Errors by leaving out one batch of the design
at a time (the jackknife): batches are independent of each other, paths of a batch are not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from forecasts.copula import copula
from forecasts.sampling import BATCHES, correlated
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Simulation
from forecasts.units import Array

MEANING = (
    "Spearman's rank correlation of each input with the metric over the paths; partial: with the "
    "ranks of all other inputs held. For a series the input is how high its whole path runs "
    "against its forecast; surprises that begin later count as noise here. Standard errors by "
    "leaving out one batch of paths at a time."
)
"""What the figures mean."""

ASKED = ("npv", "irr", "min_dscr_12m")
"""Metrics of a simulation's report."""

SHOWN = 12
"""Inputs of each metric in a simulation's report, the closest first."""

LEAST_PATHS = 2
"""Paths for each input below which no partial correlation is told: its error would be as large."""

DIGITS = 6
"""Decimals told: the last bits depend on how a library adds up."""


@dataclass(frozen=True, slots=True)
class RankCorrelation:
    """How closely an input goes with a result.

    Attributes
    ----------
    name : str
        The input.
    spearman, partial : float
        Rank correlation, alone and with the other inputs held; the partial one is NaN where there
        are too few paths for so many inputs.
    spearman_error, partial_error : float
        Standard errors.
    """

    name: str
    spearman: float
    partial: float
    spearman_error: float
    partial_error: float


@dataclass(frozen=True, slots=True)
class RankSensitivity:
    """Every input against one result.

    Attributes
    ----------
    paths : int
        Paths on which the result exists.
    inputs : tuple of RankCorrelation
        The closest first; empty where the result is the same on all paths, or hardly exists.
    """

    paths: int
    inputs: tuple[RankCorrelation, ...]


def sampled_inputs(sampler: Sampler) -> dict[str, Array]:
    """Return what orders each sampled input, (path,): its value rises with it.

    The normal score behind it, after stated correlations; of a series, the score that moves its
    whole path.
    """
    found = {name: sampler.scores[:, places[0]] for name, places in sampler.layout.items()}
    stated = copula(sampler.plan.scenario.rank_correlations)
    if stated.names:
        own = np.column_stack([found[name] for name in stated.names])
        found |= dict(zip(stated.names, correlated(own, stated.scores).T, strict=True))
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Ranked:
    """The ranks of every input over all paths, worked out once for many results.

    Attributes
    ----------
    names : tuple of str
        The inputs.
    drawn, ranks : (path, input) arrays
        What orders them, and their ranks.
    """

    names: tuple[str, ...]
    drawn: Array
    ranks: Array


def ranked_inputs(inputs: Mapping[str, Array]) -> Ranked:
    """Rank every input over all paths."""
    drawn = np.column_stack(list(inputs.values()))
    return Ranked(tuple(inputs), drawn, _ranks(drawn))


def _ranks(values: Array) -> Array:
    from scipy.stats import rankdata

    found: Array = rankdata(values, axis=0)
    return found


def rank_sensitivity(inputs: Ranked, values: Array, batches: tuple[slice, ...]) -> RankSensitivity:
    """Correlate every input's ranks with a result's.

    Parameters
    ----------
    inputs : Ranked
        Each sampled input.
    values : (path,) array
        The result; NaN where a path has none, which leaves the path out.
    batches : tuple of slice
        Independent parts of the design. Ranks stay as they are when one is left out.
    """
    kept = ~np.isnan(values)
    count = int(kept.sum())
    present = values[kept]
    if count < BATCHES or not (present != present[0]).any():
        return RankSensitivity(count, ())
    ranks = inputs.ranks if kept.all() else _ranks(inputs.drawn[kept])
    both = np.column_stack([ranks, _ranks(present)])
    both -= both.mean(axis=0)
    ends = np.concatenate([[0], np.cumsum([int(kept[rows].sum()) for rows in batches])])
    parts = [_Sums.of(both[a:b]) for a, b in pairwise(ends)]
    total = _Sums.of(both)
    whole = _correlations(total)
    errors = _jackknife([_correlations(total.without(part)) for part in parts])
    found = [
        RankCorrelation(name, *whole[:, place].tolist(), *errors[:, place].tolist())
        for place, name in enumerate(inputs.names)
    ]
    return RankSensitivity(count, tuple(sorted(found, key=_closeness, reverse=True)))


def _closeness(one: RankCorrelation) -> float:
    return abs(one.partial) if np.isfinite(one.partial) else abs(one.spearman)


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Count, sums and sums of products of some paths' ranks: what correlations need."""

    count: int
    sums: Array
    products: Array

    @classmethod
    def of(cls, ranks: Array) -> "_Sums":
        return cls(len(ranks), ranks.sum(axis=0), ranks.T @ ranks)

    def without(self, part: "_Sums") -> "_Sums":
        return _Sums(self.count - part.count, self.sums - part.sums, self.products - part.products)


def _jackknife(left_out: list[Array]) -> Array:
    """Standard error from figures that each leave one batch out; NaN where one has none."""
    stacked = np.stack(left_out)
    spread = stacked - stacked.mean(axis=0)
    error: Array = np.sqrt((BATCHES - 1) / BATCHES * (spread**2).sum(axis=0))
    return error


def _correlations(held: _Sums) -> Array:
    """Spearman's and the partial rank correlation of each input, (2, input)."""
    count = len(held.sums) - 1
    if held.count < 2:
        return np.full((2, count), np.nan)
    covariance = held.products - np.outer(held.sums, held.sums) / held.count
    spread = np.sqrt(np.maximum(np.diag(covariance), 0.0))
    whole = covariance / np.outer(*[np.where(spread > 0, spread, 1.0)] * 2)
    return np.stack([whole[:count, count], _partial(whole, held.count)])


def _partial(whole: Array, paths: int) -> Array:
    """Partial correlations of the last row's variable with each other one."""
    count = len(whole) - 1
    if paths < LEAST_PATHS * count:
        return np.full(count, np.nan)
    try:
        inverse = np.linalg.inv(whole)
    except np.linalg.LinAlgError:
        return np.full(count, np.nan)
    scale = np.sqrt(np.abs(np.diag(inverse)[:count] * inverse[count, count]))
    found: Array = np.clip(-inverse[:count, count] / scale, -1.0, 1.0)
    return found


def metric_of(simulation: Simulation, metric: str, row: int | None) -> Array | None:
    """Return a simulated metric of a factory, or of all together; None where there is none."""
    if row is None:
        return simulation.portfolio.get(metric)
    held = simulation.values.get(metric)
    return None if held is None else held[:, row]


def ranks_of(
    simulation: Simulation, sampler: Sampler, metric: str, row: int | None
) -> RankSensitivity | None:
    """Return every input against a simulated metric; None where it is not simulated.

    Parameters
    ----------
    simulation, sampler
        Paths, and what drew them.
    metric : str
        Name of the metric.
    row : int or None
        Factory; None for all together.
    """
    values = metric_of(simulation, metric, row)
    if values is None:
        return None
    return rank_sensitivity(
        ranked_inputs(sampled_inputs(sampler)), values, simulation.design.batches()
    )


def input_data(one: RankCorrelation) -> dict[str, object]:
    """Return an input's correlations as plain data; null where there is none."""

    def told(value: float) -> float | None:
        return round(value, DIGITS) if np.isfinite(value) else None

    return {
        "input": one.name,
        "spearman": told(one.spearman),
        "spearman_standard_error": told(one.spearman_error),
        "partial": told(one.partial),
        "partial_standard_error": told(one.partial_error),
    }


def ranks_data(simulation: Simulation, sampler: Sampler) -> dict[str, object]:
    """Return the rank correlations of a simulation as plain data, the closest inputs first."""
    inputs = ranked_inputs(sampled_inputs(sampler))
    batches = simulation.design.batches()

    def told(row: int | None) -> dict[str, object]:
        found: dict[str, object] = {}
        for metric in ASKED:
            values = metric_of(simulation, metric, row)
            if values is not None:
                made = rank_sensitivity(inputs, values, batches)
                shown = [input_data(one) for one in made.inputs[:SHOWN]]
                found[metric] = {"paths": made.paths, "inputs": shown}
        return found

    return {
        "meaning": MEANING,
        "inputs": len(inputs.names),
        "factories": [
            {"factory": site.key, "metrics": told(row)}
            for row, site in enumerate(simulation.plan.sites)
        ],
        "portfolio": told(None),
    }
