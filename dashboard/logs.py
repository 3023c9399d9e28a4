"""One line of JSON for each thing worth knowing, without secrets, where `RACKCAST_LOG=json`.

Otherwise the program says what it always did, for a person at a terminal.
"""

import json
import logging
import os
import re
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Final

FORM: Final = "RACKCAST_LOG"
"""Environment variable: `json` or `text`."""

LOGGER: Final = logging.getLogger("rackcast")
"""The log of what people and jobs do."""

LOUD: Final = ("uvicorn", "uvicorn.error", "streamlit", "tornado", "asyncio")
"""Loggers of others, made to speak the same form."""

OUTSIDE: Final = (
    "streamlit.runtime.caching.cache_data_api",
    "streamlit.runtime.scriptrunner_utils.script_run_context",
)
"""Loggers of Streamlit that warn whoever works outside a page."""

PASSWORDS: Final = re.compile(
    r"(://[^:/@\s]*:)[^@\s]+(@)"
    r"|((?:secret|password|token|authorization|cookie|code|state)[\"']?\s*[=:]\s*[\"']?)[^\s\"'&,;]+",
    re.IGNORECASE,
)
"""What looks like a password in an address, or the value of something secret."""


def clean(text: str) -> str:
    """Return a text without what looks like a secret.

    Examples
    --------
    >>> clean("postgresql://ana:pa55@db/rackcast?token=abc")
    'postgresql://ana:***@db/rackcast?token=***'
    """
    return PASSWORDS.sub(
        lambda found: f"{found[1]}***{found[2]}" if found[1] else f"{found[3]}***", text
    )


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line: dict[str, object] = {
            "at": at,
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": clean(record.getMessage()),
        }
        told = getattr(record, "told", {})
        line |= {name: clean(one) if isinstance(one, str) else one for name, one in told.items()}
        if record.exc_info:
            line["error"] = clean(self.formatException(record.exc_info))
        return json.dumps(line, ensure_ascii=False, default=str)


def begin(others: Iterable[str] = LOUD) -> None:
    """Write every log as lines of JSON on standard error, if that is asked for."""
    if os.environ.get(FORM, "text") != "json":
        return
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("rackcast", *others):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], False
    LOGGER.setLevel(logging.INFO)


@contextmanager
def before_pages() -> Iterator[None]:
    """Leave out what Streamlit says on this thread about working outside a page: it is meant to."""
    own = threading.get_ident()

    def from_elsewhere(record: logging.LogRecord) -> bool:
        return record.thread != own

    loggers = [logging.getLogger(name) for name in OUTSIDE]
    for logger in loggers:
        logger.addFilter(from_elsewhere)
    try:
        yield
    finally:
        for logger in loggers:
            logger.removeFilter(from_elsewhere)


def event(what: str, **told: str | float | None) -> None:
    """Log something that happened, with what there is to know of it."""
    LOGGER.info(what, extra={"told": told})
