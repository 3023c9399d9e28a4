"""A file to a table: opened, decoded, cut into cells, its header found; then its types."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.reading.amounts import EXACT, Marks, amounts, marks_of
from data.reading.conflicts import say_conflicts, say_repeats
from data.reading.containers import Opened, opened
from data.reading.delimited import dialect_of, grid_of, unwrapped
from data.reading.documents import json_grid, looks_like_json
from data.reading.encodings import decoded
from data.reading.findings import Findings, Options, UnreadableError
from data.reading.flags import settle_flags
from data.reading.grid import Column, Table
from data.reading.kinds import Analysis, Wanted, analysed
from data.reading.layout import table_of
from data.reading.limits import LIMITS, Deadline, Limits, require
from data.reading.moments import Order, moments, orders_of
from data.reading.packed import parquet_table, workbook_grid
from data.reading.swift import swift_table, typed_arrow
from data.reading.texts import booleans, flag_text, texts
from data.reading.trimming import judge_text, trimmed, with_lines


@dataclass(frozen=True, slots=True)
class Typed:
    """A table with its columns typed.

    Attributes
    ----------
    frame : DataFrame
        Numbers as numbers, dates as ISO text, yes and no as booleans, the rest as text.
    kinds : dict of str to str
        What each column holds.
    table : Table
        The cells as the file has them, with the rows' numbers.
    """

    frame: pd.DataFrame
    kinds: dict[str, str]
    table: Table


def read_table(
    content: bytes, options: Options, findings: Findings, deadline: Deadline,
    limits: Limits = LIMITS,
) -> Table:  # fmt: skip
    """Turn a file's bytes into named columns of cells, or refuse it."""
    held = opened(content, findings, options.name, limits)
    if held.kind == "parquet":
        return _of_arrow(parquet_table(held.content, deadline, limits), findings)
    if held.kind == "workbook":
        grid = workbook_grid(held.content, options.sheet, findings, deadline, limits)
        return table_of(grid, findings, options.header, limits)
    return _of_text(held, options, findings, deadline, limits)


def _of_text(
    held: Opened, options: Options, findings: Findings, deadline: Deadline, limits: Limits
) -> Table:  # fmt: skip
    made = decoded(held.content, findings, options.encoding)
    if not made.text.strip():
        raise UnreadableError("an empty file", "a header and rows below it", "fill the file")
    if looks_like_json(made.text) and not options.delimiter:
        grid = json_grid(made.text, findings, limits)
        return table_of(grid, findings, _json_header(made.text, options.header), limits)
    whole = with_lines(made.text, findings)
    judge_text(whole)
    text = _without_wrapping(whole, findings)
    dialect = dialect_of(text, findings, options.delimiter)
    quick = swift_table(text, dialect, findings, options.header, limits)
    if quick is not None:
        return quick
    grid = trimmed(grid_of(text, dialect, findings, deadline, limits), findings)
    return table_of(grid, findings, options.header, limits)


def _without_wrapping(text: str, findings: Findings) -> str:
    """Take off quotes around whole lines, and say so."""
    inner = unwrapped(text) if text.lstrip().startswith('"') else ""
    if inner:
        findings.of_file(
            "warning", "quotes around whole lines", "quotes around cells",
            "the quotes were taken off and the lines cut into cells; save the file as CSV anew",
        )  # fmt: skip
    return inner or text


def _json_header(text: str, stated: int | None) -> int | None:
    """Records name their columns; only lists of lists leave the header to be found."""
    if stated is not None:
        return stated
    head = "".join(text[:4000].split())
    return None if head.startswith("[[") else 1


def _of_arrow(table: pa.Table, findings: Findings) -> Table:
    columns: list[Column] = []
    names: list[str] = []
    for name, values in zip(table.column_names, table.columns, strict=True):
        clear = " ".join(name.split()) or f"column_{len(names) + 1}"
        if clear in names:
            raise UnreadableError(f"two columns {clear!r}", "each name once", "rename one")
        names.append(clear)
        flag_text(clear, 1, clear, findings)
        columns.append(typed_arrow(clear, values, findings))
    if not columns:
        raise UnreadableError("no columns", "a header and rows below it", "fill the file")
    findings.assumed["format"] = "parquet"
    if not table.num_rows:
        findings.add(
            "warning", None, "", "a header and no rows", "at least one row of data", "add rows"
        )
    return Table(columns, np.arange(2, table.num_rows + 2, dtype=np.int64))


