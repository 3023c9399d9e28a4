"""Files that are no tables, and files that mean harm; by hand."""

from cases import R


def hostile():
    """Files that are no tables, and files that mean harm."""
    for name, content in (
        ("empty.csv", b""), ("blank.csv", b" \n\n "), ("bom_only.csv", b"\xef\xbb\xbf"),
        ("pdf.csv", b"%PDF-1.7\n1 0 obj"), ("png.xlsx", b"\x89PNG\r\n\x1a\n0000"),
        ("pickle.csv", b"\x80\x04\x95\x10\x00\x00\x00\x00\x00\x00\x00cposix\nsystem\n"),
        ("sqlite.csv", b"SQLite format 3\0" + b"\0" * 100), ("elf.csv", b"\x7fELF" + b"\0" * 60),
        ("html.xls", b"<html><table><tr><td>1</td></tr></table></html>"),
        ("bomb.xml", b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'),
        ("binary.csv", bytes(range(256)) * 4), ("zip_broken.xlsx", b"PK\x03\x04" + b"x" * 200),
        ("gzip_cut.csv.gz", b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03K"),
        ("parquet_cut.parquet", b"PAR1" + b"\0" * 40 + b"PAR1"), ("ole_cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600),
        ("rtf.csv", b"{\\rtf1 hello}"), ("seven.csv", b"7z\xbc\xaf\x27\x1c000"),
    ):  # fmt: skip
        yield f"bad_{name}", content, R, None, {}
