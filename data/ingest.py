"""A user's file becomes a tidy frame and a list of problems; bad rows never raise.

So far one dataset is read: `series`, the long format (unique_id, ds, y) as CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from data.late import Late

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")


Severity = Literal["error", "warning", "note"]
"""An error rejects the file, a warning says what was assumed, a note informs."""

Status = Literal["accepted", "accepted_with_warnings", "rejected"]
"""What became of a file."""

LARGEST = 200_000_000
"""Bytes; a larger file is refused before it is read."""

DELIMITERS = (",", ";", "\t", "|")
"""Column separators that are recognised."""

COLUMNS = ("unique_id", "ds", "y")
"""The long format, as forecasting tools exchange it."""

PERIODS = {
    "integer": re.compile(r"-?\d{1,9}"),
    "half-year": re.compile(r"\d{4}-?[HS][12]"),
    "quarter": re.compile(r"\d{4}-?Q[1-4]"),
    "month": re.compile(r"\d{4}(-|M|-M)(0[1-9]|1[0-2])"),
    "date": re.compile(r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?)?"),
}
"""Forms of `ds`; a year such as 2024 reads as an integer."""

DS_EXPECTED = "a date 2024-03-31, a period 2024Q1 / 2024-03 / 2024, or an integer"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing about a user's file. Rows count as in the file, the header being row 1.

    Attributes
    ----------
    severity : str
        `error`, `warning` or `note`.
    row : int or None
        Row in the file; None when it concerns the whole file.
    column : str
        Column name; empty when it concerns the whole row or file.
    value : str
        What was found.
    expected : str
        What would have been right.
    fix : str
        What to do, as an instruction.
    message : str
        All of it as one sentence.
    """

    severity: Severity
    row: int | None
    column: str
    value: str
    expected: str
    fix: str
    message: str

    def __str__(self) -> str:
        return self.message


@dataclass(frozen=True, slots=True)
class Report:
    """What became of a file, with every problem found.

    Attributes
    ----------
    status : str
        `rejected` when any problem is an error.
    rows : int
        Data rows in the file, the header not counted.
    columns : tuple of str
        Column names of the file.
    assumed : dict of str to str
        Encoding and delimiter the file was read with.
    problems : tuple of Problem
        In the order of the file.
    """

    status: Status
    rows: int
    columns: tuple[str, ...]
    assumed: dict[str, str]
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Ingested:
    """The good rows of a file and the report on all of them.

    Attributes
    ----------
    frame : DataFrame
        The rows without errors; empty when a column is missing.
    report : Report
        Status and problems.
    """

    frame: pd.DataFrame
    report: Report


Table = list[tuple[int, list[str]]]
"""Rows of a file with their numbers."""


def read(source: str | Path | bytes, dataset: str = "series") -> Ingested:
    """Read a user's file against a dataset's columns.

    Parameters
    ----------
    source : str, Path or bytes
        A path, or the file's content.
    dataset : str
        `series`: unique_id, ds, y.

    Raises
    ------
    ValueError
        If the dataset is unknown: a programmer's slip. A bad file is reported, never raised.
    """
    if dataset not in READERS:
        raise ValueError(f"dataset {dataset!r} is unknown; use one of {', '.join(READERS)}")
    content, problems = _content(source)
    if content is None:
        return _ingested(_empty(), 0, (), {}, problems)
    text, encoding, found = _decoded(content)
    problems += found
    delimiter = _delimiter(text)
    try:
        table = _table(text, delimiter)
    except csv.Error as error:
        problems.append(_problem("error", None, "", str(error), "CSV", "save the file as CSV anew"))
        return _ingested(_empty(), 0, (), {}, problems)
    assumed = {"encoding": encoding, "delimiter": delimiter}
    if not table:
        expected = f"a header {','.join(COLUMNS)} and rows below it"
        problems.append(_problem("error", None, "", "an empty file", expected, "fill the file"))
        return _ingested(_empty(), 0, (), assumed, problems)
    header = tuple(name.strip() for name in table[0][1])
    frame, found = READERS[dataset](header, table[1:])
    return _ingested(frame, len(table) - 1, header, assumed, problems + found)


def _ingested(
    frame: pd.DataFrame,
    rows: int,
    columns: tuple[str, ...],
    assumed: dict[str, str],
    problems: list[Problem],
) -> Ingested:
    severities = {problem.severity for problem in problems}
    status: Status = "accepted_with_warnings" if "warning" in severities else "accepted"
    if "error" in severities:
        status = "rejected"
    ordered = sorted(problems, key=lambda problem: problem.row or 0)
    return Ingested(frame, Report(status, rows, columns, assumed, tuple(ordered)))


def _problem(
    severity: Severity, row: int | None, column: str, value: str, expected: str, fix: str
) -> Problem:
    place = ", ".join(part for part in (f"row {row}" if row else "", column) if part) or "file"
    shown = value if len(value) <= 60 else f"{value[:57]}…"
    message = f"{place}: got {shown!r}, expected {expected}; {fix}"
    return Problem(severity, row, column, shown, expected, fix, message)


def _empty() -> pd.DataFrame:
    return pd.DataFrame({"unique_id": pd.Series(dtype=str), "ds": pd.Series(dtype=str), "y": []})


def _content(source: str | Path | bytes) -> tuple[bytes | None, list[Problem]]:
    if isinstance(source, bytes):
        return _bounded(source, len(source))
    path = Path(source)
    try:
        size = path.stat().st_size
        return _bounded(path.read_bytes() if size <= LARGEST else b"", size)
    except OSError as error:
        reason = error.strerror or "unreadable"
        return None, [_problem("error", None, "", reason, "a readable file", f"check {path}")]


