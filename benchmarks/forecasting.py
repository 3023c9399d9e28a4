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
import time
import warnings
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

from forecasts import models
from forecasts.backtest import COMBINATION, mase, msis, naive2, smape
from forecasts.calibration import LEVELS, RUNGS, factor
from forecasts.combine import forecast_series
from forecasts.history import classical_season, prepared
from forecasts.smoothing import Family, panel_of
from forecasts.units import Array

DEVELOPMENT = Path(__file__).parents[2] / "shared" / "benchmark" / "m3_dev.csv"

BARS = {"all": 0.835, "Y": 0.90, "Q": 0.83, "M": 0.78}
"""Highest OWA allowed on the judges' series; other series are harder or easier (see `JUDGED`)."""

REFERENCE = "Theta (statsmodels)"
JUDGED = {"all": 0.861, "Y": 0.937, "Q": 0.845, "M": 0.815}
"""OWA of the reference on the judges' series: a bar over it is fair to series of any difficulty."""

SPLITS = 10
"""Random halvings over which coverage is cross-validated."""

PEERS = (REFERENCE, "ETS")
"""Peers of every run; the others cost minutes."""

MARGIN = 1.02
"""Quantiles learned on a few hundred errors fall short on others by about this much."""

OTHERS_SHARE = 1 / 3
"""What series of other collections count for, together, where they count."""

OTHERS_FROM = {1: 8, 4: 16, 12: 48}
"""Rung from which on they count, by season."""

SEASON_NAMES = {1: "Y", 4: "Q", 12: "M"}


@dataclass(frozen=True)
class Case:
    """One competition series: what may be seen, and what came."""

    key: str
    freq: str
    season: int
    history: Array
    future: Array
    collection: str = ""

    def cut(self, length: int) -> "Case":
        return replace(self, history=self.history[-length:])

    @property
    def scale(self) -> float:
        return float(np.abs(self.history[self.season :] - self.history[: -self.season]).mean())


@dataclass(frozen=True)
class Made:
    """A forecast of a case: centre and standard error before calibration."""

    case: Case
    mean: Array
    sigma: Array
    seconds: float


def cases(file: Path = DEVELOPMENT) -> list[Case]:
    table = pd.read_csv(file)
    found = []
    for key, own in table.groupby("unique_id"):
        seen = own["split"] == "train"
        history, future = own["y"][seen].to_numpy(float), own["y"][~seen].to_numpy(float)
        first = own.iloc[0]
        freq, season = str(first["freq"]), int(first["m"])
        found.append(Case(str(key), freq, season, history, future, file.stem))
    return found


def make(case: Case) -> Made:
    start = time.process_time()
    made = forecast_series(case.history, case.future.size, season=case.season)
    seconds = time.process_time() - start
    unit = factor(80, case.future.size, case.season, case.history.size)
    return Made(case, made.mean, (made.upper[80] - made.mean) / unit, seconds)


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


def frequencies(made: Sequence[Made]) -> list[str]:
    return [freq for freq in "YQM" if any(one.case.freq == freq for one in made)]


def standard_errors(one: Made) -> Array:
    """|error| / sigma, (h,)."""
    return np.abs(one.case.future - one.mean) / one.sigma


def weights(made: Sequence[Made]) -> list[float]:
    """Weight of each series: other collections than the first share `OTHERS_SHARE` equally."""
    counts = Counter(one.case.collection for one in made)
    first, *others = counts
    share = dict.fromkeys(others, OTHERS_SHARE / max(len(others), 1))
    share[first] = 1 - OTHERS_SHARE if others else 1.0
    return [share[one.case.collection] / counts[one.case.collection] for one in made]


def quantile(errors: Array, share: float, heavy: Array) -> float:
    method: Literal["inverted_cdf", "linear"] = "inverted_cdf" if np.ptp(heavy) else "linear"
    return float(
        np.quantile(errors, share, method=method, weights=heavy if np.ptp(heavy) else None)
    )


