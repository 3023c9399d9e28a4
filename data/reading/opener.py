"""Opens a workbook or Parquet file in a process of its own, which may fail without harm.

Run as a script: bytes on stdin, rows on stdout. It imports nothing of Rackcast, so that it starts
quickly, and it holds its own memory and processor time in bounds.
"""

import datetime
import io
import json
import os
import re
import sys
import zipfile
from collections.abc import Iterator

CELL = re.compile(rb"<(?:\w+:)?c\b([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
REFERENCE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')
ROW = re.compile(rb'<(?:\w+:)?row\b[^>]*?\br="(\d{1,9})"')
REPEATED = re.compile(rb'number-(columns|rows)-repeated="(\d+)"')
DECLARED = re.compile(rb"<!(?:ENTITY|DOCTYPE)", re.IGNORECASE)
ERRORS = re.compile(rb'\bt="e"')
OLD_ERROR = re.compile(
    rb"\x05\x02\x08\x00(..)(..)..([\x00\x07\x0f\x17\x1d\x24\x2a])\x01", re.DOTALL
)
OLD_FORMULA = re.compile(
    rb"\x06\x00..(..)(..)..\x02.([\x00\x07\x0f\x17\x1d\x24\x2a])...\xff\xff", re.DOTALL
)
NAMES = {
    0: "#NULL!",
    7: "#DIV/0!",
    15: "#VALUE!",
    23: "#REF!",
    29: "#NAME?",
    36: "#NUM!",
    42: "#N/A",
}


def bound(memory: int, seconds: int) -> None:
    """Hold memory and processor time of this process in bounds, where the system can."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def refuse(reason: str) -> None:
    """Say why the file is not opened, and stop."""
    answer(json.dumps({"refused": reason}).encode())


def answer(content: bytes) -> None:
    """Write the answer and end at once: threads of compiled readers may abort a slow end."""
    sys.stdout.buffer.write(content)
    sys.stdout.buffer.flush()
    os._exit(0)


def column_number(letters: bytes) -> int:
    """Return the number of a column named A, B, … XFD, counted from 0."""
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1


def parts_of(content: bytes) -> Iterator[tuple[str, bytes]]:
    """Yield the XML parts of a workbook that is a zip file."""
    if not content.startswith(b"PK"):
        return
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.infolist():
            if member.filename.lower().endswith((".xml", ".rels")):
                yield member.filename, archive.read(member)


def screened(content: bytes, cells: int) -> dict[str, list[tuple[int, int, str]]]:
    """Refuse entities and areas too large; return error cells and uncalculated ones by sheet."""
    found: dict[str, list[tuple[int, int, str]]] = {}
    for name, part in parts_of(content):
        if DECLARED.search(part[:100_000]) or DECLARED.search(part[-1000:]):
            refuse("XML entities or a document type, which no workbook needs")
        if re.search(r"xl/worksheets/[^/]+\.xml$", name):
            found[name.rsplit("/", 1)[-1]] = _judge_area(part, cells)
        elif name == "content.xml":
            _judge_repeats(part, cells)
    return found


def _judge_area(part: bytes, cells: int) -> list[tuple[int, int, str]]:
    """Refuse a sheet whose outermost cells span more than the limit."""
    odd: list[tuple[int, int, str]] = []
    rows, columns = [0, 0], [0, 0]
    first = True
    for match in CELL.finditer(part):
        attributes, inner = match[1], match[2] or b""
        place = REFERENCE.search(attributes)
        if place is None:
            continue
        row, column = int(place[2]) - 1, column_number(place[1])
        rows = [row, row] if first else [min(rows[0], row), max(rows[1], row)]
        columns = [column, column] if first else [min(columns[0], column), max(columns[1], column)]
        first = False
        text = _odd_cell(attributes, inner)
        if text and len(odd) < 100_000:
            odd.append((row, column, text))
    area = (rows[1] - rows[0] + 1) * (columns[1] - columns[0] + 1)
    if area > cells:
        refuse(f"an area of {area:,} cells; at most {cells:,} cells")
    return odd


def _odd_cell(attributes: bytes, inner: bytes) -> str:
    """Return an error's text, `formula` for a formula never calculated, or nothing."""
    value = re.search(rb"<(?:\w+:)?v>(.*?)</(?:\w+:)?v>", inner, re.DOTALL)
    if ERRORS.search(attributes):
        return value[1].decode("utf-8", "replace") if value else "#ERROR"
    if (value is None or not value[1]) and re.search(rb"<(?:\w+:)?f[ >/]", inner):
        return "formula"
    return ""


def _judge_repeats(part: bytes, cells: int) -> None:
    """Refuse an ODS whose cells that hold values are repeated beyond the limit."""
    total = 0
    for row in re.finditer(rb"<table:table-row\b([^>]*)>(.*?)</table:table-row>", part, re.DOTALL):
        times = REPEATED.search(row[1])
        wide = 0
        for cell in re.finditer(rb"<table:table-cell\b([^>]*)>", row[2]):
            if b"value" in cell[1] or b"string" in cell[1]:
                count = REPEATED.search(cell[1])
                wide += int(count[2]) if count else 1
        total += wide * (int(times[2]) if times else 1)
        if total > cells:
            refuse(f"more than {cells:,} cells; at most {cells:,} cells")


def tagged(cell: object) -> object:
    """Return a cell as JSON can carry it: dates and times as {"d": …}, {"t": …}."""
    if isinstance(cell, datetime.datetime | datetime.date):
        return {"d": cell.isoformat()}
    if isinstance(cell, datetime.time):
        return {"t": cell.isoformat()}
    if isinstance(cell, datetime.timedelta):
        return {"s": cell.total_seconds()}
    return None if cell == "" else cell


def workbook(content: bytes, sheet: str, cells: int) -> dict[str, object]:
    """Return the sheets of a workbook and the rows of one of them."""
    import python_calamine as calamine

    odd = screened(content, cells)
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            {
                "name": one.name,
                "visible": one.visible == calamine.SheetVisibleEnum.Visible,
                "table": one.typ == calamine.SheetTypeEnum.WorkSheet,
            }
            for one in book.sheets_metadata
        ]
        sizes = {}
        for one in sheets:
            made = book.get_sheet_by_name(str(one["name"])) if one["table"] else None
            one["rows"] = made.height if made else 0
            one["columns"] = made.width if made else 0
            sizes[one["name"]] = made
        chosen = _chosen(sheets, sheet)
        held = sizes.get(chosen)
        if held is None:
            return {"sheets": sheets, "chosen": chosen}
        rows = [[tagged(cell) for cell in row] for row in held.to_python(skip_empty_area=False)]
        merged = held.merged_cell_ranges or []
    except calamine.PasswordError:
        refuse("a password")
        raise
    except (calamine.CalamineError, ValueError, OverflowError, OSError) as error:
        refuse(f"a broken workbook ({error})"[:300])
        raise
    return {
        "sheets": sheets,
        "chosen": chosen,
        "rows": rows,
        "merged": [[*start, *end] for start, end in merged],
        "odd": _odd_of(content, chosen, odd) + _old_errors(content),
        "errors": _unplaced_errors(content),
        "since_1904": _counts_from_1904(content),
    }


