"""Projection of all sites over 180 months, warm, with every return metric."""

import json
import statistics
import time
from collections.abc import Callable

from data.catalog import bundled
from forecasts.checks import check
from forecasts.engine import run
from forecasts.report import projection
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario

BAR_MS = 5.0


def milliseconds(work: Callable[[], object], repeats: int = 30) -> tuple[float, float]:
    """Median and worst time of a call, after one call to warm up."""
    work()
    taken = []
    for _ in range(repeats):
        begun = time.perf_counter()
        work()
        taken.append((time.perf_counter() - begun) * 1e3)
    return statistics.median(taken), max(taken)


def main() -> None:
    """Print the time of a cold start, of the projection, and of projection with metrics."""
    begun = time.perf_counter()
    catalog = bundled()
    loaded = time.perf_counter()
    run(Scenario(), catalog)
    print(f"tables read and checked  {(loaded - begun) * 1e3:8.0f} ms")
    print(f"first run with forecasts {(time.perf_counter() - loaded) * 1e3:8.0f} ms")
    steps = iter(range(1000))

    def project() -> object:
        return run(Scenario(merchant_utilisation=0.5 + 1e-4 * next(steps)), catalog)

    def project_with_metrics() -> object:
        result = project()
        rows = range(len(result.plan.sites))
        return [factory_returns(result, row) for row in rows], portfolio_returns(result)

    def everything() -> object:
        result = run(Scenario(), catalog)
        return json.dumps(projection(result, check(result)))

    for name, work in (
        ("12 sites x 180 months", project),
        (f"… with every metric, bar {BAR_MS:.0f} ms", project_with_metrics),
        ("… checks and JSON", everything),
    ):
        median, worst = milliseconds(work)
        print(f"{name:32} {median:8.1f} ms (worst {worst:.1f})")


if __name__ == "__main__":
    main()
