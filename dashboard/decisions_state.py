"""What decides, what to build and when, for the scenario on screen; the last few are kept."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import streamlit as st

from dashboard import state
from dashboard.changes import between
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.path_counts import PROGRAMME_PATHS, SHARE_POINTS, TIMING_PATHS
from dashboard.portfolio_runs import options_for, portfolio_of, programme_of
from dashboard.risk_runs import grid_of, spider_of, timing_of, tornado_of
from dashboard.run_state import long_run, together
from dashboard.what_if_runs import bridge_of as bridge_run
from dashboard.what_if_runs import goal_of, shares_of
from data.catalog import Catalog
from forecasts.bridging import Bridging
from forecasts.goals import Aim
from forecasts.programme import Limits
from forecasts.scenario import Scenario
from forecasts.stress import stress_data, stress_tests
from forecasts.uncertainty import Progress

Data = dict[str, Any]
"""What was worked out, as plain data."""

Key = tuple[object, ...]
Work = Callable[[Scenario, Catalog], Data]
LongWork = Callable[[Scenario, Catalog, Progress], Data]

USED = "used_programme"
"""Key of the session: hash of the scenario into which a programme was written."""

MOST_LINES = 6
"""Assumptions followed along their ranges."""


def _case() -> tuple[Scenario, Catalog]:
    return state.scenario(), catalog()


@st.cache_resource(max_entries=128, show_spinner="Working it out …")
def _kept(asked: Key, _label: str, _weight: int, _work: Callable[[], Data]) -> Data:  # noqa: ARG001
    """Return what was worked out before for the same key, or work it out in its turn."""
    with turn(_label, _weight):
        return _work()


def _soon(what: str, weight: int, asked: tuple[object, ...], work: Work) -> Data:
    """Return what takes a second or two: kept for everyone by what it is of."""
    now, tables = _case()
    key = (what, now.hash, tables.version, *asked)
    return _kept(key, f"{what} of {now.name}", weight, lambda: work(now, tables))


def _later(
    what: str, label: str, weight: int, asked: tuple[str, ...], work: LongWork
) -> Data | None:
    """Return what takes longer, with a bar and a way to stop it; None when stopped."""
    now, tables = _case()

    def run(told: Progress) -> Data:
        with turn(f"{what} of {now.name}", weight) as step:
            return work(now, tables, together(told, step))

    return long_run((what, now.hash, tables.version, *asked), label, run)


def tornado(metric: str, factory: str | None) -> Data:
    """Return what moves a metric of a factory, or of all together, widest first."""
    asked = (metric, factory)
    return _soon("drivers", 1000, asked, lambda now, tables: tornado_of(now, tables, *asked))


def goal(aim: Aim) -> Data:
    """Return the value of an assumption at which a metric reaches a target, or why none does."""
    return _soon("goal", 200, (aim,), lambda now, tables: goal_of(now, tables, aim))


def spider(metric: str, names: Sequence[str]) -> Data:
    """Return a metric of all factories along the ranges of the first few assumptions."""
    asked = (metric, tuple(names)[:MOST_LINES])
    return _soon("lines", 200, asked, lambda now, tables: spider_of(now, tables, *asked))


def heat(names: tuple[str, str]) -> Data:
    """Return NPV over the ranges of two assumptions."""
    return _soon("map", 200, names, lambda now, tables: grid_of(now, tables, "npv", names))


def stressed() -> Data | None:
    """Return the stress tests, every metric of each, as `tests`; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return {"tests": stress_data(stress_tests(now, tables, told))}

    return _later("stress tests", "Planning anew under each stress", 1000, (), work)


def bridge_of(factory: str) -> Bridging:
    """Return a factory with a bridge to the grid and without, and up to which rent it pays."""

    def work(now: Scenario, tables: Catalog) -> Data:
        return {"found": bridge_run(now, tables, factory)}

    found: Bridging = _soon("bridge", 100, (factory,), work)["found"]
    return found


def spread(metric: str, factory: str | None) -> Data | None:
    """Return what share of a metric's variance each input brings; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return shares_of(now, tables, (SHARE_POINTS, 0), (metric, factory), told)

    asked = (metric, factory or "")
    return _later("spread", "Carrying paths with one input exchanged", 4000, asked, work)


def _options() -> Data | None:
    """Return every site, size and start along the same paths; None when the user stopped it."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        planner, options = options_for(now, tables, (PROGRAMME_PATHS, 0, "sobol"), told)
        return {"planner": planner, "options": options}

    return _later("options", "Trying sites, sizes and starts", 4000, (), work)


def programme(limits: Limits) -> Data | None:
    """Return the frontier within limits, which of them hold it back, what budgets buy.

    None when the user stopped the work.
    """
    made = _options()
    if made is None:
        return None

    def work(_now: Scenario, _tables: Catalog) -> Data:
        return portfolio_of(made["planner"], made["options"], (PROGRAMME_PATHS, 0, "sobol"), limits)

    return _soon("programme", 500, (limits,), work)


def use_programme(chosen: Sequence[Mapping[str, str]]) -> None:
    """Write a programme into the scenario on screen: its sites, sizes and starts alone."""
    made = _options()
    if made is None:
        return
    wanted = programme_of(made["planner"], made["options"], chosen)
    if state.edit(between(state.parent(), wanted)):
        state.turned()
        st.session_state[USED] = state.scenario().hash


def used() -> bool:
    """Whether the scenario on screen is a programme that was just taken over."""
    return bool(st.session_state.get(USED) == state.scenario().hash)


def timing() -> Data | None:
    """Return plans and policies of every site on the same paths; None when stopped."""

    def work(now: Scenario, tables: Catalog, told: Progress) -> Data:
        return timing_of(now, tables, (TIMING_PATHS, 0, "sobol"), told)

    return _later("timing", "Carrying other plans along the same paths", 4000, (), work)
