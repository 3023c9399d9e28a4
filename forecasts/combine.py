"""The forecast of a series: a ladder of members, their median, calibrated intervals, paths."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_all_start_methods, get_context
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.backtest import missed, rolled, verdict_of
from forecasts.calibration import LEARNED, factor, reach, widening
from forecasts.history import JUDGED, Prepared, clean, prepared
from forecasts.ladder import Estimate, estimates
from forecasts.periods import read_series, require_columns
from forecasts.units import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

MANY = 100
"""Series from which on a frame is forecast by two processes."""

TOLD = 1.1
"""Widening of the intervals from which on it is told."""

LARGEST = float(np.finfo(np.float64).max) / 4
"""Bound of every value: sums of a few of them stay inside the number range."""

TINY = 1e-300
"""Keeps ratios of widths finite."""

WORKERS = 2
"""Processes for a frame of many series."""


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
        Plain sentences about the history and the fits.
    rung : str
        Rung of the ladder for the length available.
    observations : int
        Values the forecast rests on.
    floor : float
        Lowest possible value; minus infinity when there is none.
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

    def paths(self, count: int, *, seed: int) -> Array:
        """Draw sample paths whose quantiles are the stated intervals, (count, h).

        Each step's values are spread evenly over the interval's quantile function and dealt to
        the paths in the rank order of a Gaussian chain whose correlation from step to step is the
        ratio of the interval widths: as if the errors grew by independent additions.

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
        width = np.maximum(self.upper[widest] - self.lower[widest], TINY)
        ratio = np.minimum(width[:-1] / width[1:], width[1:] / width[:-1])
        for step, kept in enumerate(ratio, start=1):
            shocks[:, step] = kept * shocks[:, step - 1] + np.sqrt(1 - kept**2) * shocks[:, step]
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