def _counts_from_1904(content: bytes) -> bool:
    """Whether the workbook says that its day numbers count from 1904."""
    return any(
        name == "xl/workbook.xml" and re.search(rb'\bdate1904="(?:1|true)"', part) is not None
        for name, part in parts_of(content)
    )


def _chosen(sheets: list[dict[str, object]], wanted: str) -> str:
    """Return the named sheet, or the first visible one that holds a table."""
    names = [str(one["name"]) for one in sheets]
    if wanted:
        if wanted in names:
            return wanted
        folded = [name for name in names if name.strip().lower() == wanted.strip().lower()]
        if folded:
            return folded[0]
        if wanted.isdecimal() and len(wanted) < 9 and 1 <= int(wanted) <= len(names):
            return names[int(wanted) - 1]
        return ""
    full = [one for one in sheets if one["visible"] and _size(one, "rows") > 0]
    tables = [one for one in full if _size(one, "rows") > 1 and _size(one, "columns") > 1]
    best = tables or full or [one for one in sheets if _size(one, "rows") > 0] or sheets
    return str(best[0]["name"]) if best else ""


def _size(sheet: dict[str, object], name: str) -> int:
    size = sheet[name]
    return size if isinstance(size, int) else 0


def _old_errors(content: bytes) -> list[tuple[int, int, str]]:
    """Return the error cells of an XLS file, found by the form of their records."""
    if not content.startswith(b"\xd0\xcf"):
        return []
    return [
        (int.from_bytes(found[1], "little"), int.from_bytes(found[2], "little"), NAMES[found[3][0]])
        for form in (OLD_ERROR, OLD_FORMULA)
        for found in form.finditer(content)
    ]


