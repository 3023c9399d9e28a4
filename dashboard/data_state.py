"""The data in force, and what people accept, take back and bring back."""

import time
from collections.abc import Callable, Hashable

import streamlit as st
from streamlit.runtime.scriptrunner import get_script_run_ctx

from dashboard.sign_in_state import LONGEST_S, moment
from dashboard.store_state import actor, store
from data import catalog_store
from data.actors import Actor, permit
from data.catalog import Catalog, bundled
from data.catalog_store import DataVersion, Incoming
from data.problems import Problem, RefusedError
from data.store_opening import address, exists, shown

HELD, RUN_SECONDS = "catalog_held", 0.3
"""Key of the session for the catalog found last, and how long it serves."""


def notices() -> tuple[str, ...]:
    """Return what a person must know about the store; empty when all is well."""
    try:
        return (*store().notices, *map(_left_out, _unusable())) if exists(address()) else ()
    except RefusedError as refused:
        return tuple(str(problem) for problem in refused.problems)


def _left_out(problem: Problem) -> str:
    return (
        f"Rows that were accepted do not fit any more, so the bundled tables are in force: "
        f"{problem}. Go back to an earlier version, then bring them mended."
    )


def _unusable() -> tuple[Problem, ...]:
    """Return why accepted rows are not in force: rules may be stricter than they were then."""
    try:
        _accepted()
    except RefusedError as refused:
        return refused.problems[:3]
    return ()


def may(action: str) -> str:
    """Return why the actor may not do something; empty when they may."""
    try:
        if store().read_only:
            return "The store cannot be written."
        permit(actor(), store().role(actor()), action)
    except RefusedError as refused:
        return str(refused)
    return ""


def catalog() -> Catalog:
    """Return the data in force: the bundled tables, with what was accepted laid over them.

    Where the store cannot be opened the bundled tables are in force; `notices` says so. Within
    one run of a page it is looked up once; outside a page every time.
    """
    if get_script_run_ctx(suppress_warning=True) is None:
        return _in_force()
    then, kept = st.session_state.get(HELD, (0.0, None))
    now = time.monotonic()
    if kept is None or now - then > RUN_SECONDS:
        kept = _in_force()
        st.session_state[HELD] = (now, kept)
    found: Catalog = kept
    return found


def _in_force() -> Catalog:
    if not exists(address()):
        return bundled()
    try:
        return _accepted()
    except RefusedError:
        return bundled()


def _accepted() -> Catalog:
    """Return the bundled tables with what was accepted laid over them."""
    version = head()
    if version == bundled().version:
        return bundled()
    found: Catalog = _catalog(shown(address()), actor().workspace, version)
    return found


def head() -> str:
    """Return the version that was accepted last, whether or not its rows can be used."""
    who = actor()
    found: str = _version(shown(address()), who.workspace, who.name, moment())
    return found


@st.cache_data(ttl=LONGEST_S, max_entries=64, show_spinner=False)
def _version(place: str, workspace: str, name: str, when: Hashable) -> str:  # noqa: ARG001
    return catalog_store.version_in_force(store(), Actor(name, workspace))


@st.cache_resource(max_entries=8, show_spinner="Reading the data in force …")
def _catalog(place: str, workspace: str, version: str) -> Catalog:  # noqa: ARG001
    who = Actor(actor().name, workspace)
    made = catalog_store.in_force(store(), who)
    # Somebody may have accepted more since the version was read.
    return made if made.version == version else catalog_store.at_version(store(), who, version)


def accept(incoming: Incoming, base: str) -> DataVersion:
    """Accept rows and bring them into force."""
    return _changed(lambda: catalog_store.accept(store(), actor(), incoming, base=base))


def undo(base: str) -> DataVersion:
    """Take back what was accepted last."""
    return _changed(lambda: catalog_store.undo(store(), actor(), base=_seen(base)))


def roll_back(version: str, base: str) -> DataVersion:
    """Bring an earlier data version into force."""
    return _changed(lambda: catalog_store.roll_back(store(), actor(), version, base=_seen(base)))


def _seen(base: str) -> str:
    """Return the version a change starts from: the last one where its rows cannot be shown."""
    return head() if _unusable() else base


def _changed(change: Callable[[], DataVersion]) -> DataVersion:
    try:
        return change()
    finally:
        _version.clear()
        st.session_state.pop(HELD, None)


def at_version(version: str) -> Catalog:
    """Return the catalog of a data version."""
    return catalog_store.at_version(store(), actor(), version)


def versions() -> tuple[DataVersion, ...]:
    """Return every data version there was, newest first."""
    return catalog_store.versions(store(), actor()) if exists(address()) else ()