def learn(made: Sequence[Made], level: float) -> Array:
    """Line through the pooled quantiles over log step, with a margin: factor by step, (h,)."""
    errors, series_weights = [standard_errors(one) for one in made], weights(made)
    horizon = max(own.size for own in errors)
    places, quantiles = [], []
    for group in np.array_split(np.arange(horizon), max(3, horizon // 3)):
        parts = [own[group[group < own.size]] for own in errors]
        heavy = np.repeat(series_weights, [part.size for part in parts])
        places.append(float(group.mean()) + 1)
        quantiles.append(quantile(np.concatenate(parts), level / 100, heavy))
    line = np.polyfit(np.log(places), quantiles, 1)
    steps = np.arange(1, horizon + 1)
    return np.asarray(MARGIN * np.polyval(line, np.log(steps)), dtype=np.float64)


Factors = Callable[[Made, float], Array]


def intervals(one: Made, wide: Array) -> tuple[Array, Array]:
    return np.maximum(one.mean - wide, 0.0), one.mean + wide


def calibration(made: Sequence[Made], factors: Factors) -> tuple[float, float, float]:
    """Coverage at 80 and 95 %, and MSIS at 95 %."""
    covered: dict[int, list[float]] = {80: [], 95: []}
    scores = []
    for one in made:
        for level, found in covered.items():
            lower, upper = intervals(one, factors(one, level) * one.sigma)
            found.append(float(((one.case.future >= lower) & (one.case.future <= upper)).mean()))
        scores.append(msis(one.case.future, lower, upper, one.case.scale, 95))
    return float(np.mean(covered[80])), float(np.mean(covered[95])), float(np.mean(scores))


def shipped(one: Made, level: float) -> Array:
    return factor(level, one.mean.size, one.case.season, one.case.history.size)


def cross_validated(made: Sequence[Made]) -> list[tuple[str, tuple[float, ...]]]:
    """Calibration on each half with factors learned on the other half, averaged."""
    rows: dict[str, list[tuple[float, float, float]]] = {}
    keys = np.array([one.case.key for one in made])
    for split in range(SPLITS):
        chosen = np.random.default_rng(split).permutation(keys)[: keys.size // 2]
        inside = np.isin(keys, chosen)
        for side in (inside, ~inside):
            learned = {
                (freq, level): learn(
                    [m for m, s in zip(made, side, strict=True) if s and m.case.freq == freq], level
                )
                for freq in frequencies(made)
                for level in (80, 95)
            }

            def own(one: Made, level: float, learned: dict = learned) -> Array:  # type: ignore[type-arg]
                return np.asarray(learned[one.case.freq, level])

            held = [m for m, s in zip(made, side, strict=True) if not s]
            for name in ("all", *frequencies(made)):
                part = [m for m in held if name in {"all", m.case.freq}]
                rows.setdefault(name, []).append(calibration(part, own))
    return [(name, tuple(np.mean(values, axis=0))) for name, values in rows.items()]


CUTS = {1: (1,), 2: (2, 3), 4: (4, 5, 6, 7), 8: (8, 10, 12, 15), 16: (16, 24, 36), 48: ()}
"""Lengths to which series are cut to learn the factors of each rung; none means full length."""


def calibrate(found: Sequence[Case], others: Sequence[Case]) -> None:
    """Print the factor table: by season, rung and level, at the first and the last step."""
    print("FACTORS = {")
    for season, freq in SEASON_NAMES.items():
        for shortest in RUNGS:
            if shortest == 48 and freq != "M":
                continue
            joining = others if shortest >= OTHERS_FROM[season] else ()
            own = [case for case in (*found, *joining) if case.freq == freq]
            lengths = CUTS[shortest] if freq == "M" or shortest < 16 else ()
            cut = [
                case.cut(length)
                for length in lengths or (10_000,)
                for case in own
                if case.history.size >= min(length, shortest)
            ]
            made = [make(case) for case in cut]
            lines = [learn(made, level) for level in LEVELS]
            ends = ", ".join(f"({line[0]:.2f}, {line[-1]:.2f})" for line in lines)
            print(f"    ({season}, {shortest}): ({ends}),", flush=True)
    print("}")


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