def forecast_series(  # noqa: PLR0913 - one series needs one call, and all options have names
    y: Array,
    horizon: int,
    *,
    season: int = 1,
    levels: tuple[int, ...] = (80, 95),
    nonnegative: bool = True,
    peer_growth: float | None = None,
    name: str = "",
) -> Forecast:
    """Forecast one series.

    Parameters
    ----------
    y : (n,) array
        History in time order, NaN where a value is missing; n >= 1.
    horizon : int
        Steps ahead.
    season : int
        Steps in a year.
    levels : tuple of int
        Interval levels in percent.
    nonnegative : bool
        Whether the quantity cannot be below zero; ignored, with a note, when the history is.
    peer_growth : float or None
        Growth per step of comparable series, as a share; a short history is drawn towards it.
    name : str
        The series' name, for messages.

    Raises
    ------
    ValueError
        If the horizon is below 1, a level is outside 1 to 99, or no finite value remains.
    """
    _check(horizon, levels, name)
    history, notes = clean(y)
    return _forecast(history, horizon, _Terms(season, levels, nonnegative, peer_growth), notes)


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a history is to be forecast: the options of `forecast_series`."""

    season: int
    levels: tuple[int, ...]
    nonnegative: bool = True
    peer_growth: float | None = None


def _forecast(history: Array, horizon: int, terms: _Terms, notes: tuple[str, ...]) -> Forecast:
    """Forecast a clean history, and judge it by a backtest where it is long enough."""
    wider = 1.0
    if history.size >= JUDGED:
        trials = rolled(history, horizon, terms.season)
        notes += (verdict_of(trials).text,)
        if history.size >= LEARNED:
            wider = widening(missed(trials, 80), terms.season)
    if wider >= TOLD:
        notes += (f"Intervals are {wider - 1:.0%} wider: its own past left them too often.",)
    with np.errstate(under="ignore"):  # weights of the far past vanish, as they should
        ready = prepared(history, terms.season, nonnegative=terms.nonnegative)
        made = estimates([ready], horizon, terms.peer_growth)[0]
        return _assembled(ready, made, terms.levels, notes, wider)


def _check(horizon: int, levels: tuple[int, ...], name: str) -> None:
    if horizon < 1:
        raise ValueError(f"forecast of {name!r}: horizon is {horizon}; ask for 1 step or more")
    wrong = [level for level in levels if not 1 <= level <= 99]
    if wrong:
        raise ValueError(f"forecast of {name!r}: levels {wrong} lie outside 1 to 99 percent")


def _assembled(
    ready: Prepared,
    made: Estimate,
    levels: tuple[int, ...],
    notes: tuple[str, ...],
    wider: float,
) -> Forecast:
    """Put scale and season back, bound the values, and lay the intervals."""
    count, horizon = ready.adjusted.size, made.mean.size

    def bounded(path: Array) -> Array:
        return np.clip(path, max(ready.floor, -LARGEST), LARGEST)

    def restored(path: Array) -> Array:
        with np.errstate(over="ignore"):
            return bounded(ready.seasonal.added(path, count) * ready.scale)

    mean = restored(made.mean)
    unit = ready.seasonal.path(count, horizon) if ready.seasonal.multiplicative else 1.0
    scale = wider * ready.scale
    with np.errstate(over="ignore"):
        half = {
            level: factor(level, horizon, ready.season, count) * made.sigma * unit * scale
            for level in sorted(levels)
        }
        lower = {level: bounded(mean - wide) for level, wide in half.items()}
        upper = {level: bounded(mean + wide) for level, wide in half.items()}
    return Forecast(
        mean=mean,
        lower=lower,
        upper=upper,
        model=_named(made.rung.members),
        members={name: restored(path) for name, path in made.members.items()},
        notes=(*notes, *ready.notes, *made.notes),
        rung=made.rung.name,
        observations=count,
        floor=ready.floor,
    )


def _named(members: Sequence[str]) -> str:
    if len(members) == 1:
        return members[0]
    return f"median of {', '.join(members)}"


# Many series ----------------------------------------------------------------------------------


def forecast(
    frame: pd.DataFrame,
    horizon: int,
    freq: str | None = None,
    levels: tuple[int, ...] = (80, 95),
    *,
    done: Callable[[int, int], None] | None = None,
) -> pd.DataFrame:
    """Forecast every series of a long frame.

    Parameters
    ----------
    frame : DataFrame
        `unique_id`, `ds` (date, period such as 2024Q1, 2024-03 or 2024, or integer), `y`.
    horizon : int
        Steps ahead.
    freq : str or None
        Y, H, Q, M, W, B, D or h; found from `ds` when None.
    levels : tuple of int
        Interval levels in percent.
    done : callable or None
        Told after each series how many of how many are done.

    Returns
    -------
    DataFrame
        `unique_id, ds, mean, lo-L, hi-L …, model`; `ds` in the form of the input, series in
        order of first appearance.

    Raises
    ------
    ValueError
        If a column is missing, `ds` cannot be read or repeats, or a series holds no finite value.
    """
    require_columns(frame)
    _check(horizon, levels, "frame")
    jobs = [
        _Job(key, group, horizon, freq, levels)
        for key, group in frame.groupby("unique_id", sort=False)
    ]
    columns = ["unique_id", "ds", "mean", *_interval_columns(levels), "model"]
    parts = []
    for part in _mapped(jobs):
        parts.append(part)
        if done is not None:
            done(len(parts), len(jobs))
    if not parts:
        return pd.DataFrame(columns=columns)
    return pd.concat(parts, ignore_index=True)[columns]


def _interval_columns(levels: Sequence[int]) -> list[str]:
    return [f"{side}-{level}" for level in sorted(levels) for side in ("lo", "hi")]


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One series to be forecast, as it travels to another process."""

    key: object
    group: pd.DataFrame
    horizon: int
    freq: str | None
    levels: tuple[int, ...]


def _mapped(jobs: list[_Job]) -> Iterator[pd.DataFrame]:
    """Run the jobs in order, by two processes when there are many.

    Forked, since a spawned process imports everything anew (seconds) and needs a guarded main
    module; a process that already runs threads is not forked but works alone.
    """
    alone = threading.active_count() > 1 or "fork" not in get_all_start_methods()
    if len(jobs) < MANY or alone:
        yield from map(_one, jobs)
        return
    with ProcessPoolExecutor(WORKERS, mp_context=get_context("fork")) as pool:
        yield from pool.map(_one, jobs, chunksize=max(1, len(jobs) // (8 * WORKERS)))


def _one(job: _Job) -> pd.DataFrame:
    history, season, calendar = read_series(job.key, job.group, job.freq)
    try:
        known, notes = clean(history)
        made = _forecast(known, job.horizon, _Terms(season, job.levels), notes)
    except ValueError as error:
        raise ValueError(f"series {job.key!r}: {error}") from error
    columns: dict[str, object] = {"unique_id": job.key, "ds": calendar.after(job.horizon)}
    columns["mean"] = made.mean
    for level in sorted(job.levels):
        columns[f"lo-{level}"], columns[f"hi-{level}"] = made.lower[level], made.upper[level]
    return pd.DataFrame(columns | {"model": made.model})
