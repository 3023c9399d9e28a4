"""Who is at work in this session, and what they may do."""

import os
import time
from collections.abc import Callable, Hashable
from functools import lru_cache

import streamlit as st
from sqlalchemy import URL
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.logs import event
from dashboard.signing_in import NAMES, Mode, SignIn, person, sign_in
from data.actors import MAIN, Actor, Role, machine_user, permit
from data.problems import Problem, RefusedError
from data.store import Store, open_store
from data.store_opening import address, exists, shown, written

SEEN = "signed_in_as"
"""Key of the session: whose sign-in has been noted."""

WORKSPACE = "workspace"
"""Key of the session: the workspace at work in."""

FRESH_SECONDS = 2
"""How long what was looked up in a store on a server counts."""

LOOK_S, LONGEST_S = 0.2, 20
"""Seconds between looks at whether a store on this machine was written to, and for which what was
looked up there counts at most."""


@st.cache_resource(show_spinner=False)
def _opened() -> Store:
    return open_store()


def store() -> Store:
    """Return the store of this machine or team.

    Raises
    ------
    RefusedError
        If it cannot be opened.
    """
    found: Store = _opened()
    return found


def how() -> SignIn:
    """Return how people sign in here."""
    return _how(tuple((name, os.environ[name]) for name in NAMES if name in os.environ))


@lru_cache(maxsize=16)
def _how(said: tuple[tuple[str, str], ...]) -> SignIn:
    return sign_in(dict(said))


def visitor() -> tuple[str, str]:
    """Return who has signed in and, where nobody has, why not; nobody has to on one's own."""
    if how().mode is Mode.OFF:
        return _own_name(), ""
    if get_script_run_ctx(suppress_warning=True) is None:
        return "", "Nobody is here while the app starts."
    told = st.user.to_dict() if st.user else {}
    return person(told, how(), time.time())


def _own_name() -> str:
    at = address()
    return _account(shown(at)) if at.get_backend_name() != "sqlite" else machine_user()


@st.cache_resource(show_spinner=False)
def _account(place: str) -> str:  # noqa: ARG001
    return store().operator().name


def actor() -> Actor:
    """Return who is at work: as signed in, else the user of this machine.

    Raises
    ------
    RefusedError
        If people must sign in here and nobody has.
    """
    name, why = visitor()
    if not name:
        raise RefusedError([Problem("sign-in", why, "a person", "sign in")])
    return Actor(name, str(st.session_state.get(WORKSPACE, MAIN)))


def workspaces() -> dict[str, Role]:
    """Return the workspaces that the person at work belongs to, with their role in each."""
    if not exists(address()):
        return {}
    found: dict[str, Role] = _workspaces(str(address().database), actor().name)
    return found


@st.cache_resource(ttl=FRESH_SECONDS, max_entries=256, show_spinner=False)
def _workspaces(place: str, name: str) -> dict[str, Role]:  # noqa: ARG001
    return store().workspaces(name)


def settle_workspace() -> None:
    """Stand in a workspace that the person belongs to: the one chosen, else their first."""
    own = workspaces()
    if own and WORKSPACE not in st.session_state:
        st.session_state[WORKSPACE] = next(iter(own))
    elif own and st.session_state[WORKSPACE] not in own:
        go_to(next(iter(own)))


def go_to(workspace: str) -> None:
    """Begin afresh in another workspace: nothing of one is carried into the other.

    Raises
    ------
    RefusedError
        If the person does not belong to it.
    """
    own = store().workspaces(actor().name)
    if workspace not in own:
        found, fix = f"{actor().name} is no member", "ask one of its admins"
        raise RefusedError([Problem(f"workspace {workspace!r}", found, "a member", fix)])
    for key in list(st.session_state):
        del st.session_state[key]
    st.query_params.clear()
    st.session_state[WORKSPACE] = workspace


def role() -> Role | None:
    """Return what the actor may do; looked up again every few seconds."""
    who = actor()
    key = (str(address().database), who.workspace, who.name, moment())
    found: Role | None = _role(*key)
    if found is None:
        _role.clear(*key)  # A role that was just given is seen at once.
    return found


def moment() -> Hashable:
    """Return what stays the same while what was looked up in the store still counts.

    A file tells when it was written to; a server is asked again every few seconds.
    """
    now = time.monotonic()
    if address().get_backend_name() != "sqlite":
        return int(now / FRESH_SECONDS)
    return _written(address(), int(now / LOOK_S))


@lru_cache(maxsize=4)
def _written(place: URL, tick: int) -> tuple[int, ...]:  # noqa: ARG001
    return written(place)


@st.cache_resource(ttl=LONGEST_S, max_entries=256, show_spinner=False)
def _role(place: str, workspace: str, name: str, when: Hashable) -> Role | None:  # noqa: ARG001
    if not exists(address()):
        return Role.ADMIN if how().mode is Mode.OFF else None
    return store().role(Actor(name, workspace))


def demand(action: str) -> None:
    """Refuse what the actor may not do: called by everything that works for a visitor.

    Raises
    ------
    RefusedError
        If they may not.
    """
    permit(actor(), role(), action)


def note_sign_in() -> None:
    """Leave one audit row and one line of the log for each session that somebody signed in to.

    Raises
    ------
    RefusedError
        If the actor has no role here; that is logged too.
    """
    who = actor()
    if how().mode is Mode.OFF or st.session_state.get(SEEN) == who.name:
        return
    try:
        demand("sign-in")
        if not store().read_only:
            store().record(who, "sign-in", str(how().mode))
    except RefusedError:
        event("sign-in refused", who=who.name, way=str(how().mode))
        raise
    st.session_state[SEEN] = who.name
    event("sign-in", who=who.name, way=str(how().mode))


def leaving(name: str, make: Callable[[], bytes]) -> Callable[[], bytes]:
    """Return what makes a file for whoever is at work, once it is asked for.

    An audit row is left first; where there is no store yet there is none to leave. Whoever may not
    export, or whose row cannot be kept, gets nothing.
    """
    who = actor()

    def made() -> bytes:
        if exists(address()):
            permit(who, store().role(who), "export")
            if not store().read_only:
                store().record(who, "export", name)
        event("export", who=who.name, file=name)
        return make()

    return made
