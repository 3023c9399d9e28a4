"""JSON to rows: records, columns, arrays of arrays, lines of records; one level of nesting."""

import json
import math
import re
from collections.abc import Mapping

from data.reading.findings import Findings, UnreadableError
from data.reading.grid import Cell, Grid, Row
from data.reading.limits import LIMITS, Limits, require

EXPECTED = "records [{…}, {…}], columns {name: […]}, rows [[…], […]], or one record on each line"

HALVES = re.compile("[\ud800-\udfff]")
"""Halves of letters beyond the first 65,536, alone."""

FIX = "write the table in one of these forms"

ROWS = ("data", "rows", "records", "items", "results", "values", "observations", "series", "value")
"""Keys under which a document keeps its rows."""


def looks_like_json(text: str) -> bool:
    """Whether a text is a JSON document or lines of JSON records."""
    head = text[:2000].lstrip()
    return bool(re.match(r"\{\s*(?:\"|\}|$)|\[\s*(?:[\[{\"\]\-\dtfn]|$)", head)) and not re.match(
        r"\[[^\[\]\n{\"]*\][,;\t]", head
    )


def json_grid(text: str, findings: Findings, limits: Limits = LIMITS) -> Grid:
    """Return a JSON document as rows; the first one is the header unless all are lists."""
    _judge_nesting(text, limits)
    repeated: list[str] = []
    endless: list[str] = []
    try:
        document, form = _parsed(text, repeated, endless)
    except (ValueError, RecursionError) as error:
        row = getattr(error, "lineno", None)
        raise UnreadableError(f"broken JSON ({error})"[:200], EXPECTED, FIX, row) from error
    findings.assumed["format"] = form
    if repeated:
        findings.of_file(
            "error", f"the key {repeated[0]!r} twice in one record", "each key once",
            "it cannot be told which value counts; keep one",
        )  # fmt: skip
    if endless:
        findings.of_file(
            "warning", endless[0], "numbers that can be held",
            f"{len(endless)} such cells were kept as text",
        )  # fmt: skip
    rows = [[_whole(cell) for cell in row] for row in _rows(document, findings)]
    require("rows", len(rows), limits.rows)
    require("columns", max((len(row) for row in rows), default=0), limits.columns)
    return Grid(rows, list(range(1, len(rows) + 1)), [])


def _judge_nesting(text: str, limits: Limits) -> None:
    """Count brackets outside texts; a document of very many levels is refused before parsing."""
    depth = 0
    for found in re.finditer(r'"(?:[^"\\]|\\.)*"|[\[{]|[\]}]', text):
        mark = found[0]
        if mark in "[{":
            depth += 1
            if depth > limits.nesting:
                require("levels of nesting", depth, limits.nesting)
        elif mark in "]}":
            depth -= 1


def _parsed(text: str, repeated: list[str], endless: list[str]) -> tuple[object, str]:
    """Return a document and its form; keys said twice and endless numbers go into the lists."""

    def pairs(found: list[tuple[str, object]]) -> dict[str, object]:
        made = dict(found)
        if len(made) < len(found):
            keys = [key for key, _ in found]
            repeated.append(next(key for key in keys if keys.count(key) > 1))
        return made

    def number(digits: str) -> object:
        made = None if digits == "NaN" else float(digits)
        if made is None or math.isfinite(made):
            return made
        endless.append(digits)
        return digits

    decoder = json.JSONDecoder(object_pairs_hook=pairs, parse_float=number, parse_constant=number)
    try:
        document = decoder.decode(text)
    except json.JSONDecodeError as error:
        lines = [(at, line) for at, line in enumerate(text.splitlines(), 1) if line.strip()]
        if len(lines) < 2 or not all(line.lstrip()[:1] in "[{" for _, line in lines[:2]):
            raise
        endless.clear()
        return _lines(lines, decoder, error), "ndjson"
    if (
        isinstance(document, dict)
        and len(text.strip().splitlines()) == 1
        and not any(isinstance(one, list | dict) for one in document.values())
    ):
        return [document], "ndjson"
    return document, "json"


def _lines(
    lines: list[tuple[int, str]], decoder: json.JSONDecoder, first: json.JSONDecodeError
) -> list[object]:
    made = []
    for at, line in lines:
        try:
            made.append(decoder.decode(line.strip()))
        except json.JSONDecodeError as error:
            if not made:
                raise first from error
            error.lineno = at
            raise
    return made


