"""Whatever bytes come, reading ends with a report: no crash, no hang."""

import gzip
import json
import os
import time
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.ingest import dataset_names, read

FILES = [
    path
    for path in sorted((Path(__file__).parent.parent / "corpus" / "files").iterdir())
    if path.suffix not in {".xlsx", ".xlsm", ".ods", ".parquet", ".xls"} and path.stat().st_size
]
"""Seeds that are read in this process; each that is packed would start another."""

PACKED = [
    path
    for path in sorted((Path(__file__).parent.parent / "corpus" / "files").iterdir())
    if path.suffix in {".xlsx", ".ods", ".parquet"}
]

SLOWEST = 5.0

CELLS = st.sampled_from(
    ["1", "1,5", "1.234", "", "NA", "x", '"', "2024Q1", "01/02/2024", "12%", "€5", "(5)",
     "#N/A", "\ufffd", "=1+1", "é", "Total", "1e5", "45292", "-", "\0", "\r", "FY24",
     "5 MW", "'", "\\", "\ud800"]
)  # fmt: skip

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "50"))

quick = settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def survives(content: bytes, dataset: str = "any") -> None:
    start = time.process_time()
    report = read(content, dataset).report
    assert report.status in {"accepted", "accepted_with_warnings", "rejected"}
    json.dumps(report.data(), allow_nan=False)
    assert time.process_time() - start < SLOWEST


@quick
@given(st.binary(max_size=400), st.sampled_from(dataset_names()))
def test_any_bytes_end_in_a_report(content, dataset):
    survives(content, dataset)


@quick
@given(
    st.lists(st.lists(CELLS, min_size=1, max_size=6), min_size=1, max_size=12),
    st.sampled_from([",", ";", "\t", "|"]),
    st.sampled_from(["utf-8", "utf-16", "utf-16-le", "cp1252"]),
    st.sampled_from(dataset_names()),
)
def test_any_table_ends_in_a_report(rows, mark, encoding, dataset):
    text = "\n".join(mark.join(row) for row in rows)
    survives(text.encode(encoding, "replace"), dataset)


@quick
@given(st.sampled_from(FILES), st.data())
def test_a_damaged_file_ends_in_a_report(path, data):
    survives(damaged(path.read_bytes(), data), data.draw(st.sampled_from(dataset_names())))


@settings(max_examples=max(6, EXAMPLES // 20), deadline=None)
@given(st.sampled_from(PACKED), st.data())
def test_a_damaged_workbook_ends_in_a_report(path, data):
    survives(damaged(path.read_bytes(), data))


def damaged(content: bytes, data: st.DataObject) -> bytes:
    made = bytearray(content)
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, max(len(made) - 1, 0)))
        size = data.draw(st.integers(0, 8))
        made[at : at + size] = data.draw(st.binary(max_size=8))
    return bytes(made)


def test_bombs_are_refused_with_the_limit_named():
    for content in (gzip.compress(b"0" * 40_000_000), b"a,b\n" + b"1," * 3_000_000 + b"\n"):
        report = read(content).report
        assert report.status == "rejected"
        assert "at most" in report.problems[-1].expected


def test_a_long_cell_and_a_deep_document_are_refused_with_the_limit_named():
    for content in (b'a,b\n"' + b"x" * 200_000 + b'",1\n', b"[" * 90_000):
        report = read(content).report
        assert report.status == "rejected"
        assert "at most" in report.problems[-1].expected


def test_only_plain_files_are_read(tmp_path):
    os.mkfifo(tmp_path / "pipe.csv")
    for path in (tmp_path, tmp_path / "pipe.csv", tmp_path / "none.csv", "/dev/zero", "a\0b"):
        assert read(path).report.status == "rejected"
