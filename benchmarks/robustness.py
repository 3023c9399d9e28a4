"""Forecasts on series nobody would draw: finite, ordered, not negative; and how long they take."""

import subprocess
import sys
import time
import warnings

import numpy as np
import pandas as pd

from data.catalog import bundled
from forecasts.combine import forecast, forecast_series
from forecasts.outlook import outlook
from forecasts.units import Array

NASTY = 2000
LEVELS = (50, 80, 95, 99)
PATHS = 4096

SHAPES = (
    lambda rng, n: np.full(n, rng.choice([0, 1, -3, 1e300, 1e-300, 5e-324, 1.7e308])),
    lambda rng, n: np.where(np.arange(n) == rng.integers(0, n), 1e6, 0.0),
    lambda rng, n: np.cumsum(rng.standard_cauchy(n)),
    lambda rng, n: np.exp(np.clip(np.cumsum(rng.normal(0.3, 0.5, n)), -600, 600)),
    lambda rng, n: rng.poisson(0.3, n).astype(float),
    lambda _, n: np.where(np.arange(n) < n // 2, 1.0, 1e9),
    lambda rng, n: rng.normal(size=n) * 10.0 ** rng.integers(-300, 300),
    lambda rng, n: np.where(rng.random(n) < 0.4, np.nan, rng.normal(100, 1, n)),
    lambda rng, n: rng.choice([1e-308, 1e308], n),
    lambda rng, n: rng.choice([-1.7e308, 1.7e308, 0.0], n),
    lambda _, n: 100 * 1.5 ** np.arange(n),
    lambda rng, n: np.where(rng.random(n) < 0.05, np.inf, rng.normal(size=n) + np.arange(n) % 12),
    lambda rng, n: (-1.0) ** np.arange(n) * 10.0 ** rng.integers(-308, 308),
    lambda rng, n: np.where(np.arange(n) == rng.integers(0, n), 7.0000001, 7.0),
    lambda rng, n: rng.integers(1, 50, n) * 5e-324,
    lambda rng, n: 1e300 * (1 + np.cumsum(np.abs(rng.normal(size=n))) / 300),
    lambda rng, n: np.floor(np.arange(n) / 25) * 10.0 ** rng.integers(0, 12),
    lambda rng, n: np.where(np.arange(n) % 7 < 5, 100.0, 0.0) * rng.lognormal(0, 0.1, n),
    lambda rng, n: np.where(np.arange(n) < n - 1, 0.0, rng.choice([1.0, -1e9, 1e-200])),
)
"""Constants, spikes, wild walks, runaway growth, counts, steps, extreme scales, gaps, overflow,
alternating signs, all equal but one, denormals, the largest numbers, stairs, sleeping weekends,
a last value that is news."""


def nasty(rng: np.random.Generator) -> Array:
    """Draw a series of 1 to 300 values; at least one is finite."""
    count = int(rng.integers(1, 301)) if rng.random() < 0.6 else int(rng.integers(1, 12))
    values = np.asarray(SHAPES[rng.integers(0, len(SHAPES))](rng, count), dtype=float)
    if not np.isfinite(values).any():
        values[0] = 1.0
    return values


def fault_of(values: Array, rng: np.random.Generator) -> str:
    """Forecast a series with random options; say what is wrong, empty when nothing is."""
    try:
        made = forecast_series(
            values,
            int(rng.integers(1, 25)),
            season=int(rng.choice([1, 4, 7, 12, 24])),
            levels=LEVELS,
            nonnegative=bool(rng.integers(2)),
        )
    except Exception as error:
        return repr(error)
    edges = [made.lower[level] for level in reversed(LEVELS)] + [made.mean]
    stack = np.array(edges + [made.upper[level] for level in LEVELS])
    if not np.isfinite(stack).all():
        return "not finite"
    if (np.diff(stack, axis=0) < 0).any():
        return "intervals out of order"
    return "negative" if made.floor == 0 and stack.min() < 0 else ""


def dated(rng: np.random.Generator, count: int) -> list[object]:
    """Draw the `ds` of a series: integers with gaps, periods, dates, leap days, weeks, days."""
    gaps = np.cumsum(rng.integers(1, 1 + int(rng.choice([1, 3, 40])), count))
    day = np.datetime64("1996-02-29")
    texts: dict[str, list[object]] = {
        "integer": [int(place) for place in gaps],
        "text": [str(place) for place in gaps],
        "year": [str(1600 + place) for place in range(count)],
        "quarter": [f"{1950 + place // 4}Q{place % 4 + 1}" for place in range(count)],
        "month": [f"{1990 + place // 12}-{place % 12 + 1:02d}" for place in range(count)],
        "week": [str(day + 7 * place) for place in range(count)],
        "day": [str(day + int(place)) for place in gaps],
        "leap": [f"{1904 + 4 * place}-02-29" for place in range(min(count, 24))],
    }
    return texts[str(rng.choice(list(texts)))][:count]


def frame_fault(values: Array, rng: np.random.Generator) -> str:
    """Forecast a series through the long format; say what is wrong, empty when nothing is."""
    when = dated(rng, values.size)
    order = rng.permutation(len(when))
    rows = pd.DataFrame({"unique_id": "x", "ds": when, "y": values[: len(when)]}).iloc[order]
    if not np.isfinite(rows["y"].to_numpy()).any():
        return ""
    horizon = int(rng.integers(1, 25))
    try:
        made = forecast(rows, horizon, levels=(50, 80, 90, 95))
    except Exception as error:
        return f"frame: {error!r}"
    if len(made) != horizon or made["ds"].duplicated().any() or made.isna().any(axis=None):
        return "frame: rows, ds or values missing"
    numbers = made.drop(columns=["unique_id", "ds", "model"]).to_numpy()
    return "" if np.isfinite(numbers).all() else "frame: not finite"


def paths_error() -> float:
    """Largest distance of path quantiles from the stated limits, over the width of the interval."""
    worst = 0.0
    for known in outlook(bundled()).forecasts.values():
        paths = known.paths(PATHS, seed=7)
        for level in known.upper:
            tail = (1 - level / 100) / 2
            low, high = np.quantile(paths, [tail, 1 - tail], axis=0)
            width = np.maximum(known.upper[level] - known.lower[level], 1e-12)
            off = np.abs([low - known.lower[level], high - known.upper[level]]) / width
            worst = max(worst, float(off.max()))
    return worst


def main() -> None:
    """Print faults, path quantiles, import time, cold time of the bundled series."""
    rng = np.random.default_rng(2026)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        faults = [fault_of(nasty(rng), rng) for _ in range(NASTY)]
        frames = [frame_fault(nasty(rng), rng) for _ in range(NASTY // 4)]
    for label, every in (("nasty series   ", faults), ("in long format ", frames)):
        found = [fault for fault in every if fault]
        print(f"faults on {len(every)} {label}      {len(found):8d}      bar 0 {found[:3] or ''}")
    print(f"path quantiles off the intervals by {paths_error():8.2%}      bar 2 %")
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import forecasts.engine"], check=True)
    print(f"import of the model                 {time.perf_counter() - begun:8.2f} s    bar 1.5 s")
    spent = []
    for turn in range(3):
        begun = time.process_time()
        forecast_series(100 + 10 * np.sin((turn + np.arange(120)) ** 1.5), 18, season=12)
        spent.append(time.process_time() - begun)
    print(f"monthly series of 120, backtest too {min(spent):8.2f} s    bar 0.35 s on one core")
    cold = "from data.catalog import bundled; from forecasts.outlook import outlook; import time;"
    cold += "c = bundled(); t = time.perf_counter(); n = len(outlook(c).forecasts);"
    cold += "print(n, time.perf_counter() - t)"
    said = subprocess.run([sys.executable, "-c", cold], check=True, capture_output=True, text=True)
    count, seconds = said.stdout.split()
    print(f"{count} bundled series, cold             {float(seconds):8.2f} s    bar 10 s")


if __name__ == "__main__":
    main()
