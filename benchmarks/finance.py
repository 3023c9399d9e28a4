"""Speed of a factory-path, to both rates of return, beside NREL-PySAM in the same run."""

import dataclasses
import statistics
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from data.catalog import bundled
from forecasts.cases import Inputs, Outputs, commit
from forecasts.drivers import Drivers, central
from forecasts.engine import discount_rate, inputs, outputs
from forecasts.metrics import discount_factors
from forecasts.outlook import outlook
from forecasts.path_runs import run_paths
from forecasts.plan import compile_plan
from forecasts.scenario import Scenario
from forecasts.units import Array

THREADS = 2
PATHS, CHUNK = 4096, 128
BAR_PER_SECOND, BAR_TIMES = 100_000, 1_000


def spread(drivers: Drivers, count: int) -> Drivers:
    """Copies of one path, each with its own prices and demand."""
    random = np.random.default_rng(0)

    def noisy(name: str) -> Array:
        mean = getattr(drivers, name)
        shape = (count,) + (1,) * (mean.ndim - 1)
        return np.asarray(mean * np.exp(0.1 * random.standard_normal(shape)))

    names = ("regional_mw", "gpu_price_index", "power_index", "rack_price_index", "local_index")
    return dataclasses.replace(drivers, **{name: noisy(name) for name in names})


def median_seconds(work: Callable[[], object], repeats: int) -> float:
    """Median time of a call, after one call to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken)


def carry(given: Inputs, committed: Outputs, factors: Array, first: int) -> int:
    """Figures, debt and both rates of one chunk of paths; return how many rates were found."""
    found, _ = run_paths(given, committed, (first, first + CHUNK), factors)
    return int(np.isfinite(found.rates[:, :-1]).sum())


def pysam() -> float:
    """Seconds of one annual run of Singleowner, its inputs already set."""
    from PySAM import Singleowner  # a reference, installed for tests

    model = Singleowner.default("CustomGenerationProfileSingleOwner")
    model.SystemOutput.gen = model.SystemOutput.system_pre_curtailment_kwac = [1000.0] * 8760
    return median_seconds(lambda: model.execute(0), 30)


def main() -> None:
    """Print factory-paths a second on two threads, and the ratio to PySAM."""
    tables = bundled()
    plan = compile_plan(Scenario(), tables)
    drivers = spread(central(plan, outlook(tables)), PATHS)
    given, committed = inputs(plan, drivers), outputs(plan)
    commit(given, committed)
    factors = discount_factors(discount_rate(plan), plan.months)
    chunks = range(0, PATHS, CHUNK)
    found = []
    with ThreadPoolExecutor(THREADS) as pool:

        def everything() -> None:
            found[:] = pool.map(lambda first: carry(given, committed, factors, first), chunks)

        seconds = median_seconds(everything, 7)
    rows = PATHS * len(plan.sites)
    print(f"{rows:,} factory-paths, {sum(found):,} rates found, {THREADS} threads")
    print(f"factory-paths a second   {rows / seconds:10,.0f}, bar {BAR_PER_SECOND:,}")
    peer = pysam()
    print(f"PySAM, an annual run     {peer * 1e3:10.2f} ms")
    print(f"times PySAM              {peer / seconds * rows:10,.0f}, bar {BAR_TIMES:,}")


if __name__ == "__main__":
    main()
