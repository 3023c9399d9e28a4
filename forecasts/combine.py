"""The forecast of a series: a ladder of members, their middle, calibrated intervals."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.backtest import UNTRIED, missed, rolled, verdict_of
from forecasts.calibration import LEARNED, factor, reach, widening
from forecasts.fan import LARGEST, TINY, Forecast
from forecasts.history import Prepared, clean, filling, prepared
from forecasts.ladder import Estimate, Rung, estimates
from forecasts.marks import JUDGED
from forecasts.peers import Peers, ends
from forecasts.periods import Calendar, groups_of, read_series
from forecasts.pool import mapped
from forecasts.units import Array, Whole
from forecasts.written import percent

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

__all__ = ["LARGEST", "TINY", "Forecast", "Told", "forecast", "forecast_series", "told"]

MANY = 100
"""Series from which on a frame is forecast by several processes."""

NAMED = 8
"""Gaps named in a note; the others are counted."""

LONGEST = 10_000
"""Steps ahead at most."""

WIDER = 1.1
"""Widening of the intervals from which on it is told."""


def forecast_series(  # noqa: PLR0913 - one series needs one call, and all options have names
    y: Array,
    horizon: int,
    *,
    season: int = 1,
    levels: tuple[int, ...] = (80, 95),
    nonnegative: bool = True,
    peer_growth: float | None = None,
    peer_spread: float = 0.0,
    name: str = "",
    judged: bool = True,
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
    peer_spread : float
        How far their growth differs, as a standard deviation of logarithms per step; it widens the
        interval of what is drawn towards it.
    name : str
        The series' name, for messages.
    judged : bool
        Whether a backtest judges it and widens its intervals; its mean is the same without, in a
        third of the time.

    Raises
    ------
    ValueError
        If the horizon is no whole number from 1 to 10,000, levels are not whole, from 1 to 99 and
        each named once, a season is below 1, the peers' growth or spread is no number, or no finite
        value remains.
    """
    _check(horizon, levels, name)
    peers = None if peer_growth is None else Peers(peer_growth, peer_spread)
    _check_terms(season, peers, name)
    history, notes = clean(y)
    terms = _Terms(season, levels, nonnegative, peers, judged)
    return _forecast(history, horizon, terms, notes)


@dataclass(frozen=True, slots=True)
class _Terms:
    """How a history is to be forecast: the options of `forecast_series`."""

    season: int
    levels: tuple[int, ...]
    nonnegative: bool = True
    peers: Peers | None = None
    judged: bool = True


@np.errstate(under="ignore")  # weights of the far past vanish, as they should
def _forecast(history: Array, horizon: int, terms: _Terms, notes: tuple[str, ...]) -> Forecast:
    """Forecast a clean history, and judge it by a backtest where it is long enough."""
    wider, verdict = 1.0, UNTRIED
    if terms.judged and history.size >= JUDGED:
        trials = rolled(history, horizon, terms.season)
        verdict = verdict_of(trials)
        notes += (verdict.text,)
        if history.size >= LEARNED:
            wider = widening(missed(trials, 80), terms.season)
    if wider >= WIDER:
        notes += (f"Intervals are {percent(wider - 1)} wider: its own past left them too often.",)
    ready = prepared(history, terms.season, nonnegative=terms.nonnegative)
    made = estimates([ready], horizon, terms.peers)[0]
    return replace(_assembled(ready, made, terms.levels, notes, wider), verdict=verdict)


def _check(horizon: int, levels: tuple[int, ...], name: str) -> None:
    if not _whole(horizon) or not 1 <= horizon <= LONGEST:
        asked = f"ask for a whole number from 1 to {LONGEST:,}"
        raise ValueError(f"forecast of {name!r}: horizon is {horizon!r}; {asked}")
    wrong = [level for level in levels if not _whole(level) or not 1 <= level <= 99]
    if wrong:
        raise ValueError(f"forecast of {name!r}: levels {wrong} are no percentages from 1 to 99")
    if len(set(levels)) < len(levels):
        raise ValueError(f"forecast of {name!r}: levels {levels} name one twice; name each once")


def _whole(value: object) -> bool:
    return isinstance(value, int | np.integer) and not isinstance(value, bool)


