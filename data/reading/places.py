"""Names of countries in many languages, and their codes, to ISO 3166-1 alpha-3."""

import csv
import difflib
import unicodedata
from functools import lru_cache
from pathlib import Path

NAMES = Path(__file__).with_name("countries.csv")
"""Codes and names, from the Unicode Common Locale Data Repository and ISO 3166-1."""


REGIONS: dict[str, str] = {
    "AFR": "africa",
    "EUU": "european union|eu|eu 27|eu27|eu27 2020|europaische union|union europeenne",
    "GCC": "gulf cooperation council|gulf states",
    "MEA": "middle east and africa",
    "WLD": "world|worldwide|global|monde|welt",
}
"""Codes of regions that stand where a country's does, with the names people write."""


def folded(name: str) -> str:
    """Return a name without accents, case and marks, for comparison."""
    plain = unicodedata.normalize("NFKD", name.replace("ı", "i").replace("ł", "l"))
    letters = "".join(
        one if one.isalnum() else " " for one in plain if not unicodedata.combining(one)
    )
    return " ".join(letters.casefold().split()).removeprefix("the ")


@lru_cache(maxsize=1)
def known() -> dict[str, str]:
    """Return the code of every known name and code."""
    made: dict[str, str] = {}
    with NAMES.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    for row in rows:
        for name in row["names"].split("|"):
            made.setdefault(folded(name), row["iso3"])
    for row in rows:
        made[row["iso2"].casefold()] = made[row["iso3"].casefold()] = row["iso3"]
    for code, names in REGIONS.items():
        made |= dict.fromkeys((code.casefold(), *names.split("|")), code)
    return made


@lru_cache(maxsize=1)
def codes() -> frozenset[str]:
    """Return every code that may stand in a column `iso3`."""
    return frozenset(known().values())


def iso3_of(name: str) -> str:
    """Return the code of a country, or nothing where the name is unknown.

    Examples
    --------
    >>> iso3_of("Roumanie"), iso3_of("UAE"), iso3_of("NA"), iso3_of("Atlantis")
    ('ROU', 'ARE', 'NAM', '')
    """
    return known().get(folded(name), "")


def nearest(name: str) -> str:
    """Return the known name most like one that is unknown, or nothing."""
    found = difflib.get_close_matches(folded(name), list(known()), n=1, cutoff=0.75)
    return found[0] if found else ""
