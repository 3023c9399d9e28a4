"""Files that somebody else made: hashed whatever their size, opened whatever they hold."""

import hashlib
import zipfile
import zlib
from pathlib import Path
from typing import Final

from dashboard.exports.manifest import members

LARGEST: Final = 50_000_000
"""Bytes of a manifest that are read, and of an archive whose members are looked at."""

UNPACKED: Final = 20 * LARGEST
"""Bytes of an archive's members together: one that claims more is not opened."""

BROKEN: Final = (
    zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError, RuntimeError,
    OSError, OverflowError, KeyError,
)  # fmt: skip
"""What opening a broken archive raises: bad data, unknown ways of packing, passwords, places
outside the file."""


def file_digest(file: Path) -> str:
    """SHA-256 of a file of any size, in hex."""
    with file.open("rb") as held:
        return hashlib.file_digest(held, "sha256").hexdigest()


def members_in(file: Path) -> dict[str, str]:
    """Hash the members of an archive that may be broken, or far larger than any; none then."""
    if file.stat().st_size > LARGEST:
        return {}
    try:
        with zipfile.ZipFile(file) as held:
            if sum(one.file_size for one in held.infolist()) > UNPACKED:
                return {}
        return members(file.read_bytes())
    except BROKEN:
        return {}


def legible(text: str) -> str:
    """Return a text with a code for all that cannot be seen: a terminal obeys some of it."""
    return "".join(one if one.isprintable() else repr(one)[1:-1] for one in text)
