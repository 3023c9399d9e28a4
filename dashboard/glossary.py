"""What the words mean: docs/definitions.md, by heading."""

import re
from functools import lru_cache
from pathlib import Path

DEFINITIONS = Path(__file__).parents[1] / "docs" / "definitions.md"
"""One heading `## name` for each metric."""


@lru_cache(maxsize=1)
def document() -> str:
    """Return the whole page; empty where it is not installed."""
    return DEFINITIONS.read_text("utf-8") if DEFINITIONS.is_file() else ""


@lru_cache(maxsize=1)
def definitions() -> dict[str, str]:
    """Return every definition by heading, on one line each."""
    parts = re.split(r"^##? +(.+)$", document(), flags=re.MULTILINE)
    named = zip(parts[1::2], parts[2::2], strict=True)
    return {heading.strip(): " ".join(text.split()) for heading, text in named}


def definition(metric: str) -> str:
    """Return the definition of a metric; empty when the page has none (a test finds that)."""
    return definitions().get(metric, "")


def chapter(heading: str) -> str:
    """Return the text under a heading of the first level, as it is written."""
    found = re.search(rf"^# {re.escape(heading)}\n(.*?)(?=^# |\Z)", document(), re.M | re.S)
    return found.group(1).strip() if found else ""


def conventions() -> str:
    """Return what holds for every metric: the paragraph that begins with the word."""
    said = chapter("Definitions").split("\n## ")[0].partition("Conventions: ")[2]
    return said[:1].upper() + said[1:]
