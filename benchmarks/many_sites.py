"""A portfolio of 100 factories: projected, carried along paths, ranked; time and memory."""

import resource
import time
from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from data.catalog import Catalog, bundled
from forecasts.compare import ranking
from forecasts.engine import run
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import simulate

SITES = 100
PATHS = 10_000
PROJECT_SECONDS, PATH_SECONDS = 1.0, 20.0
"""Bars: a slider's move, and 10,000 paths at the pace of 2 s for ten sites."""

MEMORY_MB = 1500
"""Bar of memory above what stands before the paths; 19 metrics of 10,000 x 100 are 152 MB."""


def copied_register(count: int) -> Catalog:
    """Return the tables with factories copied until there are so many.

    A copy has the rows of its original under another key: same country, size and dates.
    """
    tables = bundled()
    rows = tables.tables["factories"]
    keys = list(dict.fromkeys(rows["factory"]))
    frames = [rows]
    for place in range(len(keys), count):
        original = keys[place % len(keys)]
        own = rows[rows["factory"] == original]
        frames.append(own.assign(factory=f"{original}_{place // len(keys) + 1}"))
    copied = pd.concat(frames, ignore_index=True)
    kept = set(list(dict.fromkeys(copied["factory"]))[:count])
    copied = copied[copied["factory"].isin(kept)]
    changed = {**tables.tables, "factories": copied}
    return replace(tables, tables=changed, version=f"{tables.version}x{count}", memo={})


def _timed(name: str, work: Callable[[], object], bar: float) -> None:
    wall, own = time.perf_counter(), time.process_time()
    work()
    wall, own = time.perf_counter() - wall, time.process_time() - own
    print(f"{name:44}{wall:8.2f} s, {own:6.2f} s of processor, bar {bar} s")


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    """Print each time beside its bar."""
    tables = copied_register(SITES)
    plan = compile_plan(Scenario(), tables)
    known = outlook(tables)
    run(Scenario(factories=("malaysia",)), tables)
    simulate(plan, known, tables, Design(256, 0))
    _timed(
        f"projection of {len(plan.sites)} factories x {plan.months} months",
        lambda: run(Scenario(), tables),
        PROJECT_SECONDS,
    )
    before = _peak_mb()
    found = [simulate(plan, known, tables, Design(256, 0))]
    _timed(
        f"{PATHS:,} paths x {len(plan.sites)} factories, every metric",
        lambda: found.append(simulate(plan, known, tables, Design(PATHS, 0))),
        PATH_SECONDS,
    )
    print(f"{'peak memory above':44}{_peak_mb() - before:8.0f} MB, bar {MEMORY_MB} MB")
    _timed("ranking of them on these paths", lambda: ranking(found[-1]), 5.0)


if __name__ == "__main__":
    main()
