"""Rows of a text file that only draw lines or comment, and keys that share one cell."""

import re
from collections import Counter
from collections.abc import Callable

from data.reading.delimited import DELIMITERS
from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Grid, Row, is_blank, shown
from data.reading.headers import is_value

RULE = re.compile(r":?[-=_\u2500\u2501]{3,}:?|\+?[-=+]{3,}\+?")
"""A cell that draws a line."""

MARKUP = re.compile(r"\s*<[?!/]?[a-zA-Z].*>\s*", re.DOTALL)
"""A text that is markup from its first letter to its last."""

BEGINNINGS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a pointer to a file kept elsewhere (Git LFS)", re.compile(r"version \S*git-lfs\S*\s+oid ")),
    (
        "SQL statements",
        re.compile(r"\s*(?:insert\s+into|(?:create|drop)\s+table)\s+\S+", re.IGNORECASE),
    ),
)
"""How texts begin that are no tables, by their name."""

SETTING = re.compile(r"\[[\w .-]+\]|[\w.-]+ *=[^=]*")
PAIRS = re.compile(r"[\w.-]+=[^=,;\t]*(?:[,;\t] ?[\w.-]+=[^=,;\t]*)+")
YAML = re.compile(r"---|(?:- )?[\w ]+:(?: .*)?|- [^,;\t]*")
LISTED = re.compile(r"(?: +|- )[\w ]+: ")

JUDGED = 4_000
"""Characters at the beginning of a text that are judged line by line."""

SCALAR = re.compile(r"\s*(?:null|true|false)\s*")


def judge_text(text: str) -> None:
    """Refuse markup, and a single word of JSON."""
    if MARKUP.fullmatch(text):
        raise UnreadableError(
            "an XML or HTML document", "a table: CSV, XLSX, ODS, Parquet or JSON",
            "save the table as CSV or XLSX",
        )  # fmt: skip
    if not any(letter.isalnum() for letter in text):
        raise UnreadableError(
            "no letter and no digit", "a header and rows below it", "fill the file"
        )
    named = _no_table(text)
    if named:
        raise UnreadableError(named, "a table", "save the table as CSV or XLSX")
    _judge_merge(text)
    if SCALAR.fullmatch(text):
        raise UnreadableError(repr(text.strip()), "a header and rows below it", "fill the file")


def _no_table(text: str) -> str:
    """Return what a text is that is made for programs, by its first lines; else nothing."""
    named = next((name for name, form in BEGINNINGS if form.match(text)), "")
    lines = [line.rstrip() for line in text[:JUDGED].splitlines() if line.strip()]
    lines = lines[:-1] if len(text) > JUDGED else lines
    if named or len(lines) < 2:
        return named
    if all(SETTING.fullmatch(line.strip()) for line in lines):
        return "settings as name=value"
    if all(PAIRS.fullmatch(line.strip()) for line in lines):
        return "pairs of name=value"
    listed = any(LISTED.match(line) for line in lines)
    if len(lines) > 2 and listed and all(YAML.fullmatch(line.strip()) for line in lines):
        return "a YAML document"
    return ""


def _judge_merge(text: str) -> None:
    """Refuse what a version control system leaves of two versions."""
    begin = f"\n{text}".find("\n<<<<<<< ")
    middle = text.find("\n=======\n", begin) if begin >= 0 else -1
    if middle >= 0 and text.find("\n>>>>>>> ", middle) >= 0:
        row = text.count("\n", 0, begin) + 1
        fix = "keep one of the two and delete the lines of marks"
        raise UnreadableError("marks of two versions that were not merged", "one version", fix, row)


def with_lines(text: str, findings: Findings) -> str:
    """Take off the end mark of old systems, and make lines of rarer line ends."""
    made = text.rstrip("\x1a") if text.endswith("\x1a") else text
    if "\n" in made or "\r" in made:
        return made
    for mark, named in (("\u2028", "line separators"), ("\x85", "next-line characters")):
        if mark in made:
            findings.of_file(
                "warning", f"lines that end in {named}", "lines that end as usual",
                "each was taken for the end of a row",
            )  # fmt: skip
            return made.replace(mark, "\n")
    return made


