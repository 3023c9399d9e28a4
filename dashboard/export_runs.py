"""`rackcast export`: read what is asked, make the file, write it whole or not at all."""

import datetime as dt
import errno
import os
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

from dashboard.charts.study import study
from dashboard.exports.formats import Order, maker_of, topics_of
from dashboard.exports.manifest import SUFFIX, manifest_of
from dashboard.files import read_catalog, read_notes, read_scenario
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
    manifest : Path
        The file beside it that says all of this and more; `rackcast verify` reads it.
    """

    file: Path
    bytes: int
    sha256: str
    scenario_hash: str
    data_version: str
    manifest: Path

    def data(self) -> dict[str, object]:
        """Return it as plain data, in the shape of `rackcast export --json`."""
        return asdict(self) | {"file": str(self.file), "manifest": str(self.manifest)}


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
        app=_link(wanted.app),
        chart=wanted.chart,
        theme=_theme(wanted.theme),
        scale=float(wanted.scale),
        template=template_of(wanted.template),
        notes=read_notes(wanted.scenario),
        tell=_bar() if sys.stderr.isatty() else _silent,
    )
    content = make(order)
    made = manifest_of(order, wanted.to.suffix, wanted.pack, (wanted.to.name, content))
    beside = wanted.to.with_name(wanted.to.name + SUFFIX)
    _written({wanted.to: content, beside: made.written()})
    output, inputs = made.output, made.inputs
    return Written(
        wanted.to, output.bytes, output.sha256, inputs.scenario_hash, inputs.data_version, beside
    )


def _day(text: str | None) -> dt.date:
    if text is None:
        return dt.datetime.now(dt.UTC).date()
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        expected = "a day as 2026-11-26"
        raise RefusedError([Problem("--date", repr(text), expected, "write it so")]) from None


def _link(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        expected = "an address in UTF-8"
        raise RefusedError([Problem("--link", ascii(text), expected, "type it anew")]) from None
    try:
        urlsplit(text)
    except ValueError:
        expected = "an address such as https://rackcast.example/?page=risk"
        raise RefusedError([Problem("--link", repr(text), expected, "type it anew")]) from None
    return text


def _theme(text: str) -> str:
    if text not in ("light", "dark"):
        raise RefusedError([Problem("--theme", repr(text), "light or dark", "use one of these")])
    return text


def template_of(path: Path | None) -> bytes | None:
    """Read a company's template.

    Raises
    ------
    RefusedError
        If it is none.
    """
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


def _written(files: Mapping[Path, bytes]) -> None:
    """Write files whole, all or none: names that exist keep what they hold until all is ready.

    Raises
    ------
    RefusedError
        If the place cannot be written to, or has no room left.
    """
    ready: dict[Path, Path] = {}
    try:
        try:
            for path, content in files.items():
                if path.is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
                with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as kept:
                    ready[path] = Path(kept.name)
                    kept.write(content)
                ready[path].chmod(0o644)
            for path, kept_as in ready.items():
                kept_as.replace(path)
        finally:
            for kept_as in ready.values():
                kept_as.unlink(missing_ok=True)
    except OSError as error:
        expected = "a place that can be written to"
        fix = (error.strerror or "check the folder").lower()
        raise RefusedError([Problem("--to", str(path), expected, fix)]) from error


def _silent(_share: float, _what: str) -> None:
    """Tell nobody."""


def _bar() -> Callable[[float, str], None]:
    """Return what draws a progress bar on the terminal."""

    def tell(share: float, what: str) -> None:
        full = round(30 * share)
        sys.stderr.write(f"\r[{'#' * full}{'.' * (30 - full)}] {share:4.0%} {what:<44}")
        sys.stderr.flush()

    return tell
