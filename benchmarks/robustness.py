"""Forecasts on series nobody would draw: finite, ordered, not negative; and how long they take."""

import subprocess
import sys
import time

import numpy as np

from data.catalog import bundled
from forecasts.combine import forecast_series
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
)
"""Constants, spikes, wild walks, runaway growth, counts, steps, extreme scales, gaps, overflow."""


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


def paths_error() -> float:
    """Largest distance of path quantiles from the stated limits, over the width of the interval."""
    worst = 0.0
    for forecast in outlook(bundled()).forecasts.values():
        paths = forecast.paths(PATHS, seed=7)
        for level in forecast.upper:
            tail = (1 - level / 100) / 2
            low, high = np.quantile(paths, [tail, 1 - tail], axis=0)
            width = np.maximum(forecast.upper[level] - forecast.lower[level], 1e-12)
            off = np.abs([low - forecast.lower[level], high - forecast.upper[level]]) / width
            worst = max(worst, float(off.max()))
    return worst


def main() -> None:
    """Print faults, path quantiles, import time, cold time of the bundled series."""
    rng = np.random.default_rng(2026)
    faults = [fault_of(nasty(rng), rng) for _ in range(NASTY)]
    found = [fault for fault in faults if fault]
    print(f"faults on {NASTY} nasty series          {len(found):8d}      bar 0 {found[:3] or ''}")
    print(f"path quantiles off the intervals by {paths_error():8.2%}      bar 2 %")
    begun = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import forecasts.engine"], check=True)
    print(f"import of the model                 {time.perf_counter() - begun:8.2f} s    bar 1.5 s")
    begun = time.perf_counter()
    forecast_series(100 + 10 * np.sin(np.arange(120) ** 1.5), 18, season=12)
    print(f"monthly series of 120, backtest too {time.perf_counter() - begun:8.2f} s    bar 0.35 s")
    cold = "from data.catalog import bundled; from forecasts.outlook import outlook; import time;"
    cold += "c = bundled(); t = time.perf_counter(); n = len(outlook(c).forecasts);"
    cold += "print(n, time.perf_counter() - t)"
    said = subprocess.run([sys.executable, "-c", cold], check=True, capture_output=True, text=True)
    count, seconds = said.stdout.split()
    print(f"{count} bundled series, cold             {float(seconds):8.2f} s    bar 10 s")


if __name__ == "__main__":
    main()
