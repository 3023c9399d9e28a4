"""The scorecard: every model's accuracy and coverage, for one series or many."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.backtest import COMBINATION, NAIVE, Trial, rolled, verdict_of
from forecasts.history import clean, scale_of
from forecasts.periods import series_of
from forecasts.pool import mapped
from forecasts.smoothing import Family
from forecasts.units import Array

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

MANY = 100
"""Series from which on a frame is judged by several processes."""


@dataclass(frozen=True, slots=True, eq=False)
class Backtest:
    """Scores of every model on every series.

    Attributes
    ----------
    series : DataFrame
        A row per series and model: `unique_id, model, mase, smape, owa, errors`, and for each level
        `coverage-L` and `msis-L`. MASE and MSIS are NaN where the history never moved.
    steps : DataFrame
        A row per model and step: `model, step, mase, coverage-L …, errors`, all series pooled.
    summary : DataFrame
        A row per model, scores averaged over the `series` it was tried on; OWA from the averaged
        scores, against naive's over the same series, since not every model fits every length.
    verdicts : DataFrame
        A row per series: `unique_id, model, beats_naive, skill, errors, verdict, best`; `model` is
        what forecasts it, `best` whose past errors were smallest, `beats_naive` None where the past
        is too short to tell.
    """

    series: pd.DataFrame
    steps: pd.DataFrame
    summary: pd.DataFrame
    verdicts: pd.DataFrame


def backtest(
    frame: pd.DataFrame,
    horizon: int,
    freq: str | None = None,
    *,
    levels: tuple[int, ...] = (80, 95),
    candidates: Mapping[str, Family] | None = None,
    done: Callable[[int, int], None] | None = None,
) -> Backtest:
    """Backtest every series of a long frame.

    Parameters
    ----------
    frame : DataFrame
        `unique_id, ds, y`, as `forecasts.combine.forecast` takes it.
    horizon : int
        Steps ahead.
    freq : str or None
        Y, H, Q, M, W, B, D or h; found from `ds` when None.
    levels : tuple of int
        Interval levels in percent.
    candidates : mapping of str to Family or None
        Families tried beside the ladder's members; `models.STATSMODELS` for all of statsmodels'.
    done : callable or None
        Told after each series how many of how many are done.

    Raises
    ------
    ValueError
        If a column is missing or a series cannot be read.
    """
    points, verdicts = [], []
    every = [
        _Job(key, values, season, horizon, levels, candidates or {})
        for key, values, season in series_of(frame, freq)
    ]
    for found, verdict in mapped(_judged, every, many=MANY // (10 if candidates else 1)):
        verdicts.append(verdict)
        if found is not None:
            points.append(found)
        if done is not None:
            done(len(verdicts), len(every))
    columns = ["unique_id", "model", "beats_naive", "skill", "errors", "verdict", "best"]
    table = pd.DataFrame(verdicts, columns=columns).astype({"beats_naive": object})
    if not points:
        empty = pd.DataFrame()
        return Backtest(empty, empty, empty, table)
    whole = pd.concat(points, ignore_index=True)
    series = _with_owa(_averaged(whole, ["unique_id", "model"]))
    return Backtest(series, _averaged(whole, ["model", "step"]), _summary(series), table)


def _summary(series: pd.DataFrame) -> pd.DataFrame:
    """Average scores over the series of each model; naive's over the same series is OWA's unit."""
    scores = series.drop(columns=["owa", "errors"])
    still = scores[scores["model"] == NAIVE].set_index("unique_id")[["smape", "mase"]]
    still = still.add_suffix("_still")
    joined = scores.join(still, on="unique_id").drop(columns="unique_id")
    groups = joined.groupby("model", sort=False)
    means = groups.mean()
    ratios = [
        means[score] / means.pop(f"{score}_still").replace(0.0, np.nan)
        for score in ("smape", "mase")
    ]
    means.insert(0, "series", groups.size())
    return means.assign(owa=(ratios[0] + ratios[1]) / 2).reset_index()


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One series to be judged, as it travels to another process."""

    key: object
    history: Array
    season: int
    horizon: int
    levels: tuple[int, ...]
    candidates: Mapping[str, Family]


