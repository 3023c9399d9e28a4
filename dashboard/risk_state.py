"""Simulations of scenarios on screen with every metric, kept for everyone who looks at them."""

from dataclasses import replace

import streamlit as st

from dashboard import state, study_state, sure_state
from dashboard.data_state import catalog
from dashboard.jobs_state import turn
from dashboard.kept import Kept
from dashboard.risk_runs import months_to_power, ranked, record_told
from dashboard.run_state import long_run, together
from forecasts.compare import criteria_of, ranking, weighing_data
from forecasts.criteria import CRITERIA
from forecasts.rank_sensitivity import RankSensitivity, ranks_of
from forecasts.risk_report import simulation_data
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertain import Sampler
from forecasts.uncertainty import Progress, Simulation, simulate

MOST_KEPT = 8
"""Scenarios whose paths are kept: about 10 MB each."""


@st.cache_resource(show_spinner=False)
def _kept() -> Kept[tuple[str, str], Simulation]:
    return Kept(MOST_KEPT)


def simulation(wanted: Scenario, progress: Progress | None = None) -> Simulation:
    """Return every metric on every path of a scenario; worked out when it is not kept.

    Parameters
    ----------
    wanted : Scenario
        The scenario.
    progress : Progress, optional
        Told how many paths are through; may raise to end the run.
    """
    key, paths = (wanted.hash, catalog().version), sure_state.STAGES[-1]
    plan = state.study_of(wanted).result.plan
    known_series = study_state.outlook(tuple(sorted(wanted.follows.items())))

    def waits(before: int) -> None:
        if progress is not None and before > 1:
            progress(0, paths)

    found = _kept().get(key)
    if found is not None:
        return found
    with turn(f"{paths:,} paths of {wanted.name}, every metric", paths, waits) as step:
        found = _kept().get(key)
        if found is None:
            told = step if progress is None else together(step, progress)
            design = Design(paths, 0, "sobol")
            found = simulate(plan, known_series, catalog(), design, progress=told)
            _kept().put(key, found)
    return found


def risk() -> tuple[dict[str, object], dict[str, object]] | None:
    """Return the simulation and the ranking of the scenario on screen; the last few are kept.

    None when the user stopped the work.
    """
    now, tables = state.scenario(), catalog()

    def work(told: Progress) -> dict[str, object]:
        carried = simulation(now, told)
        first = ranked(state.study_of(now).result, carried, tables, None)
        data = simulation_data(carried) | record_told(carried, tables)
        return {"simulation": data, "ranking": first}

    key = ("risk", now.hash, tables.version)
    found = long_run(key, f"Carrying {sure_state.STAGES[-1]:,} paths through the scenario", work)
    return None if found is None else (found["simulation"], found["ranking"])


def weighted(weights: tuple[int, ...]) -> dict[str, object]:
    """Weigh the sites of the scenario on screen by these weights, in the order of `CRITERIA`."""
    now = state.scenario()
    carried = simulation(now)
    criteria = tuple(
        replace(one, weight=float(weight)) for one, weight in zip(CRITERIA, weights, strict=True)
    )
    months = months_to_power(state.study_of(now).result)
    return weighing_data(criteria_of(carried, ranking(carried).score, months, criteria))


def ranks(metric: str, factory: str | None) -> RankSensitivity | None:
    """Return how closely each sampled input goes with a metric; None where it is not simulated."""
    now = state.scenario()
    found: RankSensitivity | None = _ranks(metric, factory, now.hash, catalog().version)
    return found


@st.cache_resource(max_entries=64, show_spinner=False)
def _ranks(
    metric: str,
    factory: str | None,
    scenario_hash: str,  # noqa: ARG001
    data_version: str,  # noqa: ARG001
) -> RankSensitivity | None:
    now = state.scenario()
    carried = simulation(now)
    known = study_state.outlook(tuple(sorted(now.follows.items())))
    sampler = Sampler(carried.plan, known, catalog(), carried.design)
    keys = [site.key for site in carried.plan.sites]
    return ranks_of(carried, sampler, metric, None if factory is None else keys.index(factory))