def _check_terms(season: int, peers: Peers | None, name: str) -> None:
    if not _whole(season) or season < 1:
        raise ValueError(f"forecast of {name!r}: season is {season!r}; pass 1 step or more")
    if peers is not None and not (np.isfinite(peers.growth) and 0 <= peers.spread < np.inf):
        raise ValueError(f"forecast of {name!r}: peers grow by {peers}; pass numbers, spread >= 0")


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
    if made.lent > 0 and mean.min() > 0:
        steps = np.arange(1.0, horizon + 1)
        for level, wide in half.items():
            low, high = ends(mean, wide, steps * (made.lent * reach(level)))
            lower[level], upper[level] = bounded(low), bounded(high)
    return Forecast(
        mean=mean,
        lower=lower,
        upper=upper,
        model=_named(made.rung),
        members={name: restored(path) for name, path in made.members.items()},
        notes=(*notes, *ready.notes, *made.notes),
        rung=made.rung.name,
        observations=count,
        floor=ready.floor,
        marks=ready.marks,
    )


def _named(rung: Rung) -> str:
    if len(rung.members) == 1:
        return rung.members[0]
    return f"{'median' if rung.left_out is None else 'inner mean'} of {', '.join(rung.members)}"


# Many series ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Forecasts of many series, and what is known of each.

    Attributes
    ----------
    frame : DataFrame
        `unique_id, ds, mean, lo-L, hi-L …, model`, in order of first appearance.
    series : DataFrame
        A row per series: `unique_id, observations, rung, beats_naive, skill, errors, verdict,
        notes`. `beats_naive` is None where the past is too short to tell; `notes` says what else
        there is to know: gaps, outliers and a break by period, seasons, wider intervals.
    """

    frame: pd.DataFrame
    series: pd.DataFrame


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
    return told(frame, horizon, freq, levels, done=done).frame


def told(
    frame: pd.DataFrame,
    horizon: int,
    freq: str | None = None,
    levels: tuple[int, ...] = (80, 95),
    *,
    done: Callable[[int, int], None] | None = None,
) -> Told:
    """Forecast every series of a long frame, and say of each how far it may be trusted.

    Takes and raises what `forecast` does.
    """
    _check(horizon, levels, "frame")
    jobs = [_Job(key, group, horizon, freq, levels) for key, group in groups_of(frame)]
    columns = ["unique_id", "ds", "mean", *_interval_columns(levels), "model"]
    parts, known = [], []
    for part, about in mapped(_one, jobs, many=MANY):
        parts.append(part)
        known.append(about)
        if done is not None:
            done(len(parts), len(jobs))
    series = pd.DataFrame(known, columns=["unique_id", *ABOUT]).astype({"beats_naive": object})
    if not parts:
        return Told(pd.DataFrame(columns=columns), series)
    return Told(pd.concat(parts, ignore_index=True)[columns], series)


ABOUT = ("observations", "rung", "beats_naive", "skill", "errors", "verdict", "notes")
"""What is told of a series beside its forecast."""


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


def _one(job: _Job) -> tuple[pd.DataFrame, tuple[object, ...]]:
    history, season, calendar = read_series(job.key, job.group, job.freq)
    try:
        known, notes = clean(history)
        made = _forecast(known, job.horizon, _Terms(season, job.levels), notes)
        ahead = calendar.after(job.horizon)
    except (ValueError, OverflowError) as error:
        raise ValueError(f"series {job.key!r}: {error}") from error
    columns: dict[str, object] = {"unique_id": [job.key] * job.horizon, "ds": ahead}
    columns["mean"] = made.mean
    for level in sorted(job.levels):
        columns[f"lo-{level}"], columns[f"hi-{level}"] = made.lower[level], made.upper[level]
    found = made.verdict
    about = (made.observations, made.rung, found.beats_naive, found.skill, found.errors)
    part = pd.DataFrame(columns | {"model": made.model})
    told = (*_grid_notes(calendar, history), *made.said(calendar.names_of(history)))
    said = [one for one in told if one != found.text and one != _unnamed(history)]
    return part, (job.key, *about, found.text, " ".join(said))


def _grid_notes(calendar: Calendar, grid: Array) -> list[str]:
    """Say which periods hold no value, and whether far gaps were closed."""
    notes = []
    if calendar.closed(grid):
        notes.append("Periods lie so far apart that values were taken as neighbours, in order.")
    places = _gaps(grid)
    if places.size:
        name = calendar.names_of(grid)
        first = int(np.flatnonzero(np.isfinite(grid))[0])
        named = ", ".join(name(int(place) - first) for place in places[:NAMED])
        more = f" and {places.size - NAMED} more" if places.size > NAMED else ""
        notes.append(filling(places.size, named + more))
    return notes


def _gaps(grid: Array) -> Whole:
    """Return the places between the first and the last known value that hold none."""
    known = np.flatnonzero(np.isfinite(grid))
    inside = np.arange(known[0], known[-1])
    return np.asarray(inside[~np.isfinite(grid[inside])])


def _unnamed(grid: Array) -> str:
    """Return the note on gaps that names none of them."""
    return filling(_gaps(grid).size)
