"""Factors of intervals: learned on series, and held against others."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np

from benchmarks.cases import SEASON_NAMES, Case, Made, frequencies, make
from forecasts.backtest import msis
from forecasts.calibration import LEVELS, RUNGS, factor
from forecasts.units import Array

SPLITS = 10
"""Random halvings over which coverage is cross-validated."""

MARGIN = 1.02
"""Quantiles learned on a few hundred errors fall short on others by about this much."""

OTHERS_SHARE = 1 / 3
"""What series of other collections count for, together, where they count."""

OTHERS_FROM = {1: 8, 4: 16, 12: 48}
"""Rung from which on they count, by season."""


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
