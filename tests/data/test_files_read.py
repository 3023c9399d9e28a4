"""Any file is read by structure and types; what was assumed is said."""

import pytest

from data.ingest import Options, read

SAME = [
    "name,value\nKenya,1.5\nMali,2\n",
    "name;value\nKenya;1,5\nMali;2\n",
    "name\tvalue\nKenya\t1.5\nMali\t2\n",
    "\ufeffname|value\nKenya|1.50\nMali|2.0\n",
    '[{"name": "Kenya", "value": 1.5}, {"name": "Mali", "value": 2}]',
    '{"name": "Kenya", "value": 1.5}\n{"name": "Mali", "value": 2}\n',
]


def test_one_table_in_many_forms_has_one_hash():
    assert len({read(text.encode()).report.frame_hash for text in SAME}) == 1
    assert len({read(SAME[0].encode(form)).report.frame_hash for form in ("utf-16", "utf-32")}) == 1


def test_a_statement_of_the_user_overrides_what_was_found():
    text = b"day;value\n01/02/2024;1.234\n"
    found = read(text).frame
    said = read(text, "any", Options(dates="mdy", decimal=".")).frame
    assert found.iloc[0].tolist() == ["2024-02-01", 1234]
    assert said.iloc[0].tolist() == ["2024-01-02", 1.234]
    assert read(text).report.status == "accepted_with_warnings"


@pytest.mark.parametrize("content", [b"", b"\0\1\2\3" * 50, b"%PDF-1.7", b"PK\3\4", b'{"a":'])
def test_what_is_no_table_is_refused_with_one_reason(content):
    report = read(content).report
    assert report.status == "rejected"
    assert len(report.problems) == 1


@pytest.mark.parametrize("named", ["klingon", "base64", "idna", "undefined", "a\0b"])
def test_an_encoding_that_reads_no_text_is_refused(named):
    report = read(b"a,b\n1,2\n", "any", Options(encoding=named)).report
    assert report.status == "rejected"
    assert [one.value for one in report.problems] == [f"encoding {named!r}"]
