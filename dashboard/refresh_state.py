"""What public sources say now: asked by a click, compared, held while the page is open."""

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import data_state, store_state
from data.actors import permit
from data.catalog_store import Incoming
from data.connectors.connector import Connector
from data.connectors.refresh import CONNECTORS, Refreshed, cached_fetcher, refreshed, today
from data.problems import Problem, RefusedError

ASKED, DONE = "refresh_asked", "refresh_done"
"""Keys of the session: what a source answered last, and what was accepted of it."""

TRIES = 2
"""How often a page asks an address: a person waits. The command line is more patient."""


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """What became of asking a source.

    Attributes
    ----------
    source : str
        Name of its connector.
    version : str
        Data version in force when it was asked.
    found : Refreshed or None
        What it says; None where it could not be asked.
    problems : tuple of Problem
        Why it could not.
    """

    source: str
    version: str
    found: Refreshed | None
    problems: tuple[Problem, ...] = ()


def connectors() -> tuple[Connector, ...]:
    """Return every public source."""
    return tuple(CONNECTORS.values())


def ask(connector: Connector) -> None:
    """Ask a source and keep its answer; the attempt leaves an audit row.

    Raises
    ------
    RefusedError
        If the person may not.
    """
    who, store = store_state.actor(), store_state.store()
    permit(who, store.role(who), "refresh")
    catalog = data_state.catalog()
    try:
        found: Refreshed | None = refreshed(connector, cached_fetcher(TRIES), catalog, today())
        problems: tuple[Problem, ...] = ()
    except RefusedError as refused:
        found, problems = None, tuple(refused.problems)
    st.session_state[ASKED] = Answer(connector.name, catalog.version, found, problems)
    st.session_state.pop(DONE, None)
    if not store.read_only:
        told = found.told if found is not None else "; ".join(str(one) for one in problems)
        store.record(who, "refresh", connector.name, told)


def answer() -> Answer | None:
    """Return what was answered last, if the data in force are still those it was compared with."""
    held: Answer | None = st.session_state.get(ASKED)
    return held if held is not None and held.version == data_state.catalog().version else None


def leave() -> None:
    """Drop the answer; everything stays as it is."""
    st.session_state.pop(ASKED, None)


def taken(found: Refreshed, chosen: pd.DataFrame, note: str = "") -> Incoming:
    """Return the rows of a source that are chosen, as they would be accepted."""
    connector = found.connector
    said = note or f"Refreshed {today()}."
    return Incoming(connector.dataset, chosen, connector.title, said)


def accepted(found: Refreshed, chosen: pd.DataFrame, note: str) -> None:
    """Bring rows of a source into force."""
    made = data_state.accept(taken(found, chosen, note), data_state.catalog().version)
    st.session_state[DONE] = (made.version, len(chosen))
    leave()


def done() -> tuple[str, int] | None:
    """Return version and rows of what was accepted last, if it is in force."""
    held: tuple[str, int] | None = st.session_state.get(DONE)
    return held if held is not None and held[0] == data_state.catalog().version else None


def held_rows(connector: Connector) -> tuple[int, dt.date | None]:
    """Return how many rows of a source's table are in force, and the newest date among them."""
    frame = data_state.catalog().tables[connector.dataset]
    publisher = connector.title.partition(":")[0]
    own = frame[frame["source"].str.contains(publisher.partition(" EDGAR")[0], regex=False)]
    seen = pd.to_datetime(own["date"], errors="coerce").dropna()
    return len(own), None if seen.empty else seen.max().date()
