"""What a file is by its first bytes, and what is inside a packed one; nothing touches the disk."""

import bz2
import io
import lzma
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import Literal

from data.reading.findings import Findings, UnreadableError
from data.reading.limits import LIMITS, Limits, require

Kind = Literal["text", "workbook", "parquet"]
"""How a file is read; JSON is told from other text later."""

REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "a PDF document"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"BM\x36", "a bitmap picture"),
    (b"RIFF", "a media file"),
    (b"\x7fELF", "a program"),
    (b"MZ", "a program"),
    (b"SQLite format 3\0", "an SQLite database"),
    (b"\x89HDF", "an HDF5 file"),
    (b"\x93NUMPY", "a NumPy file"),
    (b"ARROW1", "an Arrow file"),
    (b"FEA1", "a Feather file"),
    (b"ORC", "an ORC file"),
    (b"Obj\x01", "an Avro file"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!", "a RAR archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard file"),
    (b"\x04\x22\x4d\x18", "an LZ4 file"),
    (b"{\\rtf", "an RTF document"),
    (b"<stata_dta>", "a Stata file"),
    (b"$FL2", "an SPSS file"),
    (b"\x80\x02", "a Python pickle"),
    (b"\x80\x03", "a Python pickle"),
    (b"\x80\x04", "a Python pickle"),
    (b"\x80\x05", "a Python pickle"),
)
"""First bytes of what is not read, with its name."""

SAVE_AS = "save the table as CSV or XLSX"

MARKUP = re.compile(rb"\s*(<!doctype\s|<html|<\?xml|<table|<svg|<script|<!--|<workbook)", re.I)

ENDINGS: dict[str, tuple[str, ...]] = {
    "text": ("csv", "tsv", "txt", "tab", "psv", "dat", "json", "ndjson", "jsonl", "text", "asc"),
    "workbook": ("xlsx", "xlsm", "xlsb", "xls", "ods", "xltx", "xltm", "xlam"),
    "parquet": ("parquet", "pq", "parq"),
}
"""File endings that fit each kind."""

CHUNK = 1 << 20

LINK = 0o120000
"""How an archive marks a symbolic link."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A file's kind and its content after unpacking."""

    kind: Kind
    content: bytes
    packing: str = ""


def opened(content: bytes, findings: Findings, name: str = "", limits: Limits = LIMITS) -> Opened:
    """Tell what a file is and unpack it, or refuse it by name."""
    require("bytes", len(content), limits.file_bytes)
    made = _opened(content, findings, limits, 0)
    _judge_name(name, made, findings)
    return made


def _opened(content: bytes, findings: Findings, limits: Limits, level: int) -> Opened:
    if level > 1:
        raise UnreadableError("an archive inside an archive", "one table", "unpack it first")
    packing = _packing(content)
    if packing:
        inner = _opened(_unpacked(content, packing, limits), findings, limits, level + 1)
        findings.assumed["packing"] = packing
        return Opened(inner.kind, inner.content, packing)
    if content.startswith(b"PK\x03\x04") or content.startswith(b"PK\x05\x06"):
        return _zipped(content, findings, limits, level)
    if content.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return _compound(content)
    if content.startswith(b"PAR1"):
        return Opened("parquet", content)
    _refuse_foreign(content)
    return Opened("text", content)


def _packing(content: bytes) -> str:
    if content.startswith(b"\x1f\x8b"):
        return "gzip"
    if content.startswith(b"BZh") and content[4:10] == b"1AY&SY":
        return "bzip2"
    return "xz" if content.startswith(b"\xfd7zXZ\0") else ""


def _refuse_foreign(content: bytes) -> None:
    for mark, named in REFUSED:
        if content.startswith(mark):
            if mark in {b"MZ", b"ORC", b"RIFF", b"GIF8", b"FEA1"} and b"\0" not in content[:512]:
                continue
            raise UnreadableError(named, "a table: CSV, XLSX, ODS, Parquet or JSON", SAVE_AS)
    if content[257:262] == b"ustar":
        raise UnreadableError("a tar archive", "one table", "unpack it first")
    text = content.removeprefix(b"\xef\xbb\xbf")[:300]
    if MARKUP.match(text):
        named = "an XML file" if b"<?xml" in text[:80].lower() else "an HTML page"
        raise UnreadableError(named, "a table: CSV, XLSX, ODS, Parquet or JSON", SAVE_AS)


def _unpacked(content: bytes, packing: str, limits: Limits) -> bytes:
    """Unpack bit by bit, so that a bomb is noticed before it fills the memory."""
    pieces: list[bytes] = []
    size = 0
    rest = content
    try:
        while rest:
            piece, rest = _one_stream(rest, packing, limits, len(content), size)
            pieces.append(piece)
            size += len(piece)
            rest = rest.lstrip(b"\0")
            if rest and _packing(rest) != packing:
                raise UnreadableError(
                    f"other bytes after the {packing} data", f"one {packing} file", "pack it anew"
                )
    except (zlib.error, OSError, lzma.LZMAError, EOFError, ValueError) as error:
        raise UnreadableError(
            f"broken {packing} data ({error})", f"a whole {packing} file", "send the file anew"
        ) from error
    return b"".join(pieces)


