"""Speed of what the risk pages do: paths, a page after a driver moves, tornado, frontier."""

import time
from collections.abc import Callable

from dashboard.risk_runs import ranked, simulation_of
from data.catalog import bundled
from forecasts.engine import run
from forecasts.options import options_of
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.presets import preset
from forecasts.programme import Limits, Programme, frontier
from forecasts.risk_report import simulation_data
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.sensitivity import planner_of, tornado
from forecasts.uncertainty import carrier_of, carry_metrics

SIX = ("belgium", "malaysia", "romania", "uae", "egypt", "kenya")
MOST_SECONDS, AIM_SECONDS = 0.5, 0.25
PAGE_SECONDS, TORNADO_SECONDS, FRONTIER_SECONDS = 1.0, 1.0, 60.0
FRONTIER_PATHS = 256
VALUABLE = "accelerated"
"""Scenario in which many options are worth building, so that there is a frontier to find."""


def told(name: str, work: Callable[[], object], bar: float, repeats: int = 3) -> None:
    """Print the best wall and processor time of a call, beside its bar; one call warms up."""
    work()
    best = (float("inf"), float("inf"))
    for _ in range(repeats):
        wall, own = time.perf_counter(), time.process_time()
        work()
        best = min(best, (time.perf_counter() - wall, time.process_time() - own))
    print(f"{name:44}{best[0]:8.2f} s, {best[1]:6.2f} s of processor, bar {bar} s")


def page(price: float) -> None:
    """What the risk page needs after the price of a GPU-hour moved."""
    scenario, tables = Scenario(gpu_hour_price=price), bundled()
    found = simulation_of(scenario, tables, (4096, 0, "sobol"))
    simulation_data(found)
    ranked(run(scenario, tables), found, tables, None)


def main() -> None:
    """Print each time beside its bar."""
    tables = bundled()
    plan = compile_plan(Scenario(factories=SIX), tables)
    carrier = carrier_of(plan, outlook(tables), tables, Design(10_000, 0))
    told(
        "10,000 paths x 6 factories x 180 months",
        lambda: carry_metrics(carrier),
        MOST_SECONDS,
    )
    print(f"{'':44}target {AIM_SECONDS} s")
    prices = iter(range(700, 1000))
    told(
        "4,096-path risk page after a driver moves", lambda: page(next(prices) / 100), PAGE_SECONDS
    )
    planner = planner_of(Scenario())
    told("tornado over all assumptions", lambda: tornado(planner, "npv"), TORNADO_SECONDS)
    valuable = planner_of(preset(VALUABLE))
    options = options_of(valuable, Design(FRONTIER_PATHS, 0))
    worth = int((options.npv_usd.mean(axis=0) > 0).sum())
    print(f"{VALUABLE}: {len(options.site)} options of 12 sites x 3 sizes x 4 dates, {worth} worth")
    limits = Limits((2e9,), grid_mw=150.0, racks=600.0)
    made: list[Programme] = []
    told(
        "options and frontier within yearly limits",
        lambda: made.extend(frontier(options_of(valuable, Design(FRONTIER_PATHS, 0)), limits)),
        FRONTIER_SECONDS,
        1,
    )
    for one in dict.fromkeys(made):
        built = len(one.chosen)
        mean, tail = one.mean_usd / 1e6, one.tail_usd / 1e6
        print(
            f"  {built} built: mean NPV {mean:8,.0f} m, worst 5 % {tail:8,.0f} m, gap {one.gap:.1e}"
        )


if __name__ == "__main__":
    main()
