"""A user's file becomes a tidy frame and a list of problems; a bad file never raises."""

from dataclasses import replace
from pathlib import Path

import pandas as pd

from data.reading import series
from data.reading.audit import audited
from data.reading.corrections import correct
from data.reading.dataset import rows_of
from data.reading.findings import (
    Findings,
    Ingested,
    Options,
    Problem,
    Report,
    Severity,
    Status,
    UnreadableError,
)
from data.reading.fingerprint import frame_hash
from data.reading.limits import LIMITS, Deadline, Limits
from data.reading.structure import read_table, typed
from data.schemas import DATASETS

__all__ = [
    "Ingested",
    "Options",
    "Problem",
    "Report",
    "Severity",
    "Status",
    "dataset_names",
    "read",
]

ANY = "any"
"""Reads structure and types without a dataset's columns."""

SERIES = "series"
"""Reads unique_id, ds, y: the long format of forecasts."""


def dataset_names() -> tuple[str, ...]:
    """Return the datasets a file can be read as."""
    return (ANY, SERIES, *DATASETS)


def read(
    source: str | Path | bytes,
    dataset: str = ANY,
    options: Options | None = None,
    *,
    existing: pd.DataFrame | None = None,
    limits: Limits = LIMITS,
) -> Ingested:
    """Read a user's file.

    Parameters
    ----------
    source : str, Path or bytes
        A path, or the file's content.
    dataset : str
        `any` for structure and types alone, `series` for unique_id, ds, y, or a name of
        `data.schemas.DATASETS`.
    options : Options or None
        What the user says about the file: sheet, encoding, delimiter, decimal mark, date order,
        header row, name, column mapping.
    existing : DataFrame or None
        Rows of the dataset held so far; rows that say something else are named.
    limits : Limits
        How much the file may hold.

    Raises
    ------
    ValueError
        If the dataset is unknown: a programmer's slip. A bad file is reported, never raised.
    """
    if dataset not in dataset_names():
        raise ValueError(f"dataset {dataset!r} is unknown; use one of {', '.join(dataset_names())}")
    findings = Findings()
    deadline = Deadline.after(limits.seconds)
    try:
        content, chosen = _content(source, options or Options(), limits)
        table = read_table(content, chosen, findings, deadline, limits)
        correct(table, chosen.replacing)
        if dataset in DATASETS:
            rows, mapping = rows_of(table, dataset, chosen, findings, deadline)
            if chosen.leave_out:
                rows = rows[~rows["row"].isin(findings.left_out(table.header_row))]
            frame = audited(rows, DATASETS[dataset], existing, findings, chosen.repeats)
            if chosen.leave_out:
                findings.left_out(table.header_row)
        elif dataset == SERIES:
            frame, mapping = series.rows_of(table, chosen, findings, deadline)
        else:
            frame, mapping = typed(table, chosen, findings, deadline).frame, {}
    except UnreadableError as refused:
        findings.problems.append(refused.problem)
        return _ingested(_nothing(dataset), (), findings)
    return _ingested(frame, table.names, findings, mapping)


def _nothing(dataset: str) -> pd.DataFrame:
    if dataset in DATASETS:
        return pd.DataFrame(columns=list(DATASETS[dataset].columns))
    return series.empty() if dataset == SERIES else pd.DataFrame()


def _ingested(
    frame: pd.DataFrame,
    columns: tuple[str, ...],
    findings: Findings,
    mapping: dict[str, str] | None = None,
) -> Ingested:
    report = Report(
        findings.status,
        len(frame),
        columns,
        dict(findings.assumed),
        findings.ordered(),
        frame_hash(frame),
        mapping or {},
    )
    return Ingested(frame, report)


def _content(source: str | Path | bytes, options: Options, limits: Limits) -> tuple[bytes, Options]:
    """Return a file's bytes; only plain files are read, and none beyond the limit."""
    if isinstance(source, bytes):
        return source, options
    path = Path(source)
    try:
        if path.exists() and not path.is_file():
            raise UnreadableError("no plain file", "a file", f"check {path}")
        size = path.stat().st_size
        if size > limits.file_bytes:
            found = f"{size:,} bytes"
            raise UnreadableError(found, f"at most {limits.file_bytes:,} bytes", "split the file")
        content = path.read_bytes()
    except OSError as error:
        reason = error.strerror or "unreadable"
        raise UnreadableError(reason, "a readable file", f"check {path}") from error
    except ValueError as error:
        raise UnreadableError(str(error), "a readable file", "check its name") from error
    named = options if options.name else _named(options, path.name)
    return content, named


def _named(options: Options, name: str) -> Options:
    return replace(options, name=name)
