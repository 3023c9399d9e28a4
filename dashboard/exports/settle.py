"""The same case, the same bytes: archives without a clock in them."""

import datetime as dt
import io
import re
import zipfile
from collections.abc import Mapping

CLOCK = re.compile(rb"(<dcterms:(?:created|modified)[^>]*>)[^<]*(</dcterms:)")
"""Where an Office file says when it was made."""

DRAWN = re.compile(rb'id="defs-([0-9a-f]{6})"')
"""Where a drawing tells the number that plotly drew at random for its names."""


def settled_svg(given: bytes) -> bytes:
    """Return a drawing whose names hold no random number.

    Examples
    --------
    >>> settled_svg(b'<defs id="defs-9e4710"/><g fill="#9e4710" clip-path="url(#clip9e4710x)"/>')
    b'<defs id="defs-000000"/><g fill="#9e4710" clip-path="url(#clip000000x)"/>'
    """
    found = DRAWN.search(given)
    if found is None:
        return given
    return re.sub(rb'(["#][a-z]+-?)' + found[1], rb"\g<1>000000", given)


def settled(given: bytes, made: dt.date) -> bytes:
    """Return a zip archive with every date in it set to a declared day.

    Reaches into Office files and into workbooks embedded in them. Order and content of the
    members stay.

    Parameters
    ----------
    given : bytes
        A zip archive: PPTX, XLSX or plain.
    made : date
        The day, at midnight.
    """
    files: dict[str, bytes] = {}
    with zipfile.ZipFile(io.BytesIO(given)) as held:
        for name in held.namelist():
            content = held.read(name)
            if name.endswith(".xlsx"):
                content = settled(content, made)
            elif name == "docProps/core.xml":
                content = CLOCK.sub(rf"\g<1>{made.isoformat()}T00:00:00Z\g<2>".encode(), content)
            files[name] = content
    return archive(files, made)


def archive(files: Mapping[str, bytes], made: dt.date) -> bytes:
    """Return files by path as a zip archive of a declared day."""
    found = io.BytesIO()
    with zipfile.ZipFile(found, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as kept:
        for name, content in files.items():
            kept.writestr(_entry(name, made), content)
    return found.getvalue()


def _entry(name: str, made: dt.date) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, (max(made.year, 1980), made.month, made.day, 0, 0, 0))
    entry.compress_type = zipfile.ZIP_DEFLATED
    entry.external_attr = 0o644 << 16
    return entry
