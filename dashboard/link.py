"""An uploaded scenario packed into a link, and read back from one that anybody may have made."""

import base64
import binascii
import json
import zlib
from collections.abc import Mapping

from data.problems import RefusedError
from forecasts.reading import scenario_from

LONGEST_LINK = 6000
"""Characters of an uploaded scenario that a link may carry."""

LARGEST_SCENARIO = 200_000
"""Bytes an unpacked scenario may have: a link must not unpack without end."""


def packed(stated: Mapping[str, object]) -> str:
    """Return what a scenario states as link text; empty when it would be too long."""
    raw = json.dumps(stated, sort_keys=True, default=str).encode()
    text = base64.urlsafe_b64encode(zlib.compress(raw, 9)).decode()
    return text if len(text) <= LONGEST_LINK else ""


def unpacked(text: str, problems: list[str]) -> dict[str, object]:
    """Read an uploaded scenario back from a link."""
    if not text:
        return {}
    try:
        raw = zlib.decompressobj().decompress(base64.urlsafe_b64decode(text), LARGEST_SCENARIO)
        stated = json.loads(raw)
        scenario_from(stated, "link")
    except (binascii.Error, zlib.error, ValueError, TypeError, RecursionError, RefusedError):
        problems.append("the uploaded scenario in the link cannot be read")
        return {}
    return {str(key): value for key, value in stated.items()}
