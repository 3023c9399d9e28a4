"""Awkward and hostile files: each gives what the manifest states, to the digit."""

import csv
import json
from pathlib import Path

import pytest

from data.ingest import Options, read
from data.reading.writing import written

CORPUS = Path(__file__).parent.parent / "corpus"
MANIFEST = json.loads((CORPUS / "manifest.json").read_text("utf-8"))


def same(found: str, expected: object) -> bool:
    if expected is None:
        return found == ""
    if isinstance(expected, str):
        return found == expected
    try:
        return float(found) == float(expected)
    except ValueError:
        return False


@pytest.mark.parametrize("case", MANIFEST, ids=lambda case: case["file"])
def test_a_file_gives_what_its_manifest_states(case, tmp_path):
    made = read(CORPUS / "files" / case["file"], "any", Options(**case.get("options", {})))
    report = made.report
    said = [str(one) for one in report.problems]
    assert report.status in case["status"], said
    assert all(one.message and one.expected and one.fix for one in report.problems)
    assert report.status == "accepted" or any(one.severity != "note" for one in report.problems)
    for severity, row, column in case.get("problems", []):
        places = [(one.severity, one.row, one.column) for one in report.problems]
        assert (severity, row, column) in places, said
    for key, value in case.get("assumed", {}).items():
        assert report.assumed[key] == value
    if case["frame"] is not None:
        written(made.frame, tmp_path / "out.csv")
        text = (tmp_path / "out.csv").read_text("utf-8")
        rows = list(csv.reader(text.splitlines(keepends=True)))
        assert rows[0] == case["frame"][0], said
        assert len(rows) == len(case["frame"]), (rows, said)
        for got, wanted in zip(rows[1:], case["frame"][1:], strict=True):
            assert all(map(same, got, wanted)), (got, wanted, said)


def test_the_corpus_is_large_and_its_files_are_small():
    files = list((CORPUS / "files").iterdir())
    assert len(MANIFEST) >= 100
    assert {path.name for path in files} == {case["file"] for case in MANIFEST}
    assert sum(path.stat().st_size for path in files) < 3_000_000
