"""Bytes to text: byte-order marks, then what the bytes can only be, then what letters suggest.

What had to be guessed is a warning; what is broken stays as it is and is flagged.
"""

import codecs
import re
from dataclasses import dataclass

from charset_normalizer import from_bytes

from data.reading.findings import Findings, UnreadableError
from data.reading.letters import score, wide_score

MARKS: tuple[tuple[bytes, str, str], ...] = (
    (codecs.BOM_UTF8, "utf-8", "utf-8 with BOM"),
    (codecs.BOM_UTF32_LE, "utf-32-le", "utf-32-le with BOM"),
    (codecs.BOM_UTF32_BE, "utf-32-be", "utf-32-be with BOM"),
    (codecs.BOM_UTF16_LE, "utf-16-le", "utf-16-le with BOM"),
    (codecs.BOM_UTF16_BE, "utf-16-be", "utf-16-be with BOM"),
)
"""Byte-order marks, longest first where one begins another."""

SINGLE_BYTE = (
    "cp1252", "cp1250", "cp1251", "mac-roman", "cp1253", "cp1254", "cp850", "koi8-r",
    "cp1255", "cp1256", "cp1257", "iso8859-2", "iso8859-15", "cp866", "iso8859-5", "iso8859-6",
    "cp874",
)  # fmt: skip
"""Encodings tried for single bytes, the likeliest first: the first of equals wins."""

DOUBLE_BYTE = ("gb18030", "shift_jis", "euc-jp", "big5", "euc-kr")
"""Encodings tried for pairs of bytes."""

RARE = {"cp850": 0.35, "cp866": 0.1, "koi8-r": 0.05, "mac-roman": 0.1, "cp1257": 0.1,
        "iso8859-5": 0.1, "iso8859-6": 0.05, "cp874": 0.3}  # fmt: skip
"""How much better than others these must look, since they are seldom met."""

SAMPLE = 20_000
"""Bytes around non-ASCII ones that a guess looks at."""

INVALID = re.compile("\ufffd")
MULTIBYTE = re.compile(rb"[\xc3-\xf4][\x80-\xbf]{1,3}")


@dataclass(frozen=True, slots=True)
class Decoded:
    """The text of a file, and the encoding it was read with."""

    text: str
    encoding: str


def decoded(content: bytes, findings: Findings, encoding: str = "") -> Decoded:
    """Turn a file's bytes into text.

    Parameters
    ----------
    content : bytes
        The file, unpacked.
    findings : Findings
        Takes what was assumed.
    encoding : str
        The encoding, where the user names it.

    Raises
    ------
    UnreadableError
        If the bytes are no text, or the named encoding is unknown.
    """
    made = _named(content, encoding) if encoding else _found(content, findings)
    if "\0" in made.text:
        _judge_nulls(made.text, findings)
    findings.assumed["encoding"] = made.encoding
    return made


def _named(content: bytes, encoding: str) -> Decoded:
    try:
        known = codecs.lookup(encoding).name
        text = content.decode(known, errors="replace")
    except (LookupError, AttributeError, ValueError) as error:
        raise UnreadableError(
            f"encoding {encoding!r}", "a known encoding such as utf-8 or cp1252", "name another"
        ) from error
    return Decoded(text.removeprefix("\ufeff"), known)


