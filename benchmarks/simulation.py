"""Simulation of 10,000 paths: seconds, memory, PySAM in the same run, distance to the bound."""

import resource
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from benchmarks.finance import pysam
from data.catalog import bundled
from forecasts.cash_paths import simulate_cash
from forecasts.compiled import summing
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import THREADS, simulate
from forecasts.units import Array

PATHS, FACTORIES, MONTHS = 10_000, 6, 180
BAR_S, BAR_MB, BAR_TIMES = 0.5, 200, 1_000
BAR_PER_SECOND = 100_000
RISK_PATHS, RISK_BAR_S = 4096, 1.0
REPEATS = 5

OPERATIONS = {
    "demand": 6,
    "facility and land while building": 28,
    "racks": 2,
    "hours and prices of each cohort in service": 70,
    "facilities in use": 10,
    "sales": 24,
    "running costs": 48,
    "working capital": 4,
    "depreciation of each asset": 24,
    "income, net cash and tax, twice": 18,
    "service, reserve, owners": 44,
    "figures": 58,
    "two rates: six steps of Newton's method, two proofs": 120,
}
"""Additions, multiplications, divisions and comparisons of one factory-path and month, counted in
the sources for six phases (five in service on average) with a refresh each; powers and logarithms
count as one. Good to about a fifth."""


@summing
def polynomial(values: Array, repeats: int) -> float:
    """Six operations a value, all in the first cache: what the processor can do at most."""
    total = 0.0
    for _ in range(repeats):
        for place in range(values.size):
            one = values[place]
            total += ((one * 0.5 + 0.25) * one + 0.125) * one
    return total


def peak_per_second() -> float:
    """Floating-point operations a second of all threads together in that loop."""
    values, repeats = np.linspace(0.0, 1.0, 1024), 20_000
    polynomial(values, 1)
    with ThreadPoolExecutor(THREADS) as pool:
        taken = []
        for _ in range(REPEATS):
            begun = time.perf_counter()
            list(pool.map(lambda _: polynomial(values, repeats), range(THREADS)))
            taken.append(time.perf_counter() - begun)
    return 6.0 * values.size * repeats * THREADS / min(taken)


def resident_mb() -> float:
    """Most memory the process has held so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def seconds_each(work: Callable[[int], object]) -> list[float]:
    """Seconds of some calls, each with a number of its own, after one call to warm up."""
    work(0)
    taken = []
    for turn in range(1, REPEATS + 1):
        begun = time.perf_counter()
        work(turn)
        taken.append(time.perf_counter() - begun)
    return taken


def main() -> None:
    """Print what a simulation takes after a driver moves, beside bars and bounds."""
    tables = bundled()
    all_forecasts = outlook(tables)
    keys = tuple(site.key for site in compile_plan(Scenario(), tables).sites)

    def carry(paths: int, factories: int, turn: int, seed: int = 0) -> object:
        """Simulate with a driver moved a little each turn: only its own draws are made again."""
        use = 0.5 + 1e-4 * turn
        moved = Scenario(factories=keys[:factories], merchant_utilisation=use)
        plan = compile_plan(moved, tables)
        return simulate(plan, all_forecasts, tables, Design(paths, seed, "sobol"))

    carry(256, FACTORIES, 0)
    before = resident_mb()
    taken = seconds_each(lambda turn: carry(PATHS, FACTORIES, turn))
    extra = resident_mb() - before
    anew = statistics.median(seconds_each(lambda turn: carry(PATHS, FACTORIES, 0, seed=turn)))
    median, rows = statistics.median(taken), PATHS * FACTORIES
    print(f"{PATHS:,} paths x {FACTORIES} factories x {MONTHS} months, {THREADS} threads")
    print(f"after a driver moves     {median:8.2f} s, bar {BAR_S} s (best {min(taken):.2f})")
    print(f"factory-paths a second   {rows / median:8,.0f}, bar {BAR_PER_SECOND:,}")
    print(f"with every point anew    {anew:8.2f} s")
    print(f"extra memory             {extra:8.0f} MB, bar {BAR_MB} MB")
    peer = pysam()
    print(f"times PySAM's annual run {peer / median * rows:8,.0f}, bar {BAR_TIMES:,}")
    work = sum(OPERATIONS.values()) * MONTHS
    peak = peak_per_second()
    bound = rows * work / peak
    print(f"operations a factory-path{work:8,.0f}, peak of this machine {peak / 1e9:.1f} Gflop/s")
    print(f"bound by the processor   {bound:8.2f} s: {median / bound:.1f} times that is taken")
    risk = statistics.median(seconds_each(lambda turn: carry(RISK_PATHS, len(keys), turn)))
    print(f"{RISK_PATHS:,} paths, {len(keys)} factories {risk:8.2f} s, bar {RISK_BAR_S:.0f} s")

    def as_far_as_cash(turn: int) -> object:
        moved = Scenario(merchant_utilisation=0.5 + 1e-4 * turn)
        plan = compile_plan(moved, tables)
        return simulate_cash(plan, all_forecasts, tables, Design(RISK_PATHS, 0, "sobol")).fan

    cash = statistics.median(seconds_each(as_far_as_cash))
    print(f"… as far as cash, bands  {cash:8.2f} s")


if __name__ == "__main__":
    main()
