"""Whether an export is what this version, data and scenario produce, and what differs if not."""

import datetime as dt
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from dashboard.charts.study import study
from dashboard.exports.formats import MAKERS, Order, maker_of
from dashboard.exports.manifest import (
    FORMAT,
    SUFFIX,
    Code,
    Manifest,
    code_here,
    digest,
    members,
    table_hashes,
)
from dashboard.exports.story import TOPICS
from dashboard.foreign_files import LARGEST, file_digest, legible, members_in
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from data.scenario_notes import Note
from forecasts.checks import check, refuse_failed
from forecasts.engine import run
from forecasts.scenario import Scenario

TOLD = 80
"""Characters of a word of a manifest that are told."""

DAYS = (1980, 2107)
"""Years that an archive can hold."""

NAMED = 6
"""Members of an archive that are named."""


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found about one file.

    Attributes
    ----------
    file : str
        Its name.
    case : str
        Scenario, data and code that its manifest names; empty without one.
    reasons : tuple of str
        Why it does not count as verified; empty when it does.
    notes : tuple of str
        What differs without changing the file.
    """

    file: str
    case: str
    reasons: tuple[str, ...]
    notes: tuple[str, ...]

    def data(self) -> dict[str, object]:
        """Return it as plain data, in the shape of `rackcast verify --json`."""
        return {
            "file": self.file,
            "verified": not self.reasons,
            "case": self.case,
            "reasons": list(self.reasons),
            "notes": list(self.notes),
        }


@dataclass(frozen=True, slots=True, eq=False)
class Here:
    """What files are compared with: the tables in force, a template, whether to make them anew."""

    catalog: Catalog
    template: bytes | None = None
    anew: bool = True


def verified(path: Path, here: Here) -> list[Verified]:
    """Verify a file, its manifest, or every export of a folder.

    Raises
    ------
    RefusedError
        If there is nothing to verify.
    """
    if path.is_dir():
        found = sorted(one for one in path.iterdir() if _counts(one))
        names = {one.name.removesuffix(SUFFIX): one.parent for one in found}
        if not names:
            expected = "exports with their manifests"
            raise RefusedError([Problem(str(path), "no export", expected, "name their folder")])
        return [_legible(_one(folder / name, here)) for name, folder in names.items()]
    if not path.is_file():
        expected = "an export, its manifest, or a folder of them"
        raise RefusedError([Problem("FILE", repr(str(path)), expected, "check the name")])
    return [_legible(_one(path.with_name(path.name.removesuffix(SUFFIX)), here))]


def _legible(found: Verified) -> Verified:
    """Write what cannot be seen as its code: a manifest is somebody else's, a terminal obeys it."""
    reasons, notes = (tuple(map(legible, said)) for said in (found.reasons, found.notes))
    return Verified(legible(found.file), legible(found.case), reasons, notes)


def _counts(path: Path) -> bool:
    return path.is_file() and (path.name.endswith(SUFFIX) or path.suffix.lower() in MAKERS)


def _one(file: Path, here: Here) -> Verified:
    beside = file.with_name(file.name + SUFFIX)
    if not beside.is_file():
        return Verified(file.name, "", (f"there is no {beside.name} beside it",), ())
    try:
        manifest = read_manifest(beside)
    except RefusedError as refused:
        return Verified(file.name, "", tuple(str(one) for one in refused.problems), ())
    inputs, code = manifest.inputs, manifest.code
    case = (
        f"scenario {inputs.scenario_hash[:TOLD]}, data {inputs.data_version[:TOLD]}, "
        f"rackcast {code.rackcast[:TOLD]} ({code.sha256[:12]}), {manifest.asked.date[:TOLD]}"
    )
    reasons = [*_manifest_reasons(manifest), *_file_reasons(file, manifest)]
    apart = [*_code_apart(code), *_data_apart(manifest, here.catalog)]
    if not here.anew:
        return Verified(file.name, case, (*reasons, *apart), ())
    try:
        differs = _made_anew(file, manifest, here)
    except RefusedError as refused:
        differs = [str(one) for one in refused.problems]
    if differs:
        return Verified(file.name, case, (*reasons, *differs, *apart), ())
    return Verified(file.name, case, tuple(reasons), tuple(apart))