def _found(content: bytes, findings: Findings) -> Decoded:
    for mark, codec, name in MARKS:
        if content.startswith(mark):
            text = content[len(mark) :].decode(codec, errors="replace")
            return Decoded(text, name)
    wide = _wide(content)
    if wide:
        _assume(findings, wide, "zero bytes in a regular pattern and no byte-order mark")
        return Decoded(content.decode(wide, errors="replace"), wide)
    try:
        return Decoded(content.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        return _legacy(content, findings)


def _assume(findings: Findings, encoding: str, found: str) -> None:
    findings.of_file(
        "warning",
        found,
        "UTF-8, or a file that names its encoding",
        f"it was read as {encoding}; say --encoding NAME if letters look wrong",
    )


def _wide(content: bytes) -> str:
    """Tell UTF-32 and UTF-16 without a mark by where the zero bytes stand."""
    head = content[:4096]
    if len(head) < 4 or b"\0" not in head:
        return ""
    places = [head[start::4].count(0) for start in range(4)]
    most = len(head) // 4
    if min(places[2:]) >= most * 0.9 and places[0] < most * 0.3:
        return "utf-32-le"
    if min(places[:2]) >= most * 0.9 and places[3] < most * 0.3:
        return "utf-32-be"
    low, high = places[1] + places[3], places[0] + places[2]
    if low > most * 0.2 and high <= low * 0.05:
        return "utf-16-le" if _decodes(content, "utf-16-le") else ""
    if high > most * 0.2 and low <= high * 0.05:
        return "utf-16-be" if _decodes(content, "utf-16-be") else ""
    return ""


def _decodes(content: bytes, codec: str) -> bool:
    try:
        text = content[:4096].decode(codec, errors="strict")
    except UnicodeDecodeError:
        return False
    if not any(letter in "\r\n" for letter in text):
        return False
    return not any(letter < " " and letter not in "\t\r\n" for letter in text)


def _judge_nulls(text: str, findings: Findings) -> None:
    """A few zero characters are broken text; many mean that it is no text at all."""
    count = text.count("\0")
    controls = sum(text[:4096].count(chr(code)) for code in (1, 2, 3, 4, 5, 6, 7, 8, 14, 15, 16))
    if count > max(8, len(text) // 200) or controls > 8:
        raise UnreadableError("bytes that are no text", "a table", "save the table as CSV or XLSX")
    findings.of_file(
        "warning",
        f"{count} zero characters",
        "text without them",
        "they are kept; check the rows that look odd",
    )


# Text that is not UTF-8 -----------------------------------------------------------------------


def _legacy(content: bytes, findings: Findings) -> Decoded:
    """Tell damaged UTF-8 from an older encoding, and which."""
    text = content.decode("utf-8", errors="replace")
    damaged = len(INVALID.findall(text))
    sound = sum(1 for one in MULTIBYTE.finditer(content) if _is_character(one[0]))
    if (sound and sound >= damaged) or _is_cut(content):
        findings.of_file(
            "warning",
            f"{damaged} places that are no UTF-8 in a file that is otherwise UTF-8",
            "whole letters",
            "they are shown as � and kept; correct them in the source",
        )
        return Decoded(text, "utf-8 with damage")
    best = _best(content)
    if not best:
        raise UnreadableError("bytes that are no text", "a table", "save the table as CSV or XLSX")
    _assume(findings, best, "bytes that are not UTF-8")
    return Decoded(content.decode(best, errors="replace"), best)


def _is_character(piece: bytes) -> bool:
    return any(_decodes_whole(piece[:size]) for size in range(2, len(piece) + 1))


def _decodes_whole(piece: bytes) -> bool:
    try:
        return len(piece.decode("utf-8")) == 1
    except UnicodeDecodeError:
        return False


def _is_cut(content: bytes) -> bool:
    """Whether the only damage is a last letter cut in two."""
    try:
        content.decode("utf-8")
    except UnicodeDecodeError as error:
        return error.start >= len(content) - 3 and error.reason == "unexpected end of data"
    return False


def _best(content: bytes) -> str:
    """Return the encoding whose letters look most like words."""
    sample = _sample(content)
    if sum(sample.count(code) for code in (*range(1, 9), *range(14, 27))) > len(sample) // 50:
        return ""
    helped = from_bytes(sample[:4000]).best()
    hint = codecs.lookup(helped.encoding).name if helped else ""
    scores: dict[str, float] = {}
    texts: dict[str, str] = {}
    for rank, name in enumerate((*SINGLE_BYTE, *DOUBLE_BYTE)):
        errors = "strict" if name in SINGLE_BYTE else "ignore"
        try:
            text = sample.decode(name, errors=errors)
        except UnicodeDecodeError:
            continue
        judged = wide_score(text, sample, name) if name in DOUBLE_BYTE else score(text)
        helping = 0.02 if codecs.lookup(name).name == hint else 0.0
        scores[name] = judged + helping - rank * 0.001 - RARE.get(name, 0.0)
        texts[name] = text
    if not scores:
        return "latin-1"
    best = max(scores, key=lambda name: scores[name])
    return next(name for name, text in texts.items() if text == texts[best])


def _sample(content: bytes) -> bytes:
    """Return the lines that hold bytes beyond ASCII, up to a bound."""
    made = bytearray()
    for line in content.split(b"\n"):
        if not line.isascii():
            made += line[:2000] + b"\n"
        if len(made) > SAMPLE:
            break
    return bytes(made)
