"""Announced projects of the table `comparables`: what was known on the day of the announcement."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from data.catalog import Catalog
from data.provenance import Fact
from forecasts.rack_library import LABELS, rack_library

FULL, SHELL, EQUIPMENT, OTHER = "full", "facility alone", "equipment alone", "unclear"
"""What the announced sum pays for."""

SCOPES: Mapping[str, str] = {
    "all_in_likely": FULL,
    "shell_only": SHELL,
    "equipment_only": EQUIPMENT,
}
"""Scopes by the word in the table; every other word is unclear."""

NAMED = (
    ("Rubin Ultra", "rubin_ultra_nvl576"),
    ("Rubin", "vr_nvl72"),
    ("GB300", "gb300_nvl72"),
    ("GB200", "gb200_nvl72"),
    ("B200", "hgx_b200"),
    ("H200", "hgx_h200"),
    ("H100", "hgx_h100"),
)
"""How announcements call the GPUs, and the rack system meant: the first word found counts."""

IT_WORDS = ("IT", "compute")
"""Words of `mw_scope` that mean power of the racks; all other power is that of the facility."""

MONTHS = {"Q1": 2, "Q2": 5, "Q3": 8, "Q4": 11, "H1": 4, "H2": 10}
"""Middle of a quarter or a half, as a month."""


@dataclass(frozen=True, slots=True)
class Announced:
    """One announced project.

    Attributes
    ----------
    key, name, iso3, scope : str
        Name in the table and on screen, country, and one of `FULL`, `SHELL`, `EQUIPMENT`, `OTHER`.
    announced : float
        Date of the announcement as a year with its fraction.
    online : float or None
        Date of operation as announced; None where none is.
    system : str
        Rack system: the one named, or the newest on sale when nothing was named.
    system_named : bool
        Whether the announcement names it.
    mw, gpus : float or None
        Size as announced.
    it_power : bool
        Whether `mw` is power of the racks alone.
    capex_usd : float or None
        The announced sum.
    tested : bool
        Whether the table calls it fit for a test: size and cost are of the same thing.
    facts : mapping of str to Fact
        The rows, by attribute.
    """

    key: str
    name: str
    iso3: str
    scope: str
    announced: float
    online: float | None
    system: str
    system_named: bool
    mw: float | None
    gpus: float | None
    it_power: bool
    capex_usd: float | None
    tested: bool
    facts: Mapping[str, Fact]

    @property
    def usd_m_per_mw(self) -> float | None:
        """Announced sum per announced MW, USD million."""
        if self.capex_usd is None or self.mw is None:
            return None
        return self.capex_usd / self.mw / 1e6

    @property
    def kw_per_gpu(self) -> float | None:
        """Announced power per announced GPU."""
        return None if self.mw is None or self.gpus is None else self.mw * 1000 / self.gpus

    @property
    def months_to_power(self) -> float | None:
        """Months from the announcement to the announced start of operation."""
        return None if self.online is None else (self.online - self.announced) * 12


def year_of(text: str) -> float | None:
    """Read a date as a year with its fraction; the middle of what is left open.

    Examples
    --------
    >>> year_of("2026-Q3"), year_of("2026"), year_of("soon")
    (2026.625, 2026.5, None)
    """
    found = re.match(r"(\d{4})(?:-(Q[1-4]|H[12]|(?:0[1-9]|1[0-2])(?!\d)))?", text)
    if found is None:
        return None
    year, part = int(found.group(1)), found.group(2)
    if part is None:
        return year + 0.5
    month = MONTHS.get(part) or int(part)
    return year + (month - 0.5) / 12


@lru_cache(maxsize=4)
def announced_projects(catalog: Catalog) -> tuple[Announced, ...]:
    """Return every announced project with a date and a size, oldest first."""
    rows = catalog.tables["comparables"]
    found = [_project(catalog, str(key)) for key in rows["project"].unique()]
    return tuple(sorted((one for one in found if one), key=lambda one: (one.announced, one.key)))


def _project(catalog: Catalog, key: str) -> Announced | None:
    table = catalog.tables["comparables"]
    names = table.loc[table["project"] == key, "attribute"]
    facts = {str(name): catalog.fact("comparables", project=key, attribute=name) for name in names}
    when = year_of(_text(facts, "announced_date"))
    kind = _text(facts, "kind")
    mw, gpus = _value(facts, "mw"), _value(facts, "gpus")
    if when is None or kind in ("benchmark", "export_control") or (mw is None and gpus is None):
        return None
    system, named = _system(catalog, _text(facts, "gpu_type"), when)
    capex = _value(facts, "capex_usd_bn")
    words = _text(facts, "mw_scope").replace("(", " ").split()
    return Announced(
        key=key,
        name=_text(facts, "name"),
        iso3=_text(facts, "country_iso3")[:3],
        scope=SCOPES.get(_text(facts, "cost_scope"), OTHER),
        announced=when,
        online=year_of(_text(facts, "online_date")),
        system=system,
        system_named=named,
        mw=mw,
        gpus=gpus,
        it_power=any(word in words for word in IT_WORDS),
        capex_usd=None if capex is None else capex * 1e9,
        tested=_text(facts, "backtest_ok") in ("yes", "partial"),
        facts=facts,
    )


def _text(facts: Mapping[str, Fact], name: str) -> str:
    return facts[name].text if name in facts else ""


def _value(facts: Mapping[str, Fact], name: str) -> float | None:
    return facts[name].value if name in facts else None


def _system(catalog: Catalog, text: str, when: float) -> tuple[str, bool]:
    """Return the rack system that an announcement names, else the newest on sale at its date."""
    for word, system in NAMED:
        if word in text:
            return system, True
    newest = next(iter(LABELS))
    for key, one in rack_library(catalog).items():
        since = year_of(one.available)
        if since is not None and since <= when + 1 / 12:
            newest = key
    return newest, False
