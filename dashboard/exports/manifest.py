"""The manifest beside an export: what it was made from, by what, and the hashes of all of it.

It holds enough to make the file anew; `dashboard.verifying` does so and says what differs.
"""

import hashlib
import io
import json
import platform
import zipfile
from dataclasses import asdict
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from dashboard.exports.formats import Order
from data.catalog import Catalog
from forecasts.scenario import Scenario

FORMAT = "rackcast-manifest/1"
"""How a manifest is written."""

SUFFIX = ".manifest.json"
"""What stands behind the name of the file that a manifest belongs to."""

ROOT = Path(__file__).parents[2]
ROOMS = ("data", "forecasts", "dashboard")
DOCS = ("docs/definitions.md", "docs/methods.md")
"""Where the code is, and texts that exports quote."""

LIBRARIES = (
    "numpy", "scipy", "numba", "pandas", "pyarrow", "statsmodels", "plotly", "kaleido",
    "xlsxwriter", "python-pptx",
)  # fmt: skip
"""Libraries that figures and files go through."""

Hash = str
"""A SHA-256 in hex."""


class Part(BaseModel):
    """A part of a manifest: every key known, nothing changed later."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)


class Code(Part):
    """What made the file.

    Attributes
    ----------
    rackcast, python : str
        Versions.
    sha256 : str
        Over every file of the three rooms but tables, and the texts that exports quote.
    libraries : mapping of str to str
        Versions of what figures and files go through.
    """

    rackcast: str
    python: str
    sha256: Hash
    libraries: dict[str, str]


class Inputs(Part):
    """What it was made from.

    Attributes
    ----------
    scenario, against : mapping
        What the scenario states against the defaults, and what it is compared with, if anything.
    notes : tuple of mappings
        Notes on its assumptions, where it is a saved one.
    scenario_hash : str
        Its hash on screen and in the stamp.
    data_version : str
        Version of the tables.
    tables : mapping of str to str
        SHA-256 of each table, as CSV.
    """

    scenario: dict[str, object]
    scenario_hash: str
    against: dict[str, object] | None
    notes: tuple[dict[str, str], ...]
    data_version: str
    tables: dict[str, Hash]


class Asked(Part):
    """How it was asked for.

    Attributes
    ----------
    ending, pack, chart, theme, link, date : str
        As the options of `rackcast export`.
    topics : tuple of str
        What decks and pages hold.
    scale : float
        Pixels per point of a picture.
    template_sha256 : str or None
        Of a company's PPTX.
    """

    ending: str
    pack: str
    date: str
    topics: tuple[str, ...]
    link: str
    chart: str
    theme: Literal["light", "dark"]
    scale: float = Field(ge=0.5, le=4)
    template_sha256: Hash | None


class Output(Part):
    """The file itself: name, size, hash, and the hash of every member of an archive."""

    file: str
    bytes: int
    sha256: Hash
    members: dict[str, Hash]


class Manifest(Part):
    """Everything, and a seal: the hash of all the rest."""

    format: str
    output: Output
    asked: Asked
    inputs: Inputs
    code: Code
    seal: Hash = ""

    def sealed(self) -> "Manifest":
        """Return it with its seal."""
        return self.model_copy(update={"seal": self.expected_seal()})

    def expected_seal(self) -> Hash:
        """Return the hash of all but the seal."""
        held = self.model_dump(mode="json", exclude={"seal"})
        return digest(json.dumps(held, sort_keys=True, separators=(",", ":")).encode())

    def written(self) -> bytes:
        """Return it as a file."""
        held = self.model_dump(mode="json")
        return (json.dumps(held, indent=1, ensure_ascii=False) + "\n").encode()


def digest(content: bytes) -> Hash:
    """SHA-256 in hex."""
    return hashlib.sha256(content).hexdigest()


def members(content: bytes) -> dict[str, Hash]:
    """Hash every member of an archive (decks, workbooks, packs); empty for other files."""
    if not content.startswith(b"PK\x03\x04"):
        return {}
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        return {name: digest(held.read(name)) for name in held.namelist()}


@lru_cache(maxsize=1)
def code_here() -> Code:
    """Return what this program is; read once, since it does not change while it runs."""
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*") if _is_code(path)]
    files += [path for path in (ROOT / name for name in DOCS) if path.is_file()]
    whole = hashlib.sha256()
    for path in sorted(files, key=lambda one: one.relative_to(ROOT).as_posix()):
        whole.update(f"{path.relative_to(ROOT).as_posix()}\0".encode())
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return Code(
        rackcast=version("rackcast"),
        python=platform.python_version(),
        sha256=whole.hexdigest(),
        libraries={name: version(name) for name in LIBRARIES},
    )


def _is_code(path: Path) -> bool:
    apart = {"__pycache__", "tables"} & set(path.relative_to(ROOT).parts)
    return path.is_file() and not apart and path.suffix not in {".pyc", ".nbi", ".nbc"}


def table_hashes(catalog: Catalog) -> dict[str, Hash]:
    """Hash each table as it counts, whether bundled, accepted later or out of a folder."""
    return {
        name: digest(str(frame.to_csv(index=False, lineterminator="\n")).encode())
        for name, frame in sorted(catalog.tables.items())
    }


def manifest_of(order: Order, ending: str, pack: str, named: tuple[str, bytes]) -> Manifest:
    """Return the manifest of a file that an order made.

    Parameters
    ----------
    order : Order
        What it was made from.
    ending, pack : str
        What was made.
    named : (str, bytes)
        Name and content of the file.
    """
    name, content = named
    plan = order.study.result.plan
    return Manifest(
        format=FORMAT,
        output=Output(
            file=name, bytes=len(content), sha256=digest(content), members=members(content)
        ),
        asked=Asked(
            ending=ending.lower(),
            pack=pack,
            date=order.made.isoformat(),
            topics=order.topics,
            link=order.app,
            chart=order.chart,
            theme="dark" if order.theme == "dark" else "light",
            scale=order.scale,
            template_sha256=None if order.template is None else digest(order.template),
        ),
        inputs=Inputs(
            scenario=_stated(plan.scenario),
            scenario_hash=plan.scenario.hash,
            against=None if order.against is None else _stated(order.against),
            notes=tuple(asdict(one) for one in order.notes),
            data_version=plan.data_version,
            tables=table_hashes(order.catalog),
        ),
        code=code_here(),
    ).sealed()


def _stated(scenario: Scenario) -> dict[str, object]:
    """Return what a scenario states, as JSON gives it back."""
    held: dict[str, object] = json.loads(json.dumps(scenario.stated()))
    return held
