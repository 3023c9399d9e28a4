"""Speed of the rate of return, one row at a time and many, beside other implementations.

`pyxirr` is not a dependency; it is measured when it happens to be installed.
"""

import importlib.util
import statistics
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy_financial as npf

from forecasts.irr_rows import irr_rows
from forecasts.metrics import irr
from forecasts.units import Array

BAR_MICROSECONDS = 60.0
"""Most that the usual case, one change of sign in 181 months, may take."""

ROWS = 20_000


def microseconds(work: Callable[[], object], seconds: float = 0.4) -> float:
    """Median processor time of a call, after one call to warm up."""
    work()
    taken = []
    begun = time.perf_counter()
    while time.perf_counter() - begun < seconds or len(taken) < 3:
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken) * 1e6


def simulated(rows: int) -> dict[str, Array]:
    """Rows of 181 months: plain, with two refreshes, with a costly end; (row, month) each."""
    random = np.random.default_rng(0)
    earned = random.uniform(0, 3, (rows, 1)) * random.uniform(0.5, 2, (rows, 157))
    plain = np.concatenate([-random.uniform(5, 10, (rows, 24)), earned], axis=1)
    refreshed, ended = plain.copy(), plain.copy()
    refreshed[:, [84, 144]] -= random.uniform(0, 60, (rows, 2))
    ended[:, -1] -= 30
    return {"plain": plain, "two refreshes": refreshed, "costly end": ended}


def peers() -> dict[str, Callable[[Array], Any]]:
    """Implementations by others that are installed."""
    found: dict[str, Callable[[Array], Any]] = {"numpy_financial": npf.irr}
    if importlib.util.find_spec("pyxirr"):
        found["pyxirr"] = importlib.import_module("pyxirr").irr
    return found


def main() -> None:
    """Print microseconds a row."""
    kinds = simulated(ROWS)
    print(f"{'microseconds a row':34}" + "".join(f"{name:>16}" for name in kinds))
    for name, one in {"forecasts.metrics.irr": irr, **peers()}.items():
        taken = [microseconds(lambda one=one, rows=rows: one(rows[0])) for rows in kinds.values()]
        print(f"{name:34}" + "".join(f"{value:16.1f}" for value in taken))
    taken = [microseconds(lambda rows=rows: irr_rows(rows)) / ROWS for rows in kinds.values()]
    print(f"{'forecasts.irr_rows':34}" + "".join(f"{value:16.1f}" for value in taken))
    print(f"bar for one plain row: {BAR_MICROSECONDS:.0f}")
    random = np.random.default_rng(1)
    for count in (181, 1000, 3000):
        flows = random.standard_normal(count)
        found = irr(flows)
        print(
            f"noise of {count} flows, {len(found.roots)} roots: "
            f"{microseconds(lambda flows=flows: irr(flows)) / 1e3:.1f} ms"
        )


if __name__ == "__main__":
    main()
