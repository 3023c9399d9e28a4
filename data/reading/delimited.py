"""Text to rows: the delimiter that gives even rows, quotes, and lines that do not fit."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Grid, Row
from data.reading.limits import LIMITS, Deadline, Limits, require
from data.reading.numerals import number_of

DELIMITERS = (",", ";", "\t", "|")
"""Column separators that are looked for."""

SELDOM = ("^", "~", "¦", ":", "\x1f")
"""Separators tried when none of the usual ones fits."""

NAMES = {"tab": "\t", "\\t": "\t", "comma": ",", "semicolon": ";", "pipe": "|", "space": " "}
"""Words for delimiters on the command line."""

SAMPLED = 300
"""Lines a delimiter is judged by."""

ALIGNED = re.compile(r"\s{2,}|\t")


@dataclass(frozen=True, slots=True)
class Dialect:
    """How the cells of a text file are separated and quoted."""

    delimiter: str
    quote: str = '"'
    escape: str | None = None
    skip: int = 0


def dialect_of(text: str, findings: Findings, delimiter: str = "") -> Dialect:
    """Find out how a text separates its cells."""
    stated = re.match(r"\s*\"?sep=(.)\"?\r?\n", text)
    skip = 1 if stated else 0
    lines = _lines(text)[skip:]
    named = NAMES.get(delimiter.lower(), delimiter) or (stated[1] if stated else "")
    if len(named) > 1:
        raise UnreadableError(
            f"delimiter {named!r}", "one character", "name it as one character, or tab"
        )
    chosen = named or _delimiter(lines, findings)
    findings.assumed["delimiter"] = {"\t": "tab", "": "none"}.get(chosen, chosen)
    quote = "'" if _single_quoted(lines, chosen) else '"'
    escape = "\\" if re.search(r'[^\\]\\"', "\n".join(lines)) else None
    return Dialect(chosen, quote, escape, skip)


def _lines(text: str) -> list[str]:
    head = text[:400_000]
    lines = re.split(r"\r\n|\n|\r", head, maxsplit=SAMPLED)
    return lines[:-1] if len(lines) > SAMPLED or len(head) < len(text) else lines


def _single_quoted(lines: list[str], delimiter: str) -> bool:
    whole = [line.strip() for line in lines[:20] if line.strip()]
    marks = f"'{delimiter}'"
    return len(whole) > 1 and all(
        line.startswith("'") and line.endswith("'") and marks in line for line in whole
    )


def _delimiter(lines: list[str], findings: Findings) -> str:
    scores = {mark: _evenness(lines, mark) for mark in DELIMITERS}
    best = max(DELIMITERS, key=lambda mark: scores[mark])
    if scores["\t"] >= scores[best] * 0.98:
        best = "\t"  # seldom part of a text, unlike the others
    if scores[best] <= 0:
        seldom = {mark: _evenness(lines, mark) for mark in SELDOM}
        rare = max(SELDOM, key=lambda mark: seldom[mark])
        if seldom[rare] >= 1 and len([line for line in lines if line.strip()]) > 1:
            _assume(findings, rare)
            return rare
        return ""
    rivals = [mark for mark in DELIMITERS if scores[mark] >= scores[best] * 0.98 and mark != best]
    if rivals:
        _assume(findings, best, rivals[0])
    return best


def _assume(findings: Findings, chosen: str, other: str = "") -> None:
    found = f"cells that {chosen!r} separates"
    found += f", and {other!r} would as well" if other else ", an unusual mark"
    findings.of_file(
        "warning",
        found,
        "one clear delimiter",
        f"{chosen!r} was assumed; say --delimiter if that is wrong",
    )


def _evenness(lines: list[str], delimiter: str) -> float:
    """Return how evenly a delimiter cuts the lines; 0 when it cuts none, above 1 when all."""
    if not any(delimiter in line for line in lines):
        return 0.0
    try:
        counts = [
            len(row)
            for row in csv.reader(lines, delimiter=delimiter, skipinitialspace=delimiter != " ")
            if any(cell.strip() for cell in row)
        ]
    except csv.Error:
        return 0.0
    cut = [count for count in counts if count > 1]
    if not cut:
        return 0.0
    usual, times = Counter(counts).most_common(1)[0]
    if usual == 1:
        usual, times = Counter(cut).most_common(1)[0]
        if times < 2:
            return 0.05
    share = times / len(counts)
    first = 1.0 if counts[0] == usual else 0.9
    return share * first * (1 + min(usual, 30) / 1000)


def grid_of(
    text: str, dialect: Dialect, findings: Findings, deadline: Deadline, limits: Limits = LIMITS
) -> Grid:
    """Cut a text into rows of cells; blank rows are left out, but counted."""
    if not dialect.delimiter:
        return _aligned(text, findings, limits)
    body = text
    rows: list[Row] = []
    numbers: list[int] = []
    cells = 0
    try:
        for number, row in enumerate(_records(body, dialect, findings), start=1):
            if number <= dialect.skip or not any(map(str.strip, row)):
                continue
            rows.append(list(row))
            numbers.append(number)
            cells += len(row)
            if not number % 10_000:
                deadline.check()
                require("cells", cells, limits.cells)
    except csv.Error as error:
        raise _refusal(error, len(rows), limits) from error
    require("rows", len(rows), limits.rows)
    require("columns", max(map(len, rows), default=0), limits.columns)
    return Grid(rows, numbers, [])


def _records(text: str, dialect: Dialect, findings: Findings) -> list[list[str]]:
    """Return the records; quotes that do not close or do not fit are said."""
    try:
        return list(_reader(text, dialect, strict=True, escape=None))
    except csv.Error as error:
        if "field larger" in str(error):
            raise
    if dialect.escape is not None:
        try:
            return list(_reader(text, dialect, strict=True, escape="\\"))
        except csv.Error as error:
            if "field larger" in str(error):
                raise
    loose = list(_reader(text, dialect, strict=False, escape=None))
    last = loose[-1] if loose else []
    swallowed = max((cell.count("\n") + cell.count("\r") for cell in last), default=0)
    if _is_open(text, dialect):
        if swallowed or len(loose) < 2:
            raise UnreadableError(
                "a quote that is never closed",
                "quotes in pairs",
                "close the quote, or double the quotes inside a cell",
                len(loose),
            )
        cut = loose.pop()
        findings.add(
            "error",
            len(loose) + 1,
            "",
            dialect.delimiter.join(cut),
            "a whole row",
            "the file seems cut off in this row; send it whole",
        )
    _judge_swallowed(loose, dialect, findings)
    findings.of_file(
        "warning",
        "quotes inside quoted cells that are not doubled",
        'quotes written twice inside a quoted cell: ""',
        "the rows were read as well as it goes; check cells with quotes",
    )
    return loose


def _judge_swallowed(rows: list[list[str]], dialect: Dialect, findings: Findings) -> None:
    """Say where a quote that does not fit holds the end of a line."""
    for number, row in enumerate(rows, start=1):
        if any("\n" in cell or "\r" in cell for cell in row):
            findings.add(
                "error", number, "", dialect.delimiter.join(row), "quotes in pairs",
                "a quote seems to swallow the end of its line; close it",
            )  # fmt: skip


def _is_open(text: str, dialect: Dialect) -> bool:
    try:
        for _ in _reader(text, dialect, strict=True, escape=dialect.escape):
            pass
    except csv.Error as error:
        return "unexpected end" in str(error)
    return False


def _reader(
    text: str, dialect: Dialect, *, strict: bool, escape: str | None
) -> Iterator[list[str]]:
    return csv.reader(
        io.StringIO(text, newline=""),
        delimiter=dialect.delimiter,
        quotechar=dialect.quote,
        escapechar=escape,
        skipinitialspace=dialect.delimiter != " ",
        strict=strict,
    )


def _refusal(error: csv.Error, rows: int, limits: Limits) -> UnreadableError:
    if "field larger" in str(error):
        return UnreadableError(
            "a cell of too many characters",
            f"at most {limits.cell_characters:,} characters in a cell",
            "shorten it, or close the quote before it",
            rows + 1,
        )
    return UnreadableError(str(error), "a table as CSV", "save the file as CSV anew", rows + 1)


def _aligned(text: str, findings: Findings, limits: Limits) -> Grid:
    """Cut at runs of spaces where that gives even rows; else the file is one column."""
    lines = re.split(r"\r\n|\n|\r", text)
    held = [(number, line.strip()) for number, line in enumerate(lines, 1) if line.strip()]
    longest = max((len(one) for _, one in held), default=0)
    require("characters in a cell", longest, limits.cell_characters)
    require("rows", len(held), limits.rows)
    cut = [ALIGNED.split(line) for _, line in held]
    if not _is_even(cut) and _is_spaced(text):
        cut = [line.split() for _, line in held]
    if _is_even(cut):
        findings.assumed["delimiter"] = "spaces"
        findings.of_file(
            "warning",
            "columns aligned by spaces",
            "a delimiter",
            "two or more spaces were taken as the end of a cell; save as CSV if that is wrong",
        )
        return Grid([list(cells) for cells in cut], [number for number, _ in held], [])
    return Grid([[_unquoted(line)] for _, line in held], [number for number, _ in held], [])


def _is_even(cut: list[list[str]]) -> bool:
    widths = {len(cells) for cells in cut}
    return len(cut) > 1 and len(widths) == 1 and widths != {1}


def _is_spaced(text: str) -> bool:
    """Whether single spaces part numbers: every line has as many words, and most are numbers."""
    lines = [line.split() for line in text[:100_000].splitlines()[1:] if line.strip()]
    words = [word for line in lines for word in line]
    numbers = sum(number_of(word) is not None for word in words)
    return len(lines) > 1 and numbers >= 0.5 * len(words)


def unwrapped(text: str) -> str:
    """Return a text whose lines are each one quoted cell without those quotes; else nothing.

    Spreadsheets save a CSV that was opened as one column in this form: "a,b" on every line.
    """
    lines = text.strip().splitlines()
    if len(lines) < 2 or not all(_unquoted(line.strip()) != line.strip() for line in lines[:50]):
        return ""
    inner = [_unquoted(line.strip()) for line in lines]
    for mark in DELIMITERS:
        counts = {line.count(mark) for line in inner}
        if len(counts) == 1 and counts != {0}:
            return "\n".join(inner) + "\n"
    return ""


def _unquoted(line: str) -> str:
    if len(line) > 1 and line[0] == line[-1] == '"' and '"' not in line[1:-1].replace('""', ""):
        return line[1:-1].replace('""', '"')
    return line
