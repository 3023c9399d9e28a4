"""`rackcast export`: read what is asked, make the file, write it whole or not at all."""

import datetime as dt
import hashlib
import sys
import tempfile
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from dashboard.charts.study import study
from dashboard.exports.formats import Order, maker_of, topics_of
from dashboard.files import read_catalog, read_scenario
from data.problems import Problem, RefusedError
from forecasts.checks import check, refuse_failed
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


@dataclass(frozen=True, slots=True)
class Written:
    """A file that was written.

    Attributes
    ----------
    file : Path
        Where.
    bytes : int
        Its size.
    sha256, scenario_hash, data_version : str
        Of its content, and of what it was made from.
    """

    file: Path
    bytes: int
    sha256: str
    scenario_hash: str
    data_version: str

    def data(self) -> dict[str, object]:
        """Return it as plain data, in the shape of `rackcast export --json`."""
        return asdict(self) | {"file": str(self.file)}


def exported(wanted: Wanted) -> Written:
    """Make a file and write it.

    Raises
    ------
    RefusedError
        If something asked for cannot be done, or the model's identities do not hold; nothing is
        written then.
    """
    make = maker_of(wanted.to.suffix, wanted.pack)
    if not wanted.to.parent.is_dir():
        expected = "a folder that exists"
        raise RefusedError([Problem("--to", str(wanted.to.parent), expected, "make the folder")])
    catalog = read_catalog(wanted.data)
    result = run(read_scenario(wanted.scenario), catalog)
    refuse_failed(check(result))
    order = Order(
        study=study(result),
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
    digest, plan = hashlib.sha256(content).hexdigest(), result.plan
    return Written(wanted.to, len(content), digest, plan.scenario.hash, plan.data_version)


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