def _rows(document: object, findings: Findings) -> list[Row]:
    if isinstance(document, dict):
        return _of_object(document, findings)
    if not isinstance(document, list):
        raise UnreadableError(f"a single {_named(document)}", EXPECTED, FIX)
    if not document:
        raise UnreadableError("an empty list", EXPECTED, FIX)
    if all(isinstance(one, dict) for one in document):
        return _of_records(document, findings)
    if all(isinstance(one, list) for one in document):
        return [[_cell(cell, findings) for cell in row] for row in document]
    if all(not isinstance(one, dict | list) for one in document):
        return [["value"], *[[_cell(one, findings)] for one in document]]
    about, *rest = document
    answered = len(rest) == 1 and isinstance(rest[0], list) and bool(rest[0])
    if isinstance(about, dict) and answered and all(isinstance(one, dict) for one in rest[0]):
        findings.of_file(
            "note", "a record about the answer, then rows", EXPECTED, "the rows were read"
        )
        return _rows(rest[0], findings)
    raise UnreadableError("a list of unlike things", EXPECTED, FIX)


def _of_object(document: dict[str, object], findings: Findings) -> list[Row]:
    if isinstance(document.get("columns"), list) and isinstance(document.get("data"), list):
        header: Row = [str(one) for one in document["columns"]]  # type: ignore[attr-defined]
        body = _rows(document["data"], findings)
        return [header, *body]
    lists = {key: one for key, one in document.items() if isinstance(one, list)}
    if lists and len(lists) == len(document):
        if len(lists) == 1 and all(
            isinstance(one, dict | list) for one in next(iter(lists.values()))
        ):
            return _rows(next(iter(lists.values())), findings)
        return _of_columns(lists, findings)
    only = next(iter(document.values())) if len(document) == 1 else None
    if isinstance(only, dict) and any(isinstance(one, list) for one in only.values()):
        return _of_object(only, findings)
    inner = next((key for key in ROWS if isinstance(document.get(key), list)), "")
    if inner or len(lists) == 1:
        key = inner or next(iter(lists))
        findings.of_file(
            "note", f"a document with keys {', '.join(map(str, document))}"[:150], EXPECTED,
            f"the rows under {key!r} were read",
        )  # fmt: skip
        return _rows(document[key], findings)
    if document and all(isinstance(one, dict) for one in document.values()):
        return _of_objects(document, findings)
    if document and not any(isinstance(one, dict | list) for one in document.values()):
        return _of_records([document], findings)
    raise UnreadableError("a document without rows", EXPECTED, FIX)


def _of_objects(document: dict[str, object], findings: Findings) -> list[Row]:
    """Read columns by row name, as pandas writes them, or records by name."""
    inner = [one for one in document.values() if isinstance(one, dict)]
    numbered = all(str(key).isdigit() for one in inner for key in one)
    if numbered and any(inner):
        keys = list(dict.fromkeys(key for one in inner for key in one))
        rows: list[Row] = [list(document)]
        rows += [[_cell(one.get(key), findings) for one in inner] for key in keys]
        return rows
    records = [{"key": key, **one} for key, one in document.items() if isinstance(one, dict)]
    return _of_records(records, findings)


def _of_columns(columns: Mapping[str, object], findings: Findings) -> list[Row]:
    lists = [one for one in columns.values() if isinstance(one, list)]
    if len({len(one) for one in lists}) > 1:
        raise UnreadableError("columns of different lengths", EXPECTED, FIX)
    body = [[_cell(cell, findings) for cell in row] for row in zip(*lists, strict=True)]
    return [list(columns), *body]


def _of_records(records: list[dict[str, object]], findings: Findings) -> list[Row]:
    flat = [_flat(one) for one in records]
    names = list(dict.fromkeys(key for one in flat for key in one))
    lacking = [(at, one) for at, one in enumerate(flat, 2) if len(one) < len(names)]
    if lacking:
        at, one = lacking[0]
        missing = next(name for name in names if name not in one)
        findings.add(
            "note", at, missing, "a record without this key", "every key in every record",
            f"{len(lacking)} records lack a key; its value was read as empty",
        )  # fmt: skip
    return [list(names), *[[_cell(one.get(name), findings) for name in names] for one in flat]]


def _flat(record: dict[str, object]) -> dict[str, object]:
    """Return a record with one level of inner records as `outer.inner`."""
    made: dict[str, object] = {}
    for key, value in record.items():
        if isinstance(value, dict) and value:
            made.update({f"{key}.{inner}": one for inner, one in value.items()})
        else:
            made[str(key)] = value
    return made


def _cell(value: object, findings: Findings) -> Cell:
    if isinstance(value, dict | list):
        if not any("nested" in one.value for one in findings.problems):
            findings.of_file(
                "warning", "nested values", "one value in a cell",
                "they were kept as text; flatten the document",
            )  # fmt: skip
        return json.dumps(value, ensure_ascii=False)
    return value if isinstance(value, str | int | float | bool) else None


def _whole(cell: Cell) -> Cell:
    r"""Return a cell without halves of letters, which `\ud800` writes; they are flagged later."""
    return HALVES.sub("\ufffd", cell) if isinstance(cell, str) else cell


def _named(document: object) -> str:
    return {str: "text", bool: "true or false", type(None): "null"}.get(type(document), "number")