def trimmed(grid: Grid, findings: Findings) -> Grid:
    """Leave out drawn lines and comments between rows, and cut keys that share one cell."""
    wide = max((len(row) for row in grid.rows), default=0) > 1
    grid = _without(
        grid, lambda row: _is_rule(row, wide=wide), "a drawn line, no row of data", findings
    )
    if wide and any(_is_comment(row) for row in grid.rows[:1]):
        grid = _without(grid, _is_comment, "a comment, no row of data", findings)
    return _with_header_cut(_with_keys_cut(grid, findings), findings)


def _with_header_cut(grid: Grid, findings: Findings) -> Grid:
    """Cut a header whose names another mark separates than the cells below."""
    if len(grid.rows) < 2 or len(grid.rows[0]) != 1:
        return grid
    width = Counter(len(row) for row in grid.rows[1:200]).most_common(1)[0][0]
    if width < 2 or not any(is_value(cell) for cell in grid.rows[1]):
        return grid
    head = shown(grid.rows[0][0])
    for mark in DELIMITERS:
        names = [name.strip() for name in head.split(mark)]
        if len(names) == width and all(names):
            findings.add(
                "warning", grid.numbers[0], "", head, "one mark between cells",
                f"the header was cut at {mark!r}, which separates its names only",
            )  # fmt: skip
            return Grid([list(names), *grid.rows[1:]], grid.numbers, grid.merged)
    return grid


def _is_rule(row: Row, *, wide: bool) -> bool:
    held = [shown(cell).strip() for cell in row if not is_blank(cell)]
    drawn = [text for text in held if RULE.fullmatch(text)]
    alone = len(held) == 1 and (not wide or len(held[0]) < 5)
    return len(drawn) == len(held) and bool(held) and not alone


def _is_comment(row: Row) -> bool:
    held = [shown(cell) for cell in row if not is_blank(cell)]
    return len(held) == 1 and held[0].lstrip().startswith("#") and row[0] is not None


def _without(grid: Grid, marked: Callable[[Row], bool], expected: str, findings: Findings) -> Grid:
    left = [at for at, row in enumerate(grid.rows) if marked(row)]
    if not left or len(left) == len(grid.rows):
        return grid
    first = "; ".join(shown(cell) for cell in grid.rows[left[0]] if not is_blank(cell))
    more = f"{len(left)} such rows were" if len(left) > 1 else "it was"
    findings.add(
        "note", grid.numbers[left[0]], "", first, "rows of data", f"{more} left out: {expected}"
    )
    kept = [at for at in range(len(grid.rows)) if at not in set(left)]
    return Grid([grid.rows[at] for at in kept], [grid.numbers[at] for at in kept], [])


def _with_keys_cut(grid: Grid, findings: Findings) -> Grid:
    r"""Cut `freq,unit,geo\TIME_PERIOD`, as Eurostat writes its keys, into columns."""
    head = shown(grid.rows[0][0]) if grid.rows and grid.rows[0] else ""
    count = head.count(",")
    if "\\" not in head or not count or len(grid.rows[0]) < 2:
        return grid
    cells = [shown(row[0]) if row else "" for row in grid.rows]
    if any(cell.count(",") != count for cell in cells):
        return grid
    cells[0] = head.rpartition("\\")[0]
    findings.add(
        "note", grid.numbers[0], "", head, "one key in a column",
        f"the first column was cut into {count + 1} columns at its commas",
    )  # fmt: skip
    rows: list[Row] = [
        [*(part.strip() for part in cell.split(",")), *row[1:]]
        for cell, row in zip(cells, grid.rows, strict=True)
    ]
    return Grid(rows, grid.numbers, grid.merged)
