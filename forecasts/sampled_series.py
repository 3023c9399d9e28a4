"""Paths of a series, drawn by a few scores: from a forecast's intervals to growth by month.

What is drawn depends on the design, the forecast and the stated correlations alone. Most drivers
that a user moves leave it as it is, so the last ones are kept.
"""

from dataclasses import dataclass
from functools import lru_cache
from math import sqrt

import numpy as np

from forecasts.calibration import reach
from forecasts.combine import LARGEST, TINY, Forecast
from forecasts.compiled import compiled
from forecasts.driver_paths import Course, course, history_of
from forecasts.outlook import Outlook
from forecasts.sampling import (
    Design,
    carried_share,
    level_correlation,
    normal_scores,
    principal,
)
from forecasts.units import Array, Whole

COMPONENTS = 4
"""Scores by which a forecast path is drawn."""


@dataclass(frozen=True, slots=True)
class Fan:
    """What turns scores into a forecast's paths.

    Attributes
    ----------
    knots : (knot,) array
        Normal scores of the known quantiles.
    values : (step, knot) array
        The quantiles.
    weights : (component, step) array
        Score of a step = sum over components of weight x score.
    floor : float
        Lowest possible value.
    """

    knots: Array
    values: Array
    weights: Array
    floor: float


@lru_cache(maxsize=128)
def fan_of(forecast: Forecast) -> Fan:
    """Return the fan of a forecast: its intervals, and how steps are tied in `Forecast.paths`."""
    levels = sorted(forecast.upper)
    z = np.array([reach(level) for level in levels])
    below = [forecast.lower[level] for level in reversed(levels)]
    above = [forecast.upper[level] for level in levels]
    carried = carried_share(np.maximum(above[-1] - forecast.mean, TINY))
    return Fan(
        knots=np.concatenate([-z[::-1], [0.0], z]),
        values=np.ascontiguousarray(np.stack([*below, forecast.mean, *above], axis=1)),
        weights=principal(level_correlation(carried, forecast.mean.size), COMPONENTS),
        floor=max(forecast.floor, -LARGEST),
    )


@compiled
def _fanned(scores: Array, weights: Array, knots: Array, values: Array, floor: float) -> Array:
    """Return values of a forecast by path and step; beyond the widest interval, along its slope."""
    paths, steps = scores.shape[0], values.shape[0]
    last = knots.size - 1
    found = np.empty((paths, steps))
    for path in range(paths):
        for step in range(steps):
            z = 0.0
            for part in range(weights.shape[0]):
                z += weights[part, step] * scores[path, part]
            place = 0
            while place < last - 1 and z > knots[place + 1]:
                place += 1
            low, high = values[step, place], values[step, place + 1]
            share = (z - knots[place]) / (knots[place + 1] - knots[place])
            found[path, step] = max(low + share * (high - low), floor)
    return found


@dataclass(frozen=True, slots=True)
class Mix:
    """Where the scores of a series stand: some in common with others, some its own.

    Attributes
    ----------
    common, own : tuple of int
        Dimensions; none where the scores are held at zero.
    share : float
        Correlation with those in common.
    """

    common: tuple[int, ...]
    own: tuple[int, ...]
    share: float

    def of(self, scores: Array) -> Array:
        """Return the scores of some paths, (path, `COMPONENTS`)."""
        found = np.zeros((len(scores), COMPONENTS))
        if self.common and self.share:
            found[:, : len(self.common)] += self.share * scores[:, self.common]
        if self.own:
            found[:, : len(self.own)] += sqrt(1 - self.share**2) * scores[:, self.own]
        return found


@dataclass(frozen=True, slots=True)
class Steps:
    """The months of a simulation: those of the grid, and the first of which growth is kept."""

    begin: int
    months: int
    first: int

    @property
    def grid(self) -> Whole:
        """Months, as 12 x year + month - 1."""
        return np.arange(self.begin, self.begin + self.months)


def course_by(outlook: Outlook, key: str, scores: Array, steps: Steps) -> Course:
    """Growth of a series along paths drawn by these scores."""
    history_of(outlook, key)
    fan = fan_of(outlook.forecasts[key])
    ahead = _fanned(scores, fan.weights, fan.knots, fan.values, fan.floor)
    return course(outlook, key, ahead, steps.grid, steps.first)


@lru_cache(maxsize=40)
def drawn_course(
    outlook: Outlook, key: str, where: tuple[Design, int, Mix], steps: Steps
) -> Course:
    """Growth of a series on all paths of a design: most drivers that move leave it as it is."""
    design, width, mix = where
    return course_by(outlook, key, mix.of(normal_scores(design, width)), steps)
