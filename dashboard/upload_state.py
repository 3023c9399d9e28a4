"""The file an analyst has dropped: read as the analyst says, held while the page is open."""

import hashlib
import json
from dataclasses import asdict, dataclass, replace

import pandas as pd
import streamlit as st

from dashboard import data_state, state, store_state
from data.catalog import Catalog
from data.catalog_merging import rows_as_csv, rows_hash
from data.catalog_store import Incoming, previewed
from data.ingest import Ingested, Options, read
from data.mapping_store import kept_form, options_from, save_mapping, saved_mapping, source_of
from data.problems import Problem, RefusedError
from data.provenance import Confidence
from data.schemas import DATASETS
from forecasts.impact import Impact, Step, Winner, bridge, impact, winner

SAID, DONE, REFUSED = "upload_said", "upload_done", "upload_refused"
"""Keys of the session: how the file is to be read, what was accepted last, and what the last click
was refused for."""


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
    options : Options
        How it is read: as said here, kept for its source, or found out.
    ingested : Ingested
        What the reader made of it.
    """

    name: str
    content: bytes
    dataset: str
    options: Options
    ingested: Ingested

    @property
    def key(self) -> str:
        """What it is kept under: the same file as the same dataset."""
        return f"{_mark_of(self.content)}-{self.dataset}"

    @property
    def rows(self) -> pd.DataFrame:
        """Its rows in the dataset's columns."""
        return self.ingested.frame


def upload(name: str, content: bytes, dataset: str) -> Upload:
    """Read a file as the user says; the last few are kept."""
    key = f"{_mark_of(content)}-{dataset}"
    held = st.session_state.get(SAID)
    if held is not None and held[0] == key:
        options: Options = held[1]
    else:
        options = _kept(content, dataset, Options(name=name))
    return Upload(name, content, dataset, options, _ingested(content, dataset, options, name))


def _ingested(content: bytes, dataset: str, options: Options, name: str) -> Ingested:
    """Read with a source and a grade for rows that state none: an assumption out of this file."""
    sourced = {
        "source": f"File {name}"[:200],
        "confidence": str(Confidence.ASSUMPTION),
        "notes": f"Uploaded as {name}."[:300],
        **options.constants,
    }
    marked = json.dumps(asdict(options), sort_keys=True)
    version = data_state.catalog().version
    found: Ingested = _read(
        _mark_of(content), dataset, marked, version, content, replace(options, constants=sourced)
    )
    return found


def _mark_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@st.cache_resource(max_entries=8, show_spinner="Reading the file …")
def _read(
    content_hash: str,  # noqa: ARG001
    dataset: str,
    marked: str,  # noqa: ARG001
    version: str,  # noqa: ARG001
    _content: bytes,
    _options: Options,
) -> Ingested:
    return read(_content, dataset, _options, existing=data_state.catalog().tables[dataset])


def _kept(content: bytes, dataset: str, options: Options) -> Options:
    """Return how the last file of the same columns was read, where that was kept."""
    columns = _ingested(content, dataset, options, options.name).report.columns
    try:
        source = source_of(dataset, columns)
        held = saved_mapping(store_state.store(), store_state.actor(), source)
    except RefusedError:
        return options
    return options_from(held, options) if held else options


def say(given: Upload, options: Options) -> None:
    """Read the file in another way from now on."""
    st.session_state[SAID] = (given.key, options)


def changed(given: Upload) -> bool:
    """Whether the user has said how to read the file."""
    held = st.session_state.get(SAID)
    return held is not None and held[0] == given.key


def forget() -> None:
    """Drop what was said of how to read it."""
    st.session_state.pop(SAID, None)


def file_columns(given: Upload) -> list[str]:
    """Return the columns of the file."""
    return list(given.ingested.report.columns)


def source_column(given: Upload, target: str) -> str:
    """Return the file's column that stands for one of the dataset; nothing where none does."""
    mapping = given.ingested.report.mapping
    return next((name for name, to in mapping.items() if to == target), "")


def remap(given: Upload, target: str, column: str) -> None:
    """Take another column of the file, or none, for one of the dataset."""
    made = {name: to for name, to in given.options.mapping.items() if to != target}
    before = source_column(given, target)
    if before:
        made[before] = ""
    if column:
        made[column] = target
    say(given, replace(given.options, mapping=made))


def fill(given: Upload, target: str, text: str) -> None:
    """Take a text for all rows that have none in a column of the dataset."""
    say(given, replace(given.options, constants={**given.options.constants, target: text}))


def incoming(given: Upload, chosen: pd.DataFrame, note: str = "") -> Incoming:
    """Return the rows as they would be accepted, with the file they came from."""
    return Incoming(given.dataset, chosen, given.name, note, given.name, given.content)


def accepted(given: Upload, chosen: pd.DataFrame, note: str) -> None:
    """Accept rows, keep the mapping for the next file of its source, and let the file go."""
    base = data_state.catalog()
    made = data_state.accept(incoming(given, chosen, note), base.version)
    source = source_of(given.dataset, given.ingested.report.columns)
    who, kept = store_state.actor(), kept_form(given.options)
    save_mapping(store_state.store(), who, source, kept)
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
    return impact(state.scenario(), base, previewed(base, _wanted), state.current().result)


def steps(wanted: Incoming, found: Impact, factory: str) -> tuple[Step, ...]:
    """Return the bridge of NPV from before to after; the last few are kept."""
    now, plans = state.scenario(), (found.before.plan, found.after.plan)
    versions = (plans[0].data_version, plans[1].data_version)
    made: tuple[Step, ...] = _steps(wanted, found, now.hash, versions, factory)
    return made


@st.cache_resource(max_entries=16, show_spinner="Working out what each group of rows adds …")
def _steps(
    _wanted: Incoming,
    _found: Impact,
    scenario_hash: str,  # noqa: ARG001
    versions: tuple[str, str],  # noqa: ARG001
    factory: str,
) -> tuple[Step, ...]:
    ends = (_found.before, _found.after)
    return bridge(state.scenario(), data_state.catalog(), _wanted, "npv", factory, ends)


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