def _one_stream(
    content: bytes, packing: str, limits: Limits, packed: int, before: int
) -> tuple[bytes, bytes]:
    """Return one packed stream's content, and the bytes after it."""
    if packing == "gzip":
        return _gzip_stream(content, limits, packed, before)
    bounded = lzma.LZMADecompressor(memlimit=200_000_000)
    engine = bz2.BZ2Decompressor() if packing == "bzip2" else bounded
    made = bytearray()
    held = content
    while not engine.eof:
        piece = engine.decompress(held, CHUNK)
        made += piece
        _judge_ratio(before + len(made), packed, limits)
        held = b""
        if not piece and engine.needs_input:
            raise EOFError("it ends too early")
    return bytes(made), engine.unused_data


def _gzip_stream(content: bytes, limits: Limits, packed: int, before: int) -> tuple[bytes, bytes]:
    engine = zlib.decompressobj(zlib.MAX_WBITS | 16)
    made = bytearray()
    held = content
    while not engine.eof:
        piece = engine.decompress(held, CHUNK)
        made += piece
        _judge_ratio(before + len(made), packed, limits)
        held = engine.unconsumed_tail
        if not piece and not held:
            raise EOFError("it ends too early")
    return bytes(made), engine.unused_data


def _judge_ratio(size: int, packed: int, limits: Limits) -> None:
    require("bytes when unpacked", size, limits.unpacked_bytes)
    if size > 8 * CHUNK:
        require("times the packed size when unpacked", size // max(packed, 1), limits.ratio)


def _zipped(content: bytes, findings: Findings, limits: Limits, level: int) -> Opened:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
        members = [one for one in archive.infolist() if not one.filename.endswith("/")]
    except (
        zipfile.BadZipFile,
        ValueError,
        OSError,
        RuntimeError,
        NotImplementedError,
        EOFError,
    ) as error:
        raise UnreadableError(
            f"a broken zip file or workbook ({error})", "a whole file", "save or send it anew"
        ) from error
    require("files inside", len(members), limits.members)
    size = sum(one.file_size for one in members)
    require("bytes when unpacked", size, limits.unpacked_bytes)
    for one in members:
        _judge_ratio(one.file_size, one.compress_size, limits)
    if any(one.flag_bits & 1 for one in members):
        raise UnreadableError("an encrypted file", "a file without password", "remove the password")
    names = {one.filename for one in members}
    if _is_workbook(archive, names):
        return Opened("workbook", content)
    tables = [one for one in members if _may_be_table(one.filename)]
    if any(one.external_attr >> 16 & 0o170000 == LINK for one in members):
        raise UnreadableError("a link to another file", "a file", "pack the file itself")
    if len(tables) != 1:
        found = f"a zip file of {len(members)} files"
        raise UnreadableError(found, "a zip file of one table", "unpack it and send one table")
    findings.assumed["packing"] = "zip"
    inner = _opened(_member(archive, tables[0], limits), findings, limits, level + 1)
    return Opened(inner.kind, inner.content, "zip")


def _may_be_table(name: str) -> bool:
    return not name.startswith("__MACOSX/") and not name.rsplit("/", 1)[-1].startswith(".")


def _is_workbook(archive: zipfile.ZipFile, names: set[str]) -> bool:
    if any(name.lower() in {"xl/workbook.xml", "xl/workbook.bin"} for name in names):
        return True
    if "content.xml" in names and "mimetype" in names:
        kind = _member(archive, archive.getinfo("mimetype"), LIMITS)
        if b"spreadsheet" in kind:
            return True
        raise UnreadableError("a text document or drawing", "a table", SAVE_AS)
    if "[Content_Types].xml" in names:
        raise UnreadableError("an office document without a workbook", "a table", SAVE_AS)
    return False


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, limits: Limits) -> bytes:
    pieces = []
    size = 0
    try:
        with archive.open(member) as stream:
            while piece := stream.read(CHUNK):
                pieces.append(piece)
                size += len(piece)
                _judge_ratio(size, member.compress_size, limits)
    except (
        zipfile.BadZipFile,
        zlib.error,
        lzma.LZMAError,
        OSError,
        EOFError,
        ValueError,
        RuntimeError,
        NotImplementedError,
    ) as error:
        raise UnreadableError("a broken zip file", "a whole zip file", "pack it anew") from error
    return b"".join(pieces)


def _compound(content: bytes) -> Opened:
    head = content[: 1 << 22]
    if "EncryptedPackage".encode("utf-16-le") in content:
        raise UnreadableError(
            "a workbook with a password", "a workbook without password", "remove the password"
        )
    if "Workbook".encode("utf-16-le") in head or "Book".encode("utf-16-le") in content:
        return Opened("workbook", content)
    raise UnreadableError("an old office document without a workbook", "a table", SAVE_AS)


def _judge_name(name: str, made: Opened, findings: Findings) -> None:
    """Say when the ending of the name promises another kind of file."""
    parts = name.lower().rsplit("/", 1)[-1].split(".")
    while len(parts) > 2 and parts[-1] in {"gz", "bz2", "xz", "zip", "gzip"}:
        parts.pop()
    ending = parts[-1] if len(parts) > 1 else ""
    known = {one for endings in ENDINGS.values() for one in endings}
    if ending in known and ending not in ENDINGS[made.kind]:
        named = {"text": "text", "workbook": "a workbook", "parquet": "a Parquet file"}[made.kind]
        findings.of_file(
            "warning",
            f"a name ending in .{ending}",
            f"a name that fits the content, which is {named}",
            f"it was read as {named}; rename the file if that is right",
        )
