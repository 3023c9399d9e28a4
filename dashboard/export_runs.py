"""`rackcast export`: read what is asked, make the file, write it whole or not at all."""

import datetime as dt
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from dashboard.charts.study import study
from dashboard.exports.formats import Order, maker_of, topics_of
from dashboard.files import read_catalog, read_scenario
from data.problems import Problem, RefusedError
from forecasts.engine import run

LARGEST_TEMPLATE = 50_000_000
"""Bytes of a company's template."""

PPTX = b"PK\x03\x04"
"""How a PPTX file begins."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the command line asks for, as written."""

    to: Path
    scenario: str
    against: str | None
    data: Path | None
    day: str | None
    audience: str
    chart: str
    theme: str
    scale: int
    template: Path | None
    app: str
    pack: str


def exported(wanted: Wanted) -> int:
    """Make a file and write it; return its size in bytes.

    Raises
    ------
    RefusedError
        If something asked for cannot be done; nothing is written then.
    """
    make = maker_of(wanted.to.suffix, wanted.pack)
    if not wanted.to.parent.is_dir():
        expected = "a folder that exists"
        raise RefusedError([Problem("--to", str(wanted.to.parent), expected, "make the folder")])
    catalog = read_catalog(wanted.data)
    order = Order(
        study=study(run(read_scenario(wanted.scenario), catalog)),
        catalog=catalog,
        made=_day(wanted.day),
        against=None if wanted.against is None else read_scenario(wanted.against),
        topics=topics_of(wanted.audience),
        app=wanted.app,
        chart=wanted.chart,
        theme=_theme(wanted.theme),
        scale=float(wanted.scale),
        template=_template(wanted.template),
        tell=_bar() if sys.stderr.isatty() else _silent,
    )
    content = make(order)
    _written(wanted.to, content)
    return len(content)


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        expected = "a day as 2026-11-26"
        raise RefusedError([Problem("--date", repr(text), expected, "write it so")]) from None


def _theme(text: str) -> str:
    if text not in ("light", "dark"):
        raise RefusedError([Problem("--theme", repr(text), "light or dark", "use one of these")])
    return text


def _template(path: Path | None) -> bytes | None:
    if path is None:
        return None
    if not path.is_file():
        expected = "a PPTX file"
        raise RefusedError([Problem("--template", str(path), expected, "check the name")])
    content = path.read_bytes()[: LARGEST_TEMPLATE + 1]
    if not content.startswith(PPTX) or len(content) > LARGEST_TEMPLATE:
        expected = f"a PPTX file of at most {LARGEST_TEMPLATE // 1_000_000} MB"
        raise RefusedError([Problem("--template", path.name, expected, "save it as PPTX")])
    return content


def _written(path: Path, content: bytes) -> None:
    """Write a file whole: a name that exists keeps its old content until all is written."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as kept:
            kept.write(content)
        Path(kept.name).chmod(0o644)
        Path(kept.name).replace(path)
    except OSError as error:
        expected = "a place that can be written to"
        raise RefusedError(
            [Problem("--to", str(path), expected, error.strerror or "check the folder")]
        ) from error


def _silent(_share: float, _what: str) -> None:
    """Tell nobody."""


def _bar() -> Callable[[float, str], None]:
    """Return what draws a progress bar on the terminal."""

    def tell(share: float, what: str) -> None:
        full = round(30 * share)
        sys.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {share:4.0%} {what:<44}")
        sys.stderr.flush()

    return tell
