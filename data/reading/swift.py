"""Large plain text files, read column by column with Arrow where that gives the same cells."""

import datetime
import io
import json
import re
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from data.reading.delimited import Dialect, grid_of
from data.reading.findings import Findings
from data.reading.grid import Cell, Column, ErrorCell, Table, column_of
from data.reading.kinds import CODE_HEADER, DATE_HEADER
from data.reading.layout import table_of
from data.reading.limits import LIMITS, Deadline, Limits, require
from data.reading.packed import duration
from data.reading.texts import flag_column

LARGE = 2_000_000
"""Characters from which the quick way is tried."""

HEAD = 200
"""Lines at the beginning and at the end that are read the careful way, to find what is odd."""

PLAIN = r"^-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?$"
GROUPED = r"^-?[1-9]\d{0,2}\.\d{3}$"
STRAY = re.compile(r'[^,;\t|\n"]"[^,;\t|\n"\r]')


def swift_table(
    text: str, dialect: Dialect, findings: Findings, header: int | None, limits: Limits = LIMITS
) -> Table | None:
    """Return the table of a large, even file; None where only the careful way is safe."""
    if not _is_even(text, dialect) or header not in {None, 1}:
        return None
    names = _names(text, dialect, limits)
    if names is None:
        return None
    lines = text.count("\n") - (1 if text.endswith("\n") else 0)
    require("rows", lines, limits.rows)
    require("cells", lines * len(names), limits.cells)
    made = _parsed(text, dialect, names)
    if made is None or made.num_rows != lines:
        return None
    findings.assumed["header_row"] = "1"
    rows = np.arange(2, lines + 2, dtype=np.int64)
    return Table([_column(name, made.column(name), rows, findings) for name in names], rows)


def _is_even(text: str, dialect: Dialect) -> bool:
    """Whether every line surely is a record: no blank lines, no lone returns, no odd quotes."""
    if len(text) < LARGE or not dialect.delimiter or dialect.skip or dialect.quote != '"':
        return False
    if "\n\n" in text or "\n\r\n" in text or "\0" in text:
        return False
    if "\r" in text and text.count("\r") != text.count("\r\n"):
        return False
    return '"' not in text or (dialect.escape is None and STRAY.search(text) is None)


def _names(text: str, dialect: Dialect, limits: Limits) -> list[str] | None:
    """Read head and tail the careful way; any finding there means that nothing is to be hurried."""
    head = text[: _place(text, HEAD)]
    tail_at = _place_from_end(text, HEAD)
    first = head[: head.index("\n") + 1]
    held: list[str] = []
    for part in (head, first + text[tail_at:]):
        findings = Findings()
        grid = grid_of(part, dialect, findings, Deadline.after(60), limits)
        table = table_of(grid, findings, None, limits)
        if findings.problems or table.header_row != 1 or len(table.rows) != len(grid.rows) - 1:
            return None
        held = list(table.names)
    return held


def _place(text: str, lines: int) -> int:
    at = 0
    for _ in range(lines):
        found = text.find("\n", at)
        if found < 0:
            return len(text)
        at = found + 1
    return at


def _place_from_end(text: str, lines: int) -> int:
    at = len(text) - 1
    for _ in range(lines):
        found = text.rfind("\n", 0, at)
        if found < 0:
            return 0
        at = found
    return at + 1


def _parsed(text: str, dialect: Dialect, names: list[str]) -> pa.Table | None:
    try:
        return pacsv.read_csv(
            io.BytesIO(text.encode("utf-8", "surrogatepass")),
            read_options=pacsv.ReadOptions(
                column_names=names, skip_rows=1, block_size=1 << 22, use_threads=True
            ),
            parse_options=pacsv.ParseOptions(
                delimiter=dialect.delimiter, newlines_in_values=False, ignore_empty_lines=False
            ),
            convert_options=pacsv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.string()),
                strings_can_be_null=False,
                check_utf8=True,
            ),
        )
    except (pa.ArrowException, OSError):
        return None


