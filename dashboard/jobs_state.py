"""The queue of heavy work that all sessions share, and this session's place in it."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import get_ident
from typing import Generic, NamedTuple, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard import sign_in_state
from dashboard.ahead import LOOK_S, Ahead
from dashboard.board import place
from dashboard.jobs import Job, Queue
from dashboard.logs import event
from dashboard.sign_in_state import how
from dashboard.signing_in import Mode
from data.problems import RefusedError
from forecasts.uncertainty import Progress

One = TypeVar("One")


@st.cache_resource(show_spinner=False)
def queue() -> Queue:
    """Return the queue of this process."""
    return Queue(board=place().board)


def alive() -> None:
    """End the run of a visitor who has left or has asked for something else.

    Reading the session's state is where Streamlit looks whether a run is still wanted.
    """
    st.session_state.get("alive")


@contextmanager
def drawing() -> Iterator[None]:
    """Wait for this page's turn to be drawn, unless its visitor asks for something else."""
    with queue().drawing(alive):
        yield


def pause(seconds: float) -> None:
    """Wait a moment, unless the run's visitor asks for something else meanwhile."""
    until = time.monotonic() + seconds
    with queue().behind():
        while (left := until - time.monotonic()) > 0:
            alive()
            time.sleep(min(left, LOOK_S))


def _asker() -> str:
    """Return whose turn it is: a person's, or where nobody signs in a page's."""
    now = get_script_run_ctx(suppress_warning=True)
    page = "" if now is None or how().mode is not Mode.OFF else f", page {now.session_id[:8]}"
    return sign_in_state.actor().name + page


def end(number: int) -> None:
    """End a job, whoever's it is.

    Raises
    ------
    RefusedError
        If the actor is no admin.
    """
    sign_in_state.demand("operate")
    if queue().end(number, sign_in_state.actor().name):
        event("job ended by an admin", who=sign_in_state.actor().name, number=number)


def others_of_mine() -> tuple[Job, ...]:
    """Return the jobs of this person that other pages of theirs have asked for."""
    name, here = sign_in_state.actor().name, _asker()
    found = [one for group in queue().state() for one in group if one.who.startswith(name)]
    own = (one for one in found if one.who == name or one.who.startswith(f"{name}, page "))
    # Where nobody signs in, a job says which page asked, also for what its other threads do.
    return tuple(
        one for one in own if one.thread != get_ident() and (here == name or one.who != here)
    )


def end_own(number: int) -> None:
    """End a job of one's own on another page; nobody else's."""
    if number in {job.number for job in others_of_mine()}:
        event("job ended by its owner", who=sign_in_state.actor().name, number=number)
        queue().end(number, "you, on another page")


@contextmanager
def turn(
    what: str, size: int = 0, told: Callable[[int], object] | None = None
) -> Iterator[Callable[[int, int], None]]:
    """Wait for this session's turn to do something heavy; give what to tell each step to.

    Raises
    ------
    RefusedError
        If the actor may not look, too many wait, or the job was ended.
    """
    sign_in_state.demand("look")
    job = Job(_asker(), what, size)
    try:
        with queue().behind(), queue().turn(job, alive, told) as step:
            yield step
    except RefusedError as refused:
        event("job ended", who=job.who, job=what, why=str(refused))
        raise


class Begun(NamedTuple, Generic[One]):
    """Something heavy that was begun ahead: its place in the queue, and the work."""

    job: Job
    work: Ahead[One]


def ahead(what: str, size: int, work: Callable[[Progress], One]) -> Begun[One]:
    """Begin something heavy while this page is drawn, in its turn, in a thread of its own.

    Parameters
    ----------
    what : str
        What it is.
    size : int
        How much work it is.
    work : callable
        Does it; asks no session. It is given what to tell each step to.
    """
    sign_in_state.demand("look")
    held, job = queue(), Job(_asker(), what, size)

    def in_turn(wanted: Callable[[], None]) -> One:
        with held.turn(job, wanted) as step:
            return work(step)

    return Begun(job, Ahead(in_turn))