def _judged(job: _Job) -> tuple[pd.DataFrame | None, tuple[object, ...]]:
    """Return a row per error, None when nothing was tried, and the verdict on the series."""
    try:
        history, _ = clean(job.history)
    except ValueError as error:
        raise ValueError(f"series {job.key!r}: {error}") from error
    with np.errstate(under="ignore"):
        history = history / scale_of(history)
    trials = rolled(history, job.horizon, job.season, levels=job.levels, candidates=job.candidates)
    own = verdict_of(trials)
    points = _points(job.key, trials, _scale(history, job.season)) if trials else None
    best = "" if points is None else _closest(points)
    said = (job.key, COMBINATION, own.beats_naive, own.skill, own.errors, own.text, best)
    return points, said


def _closest(points: pd.DataFrame) -> str:
    """Name the model with the smallest mean error; none where the history never moved."""
    means = points.groupby("model")["mase"].mean().dropna()
    return "" if means.empty else str(means.idxmin())


def _scale(history: Array, season: int) -> float:
    """Mean absolute seasonal move of a scaled history, the unit of MASE."""
    lag = season if history.size > season else 1
    return float(np.abs(history[lag:] - history[:-lag]).mean())


def _points(key: object, trials: Sequence[Trial], scale: float) -> pd.DataFrame:
    """Return one row per error, scores included."""
    parts = []
    for one in trials:
        error, size = np.abs(one.actual - one.path), np.abs(one.actual) + np.abs(one.path)
        columns: dict[str, object] = {
            "unique_id": key,
            "model": one.model,
            "step": np.arange(1, error.size + 1),
            "mase": error / scale if scale > 0 else np.nan,
            "smape": 2 * error / np.where(size > 0, size, 1.0),
        }
        for level, half in one.half.items():
            score = 2 * half + 2 / (1 - level / 100) * np.maximum(error - half, 0.0)
            columns[f"coverage-{level}"] = (error <= half).astype(np.float64)
            columns[f"msis-{level}"] = score / scale if scale > 0 else np.nan
        parts.append(pd.DataFrame(columns))
    return pd.concat(parts, ignore_index=True)


def _averaged(points: pd.DataFrame, by: list[str]) -> pd.DataFrame:
    groups = points.drop(columns=[c for c in ("unique_id", "step") if c not in by]).groupby(
        by, sort=False
    )
    return groups.mean().assign(errors=groups.size()).reset_index()


def _with_owa(scores: pd.DataFrame) -> pd.DataFrame:
    """Add the overall weighted average against naive: mean of relative sMAPE and relative MASE."""
    yardstick = scores[scores["model"] == NAIVE].set_index("unique_id")[["smape", "mase"]]
    ratios = [
        scores[score] / scores["unique_id"].map(yardstick[score]).replace(0.0, np.nan)
        for score in ("smape", "mase")
    ]
    return scores.assign(owa=(ratios[0] + ratios[1]) / 2)


def leaderboard(trials: Sequence[Trial], history: Array, season: int) -> pd.DataFrame:
    """Score every model's trials on one series.

    Parameters
    ----------
    trials : sequence of Trial
        What `forecasts.backtest.rolled` found on the history.
    history : (n,) array
        The same finite values.
    season : int
        Steps in a year.

    Returns
    -------
    DataFrame
        A row per model, best OWA first, those tried at fewer origins last: `model, mase, smape,
        owa, coverage-L, msis-L, errors`; empty when nothing was tried. MASE, MSIS and OWA are NaN
        where the history never moved.
    """
    if not trials:
        return pd.DataFrame()
    with np.errstate(under="ignore"):
        scale = _scale(history / scale_of(history), season)
    points = _points("", trials, scale)
    scores = _with_owa(_averaged(points, ["unique_id", "model"]))
    ordered = scores.assign(few=scores["errors"] < scores["errors"].max())
    ordered = ordered.sort_values(["few", "owa"], ignore_index=True)
    return ordered.drop(columns=["unique_id", "few"])