def _unplaced_errors(content: bytes) -> int:
    """Return how many cells of an ODS file hold an error."""
    return sum(
        part.count(b'calcext:value-type="error"')
        for name, part in parts_of(content)
        if name == "content.xml"
    )


def _odd_of(
    content: bytes, chosen: str, odd: dict[str, list[tuple[int, int, str]]]
) -> list[tuple[int, int, str]]:
    """Return the odd cells of the chosen sheet, found by the workbook's own list of parts."""
    if not odd:
        return []
    parts = {
        name: part
        for name, part in parts_of(content)
        if name in {"xl/workbook.xml", "xl/_rels/workbook.xml.rels"}
    }
    targets = {}
    for match in re.finditer(
        rb"<Relationship\b[^>]*>", parts.get("xl/_rels/workbook.xml.rels", b"")
    ):
        key, target = (
            re.search(rb'\bId="([^"]*)"', match[0]),
            re.search(rb'Target="([^"]*)"', match[0]),
        )
        if key and target:
            targets[key[1]] = target[1].rsplit(b"/", 1)[-1].decode("utf-8", "replace")
    import html

    for match in re.finditer(rb"<(?:\w+:)?sheet\b[^>]*>", parts.get("xl/workbook.xml", b"")):
        name = re.search(rb'\bname="([^"]*)"', match[0])
        key = re.search(rb'\br:id="([^"]*)"', match[0])
        if name and key and html.unescape(name[1].decode("utf-8", "replace")) == chosen:
            return odd.get(targets.get(key[1], ""), [])
    return []


def parquet(content: bytes, cells: int, rows: int, size: int) -> bytes:
    """Return a Parquet file as an Arrow stream."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        file = pq.ParquetFile(io.BytesIO(content))
        about = file.metadata
        if about.num_rows > rows or about.num_rows * about.num_columns > cells:
            refuse(f"{about.num_rows:,} rows; at most {rows:,} rows and {cells:,} cells")
        unpacked = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
        if unpacked > size:
            refuse(f"{unpacked:,} bytes when unpacked; at most {size:,} bytes when unpacked")
        table = file.read(use_threads=False)
        sink = io.BytesIO()
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
    except (pa.ArrowException, OSError, ValueError, KeyError) as error:
        refuse(f"a broken Parquet file ({error})"[:300])
        raise
    return sink.getvalue()


def main() -> None:
    """Read stdin as the arguments say: kind, sheet, cells, rows, bytes, memory, seconds."""
    kind, sheet, *numbers = sys.argv[1:]
    cells, rows, size, memory, seconds = map(int, numbers)
    bound(memory, seconds)
    content = sys.stdin.buffer.read()
    try:
        if kind == "parquet":
            answer(parquet(content, cells, rows, size))
        made = json.dumps(workbook(content, sheet, cells))
        answer(made.encode("utf-8", "surrogatepass"))
    except MemoryError:
        refuse("more memory than a file may take")
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        refuse(f"a broken file ({error})"[:300])


if __name__ == "__main__":
    main()