def read_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises
    ------
    RefusedError
        If it is none; every mistake is named.
    """
    with path.open("rb") as file:
        content = file.read(LARGEST + 1)
    expected = f"a manifest ({FORMAT})"
    if len(content) > LARGEST:
        raise RefusedError([Problem(path.name, "a very large file", expected, "find the manifest")])
    try:
        held = json.loads(content)
        json.dumps(held, ensure_ascii=False).encode()  # halves of characters cannot be written
    except (ValueError, RecursionError):
        raise RefusedError(
            [Problem(path.name, "no JSON", expected, "take the one that was written with the file")]
        ) from None
    try:
        return Manifest.model_validate(held)
    except ValidationError as error:
        raise RefusedError(
            [
                Problem(
                    f"{path.name} {'.'.join(map(str, one['loc']))}",
                    repr(one["input"])[:60],
                    str(one["msg"]).lower(),
                    "take the one that was written with the file",
                )
                for one in error.errors()
            ]
        ) from error


def _manifest_reasons(manifest: Manifest) -> list[str]:
    found = []
    if manifest.format != FORMAT:
        found.append(f"the manifest is written as {manifest.format!r}, here {FORMAT!r} is read")
    if manifest.seal != manifest.expected_seal():
        found.append("the manifest was changed after it was written: its seal does not fit")
    return found


def _file_reasons(file: Path, manifest: Manifest) -> list[str]:
    """Say whether the file is the one that the manifest was written for."""
    if not file.is_file():
        return ["the file itself is missing"]
    found, output = file_digest(file), manifest.output
    if found == output.sha256:
        return []
    changed = (
        f"the file was changed after it was made: {file.stat().st_size:,} bytes with hash "
        f"{found[:12]}, the manifest says {output.bytes:,} with {output.sha256[:12]}"
    )
    return [changed, *_apart(members_in(file), output.members, "than when it was made")]


def _apart(found: Mapping[str, str], wanted: Mapping[str, str], than: str) -> list[str]:
    """Name the members of two archives that are not the same."""
    names = sorted(name for name in {*found, *wanted} if found.get(name) != wanted.get(name))
    if not found or not wanted or not names:
        return []
    more = f" and {len(names) - NAMED} more" if len(names) > NAMED else ""
    return [f"other {than}: {', '.join(names[:NAMED])}{more}"]


def _code_apart(code: Code) -> list[str]:
    here, found = code_here(), []
    if code.rackcast != here.rackcast:
        found.append(f"it was made by rackcast {code.rackcast}, here is {here.rackcast}")
    if code.sha256 != here.sha256:
        found.append(f"it was made by other code: {code.sha256[:12]}, here is {here.sha256[:12]}")
    if code.python != here.python:
        found.append(f"it was made under Python {code.python}, here is {here.python}")
    found += [
        f"it was made with {name} {code.libraries.get(name, 'none')}, here is {now}"
        for name, now in here.libraries.items()
        if code.libraries.get(name) != now
    ]
    return found


def _data_apart(manifest: Manifest, catalog: Catalog) -> list[str]:
    inputs = manifest.inputs
    found = []
    if inputs.data_version != catalog.version:
        found.append(f"it was made from data {inputs.data_version}, here is {catalog.version}")
    now = table_hashes(catalog)
    names = sorted(
        name for name in {*now, *inputs.tables} if now.get(name) != inputs.tables.get(name)
    )
    if names:
        found.append(f"these tables differ: {', '.join(names)}")
    return found


def _made_anew(file: Path, manifest: Manifest, here: Here) -> list[str]:
    """Make the file anew from what the manifest states; say what is not the same."""
    order = _order(manifest, here)
    if order.study.result.plan.scenario.hash != manifest.inputs.scenario_hash:
        return ["the scenario stated gives another hash than the manifest says"]
    content = maker_of(manifest.asked.ending, manifest.asked.pack)(order)
    if file.is_file() and digest(content) == file_digest(file):
        return []
    if digest(content) == manifest.output.sha256:
        return ["made anew it is what the manifest says, but not what the file holds"]
    than = "than what is made here"
    named = _apart(manifest.output.members, members(content), than)
    return [f"made anew it has {len(content):,} bytes with hash {digest(content)[:12]}", *named]


def _order(manifest: Manifest, here: Here) -> Order:
    asked, inputs = manifest.asked, manifest.inputs
    if asked.template_sha256 != (None if here.template is None else digest(here.template)):
        expected = "the template that the file was made with"
        given = "none" if here.template is None else digest(here.template)[:12]
        raise RefusedError([Problem("--template", given, expected, "name it, or leave it out")])
    result = run(_scenario("scenario", inputs.scenario), here.catalog)
    refuse_failed(check(result))
    return Order(
        study=study(result),
        catalog=here.catalog,
        made=_day(asked.date),
        against=None if inputs.against is None else _scenario("against", inputs.against),
        topics=_topics(asked.topics),
        app=asked.link,
        chart=asked.chart,
        theme=asked.theme,
        scale=asked.scale,
        template=here.template,
        notes=_notes(inputs.notes),
    )


def _notes(held: Sequence[Mapping[str, str]]) -> tuple[Note, ...]:
    try:
        return tuple(Note(**one) for one in held)
    except TypeError:
        fix = "take the manifest as it was written"
        expected = "notes with assumption, text, who, at, scenario"
        raise RefusedError([Problem("inputs.notes", "other keys", expected, fix)]) from None


def _scenario(place: str, stated: Mapping[str, object]) -> Scenario:
    try:
        return Scenario.model_validate(stated)
    except ValidationError as error:
        raise RefusedError(
            [
                Problem(
                    f"{place}.{'.'.join(map(str, one['loc']))}",
                    repr(one["input"])[:60],
                    str(one["msg"]).lower(),
                    "it was made by a version with other assumptions",
                )
                for one in error.errors()
            ]
        ) from error


def _day(text: str) -> dt.date:
    """Return the day declared; archives hold none outside `DAYS`."""
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        day = dt.date.min
    if not DAYS[0] <= day.year <= DAYS[1]:
        fix = "take the manifest as it was written"
        raise RefusedError([Problem("asked.date", repr(text), "a day as 2026-11-26", fix)])
    return day


def _topics(names: Sequence[str]) -> tuple[str, ...]:
    unknown = [name for name in names if name not in TOPICS]
    if unknown:
        expected = f"some of {', '.join(TOPICS)}"
        fix = "it was made by a version with other topics"
        raise RefusedError([Problem("asked.topics", repr(unknown[0])[:60], expected, fix)])
    return tuple(names)


def text(found: Sequence[Verified]) -> str:
    """Return what was found, a file after the other."""
    lines = []
    for one in found:
        lines.append(f"{one.file}: {'differs' if one.reasons else 'verified'}")
        lines += [f"  {said}" for said in ([one.case] if one.case else [])]
        lines += [f"  {reason}" for reason in one.reasons]
        lines += [f"  the file comes out the same, although {note}" for note in one.notes]
    return "\n".join(lines)
