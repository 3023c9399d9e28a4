"""What can be mended with one click in how a file is read: each fix is another way to read it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.reading.findings import Options, Problem, Report

WORDS = {
    "dmy": "Read dates as day, month, year",
    "mdy": "Read dates as month, day, year",
    "ymd": "Read dates as year, month, day",
    ",": "Read the comma as the decimal mark",
    ".": "Read the point as the decimal mark",
}
"""Labels of other ways to read numbers and dates."""

MEANT = re.compile(r"write (\S+) if .*meant")

SHEETS = re.compile(r"say --sheet to read one of (.+)")

MOST_SHEETS = 4


@dataclass(frozen=True, slots=True)
class Fix:
    """One click: what it says on the button, and how the file is read after it."""

    label: str
    options: Options


def fixes(report: Report, options: Options) -> tuple[Fix, ...]:
    """Return the clicks that would mend what a report names, the most careful first."""
    found = [*_meant(report, options), *_ways(report, options), *_repeats(report, options)]
    found += [*_leaving(report, options), *_sheets(report, options)]
    return tuple({one.label: one for one in found}.values())


def replaced(options: Options, column: str, old: str, new: str) -> Options:
    """Return options by which a cell's text is read as another one."""
    held = dict(options.replacing)
    held[column] = {**held.get(column, {}), old: new}
    return replace(options, replacing=held)


def _meant(report: Report, options: Options) -> Iterator[Fix]:
    """Offer the known name that is most like one that is not."""
    for one in report.problems:
        found = MEANT.search(one.fix)
        if found is not None and one.column:
            new = found[1]
            yield Fix(f"Read {one.value} as {new}", replaced(options, one.column, one.value, new))


def _ways(report: Report, options: Options) -> Iterator[Fix]:
    """Offer the other order of dates, and the other decimal mark, where one was assumed."""
    for one in report.problems:
        for order in re.findall(r"--dates ([dmy]{3})", one.fix) if not options.dates else ():
            yield Fix(WORDS[order], replace(options, dates=order))
        for mark in re.findall(r"--decimal ([.,])", one.fix) if not options.decimal else ():
            yield Fix(WORDS[mark], replace(options, decimal=mark))


def _repeats(report: Report, options: Options) -> Iterator[Fix]:
    if any(one.expected == "each key once" for one in _errors(report)) and not options.repeats:
        yield Fix("Of rows said twice keep the last", replace(options, repeats="last"))
        yield Fix("Of rows said twice keep the first", replace(options, repeats="first"))


def _leaving(report: Report, options: Options) -> Iterator[Fix]:
    rows = {one.row for one in _errors(report)}
    if rows and not rows & {None, 1} and not options.leave_out:
        count = "the row" if len(rows) == 1 else f"the {len(rows)} rows"
        yield Fix(f"Leave out {count} with errors", replace(options, leave_out=True))


def _sheets(report: Report, options: Options) -> Iterator[Fix]:
    for one in report.problems:
        found = SHEETS.search(one.fix)
        if found is not None and not options.sheet:
            for name in found[1].split(", ")[:MOST_SHEETS]:
                yield Fix(f"Read sheet {name}", replace(options, sheet=name))


def _errors(report: Report) -> list[Problem]:
    return [one for one in report.problems if one.severity == "error"]
