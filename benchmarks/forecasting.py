"""Accuracy, calibration and speed of the forecasts on public competition series.

Reads `../shared/benchmark/m3_dev.csv` when it is there and says so when not; `--series FILE` reads
another file of the same columns (unique_id, ds, y, freq, m, split). Peers stand beside it
in the same run: statsmodels' Theta and ETS with classical seasons; `--peers` adds all its families.
With `--calibrate` it learns the interval factors anew and prints the table of
`forecasts/calibration.py`; series of `--others` (files of the same columns, one a collection)
count for a third of it on long rungs.

    python -m benchmarks.forecasting [--series FILE] [--calibrate [--others FILE ...]] [--peers]
"""

import argparse
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from benchmarks.cases import DEVELOPMENT, Case, Made, cases, frequencies, make
from benchmarks.widths import calibrate, calibration, cross_validated, shipped
from forecasts import models
from forecasts.backtest import COMBINATION, mase, naive2, smape
from forecasts.history import classical_season, prepared
from forecasts.smoothing import Family, panel_of
from forecasts.units import Array

BARS = {"all": 0.835, "Y": 0.90, "Q": 0.83, "M": 0.78}
"""Highest OWA allowed on the judges' series; other series are harder or easier (see `JUDGED`)."""

REFERENCE = "Theta (statsmodels)"
JUDGED = {"all": 0.861, "Y": 0.937, "Q": 0.845, "M": 0.815}
"""OWA of the reference on the judges' series: a bar over it is fair to series of any difficulty."""

PEERS = (REFERENCE, "ETS")
"""Peers of every run; the others cost minutes."""

DRAWS = 1000
"""Bootstrap samples of series behind the interval of an OWA."""


def owa(found: Sequence[Case], paths: Sequence[Array]) -> Array:
    """Overall weighted average against Naive2, means over series first, and over random draws.

    Returns
    -------
    (1 + DRAWS,) array
        Of the series as they are, then of bootstrap draws: the same for every method.
    """
    scores = np.array(
        [
            [
                smape(case.future, path),
                mase(case.future, path, case.scale),
                smape(case.future, benchmark),
                mase(case.future, benchmark, case.scale),
            ]
            for case, path in zip(found, paths, strict=True)
            for benchmark in [naive2(case.history, case.future.size, case.season)]
        ]
    )
    draws = np.random.default_rng(0).integers(0, len(scores), (DRAWS, len(scores)))
    means = np.vstack([scores.mean(axis=0), scores[draws].mean(axis=1)])
    return np.asarray((means[:, 0] / means[:, 2] + means[:, 1] / means[:, 3]) / 2)


def peer(family: Family) -> Callable[[Case], Array]:
    def forecast(case: Case) -> Array:
        ready = prepared(case.history, case.season, nonnegative=True)
        fit = family(panel_of([ready.adjusted]), case.future.size)
        mean = np.where(np.isfinite(fit.mean[0]), fit.mean[0], ready.adjusted[-1])
        return ready.seasonal.added(mean, case.history.size) * ready.scale

    return forecast


def classical(family: Family) -> Callable[[Case], Array]:
    """A family as its authors use it: on values adjusted by tested, plain seasonal indices."""

    def forecast(case: Case) -> Array:
        scale = float(np.abs(case.history).max()) or 1.0
        season = classical_season(case.history / scale, case.season)
        fit = family(panel_of([season.removed(case.history / scale)]), case.future.size)
        mean = np.where(np.isfinite(fit.mean[0]), fit.mean[0], case.history[-1] / scale)
        return season.added(mean, case.history.size) * scale

    return forecast


def peers(found: Sequence[Case], *, every: bool) -> dict[str, Sequence[Array]]:
    families = {name: classical(models.STATSMODELS[name]) for name in PEERS}
    if every:
        families |= {f"{name}, our seasons": peer(own) for name, own in models.STATSMODELS.items()}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {name: [own(case) for case in found] for name, own in families.items()}


def show_accuracy(found: Sequence[Case], paths: dict[str, Sequence[Array]]) -> None:
    shown = [freq for freq in BARS if any(freq in {"all", case.freq} for case in found)]
    print(f"{'OWA against Naive2':34}" + "".join(f"{freq:>8}" for freq in shown))
    scores: dict[str, list[Array]] = {}
    for name, own in paths.items():
        pairs = list(zip(found, own, strict=True))
        scores[name] = []
        for freq in shown:
            cases, parts = zip(*(p for p in pairs if freq in {"all", p[0].freq}), strict=True)
            scores[name].append(owa(cases, parts))
        show_row(name, scores[name], interval=name == COMBINATION)
    show_row("bar on the judging series", [np.array([BARS[freq]]) for freq in shown])
    print(f"\nthe same over {REFERENCE} on the same series: fair where series are harder or easier")
    pairs_of = zip(scores[COMBINATION], scores[REFERENCE], strict=True)
    show_row(COMBINATION, [ours / theirs for ours, theirs in pairs_of], interval=True)
    show_row("bar", [np.array([BARS[freq] / JUDGED[freq]]) for freq in shown])


def show_row(name: str, scores: Sequence[Array], *, interval: bool = False) -> None:
    print(f"{name:34}" + "".join(f"{score[0]:8.3f}" for score in scores))
    if interval:
        for label, share in (("  90 % interval, low", 0.05), ("  90 % interval, high", 0.95)):
            ends = "".join(f"{float(np.quantile(score[1:], share)):8.3f}" for score in scores)
            print(f"{label:34}{ends}")


def show_calibration(made: Sequence[Made]) -> None:
    print(f"\n{'calibration':34}{'80 %':>8}{'95 %':>8}{'MSIS':>8}")
    for name in ("all", *frequencies(made)):
        part = [one for one in made if name in {"all", one.case.freq}]
        cover80, cover95, score = calibration(part, shipped)
        print(f"{'shipped factors, ' + name:34}{cover80:8.3f}{cover95:8.3f}{score:8.2f}")
    for name, (cover80, cover95, score) in cross_validated(made):
        print(f"{'learned on the other half, ' + name:34}{cover80:8.3f}{cover95:8.3f}{score:8.2f}")


def show_speed(made: Sequence[Made]) -> None:
    print("\nmilliseconds of processor time per series, history to backtest and intervals")
    for freq in frequencies(made):
        seconds = [one.seconds for one in made if one.case.freq == freq]
        print(f"  {freq} {1000 * float(np.median(seconds)):6.1f}")


def main(arguments: Sequence[str] = ()) -> None:
    """Print the figures, or say that the series are not there."""
    parser = argparse.ArgumentParser(description="Measure the forecasts.")
    parser.add_argument("--series", type=Path, default=DEVELOPMENT)
    parser.add_argument("--calibrate", action="store_true")
    parser.add_argument("--others", type=Path, nargs="+", default=[])
    parser.add_argument("--peers", action="store_true")
    asked = parser.parse_args(arguments)
    if not asked.series.is_file():
        print(f"forecasting: no series at {asked.series}, nothing measured")
        return
    found = cases(asked.series)
    if asked.calibrate:
        calibrate(found, [case for file in asked.others for case in cases(file)])
        return
    made = [make(case) for case in found]
    paths: dict[str, Sequence[Array]] = {COMBINATION: [one.mean for one in made]}
    show_accuracy(found, paths | peers(found, every=asked.peers))
    show_calibration(made)
    show_speed(made)


if __name__ == "__main__":
    main(sys.argv[1:])
