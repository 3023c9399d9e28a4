"""How sure scenarios on screen are, worked out once for everyone who looks at them.

It is begun while the page is still drawn, in a thread that stands back for it.
"""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from math import inf
from threading import get_ident

import streamlit as st

from dashboard import later_state, sign_in_state, state, study_state
from dashboard.ahead import LOOK_S
from dashboard.data_state import catalog
from dashboard.drivers_state import drivers
from dashboard.jobs_state import Begun, ahead, alive, turn
from dashboard.kept import Kept
from dashboard.path_counts import SIMULATED_PATHS
from dashboard.run_state import together
from data.catalog import Catalog
from forecasts.cash_fan import CashFan
from forecasts.cash_paths import CashPaths, beside, carry_cash
from forecasts.compare import ranking_of
from forecasts.decisive import Nudge, nudges
from forecasts.outlook import Outlook
from forecasts.plan import Plan
from forecasts.risk_report import probability_of
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.series_record import record_in_short
from forecasts.uncertainty import Progress, carrier_of

STAGES = (512, SIMULATED_PATHS)
"""Paths that are shown first, soon after a change, and those that everything on screen rests on;
the first are the beginning of the others."""

HELD_S = 0.25
"""Seconds that paths are held back: server and browser draw what the move itself changed."""

READY_S = 0.1
"""Seconds of these in which one thread makes ready what all paths share."""

QUICK_S = 1.5
"""Seconds within which all paths need no few before them."""

MOST_KEPT, MOST_DECIDED = 8, 64
"""Scenarios whose paths are kept, about 1 MB each, and of which it is kept what decides."""

SHOWN_S = 1.0
"""Seconds between words on the progress of paths: each costs the browser a look at all it shows."""


@dataclass(frozen=True, slots=True, eq=False)
class Sureness:
    """How sure a scenario is.

    Attributes
    ----------
    paths : CashPaths
        What every path comes to before finance.
    places : list of (int, float, float)
        Factory, share of paths in which it is first, and the standard error; largest first.
    decides : Future of list of Nudge
        What decides, the costliest first; found soon after the paths.
    record : str
        How often the series behind the paths held their intervals, where that was too seldom.
    """

    paths: CashPaths
    places: list[tuple[int, float, float]]
    decides: Future[list[Nudge]]
    record: str = ""

    @property
    def together(self) -> CashFan:
        """Band of cumulative cash of all factories; it has no other row."""
        return self.paths.together

    @property
    def fan(self) -> CashFan:
        """Bands of cumulative cash of every factory and of all, once they are there."""
        return self.paths.fan


Key = tuple[str, str]
"""Hash of a scenario, version of the data."""


@dataclass(slots=True)
class _Held:
    """What is held for everyone.

    Attributes
    ----------
    found : Kept
        How sure the last scenarios are.
    decisive : Kept
        What decides in them.
    seconds : float
        How long all paths took last.
    begun : dict of int to Begun
        What was begun ahead, by the thread of the page it is for.
    """

    found: Kept[Key, Sureness] = field(default_factory=lambda: Kept(MOST_KEPT))
    decisive: Kept[Key, list[Nudge]] = field(default_factory=lambda: Kept(MOST_DECIDED))
    seconds: float = inf
    begun: dict[int, Begun[Sureness]] = field(default_factory=dict)


@st.cache_resource(show_spinner=False)
def _held() -> _Held:
    return _Held()


def stages() -> tuple[int, ...]:
    """Return how many paths to show in turn: all at once where they were quick the last time."""
    return STAGES[-1:] if quick() else STAGES


def quick() -> bool:
    """Whether all paths are shown at once: they were quick the last time, or are begun so."""
    own = _held().begun.get(get_ident())
    return _held().seconds <= QUICK_S if own is None else own.job.size == STAGES[-1]


def _key(wanted: Scenario) -> Key:
    return wanted.hash, catalog().version


