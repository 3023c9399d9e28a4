"""What reading a file yields: a frame, what was assumed, and everything found on the way."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

Severity = Literal["error", "warning", "note"]
"""An error rejects the file, a warning says what was assumed, a note informs."""

Status = Literal["accepted", "accepted_with_warnings", "rejected"]
"""What became of a file."""

SHOWN = 80
"""Characters of a value that a message repeats."""

LISTED = 200
"""Rows named one by one for the same finding; the rest is counted."""


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
        Data rows read, header, blank rows and left-out rows not counted.
    columns : tuple of str
        Column names of the file.
    assumed : dict of str to str
        How the file was read: encoding, delimiter, decimal mark, date order, sheet, header row.
    problems : tuple of Problem
        In the order of the file.
    frame_hash : str
        SHA-256 over names and values; the same table as CSV or workbook has the same.
    mapping : dict of str to str
        Column of the dataset by column of the file, where a dataset was named.
    """

    status: Status
    rows: int
    columns: tuple[str, ...]
    assumed: dict[str, str]
    problems: tuple[Problem, ...]
    frame_hash: str = ""
    mapping: dict[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, object]:
        """Return it as plain data, in the form the command line prints."""
        names = ("severity", "row", "column", "value", "expected", "fix", "message")
        return {
            "status": self.status,
            "rows": self.rows,
            "columns": list(self.columns),
            "frame_hash": self.frame_hash,
            "assumed": self.assumed | ({"mapping": self.mapping} if self.mapping else {}),
            "problems": [{name: getattr(one, name) for name in names} for one in self.problems],
        }


@dataclass(frozen=True, slots=True, eq=False)
class Ingested:
    """The good rows of a file and the report on all of them.

    Attributes
    ----------
    frame : DataFrame
        The rows without errors; empty when the file cannot be read.
    report : Report
        Status and problems.
    """

    frame: pd.DataFrame
    report: Report


@dataclass(frozen=True, slots=True)
class Options:
    """What a user says about a file instead of having it found out.

    Attributes
    ----------
    sheet : str
        Name of a workbook's sheet, or its number counted from 1.
    encoding, delimiter : str
        Of a text file.
    decimal : str
        `.` or `,`.
    dates : str
        `dmy`, `mdy` or `ymd`.
    header : int or None
        Row of the header; 0 when there is none.
    name : str
        File name as the user knows it; only its ending is looked at.
    mapping : mapping of str to str
        Column of the dataset by column of the file; nothing where a column is not to be used.
    constants : mapping of str to str
        What every row has in a column of the dataset that the file lacks or leaves empty.
    replacing : mapping of str to mapping
        By column of the file, what a cell is to be read as instead.
    repeats : str
        Which of rows with the same key counts: `first`, `last`, or nothing to refuse them.
    leave_out : bool
        Whether rows of a dataset with errors are left out, and the others accepted.
    """

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    decimal: str = ""
    dates: str = ""
    header: int | None = None
    name: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    replacing: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    repeats: str = ""
    leave_out: bool = False


class UnreadableError(Exception):
    """A file that cannot be read at all, with the one problem that says why."""

    def __init__(self, found: str, expected: str, fix: str, row: int | None = None) -> None:
        self.problem = problem("error", row, "", found, expected, fix)
        super().__init__(self.problem.message)


def problem(
    severity: Severity, row: int | None, column: str, value: str, expected: str, fix: str
) -> Problem:
    """Return a problem with its message."""
    place = ", ".join(part for part in (f"row {row}" if row else "", column) if part) or "file"
    shown = value if len(value) <= SHOWN else f"{value[: SHOWN - 1]}…"
    message = f"{place}: got {shown!r}, expected {expected}; {fix}"
    return Problem(severity, row, column, shown, expected, fix, message)


@dataclass(slots=True)
class Findings:
    """Problems and assumptions, gathered while a file is read."""

    problems: list[Problem] = field(default_factory=list)
    assumed: dict[str, str] = field(default_factory=dict)

    def add(
        self,
        severity: Severity,
        row: int | None,
        column: str,
        value: str,
        expected: str,
        fix: str,
    ) -> None:
        """Note one problem."""
        self.problems.append(problem(severity, row, column, value, expected, fix))

    def of_rows(
        self,
        severity: Severity,
        rows: list[tuple[int, str]],
        column: str,
        expected: str,
        fix: str,
    ) -> None:
        """Note the same problem of several cells, given as (row, value)."""
        for row, value in rows[:LISTED]:
            self.add(severity, row, column, value, expected, fix)
        if len(rows) > LISTED:
            more = f"{len(rows) - LISTED} more rows"
            self.add(severity, rows[LISTED][0], column, more, expected, fix)

    def of_file(self, severity: Severity, value: str, expected: str, fix: str) -> None:
        """Note a problem of the whole file."""
        self.add(severity, None, "", value, expected, fix)

    def left_out(self, header: int) -> set[int]:
        """Turn errors of single rows into warnings; return those rows, to be left out.

        Errors of the whole file or its header stay, and so do those of more rows than are listed.
        """
        errors = [one for one in self.problems if one.severity == "error"]
        if len(errors) > LISTED or any((one.row or 0) <= header for one in errors):
            return set()
        rows = {one.row for one in errors if one.row is not None}
        for at, one in enumerate(self.problems):
            if one.severity == "error":
                fix = f"{one.fix}; the row was left out"
                self.problems[at] = problem(
                    "warning", one.row, one.column, one.value, one.expected, fix
                )
        return rows

    @property
    def status(self) -> Status:
        """Rejected with any error, with warnings where one was assumed."""
        severities = {one.severity for one in self.problems}
        if "error" in severities:
            return "rejected"
        return "accepted_with_warnings" if "warning" in severities else "accepted"

    def ordered(self) -> tuple[Problem, ...]:
        """Return the problems in the order of the file, each once."""
        return tuple(sorted(dict.fromkeys(self.problems), key=lambda one: one.row or 0))
