"""Simulations of scenarios on screen, worked out once for everyone who looks at them."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import streamlit as st

from dashboard import sign_in_state, state, study_state
from dashboard.data_state import catalog
from dashboard.drivers_state import drivers
from dashboard.jobs_state import turn
from dashboard.kept import Kept
from dashboard.risk_runs import months_to_power, ranked
from dashboard.run_state import long_run
from forecasts.cash_fan import CashFan, simulate_with_cash
from forecasts.compare import criteria_of, ranking, weighing_data
from forecasts.criteria import CRITERIA
from forecasts.decisive import Nudge, nudges
from forecasts.risk_report import probability, simulation_data
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertainty import Progress, Simulation

STAGES = (512, 4096)
"""Paths that are shown first, soon after a change, and those that everything on screen rests on;
the first are the beginning of the others."""

QUICK_S = 0.8
"""Seconds within which all paths need no few before them."""

MOST_KEPT = 8
"""Scenarios whose paths are kept: about 10 MB each."""


SHOWN_S = 0.5
"""Seconds between words on the progress of paths."""


@dataclass(frozen=True, slots=True, eq=False)
class Sureness:
    """How sure a scenario is.

    Attributes
    ----------
    simulation : Simulation
        Every metric on every path.
    fan : CashFan
        Band of cumulative cash.
    places : list of (int, float, float)
        Factory, share of paths in which it is first, and the standard error; largest first.
    nudges : list of Nudge
        What decides, the costliest first.
    """

    simulation: Simulation
    fan: CashFan
    places: list[tuple[int, float, float]]
    nudges: list[Nudge]


@st.cache_resource(show_spinner=False)
def _kept() -> Kept[tuple[str, str], Sureness]:
    return Kept(MOST_KEPT)


@dataclass(slots=True)
class _Pace:
    """How long all paths took last, in seconds."""

    seconds: float = QUICK_S


@st.cache_resource(show_spinner=False)
def _pace() -> _Pace:
    return _Pace()


def stages() -> tuple[int, ...]:
    """Return how many paths to show in turn: all at once where they were quick the last time."""
    return STAGES[-1:] if _pace().seconds < QUICK_S else STAGES


def known(wanted: Scenario) -> Sureness | None:
    """Return how sure a scenario is if that was worked out already."""
    return _kept().get((wanted.hash, catalog().version))


def sureness(wanted: Scenario, paths: int, progress: Progress | None = None) -> Sureness:
    """Return how sure a scenario is; worked out when it is not kept.

    Parameters
    ----------
    wanted : Scenario
        The scenario.
    paths : int
        One of `STAGES`; only the last is kept.
    progress : Progress, optional
        Told how many paths are through; may raise to end the run.
    """
    sign_in_state.demand("look")
    found = known(wanted)
    if found is None:
        begun = time.monotonic()
        found = _worked_out(wanted, paths, progress)
        if paths == STAGES[-1]:
            _pace().seconds = time.monotonic() - begun
            _kept().put((wanted.hash, catalog().version), found)
    return found


def _worked_out(wanted: Scenario, paths: int, progress: Progress | None) -> Sureness:
    plan = state.study_of(wanted).result.plan
    design = Design(paths, 0, "sobol")
    known_series = study_state.outlook(tuple(sorted(wanted.follows.items())))

    def waits(before: int) -> None:
        if progress is not None and before > 1:
            progress(0, paths)

    with turn(f"{paths:,} paths of {wanted.name}", paths, waits) as step:
        done_meanwhile = known(wanted)
        if done_meanwhile is not None:
            return done_meanwhile

        def told(done: int, of: int) -> None:
            step(done, of)
            if progress is not None:
                progress(done, of)

        simulation, fan = simulate_with_cash(plan, known_series, catalog(), design, told)
        decisive = _decides(wanted, wanted.hash, catalog().version)
    return Sureness(simulation, fan, first_shares(simulation), decisive)


def first_shares(simulation: Simulation) -> list[tuple[int, float, float]]:
    """Return factories, their shares of paths on which they are first, errors; largest first."""
    first = [probability(hits, simulation) for hits in (ranking(simulation).rank == 1).T]
    places = [(row, one.value, one.error) for row, one in enumerate(first)]
    return sorted(places, key=lambda place: -place[1])


@st.cache_resource(max_entries=64, show_spinner=False)
def _decides(_wanted: Scenario, scenario_hash: str, data_version: str) -> list[Nudge]:  # noqa: ARG001
    return nudges(_wanted, list(drivers()), catalog())


def risk() -> tuple[dict[str, object], dict[str, object]] | None:
    """Return the simulation and the ranking of the scenario on screen; the last few are kept.

    None when the user stopped the work.
    """
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, object]:
        simulation = sureness(now, STAGES[-1], told).simulation
        first = ranked(state.study_of(now).result, simulation, tables, None)
        return {"simulation": simulation_data(simulation), "ranking": first}

    key = ("risk", now.hash, tables.version)
    found = long_run(key, f"Carrying {STAGES[-1]:,} paths through the scenario", work)
    return None if found is None else (found["simulation"], found["ranking"])


def weighted(weights: tuple[int, ...]) -> dict[str, object]:
    """Weigh the sites of the scenario on screen by these weights, in the order of `CRITERIA`."""
    now = state.scenario()
    simulation = sureness(now, STAGES[-1]).simulation
    criteria = tuple(
        replace(one, weight=float(weight)) for one, weight in zip(CRITERIA, weights, strict=True)
    )
    months = months_to_power(state.study_of(now).result)
    return weighing_data(criteria_of(simulation, ranking(simulation).score, months, criteria))


def yielding(show: Callable[[str], object]) -> Progress:
    """Return a progress that shows now and then how far the paths are.

    Each time costs the browser a redraw, which a run of less than a second does not need.
    """
    last = time.monotonic()

    def told(done: int, paths: int) -> None:
        nonlocal last
        if time.monotonic() - last >= SHOWN_S:
            last = time.monotonic()
            show(f"Carrying {paths:,} paths through the scenario: {100 * done // paths} %")

    return told
