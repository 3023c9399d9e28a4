"""Sobol indices: what share of a result's variance each input brings, alone and with others.

For independent inputs: correlations stated between assumptions are left out here. By Saltelli's
design and estimators on scrambled Sobol points.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np

from forecasts.sampling import BATCHES, Design, points
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Carrier, Mapper, Progress, carry_metrics
from forecasts.units import Array

LEAST_VARIANCE = 1e-24
"""Variance, as a share of the squared mean, below which nothing varies."""


@dataclass(frozen=True, slots=True)
class Index:
    """What an input brings.

    Attributes
    ----------
    name : str
        The input.
    first, total : float
        Share of the variance that it brings alone, and with all it acts together with. NaN where
        the result does not vary.
    first_error, total_error : float
        Their standard errors.
    """

    name: str
    first: float
    total: float
    first_error: float
    total_error: float


def mixed(both: Array, groups: Sequence[Sequence[int]]) -> Array:
    """Return Saltelli's design: A, B, and A with each group's columns from B, stacked by path.

    Parameters
    ----------
    both : (path, 2 x dimension) array
        A and B side by side.
    groups : sequence of sequences of int
        Columns of each input.

    Returns
    -------
    ((2 + group) x path, dimension) array
    """
    width = both.shape[1] // 2
    one, other = both[:, :width], both[:, width:]
    blocks = [one, other]
    for columns in groups:
        block = one.copy()
        block[:, list(columns)] = other[:, list(columns)]
        blocks.append(block)
    return np.concatenate(blocks)


def indices(values: Array, design: Design, names: Sequence[str]) -> tuple[Index, ...]:
    """Return the indices of every input, most important first.

    Parameters
    ----------
    values : ((2 + group) x path,) array
        The result on the points of `mixed`.
    design : Design
        The points; each batch is an estimate of its own, their spread the error.
    names : sequence of str
        The inputs, in the order of the groups.
    """
    blocks = values.reshape(len(names) + 2, design.paths)
    whole = _estimated(blocks)
    parts = np.array([_estimated(blocks[:, rows]) for rows in design.batches()])
    error = parts.std(axis=0, ddof=1) / sqrt(BATCHES)
    found = [
        Index(name, *(float(one) for one in (*whole[:, place], *error[:, place])))
        for place, name in enumerate(names)
    ]
    return tuple(sorted(found, key=lambda one: (np.isnan(one.total), -one.total, one.name)))


def _estimated(blocks: Array) -> Array:
    """First-order indices by Saltelli's estimator, total by Jansen's, (2, input).

    Both as in Saltelli et al. (2010), Comput. Phys. Commun. 181: small first-order indices have a
    far smaller error than by Jansen's estimator.
    """
    one, other, swapped = blocks[0], blocks[1], blocks[2:]
    base = np.concatenate([one, other])
    variance, mean = float(base.var()), float(base.mean())
    if not variance > LEAST_VARIANCE * mean**2:
        return np.full((2, len(swapped)), np.nan)
    first = ((other - mean) * (swapped - one)).mean(axis=1) / variance
    total = ((one - swapped) ** 2).mean(axis=1) / 2 / variance
    return np.stack([first, total])


def indices_of(
    function: Callable[[Array], Array], dimensions: int, design: Design
) -> tuple[Index, ...]:
    """Return the indices of a function of points in the unit cube, (path, dimension) to (path,)."""
    groups = [(place,) for place in range(dimensions)]
    values = function(mixed(points(design, 2 * dimensions), groups))
    return indices(values, design, [f"x{place + 1}" for place in range(dimensions)])


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Every metric on Saltelli's points: indices of any of them.

    Attributes
    ----------
    design : Design
        The points.
    names : tuple of str
        The inputs.
    values : mapping of str to (point, factory) array
    portfolio : mapping of str to (point,) array
    """

    design: Design
    names: tuple[str, ...]
    values: Mapping[str, Array]
    portfolio: Mapping[str, Array]

    def of(self, metric: str, row: int | None = None) -> tuple[Index, ...]:
        """Return the indices of a metric; of all factories together when no row is given.

        Where a path lacks the metric, the mean of the others stands in.
        """
        found = self.portfolio[metric] if row is None else self.values[metric][:, row]
        known = np.isfinite(found)
        filled = np.where(known, found, found[known].mean() if known.any() else 0.0)
        return indices(filled, self.design, self.names)


def explain(
    carrier: Carrier, mapper: Mapper | None = None, progress: Progress | None = None
) -> Explained:
    """Carry Saltelli's points through what was committed.

    Paths are `design.paths` times two more than there are inputs.
    """
    from scipy.special import ndtri

    sampler, design = carrier.sampler, carrier.sampler.design
    names = tuple(sampler.layout)
    width = sum(len(own) for own in sampler.layout.values())
    scores = mixed(ndtri(points(design, 2 * width)), [sampler.layout[name] for name in names])
    own: Sampler = sampler.over(scores)
    swapped = Carrier(own, carrier.committed, carrier.factors)
    values, portfolio = carry_metrics(swapped, mapper, progress)
    return Explained(design, names, values, portfolio)
