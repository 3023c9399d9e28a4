"""Workbooks, Parquet files and packed files of the corpus, with what must come of each."""

import gzip
import io
import zipfile
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq

A, W, R = "accepted", "accepted_with_warnings", "rejected"

PLAIN = [["name", "value"], ["Kenya", 1.5], ["Mali", 2]]
TEXT = b"name,value\nKenya,1.5\nMali,2\n"
OFFICE = Path(__file__).parent / "office"
EPOCH = datetime(2024, 1, 1)


def saved(book):
    """Return a workbook's bytes, with a fixed time of making."""
    book.properties.created = book.properties.modified = EPOCH
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def book_of(rows, title="Data"):
    """Return a workbook with one sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    return book


def zipped(members):
    """Return a zip file of named contents."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 1, 1, 0, 0, 0)), content)
    return out.getvalue()


def workbooks():
    """XLSX and ODS."""
    yield "xl_plain.xlsx", saved(book_of(PLAIN)), A, PLAIN, {}
    yield "xl_named_csv.csv", saved(book_of(PLAIN)), W, PLAIN, {}
    dated = book_of([["day", "v"], [date(2024, 1, 31), 1], [datetime(2024, 2, 29, 10, 30), 2]])
    yield (
        "xl_dates.xlsx",
        saved(dated),
        A,
        [["day", "v"], ["2024-01-31", 1], ["2024-02-29T10:30:00", 2]],
        {},
    )
    days = book_of([["day", "v"], [date(2024, 1, 31), 1], [date(2024, 2, 29), 2]])
    yield "xl_days.xlsx", saved(days), A, [["day", "v"], ["2024-01-31", 1], ["2024-02-29", 2]], {}
    old = book_of([["day", "v"], [date(2024, 1, 31), 1], [date(2024, 2, 29), 2]])
    old.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    yield "xl_1904.xlsx", saved(old), A, [["day", "v"], ["2024-01-31", 1], ["2024-02-29", 2]], {}
    texts = book_of([["n", "v"], ["a", "1,234.5"], ["b", 2], ["c", "3"]])
    yield (
        "xl_text_numbers.xlsx",
        saved(texts),
        W,
        [["n", "v"], ["a", 1234.5], ["b", 2], ["c", 3]],
        {"problems": [["warning", 2, "v"], ["warning", 4, "v"]]},
    )
    codes = book_of([["code", "v"], ["007", 1], ["012", 2]])
    yield "xl_codes.xlsx", saved(codes), A, [["code", "v"], ["007", 1], ["012", 2]], {}
    three = book_of([["n", "v"], ["a", 1.234], ["b", 2.345]])
    yield "xl_three_decimals.xlsx", saved(three), A, [["n", "v"], ["a", 1.234], ["b", 2.345]], {}
    yesno = book_of([["n", "v"], ["a", True], ["b", False]])
    yield "xl_booleans.xlsx", saved(yesno), A, [["n", "v"], ["a", "true"], ["b", "false"]], {}
    percent = book_of([["n", "v"], ["a", 0.12], ["b", 0.125]])
    percent.active["B2"].number_format = percent.active["B3"].number_format = "0.0%"
    yield "xl_percent.xlsx", saved(percent), A, [["n", "v"], ["a", 0.12], ["b", 0.125]], {}
    errors = book_of([["n", "v"], ["a", 1], ["b", "#N/A"], ["c", "#REF!"], ["d", 4]])
    for place in ("B3", "B4"):
        errors.active[place].data_type = "e"
    yield (
        "xl_errors.xlsx",
        saved(errors),
        W,
        [["n", "v"], ["a", 1], ["b", None], ["c", None], ["d", 4]],
        {"problems": [["warning", 3, "v"], ["warning", 4, "v"]]},
    )
    formula = book_of([["n", "v"], ["a", 1], ["b", "=1+1"], ["c", 3]])
    yield (
        "xl_formula_without_result.xlsx",
        saved(formula),
        W,
        [["n", "v"], ["a", 1], ["b", None], ["c", 3]],
        {},
    )
    offset = openpyxl.Workbook()
    for at, row in enumerate(PLAIN):
        for to, cell in enumerate(row):
            offset.active.cell(5 + at, 3 + to, cell)
    offset.active["C2"] = "A report"
    yield "xl_offset.xlsx", saved(offset), W, PLAIN, {"assumed": {"header_row": "5"}}
    merged = book_of(
        [
            ["country", "2023", None, "2024", None],
            [None, "Q1", "Q2", "Q1", "Q2"],
            ["Kenya", 1, 2, 3, 4],
            ["Mali", 5, 6, 7, 8],
        ]
    )
    for area in ("B1:C1", "D1:E1", "A1:A2"):
        merged.active.merge_cells(area)
    yield (
        "xl_merged.xlsx",
        saved(merged),
        W,
        [
            ["country", "2023 Q1", "2023 Q2", "2024 Q1", "2024 Q2"],
            ["Kenya", 1, 2, 3, 4],
            ["Mali", 5, 6, 7, 8],
        ],
        {},
    )
    title = book_of([["Capacity by country", None], *PLAIN])
    title.active.merge_cells("A1:B1")
    yield "xl_merged_title.xlsx", saved(title), W, PLAIN, {}
    down = book_of([["c", "y", "v"], ["Kenya", 2020, 1], [None, 2021, 2], ["Mali", 2020, 3]])
    down.active.merge_cells("A2:A3")
    yield (
        "xl_merged_rows.xlsx",
        saved(down),
        (A, W),
        [["c", "y", "v"], ["Kenya", 2020, 1], ["Kenya", 2021, 2], ["Mali", 2020, 3]],
        {},
    )
    two = book_of(PLAIN)
    two.create_sheet("Other").append(["x"])
    two["Other"].append([1])
    yield "xl_two_sheets.xlsx", saved(two), W, PLAIN, {"assumed": {"sheet": "Data"}}
    yield "xl_sheet_named.xlsx", saved(two), A, [["x"], [1]], {"options": {"sheet": "Other"}}
    yield "xl_sheet_unknown.xlsx", saved(two), R, None, {"options": {"sheet": "Third"}}
    hidden = book_of([["secret"], [1]], "Hidden")
    for row in PLAIN:
        (hidden["Shown"] if "Shown" in hidden.sheetnames else hidden.create_sheet("Shown")).append(
            row
        )
    hidden["Hidden"].sheet_state = "hidden"
    yield "xl_hidden.xlsx", saved(hidden), A, PLAIN, {"assumed": {"sheet": "Shown"}}
    yield "xl_empty.xlsx", saved(openpyxl.Workbook()), R, None, {}
    years = book_of([["country", 2019, 2020], ["Kenya", 1, 2], ["Mali", 3, 4]])
    yield (
        "xl_year_headers.xlsx",
        saved(years),
        A,
        [["country", "2019", "2020"], ["Kenya", 1, 2], ["Mali", 3, 4]],
        {},
    )
    total = book_of([*PLAIN, ["Total", 3.5]])
    yield "xl_total.xlsx", saved(total), W, PLAIN, {"problems": [["warning", 4, ""]]}
    sparse = openpyxl.Workbook()
    sparse.active["A1"], sparse.active["XFD1048576"] = 1, 2
    yield "bad_sparse.xlsx", saved(sparse), R, None, {}
    parts = _parts(saved(book_of(PLAIN)))
    inner = parts["xl/worksheets/sheet1.xml"]
    evil = (
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        + inner.split(b"?>", 1)[-1]
    )
    yield "bad_entities.xlsx", zipped(parts | {"xl/worksheets/sheet1.xml": evil}), R, None, {}
    yield "bad_cut.xlsx", saved(book_of(PLAIN))[:3000], R, None, {}
    yield (
        "bad_document.docx",
        zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<a/>"}),
        R,
        None,
        {},
    )
    macro = zipped(parts | {"xl/vbaProject.bin": b"\xd0\xcf\x11\xe0" + b"\0" * 50})
    yield "xl_macro.xlsm", macro, (A, W), PLAIN, {}
    outside = zipped(parts | {"xl/externalLinks/externalLink1.xml": b"<externalLink/>"})
    yield "xl_external_link.xlsx", outside, (A, W), PLAIN, {}
    yield "ods_plain.ods", _ods(_ods_rows("")), A, PLAIN, {}
    yield (
        "bad_repeat.ods",
        _ods(_ods_rows(' table:number-columns-repeated="900000000"')),
        R,
        None,
        {},
    )


