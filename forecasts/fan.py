"""What a forecast is: a centre, calibrated intervals, and paths drawn through them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from forecasts.backtest import UNTRIED, Verdict
from forecasts.calibration import reach
from forecasts.marks import NO_MARKS, Marks, numbered
from forecasts.sampling import carried_share
from forecasts.units import Array

LARGEST = float(np.finfo(np.float64).max) / 4
"""Bound of every value: sums of a few of them stay inside the number range."""

TINY = 1e-300
"""Keeps ratios of widths finite."""


@dataclass(frozen=True, slots=True, eq=False)
class Forecast:
    """One series ahead, with what made it. All arrays are indexed by step, in the series' unit.

    Attributes
    ----------
    mean : (h,) array
        Central forecast.
    lower, upper : dict of int to (h,) array
        Prediction interval by level in percent.
    model : str
        What made it, as shown under the chart.
    members : dict of str to (h,) array
        The candidates it combines.
    notes : tuple of str
        Plain sentences about the history and the fits; those on what stands out are in `said`.
    rung : str
        Rung of the ladder for the length available.
    observations : int
        Values the forecast rests on.
    floor : float
        Lowest possible value; minus infinity when there is none.
    verdict : Verdict
        What the backtest on the series' own past says, first of all whether naive was beaten.
    marks : Marks
        Outliers and the break in level that were found in the history.
    """

    mean: Array
    lower: dict[int, Array]
    upper: dict[int, Array]
    model: str
    members: dict[str, Array]
    notes: tuple[str, ...]
    rung: str
    observations: int
    floor: float = -np.inf
    verdict: Verdict = UNTRIED
    marks: Marks = NO_MARKS

    def said(self, name: Callable[[int], str] = numbered) -> tuple[str, ...]:
        """Return all notes; what stands out of the history is named by `name`.

        Parameters
        ----------
        name : callable
            Names an observation by its place, from 0, such as `2024Q1`.
        """
        return (*self.notes, *self.marks.told(name))

    def paths(self, count: int, *, seed: int) -> Array:
        """Draw sample paths whose quantiles are the stated intervals, (count, h).

        Each step's values are spread evenly over the interval's quantile function and dealt to
        the paths in the rank order of Gaussian errors, of which later steps carry on the share
        that the widening of the intervals tells (`carried_share`): all of it where they widen as
        a random walk's, nothing where they stay as they are.

        Parameters
        ----------
        count : int
            Paths, at least 1.
        seed : int
            The same seed gives the same paths.

        Raises
        ------
        ValueError
            If `count` is below 1 or the forecast holds no interval.
        """
        if count < 1 or not self.upper:
            raise ValueError(f"cannot draw {count} paths from {len(self.upper)} intervals")
        with np.errstate(under="ignore", over="ignore"):
            ranks = self._ranks(count, seed)
            steps = [self._quantiles(step, ranks[:, step]) for step in range(self.mean.size)]
        return np.clip(np.column_stack(steps), max(self.floor, -LARGEST), LARGEST)

    def _ranks(self, count: int, seed: int) -> Array:
        """Return normal scores by rank, (count, h), each column an even sample of the normal."""
        from scipy.special import ndtri  # a third of a second: only when paths are drawn

        shocks = np.random.default_rng(seed).standard_normal((count, self.mean.size))
        widest = max(self.upper)
        carried = carried_share(np.maximum(self.upper[widest] - self.mean, TINY))
        shocks[:, 1:] += carried * shocks[:, :-1].cumsum(axis=1)
        order = shocks.argsort(axis=0, kind="stable").argsort(axis=0, kind="stable")
        return np.asarray(ndtri((order + 0.5) / count))

    def _quantiles(self, step: int, scores: Array) -> Array:
        """Map normal scores to values at one step; beyond the widest interval, along its slope."""
        levels = sorted(self.upper)
        z = np.array([reach(level) for level in levels])
        knots = np.concatenate([-z[::-1], [0.0], z])
        below = [self.lower[level][step] for level in reversed(levels)]
        values = np.array([*below, self.mean[step], *(self.upper[level][step] for level in levels)])
        drawn = np.interp(scores, knots, values)
        for beyond, end, inner in ((scores > knots[-1], -1, -2), (scores < knots[0], 0, 1)):
            slope = (values[end] - values[inner]) / (knots[end] - knots[inner])
            drawn[beyond] = values[end] + slope * (scores[beyond] - knots[end])
        return np.asarray(drawn)