def typed(
    table: Table,
    options: Options,
    findings: Findings,
    deadline: Deadline,
    wanted: Mapping[str, Wanted] | None = None,
) -> Typed:
    """Decide what every column holds and convert it; what proves a mark or order counts for all.

    Parameters
    ----------
    table : Table
        Columns of cells.
    options : Options
        Decimal mark and date order, where the user names them.
    findings : Findings
        Takes what was assumed.
    deadline : Deadline
        When to give up.
    wanted : mapping of str to str or None
        What some columns must hold, where a dataset asks for it.
    """
    asked = wanted or {}
    require("cells", len(table.rows) * len(table.columns), LIMITS.cells)
    analyses: list[Analysis] = []
    for column in table.columns:
        deadline.check()
        analyses.append(analysed(column, asked.get(column.name)))
    settle_flags(analyses)
    marks = _marks(analyses, options, findings)
    order = _order(analyses, options)
    made: dict[str, pd.Series] = {}
    for one in analyses:
        deadline.check()
        made[one.column.name] = _converted(one, table, marks, order, findings)
    kinds = {one.column.name: one.kind for one in analyses}
    say_repeats(table, findings)
    if wanted is None:  # a dataset knows its keys and judges them itself
        say_conflicts(table, kinds, findings)
    return Typed(pd.DataFrame(made), dict(kinds), table)


def _marks(analyses: list[Analysis], options: Options, findings: Findings) -> Marks:
    if options.decimal not in {"", ".", ","}:
        raise UnreadableError(f"--decimal {options.decimal!r}", "a point or a comma", "name one")
    proven: frozenset[str] = frozenset()
    for one in analyses:
        if one.kind == "number":
            proven |= marks_of(one.numbers) | _plain_mark(one)
    usual = "," if findings.assumed.get("delimiter") == ";" else "."
    return Marks(proven, options.decimal, usual)


def _plain_mark(analysis: Analysis) -> frozenset[str]:
    plain = analysis.column.plain
    return (
        frozenset({"."}) if plain is not None and pa.types.is_floating(plain.type) else frozenset()
    )


def _order(analyses: list[Analysis], options: Options) -> Order:
    if options.dates not in {"", "dmy", "mdy", "ymd"}:
        raise UnreadableError(f"--dates {options.dates!r}", "dmy, mdy or ymd", "name one of them")
    proven: frozenset[str] = frozenset()
    for one in analyses:
        if one.kind == "date":
            proven |= orders_of(one.moments)
    return Order(proven, options.dates)


def _converted(
    one: Analysis, table: Table, marks: Marks, order: Order, findings: Findings
) -> pd.Series:
    if one.column.plain is not None:
        return _plain(one.column.plain)
    if one.kind == "number":
        return amounts(one, table.rows, marks, findings)
    if one.kind == "date":
        return moments(one, table.rows, order, findings)
    if one.kind == "boolean":
        return booleans(one.column)
    if one.kind == "empty":
        return _empty(one, table, findings)
    return texts(one, table.rows, findings)


def _plain(values: pa.ChunkedArray) -> pd.Series:
    """Return cells read at once; large whole numbers stay exact beside empty cells."""
    if pa.types.is_integer(values.type) and values.null_count:
        ends = pc.min_max(values).as_py()
        if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) > EXACT:
            return pd.Series(np.array(values.to_pylist(), dtype=object), dtype="Int64")
    made: pd.Series = values.to_pandas()
    return made


def _empty(one: Analysis, table: Table, findings: Findings) -> pd.Series:
    words = one.rows_of(one.missing, table.rows)
    if words:
        findings.add(
            "note", words[0][0], one.column.name, words[0][1], "a value",
            f"{len(words)} such cells were read as empty",
        )  # fmt: skip
    return pd.Series(np.full(len(table.rows), None, dtype=object), dtype="str")