def known(wanted: Scenario) -> Sureness | None:
    """Return how sure a scenario is if that was worked out already."""
    return _held().found.get(_key(wanted))


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """All that is needed to work out how sure a scenario is; asks no session."""

    key: Key
    paths: int
    plan: Plan
    outlook: Outlook
    tables: Catalog
    names: list[str]
    held: _Held

    def run(self, told: Progress) -> Sureness:
        """Carry the paths, then begin to find what decides: whoever shows paths does so before."""
        known_meanwhile = self.held.found.get(self.key)
        if known_meanwhile is not None:
            return known_meanwhile
        drawn = time.monotonic() + HELD_S
        design = Design(self.paths, 0, "sobol")
        self._hold(drawn - READY_S, told)
        carrier = carrier_of(self.plan, self.outlook, self.tables, design)
        self._hold(drawn, told)
        begun = list[float]()

        def step(done: int, of: int) -> None:
            begun.append(time.monotonic())  # the first time, all is drawn that is drawn once
            told(done, of)

        paths = carry_cash(carrier, design, step)
        said = record_in_short(self.outlook)
        found = Sureness(paths, first_shares(paths), beside(self._decides), said)
        if self.paths == STAGES[-1]:
            self.held.seconds = time.monotonic() - begun[0]
            self.held.found.put(self.key, found)
        return found

    def _hold(self, until: float, told: Progress) -> None:
        """Wait; end here for whoever moves on."""
        while time.monotonic() < until:
            told(0, self.paths)
            time.sleep(LOOK_S)

    def _decides(self) -> list[Nudge]:
        found = self.held.decisive.get(self.key)
        if found is None:
            found = nudges(self.plan.scenario, self.names, self.tables)
            self.held.decisive.put(self.key, found)
        return found


def _task(wanted: Scenario, paths: int) -> _Task:
    known_series = study_state.outlook(tuple(sorted(wanted.follows.items())))
    plan, names = state.study_of(wanted).result.plan, list(drivers())
    return _Task(_key(wanted), paths, plan, known_series, catalog(), names, _held())


@contextmanager
def ahead_of_page() -> Iterator[None]:
    """Give up what was begun for a page when its run ends, in whatever way."""
    begun, own = _held().begun, get_ident()
    try:
        yield
    finally:
        left = begun.pop(own, None)
        if left is not None:
            left.work.give_up()


def begin(wanted: Scenario) -> bool:
    """Begin to work out how sure a scenario is while its page is drawn; whether that was done.

    A new browser first draws its page.
    """
    if later_state.fresh() or known(wanted) is not None:
        return False
    task = _task(wanted, stages()[0])
    _held().begun[get_ident()] = ahead(_what(wanted, task.paths), task.paths, task.run)
    return True


def _what(wanted: Scenario, paths: int) -> str:
    return f"{paths:,} paths of {wanted.name}"


def sureness(wanted: Scenario, paths: int, progress: Progress | None = None) -> Sureness:
    """Return how sure a scenario is; worked out when it is neither kept nor begun already.

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
    if found is not None:
        return found
    begun = _held().begun.get(get_ident())
    if begun is not None and begun.job.size == paths:
        job = begun.job

        def looks() -> None:
            alive()
            if progress is not None and job.done:
                progress(job.done, job.of)

        return begun.work.result(looks)
    task = _task(wanted, paths)

    def waits(before: int) -> None:
        if progress is not None and before > 1:
            progress(0, paths)

    with turn(_what(wanted, paths), paths, waits) as step:
        return task.run(step if progress is None else together(step, progress))


def first_shares(paths: CashPaths) -> list[tuple[int, float, float]]:
    """Return factories, their shares of paths on which they are first, errors; largest first."""
    ranks = ranking_of(paths.npv, paths.capex).rank
    first = [probability_of(hits, paths.design) for hits in (ranks == 1).T]
    places = [(row, one.value, one.error) for row, one in enumerate(first)]
    return sorted(places, key=lambda place: -place[1])


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