def _parts(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def _ods_rows(repeat):
    text = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    number = '<table:table-cell{} office:value-type="float" office:value="{}"><text:p>{}</text:p></table:table-cell>'
    rows = [text.format("name") + text.format("value")]
    rows += [text.format("Kenya") + number.format(repeat, "1.5", "1,5")]
    rows += [text.format("Mali") + number.format("", "2", "2")]
    return "".join(f"<table:table-row>{row}</table:table-row>" for row in rows)


def _ods(rows):
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
        for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body>'
        f'<office:spreadsheet><table:table table:name="Data">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    )
    return zipped(
        {
            "mimetype": kind.encode(),
            "content.xml": content.encode(),
            "META-INF/manifest.xml": manifest.encode(),
        }
    )


def parquet(table):
    """Return a Parquet file's bytes."""
    out = io.BytesIO()
    pq.write_table(table, out)
    return out.getvalue()


def packed():
    """Parquet, gzip and zip."""
    plain = pa.table({"name": ["Kenya", "Mali"], "value": [1.5, 2.0]})
    yield "pq_plain.parquet", parquet(plain), A, PLAIN, {}
    typed = pa.table(
        {
            "day": pa.array([date(2024, 1, 31), None]),
            "code": ["007", "012"],
            "n": pa.array([9007199254740993, 1]),
            "ok": [True, False],
        }
    )
    yield (
        "pq_types.parquet",
        parquet(typed),
        A,
        [
            ["day", "code", "n", "ok"],
            ["2024-01-31", "007", "9007199254740993", "true"],
            [None, "012", "1", "false"],
        ],
        {},
    )
    nested = pa.table({"a": [[1, 2], [3]], "b": [1, 2]})
    yield "pq_nested.parquet", parquet(nested), W, None, {}
    yield "gz_plain.csv.gz", gzip.compress(TEXT, mtime=0), A, PLAIN, {}
    yield (
        "gz_two_members.csv.gz",
        gzip.compress(TEXT, mtime=0) + gzip.compress(b"Niger,3\n", mtime=0),
        A,
        [*PLAIN, ["Niger", 3]],
        {},
    )
    yield "gz_rest.csv.gz", gzip.compress(TEXT, mtime=0) + b"garbage", R, None, {}
    yield "zip_one.zip", zipped({"a.csv": TEXT}), A, PLAIN, {}
    yield "zip_path.zip", zipped({"../../etc/a.csv": TEXT}), A, PLAIN, {}
    yield "zip_two.zip", zipped({"a.csv": TEXT, "b.csv": TEXT}), R, None, {}
    yield (
        "zip_in_zip.zip",
        zipped({"a.zip": zipped({"b.zip": zipped({"c.csv": TEXT})})}),
        R,
        None,
        {},
    )


def office():
    """Files saved by an office suite, kept beside this script."""
    days = [["day", "v"], ["2024-01-31", 1], ["2024-02-29", 2]]
    errors = [["n", "v"], ["a", 1], ["b", None], ["c", None], ["d", 4]]
    for ending in ("xls", "ods"):
        yield f"office_days.{ending}", (OFFICE / f"days.{ending}").read_bytes(), A, days, {}
        made = (OFFICE / f"errors.{ending}").read_bytes()
        yield f"office_errors.{ending}", made, W, errors, {}


def all_cases():
    """Every case of this module."""
    yield from office()
    yield from workbooks()
    yield from packed()