def _column(name: str, values: pa.ChunkedArray, rows: "np.ndarray", findings: Findings) -> Column:
    """Return a column: plain numbers at once, everything else by its distinct cells."""
    trimmed = pc.utf8_trim_whitespace(values)
    numbers = None if _may_name(name) else _plain_numbers(trimmed)
    if numbers is not None:
        return Column(name, [], np.empty(0, dtype=np.int64), numbers)
    held = pc.if_else(pc.equal(trimmed, ""), None, trimmed).combine_chunks().dictionary_encode()
    codes = pc.fill_null(held.indices, -1).to_numpy(zero_copy_only=False).astype(np.int64)
    uniques = held.dictionary
    if len(uniques) > 20_000 and _is_text(uniques):
        column = Column(name, uniques.to_pylist(), codes)
        flag_column(column, rows, findings)
        return Column(
            name, [], np.empty(0, dtype=np.int64), pc.if_else(pc.equal(trimmed, ""), None, trimmed)
        )
    return Column(name, uniques.to_pylist(), codes)


def _may_name(name: str) -> bool:
    """Whether digits under a header may be dates or names, which are judged cell by cell."""
    return bool(DATE_HEADER.search(name) or CODE_HEADER.search(name))


def _is_text(uniques: pa.Array) -> bool:
    """Whether no distinct cell can be a number or a date: none begins or ends with a digit."""
    return not pc.any(
        pc.match_substring_regex(uniques, r"^\W*\d|^\W*$|^[A-Za-z]{0,4}\W*\d{1,4}\b")
    ).as_py()


def _plain_numbers(values: pa.ChunkedArray) -> pa.ChunkedArray | None:
    """Return numbers where every cell is plainly one, and none could have grouped thousands."""
    empty = pc.equal(values, "")
    fits = pc.or_(pc.match_substring_regex(values, PLAIN), empty)
    if not pc.all(fits).as_py():
        return None
    held = pc.if_else(empty, None, values)
    pointed = pc.any(pc.match_substring(values, ".")).as_py()
    if not pointed:
        return pc.cast(held, pa.int64()) if held.null_count < len(held) else None
    grouped = pc.match_substring_regex(values, GROUPED)
    proven = pc.and_(pc.match_substring(values, "."), pc.invert(grouped))
    if not pc.any(proven).as_py():
        return None
    return pc.cast(held, pa.float64())


def typed_arrow(name: str, values: pa.ChunkedArray, findings: Findings) -> Column:
    """Return a column of a Parquet file: numbers as they are, everything else cell by cell."""
    kind = values.type
    if pa.types.is_integer(kind) and not pa.types.is_uint64(kind) and not _may_name(name):
        return Column(name, [], np.empty(0, dtype=np.int64), pc.cast(values, pa.int64()))
    if pa.types.is_floating(kind):
        finite = pc.if_else(pc.is_finite(values), values, None)
        endless = pc.sum(pc.is_inf(values)).as_py()
        if endless:
            findings.add(
                "warning", None, name, "inf", "finite numbers",
                f"{endless} such cells were read as empty",
            )  # fmt: skip
        return Column(name, [], np.empty(0, dtype=np.int64), _widened(finite))
    return column_of(name, [_cell(one, name, findings) for one in values.to_pylist()])


def _widened(values: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return short floating-point numbers as their digits say: 0.1 and not 0.10000000149."""
    if values.type == pa.float64():
        return values
    return pc.cast(pc.cast(pc.cast(values, pa.float32()), pa.string()), pa.float64())


def _cell(value: object, name: str, findings: Findings) -> Cell:
    if value is None or isinstance(
        value, str | int | float | bool | datetime.datetime | datetime.date | datetime.time
    ):
        return value
    if isinstance(value, datetime.timedelta):
        return duration(value.total_seconds())
    if isinstance(value, Decimal):
        return _number(value, name, findings)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list | dict | tuple):
        if not any(one.column == name and "nested" in one.value for one in findings.problems):
            findings.add(
                "warning", None, name, "nested values", "one value in a cell",
                "they were kept as text; flatten the column",
            )  # fmt: skip
        return json.dumps(value, ensure_ascii=False, default=str)
    return ErrorCell(str(value))


def _number(value: Decimal, name: str, findings: Findings) -> Cell:
    """Return a decimal number; digits beyond those that can be held are said once."""
    if value == value.to_integral_value():
        return int(value)
    made = float(value)
    if Decimal(repr(made)) != value and not any(
        one.column == name and "17 digits" in one.expected for one in findings.problems
    ):
        findings.add(
            "note", None, name, str(value), "at most 17 digits", "further digits were rounded"
        )
    return made
