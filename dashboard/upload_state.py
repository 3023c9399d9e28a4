"""The file an analyst has dropped: read once, mended by clicks, held while the page is open."""

import hashlib
from dataclasses import dataclass

import pandas as pd
import streamlit as st

from dashboard import data_state, state, store_state
from data.catalog import Catalog
from data.catalog_merging import rows_as_csv, rows_hash
from data.catalog_store import Incoming, previewed
from data.column_mapping import ColumnMapping, applied, mapping_of, proposed
from data.ingest import Ingested, read
from data.mapping_store import save_mapping, saved_mapping
from data.problems import Problem, RefusedError
from data.schemas import DATASETS
from forecasts.impact import Impact, Step, Winner, bridge, impact, winner

ROWS, MAPPED, DONE, REFUSED = "upload_rows", "upload_mapping", "upload_done", "upload_refused"
"""Keys of the session: rows as mended so far, the mapping as changed, what was accepted last, and
what the last click was refused for."""


@dataclass(frozen=True, slots=True, eq=False)
class Upload:
    """A file that was read.

    Attributes
    ----------
    name : str
        Its name, as the user knows it.
    content : bytes
        Its bytes.
    dataset : str
        What its rows are of.
    ingested : Ingested
        What the reader made of it.
    """

    name: str
    content: bytes
    dataset: str
    ingested: Ingested

    @property
    def key(self) -> str:
        """What it is kept under: the same file as the same dataset."""
        return f"{hashlib.sha256(self.content).hexdigest()}-{self.dataset}"


def upload(name: str, content: bytes, dataset: str) -> Upload:
    """Read a file; the last few are kept."""
    return Upload(name, content, dataset, _read(hashlib.sha256(content).hexdigest(), content))


@st.cache_resource(max_entries=4, show_spinner="Reading the file …")
def _read(content_hash: str, _content: bytes) -> Ingested:  # noqa: ARG001
    return read(_content, "any")


def mapping(given: Upload) -> ColumnMapping:
    """Return the mapping as the user has it: changed here, kept for the source, or proposed."""
    held = st.session_state.get(MAPPED)
    if held is not None and held[0] == given.key:
        own: ColumnMapping = held[1]
        return own
    names = [str(name) for name in given.ingested.frame.columns]
    kept = _kept_mapping(given)
    if kept is not None and set(kept.columns.values()) <= set(names):
        return kept
    return proposed(names, DATASETS[given.dataset], given.name)


def _kept_mapping(given: Upload) -> ColumnMapping | None:
    try:
        held = saved_mapping(store_state.store(), store_state.actor(), source_of(given))
    except RefusedError:
        return None
    return mapping_of(held) if held else None


def source_of(given: Upload) -> str:
    """Return what a source's mapping is kept under: its columns, whatever the file is called."""
    columns = "|".join(str(name) for name in given.ingested.frame.columns)
    return f"{given.dataset}: {hashlib.sha256(columns.encode()).hexdigest()[:16]}"


def remap(given: Upload, column: str, chosen: str, *, constant: bool) -> None:
    """Take another column, or another text for all rows; what was mended begins anew."""
    now = mapping(given)
    columns, constants = dict(now.columns), dict(now.constants)
    (constants if constant else columns)[column] = chosen
    if not constant and not chosen:
        columns.pop(column)
    st.session_state[MAPPED] = (given.key, ColumnMapping(columns, constants))
    st.session_state.pop(ROWS, None)


def rows(given: Upload) -> pd.DataFrame:
    """Return the file's rows in the dataset's columns, as mended so far."""
    held = st.session_state.get(ROWS)
    if held is not None and held[0] == given.key:
        mended: pd.DataFrame = held[1]
        return mended
    return applied(given.ingested.frame, mapping(given), DATASETS[given.dataset])


def mend(given: Upload, mended: pd.DataFrame) -> None:
    """Hold rows that a click has mended."""
    st.session_state[ROWS] = (given.key, mended)


def forget() -> None:
    """Drop what was mended."""
    for key in (ROWS, MAPPED):
        st.session_state.pop(key, None)


def incoming(given: Upload, chosen: pd.DataFrame, note: str = "") -> Incoming:
    """Return the rows as they would be accepted, with the file they came from."""
    return Incoming(given.dataset, chosen, given.name, note, given.name, given.content)


def accepted(given: Upload, chosen: pd.DataFrame, note: str) -> None:
    """Accept rows, keep the mapping for the next file of its source, and let the file go."""
    base = data_state.catalog()
    made = data_state.accept(incoming(given, chosen, note), base.version)
    save_mapping(store_state.store(), store_state.actor(), source_of(given), mapping(given).data())
    st.session_state[DONE] = (given.key, made.version, len(chosen))
    forget()


def done(given: Upload) -> tuple[str, int] | None:
    """Return version and rows of what was accepted of this file, if it is in force."""
    held = st.session_state.get(DONE)
    if held is None or held[0] != given.key or held[1] != data_state.catalog().version:
        return None
    return held[1], held[2]


def effect(wanted: Incoming) -> Impact:
    """Return what rows would do to the scenario on screen; the last few are kept."""
    now, base = state.scenario(), data_state.catalog()
    found: Impact = _effect(wanted, now.hash, base.version, _mark(wanted))
    return found


def _mark(wanted: Incoming) -> str:
    return rows_hash(wanted.dataset, rows_as_csv(wanted.rows, DATASETS[wanted.dataset]))


@st.cache_resource(max_entries=8, show_spinner="Working out what changes …")
def _effect(_wanted: Incoming, scenario_hash: str, version: str, mark: str) -> Impact:  # noqa: ARG001
    base: Catalog = data_state.catalog()
    return impact(state.scenario(), base, previewed(base, _wanted))


def steps(wanted: Incoming, factory: str) -> tuple[Step, ...]:
    """Return the bridge of NPV from before to after; the last few are kept."""
    now, base = state.scenario(), data_state.catalog()
    found: tuple[Step, ...] = _steps(wanted, now.hash, base.version, _mark(wanted), factory)
    return found


@st.cache_resource(max_entries=16, show_spinner="Working out what each group of rows adds …")
def _steps(
    _wanted: Incoming,
    scenario_hash: str,  # noqa: ARG001
    version: str,  # noqa: ARG001
    mark: str,  # noqa: ARG001
    factory: str,
) -> tuple[Step, ...]:
    return bridge(state.scenario(), data_state.catalog(), _wanted, "npv", factory)


def winners(found: Impact, key: str) -> tuple[Winner | None, Winner | None]:
    """Return which model won the backtest of a series before, and which wins it now."""
    one = next(moved for moved in found.series if moved.key == key)
    versions = (found.before.plan.data_version, found.after.plan.data_version)
    won: tuple[Winner | None, Winner | None] = _winners(found, key, one.unit, versions)
    return won


@st.cache_resource(max_entries=32, show_spinner="Trying every model on the past …")
def _winners(
    _found: Impact,
    key: str,
    unit: str,  # noqa: ARG001
    versions: tuple[str, str],  # noqa: ARG001
) -> tuple[Winner | None, Winner | None]:
    one = next(moved for moved in _found.series if moved.key == key)
    return winner(one.before, one.forecast_before), winner(one.after, one.forecast_after)


def remember(problems: tuple[Problem, ...]) -> None:
    """Keep what a click was refused for until the page is drawn."""
    st.session_state[REFUSED] = problems


def remembered() -> tuple[Problem, ...]:
    """Return what the last click was refused for, once."""
    held: tuple[Problem, ...] = st.session_state.pop(REFUSED, ())
    return held