def _bounded(content: bytes, size: int) -> tuple[bytes | None, list[Problem]]:
    if size <= LARGEST:
        return content, []
    expected = f"at most {LARGEST // 1_000_000} MB"
    return None, [_problem("error", None, "", f"{size} bytes", expected, "split the file")]


def _decoded(content: bytes) -> tuple[str, str, list[Problem]]:
    for mark, name in ((b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"), (b"", "utf-8-sig")):
        if content.startswith(mark):
            try:
                return content.decode(name), name, []
            except UnicodeDecodeError:
                continue
    text = content.decode("cp1252", errors="replace")
    assumed = _problem(
        "warning", None, "", "bytes that are not UTF-8", "UTF-8",
        "it was read as Windows-1252; save the file as UTF-8 if letters look wrong",
    )  # fmt: skip
    return text, "cp1252", [assumed]


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines()[:20] if line.strip()), "")
    return max(DELIMITERS, key=header.count)


def _table(text: str, delimiter: str) -> Table:
    """Return the rows that hold anything, numbered as in the file."""
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter)
    return [(number, row) for number, row in enumerate(reader, start=1) if any(map(str.strip, row))]


# The long format ------------------------------------------------------------------------------


def _series(header: tuple[str, ...], table: Table) -> tuple[pd.DataFrame, list[Problem]]:
    problems = list(_column_problems(header))
    if any(problem.severity == "error" for problem in problems):
        return _empty(), problems
    if not table:
        problems.append(_problem("error", None, "", "no rows", "at least one row", "add rows"))
        return _empty(), problems
    places = {name: header.index(name) for name in COLUMNS}
    rows = []
    for number, cells in table:
        if len(cells) < len(header):
            cells = [*cells, *[""] * (len(header) - len(cells))]
        elif len(cells) > len(header):
            found = f"{len(cells)} cells"
            fix = "quote cells that contain the delimiter"
            problems.append(_problem("error", number, "", found, f"{len(header)} cells", fix))
            continue
        rows.append((number, *(cells[places[name]].strip() for name in COLUMNS)))
    frame = pd.DataFrame(rows, columns=["row", *COLUMNS])
    return _checked(frame, problems)


def _column_problems(header: tuple[str, ...]) -> Iterator[Problem]:
    lowered = {name.lower(): name for name in header}
    for name in COLUMNS:
        if header.count(name) > 1:
            yield _problem("error", 1, name, "the column twice", "one column", "rename one of them")
        if name not in header:
            near = lowered.get(name)
            fix = f"rename {near!r} to {name!r}" if near else f"add a column {name!r}"
            yield _problem("error", 1, name, ", ".join(header), f"a column {name!r}", fix)
    for extra in (name for name in header if name not in COLUMNS):
        yield _problem("note", 1, extra, extra, "unique_id, ds, y", "the column is not used")


def _checked(frame: pd.DataFrame, problems: list[Problem]) -> tuple[pd.DataFrame, list[Problem]]:
    """Convert the cells; report each that cannot be, each repeated period and each gap."""
    kinds = frame["ds"].map(_kind)
    frame = frame.assign(kind=kinds, number=pd.to_numeric(frame["y"], errors="coerce"))
    usual = frame.groupby("unique_id")["kind"].transform(lambda own: own.value_counts().index[0])
    missing = frame["y"].str.lower().isin({"", "na", "nan", "null", "none"})
    finite = frame["number"].abs() < float("inf")
    bad = {
        "unique_id": (frame["unique_id"] == "", "a series name", "fill the cell"),
        "ds": (frame["kind"] == "", DS_EXPECTED, "write it in one of these forms"),
        "y": (~missing & ~finite, "a number such as 1234.5", "correct or clear the cell"),
    }
    wrong = pd.Series(data=False, index=frame.index)
    for column, (marks, expected, fix) in bad.items():
        wrong |= marks
        problems += _of_rows("error", frame[marks], column, expected, fix)
    mixed = ~wrong & (frame["kind"] != usual)
    problems += [
        _problem(
            "error", int(row), "ds", ds, f"a {kind} as in the series' other rows", "rewrite it"
        )
        for row, ds, kind in zip(frame["row"][mixed], frame["ds"][mixed], usual[mixed], strict=True)
    ]
    twice = ~wrong & frame.duplicated(["unique_id", "ds"])
    expected, fix = "each period once in a series", "delete one of the rows"
    problems += _of_rows("error", frame[twice], "ds", expected, fix)
    gaps = ~wrong & ~twice & missing
    fix = "it counts as a gap and is filled along a straight line"
    problems += _of_rows("warning", frame[gaps], "y", "a number", fix)
    good = frame[~(wrong | mixed | twice)]
    tidy = good.assign(y=good["number"])[list(COLUMNS)].reset_index(drop=True)
    return tidy, problems


def _kind(ds: str) -> str:
    for kind, pattern in PERIODS.items():
        if pattern.fullmatch(ds):
            return kind if kind != "date" or _is_date(ds) else ""
    return ""


def _is_date(text: str) -> bool:
    try:
        pd.Timestamp(text)
    except ValueError:
        return False
    return True


def _of_rows(
    severity: Severity, frame: pd.DataFrame, column: str, expected: str, fix: str
) -> list[Problem]:
    return [
        _problem(severity, int(row), column, str(value), expected, fix)
        for row, value in zip(frame["row"], frame[column], strict=True)
    ]


READERS: dict[str, Callable[[tuple[str, ...], Table], tuple[pd.DataFrame, list[Problem]]]] = {
    "series": _series,
}
"""A reader for each dataset."""
