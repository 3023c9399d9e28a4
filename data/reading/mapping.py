"""Which column of a file is which column of a dataset, and why."""

import csv
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from data.reading.findings import Findings
from data.reading.measures import unit_of
from data.reading.periods import moment_of
from data.reading.places import folded
from data.schemas import DATASETS, UNITS, Dataset

SYNONYMS: dict[str, str] = {
    "iso3": "country|country code|country name|iso|iso code|iso2|iso 2|iso 3|nation|land|pays|tara|"
            "pais|geo|location|economy|countries|country region|site country|paese|landen",
    "region": "area|province|state|city|subregion|location|market",
    "indicator": "metric|variable|series|measure|kpi|item|indicator name|series name|parameter",
    "parameter": "indicator|metric|variable|measure|item|attribute|assumption",
    "attribute": "parameter|metric|variable|measure|item|property",
    "topic": "subject|title|series|indicator|outlook",
    "series": "name|indicator|metric|variable|measure|item|unique id|id|title",
    "driver": "follows|series of the model|quantity",
    "quantity": "assumption|parameter|name|variable",
    "period": "date|year|quarter|month|time|time period|jahr|annee|an|ano|jaar|ds|day|datum|data|"
              "fecha|luna|mois|monat|maand|calendar year|reference period|trimestre|kwartal|"
              "quartal|kwartaal|trimestru|fiscal year|as of",
    "status": "state|stage|phase|type|scenario",
    "entity": "company|vendor|firm|organisation|organization|buyer|ticker|hyperscaler|name",
    "fiscal_period": "fiscal quarter|fiscal year|fy|reporting period",
    "vintage": "edition|published|publication date|release|as of",
    "gpu": "gpu model|model|chip|accelerator|generation|product",
    "tier": "type|price type|way of sale|contract|offer|market type",
    "system": "rack|rack system|hardware|model|component",
    "factory": "site|location|name|country",
    "project": "name|site|campus|comparable",
    "market": "exchange|price type|hub|zone|product",
    "value": "amount|y|figure|obs value|wert|valeur|valoare|waarde|valor|actual|number|observation|"
             "price|preis|prix|pret|prijs|average|mean",
    "text": "string|fact|description",
    "unit": "units|uom|einheit|unite|unitate|unidad|eenheid|measure unit|unit of measure",
    "low": "min|minimum|lower|lower bound|from", "high": "max|maximum|upper|upper bound|to",
    "source": "publisher|reference|quelle|sursa|fuente|bron|provider|data source",
    "url": "link|address|website|web", "confidence": "grade|quality|reliability",
    "date": "published|publication date|date published|accessed",
    "notes": "note|comment|comments|remark|remarks|footnote|definition",
    "unique_id": "series|id|name|country|entity|region|item|company|indicator|key|iso3|market|site",
    "ds": "date|period|year|quarter|month|time|day|datum|jahr|timestamp|data|week|quartal|"
          "kwartaal|trimestre|trimestru",
    "y": "value|amount|figure|obs value|wert|valeur|waarde|actual|number|price",
}  # fmt: skip
"""Other headers of each column, folded, in the order they are trusted."""

NAMED: dict[str, str] = {
    "dc_it_capacity": "capacity|it capacity|data centre capacity|data center capacity|dc capacity|"
                      "it load|live capacity|installed capacity|datacenter capacity",
    "enterprise_ai_adoption": "ai adoption|adoption|enterprise adoption",
    "dc_electricity_demand": "electricity demand|data centre electricity",
    "capex": "capital expenditure|capital expenditures|capital spending|ai capex",
    "data_centre_revenue": "data center revenue|revenue|datacenter revenue|dc revenue",
    "gdp_current_usd": "gdp|gdp current us", "population": "population total|inhabitants",
    "cpi_inflation": "inflation|cpi", "gdp_real_growth": "gdp growth|growth",
    "power_price": "electricity price|power tariff", "corporate_tax_rate": "tax rate|corporate tax",
    "exchange_rate": "fx|fx rate", "on_demand": "on demand|ondemand price",
    "day_ahead": "day ahead|spot|spot price|day ahead price",
}  # fmt: skip
"""Other names of what is measured."""

UNIT_IN_HEADER = re.compile(
    r"^(.*?)\s*[\(\[]([^()\[\]]{1,40})[\)\]]\s*$|^(.*?),\s*(?:in\s+)?([^,]{1,20})$"
)

NO_UNITS = frozenset(
    """count number ratio share text date score rating year years month months days people persons
    degrees r rs kr fr try""".split()  # noqa: SIM905 - a list reads worse
)
"""Units that are rather words when they stand behind others in a header."""

TABLES = Path(__file__).parent.parent / "tables"


@dataclass(frozen=True, slots=True)
class Mapping:
    """Columns of a dataset by columns of a file.

    Attributes
    ----------
    columns : dict of str to str
        Column of the dataset by column of the file.
    periods : dict of str to str
        Period by column, where periods stand side by side.
    measures : dict of str to str
        What is measured by column, where measures stand side by side.
    units : dict of str to str
        Unit stated in a header, by column.
    """

    columns: dict[str, str]
    periods: dict[str, str]
    measures: dict[str, str]
    units: dict[str, str]


def split_header(header: str) -> tuple[str, str]:
    """Return a header's name and the unit in it: `Capacity (MW)` is Capacity in MW."""
    found = UNIT_IN_HEADER.match(header)
    if found is not None:
        return (found[1], found[2]) if found[2] else (found[3], found[4])
    return _unit_behind(header)


def _unit_behind(header: str) -> tuple[str, str]:
    """Split `Capex in $bn`, `capacity_mw` and `Capacity MW` before what is a unit only."""
    words = re.split(r"[\s_]+", header.strip())
    for count in (2, 1):
        name, unit = words[:-count], " ".join(words[-count:])
        if name and unit_of(unit, UNITS) is not None and unit.lower() not in NO_UNITS:
            named = name[:-1] if len(name) > 1 and name[-1].lower() == "in" else name
            return " ".join(named), unit
    return header, ""


@lru_cache(maxsize=32)
def vocabulary(dataset: str, column: str) -> tuple[str, ...]:
    """Return what a column of a bundled table holds, the most frequent first."""
    counts: dict[str, int] = {}
    if not (TABLES / f"{dataset}.csv").is_file():
        return ()  # a dataset of users' rows only
    with (TABLES / f"{dataset}.csv").open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            counts[row[column]] = counts.get(row[column], 0) + 1
    return tuple(sorted(counts, key=lambda word: -counts[word]))


def measured(header: str, dataset: Dataset) -> str:
    """Return which parameter of a dataset a header or cell names, or nothing."""
    name = folded(split_header(header)[0])
    words = (*dataset.rules, *vocabulary(dataset.name, dataset.parameter))
    for word in words:
        if folded(word) == name or name in NAMED.get(word, "").split("|"):
            return word
    return ""


def proposed(
    names: tuple[str, ...], targets: tuple[str, ...], stated: dict[str, str], findings: Findings
) -> dict[str, str]:
    """Return the column of the dataset for each column of a file that has one; say why."""
    made = {name: target for name, target in stated.items() if name in names and target in targets}
    free = [name for name in names if stated.get(name) != ""]
    for target in targets:
        if target in made.values():
            continue
        name, reason = _match(target, [one for one in free if one not in made])
        if name:
            made[name] = target
            if reason != "same":
                findings.add(
                    "note", None, name, name, f"the column {target}",
                    f"it was taken as {target}, since {reason}; choose another if that is wrong",
                )  # fmt: skip
    return made


def _match(target: str, names: list[str]) -> tuple[str, str]:
    for name in names:
        if name == target or folded(name) == folded(target):
            return name, "same" if name == target else "only spelling differs"
    words = SYNONYMS.get(target, "").split("|")
    short = {folded(split_header(name)[0]): name for name in reversed(names)}
    if folded(target) in short:
        return short[folded(target)], "the rest of its header is a unit"
    for word in words:
        if word in short:
            return short[word], f"{word!r} is another word for it"
    return _by_unit(names) if target in {"value", "y"} else ("", "")


def _by_unit(names: list[str]) -> tuple[str, str]:
    """Return the only column whose header is a unit, else the only one that holds one."""
    bare = [name for name in names if unit_of(name, UNITS) and name.lower() not in NO_UNITS]
    if len(bare) == 1:
        return bare[0], "its header is a unit"
    ends = {one for side in ("low", "high") for one in (side, *SYNONYMS[side].split("|"))}
    split = {name: split_header(name) for name in names}
    held = [
        name
        for name, (stem, unit) in split.items()
        if unit and unit_of(unit, UNITS) and folded(stem) not in ends
    ]
    return (held[0], "no other header holds a unit") if len(held) == 1 else ("", "")


def period_of(header: str) -> str:
    """Return a header as a period, or nothing."""
    text = header.strip()
    if re.fullmatch(r"(?:19|20)\d\d", text):
        return text
    moment = moment_of(text)
    ways = set(moment.ways.values()) if moment is not None else set()
    return ways.pop() if len(ways) == 1 else ""


def periods_in(names: list[str]) -> dict[str, str]:
    """Return the periods that stand side by side as columns; none where there is one only."""
    found = {name: period_of(split_header(name)[0]) for name in names}
    held = {name: period for name, period in found.items() if period}
    return held if len(held) > 1 else {}


def periods_beside_measures(names: list[str], dataset: Dataset) -> dict[str, tuple[str, str]]:
    """Return stem and period of columns as `IT load (MW) 2023`, or `2023 IT load (MW)`.

    Stems that name what the dataset measures, or the only one there is; none where a stem has one
    period only.
    """
    split = {name: made for name in names if (made := _parted(name)) is not None}
    counts = Counter(stem for stem, _ in split.values())
    stems = [stem for stem, count in counts.items() if count > 1]
    known = [stem for stem in stems if measured(stem, dataset)]
    kept = known or (stems if len(stems) == 1 else [])
    return {name: made for name, made in split.items() if made[0] in kept}


def _parted(header: str) -> tuple[str, str] | None:
    """Return what stands beside a period in a header, and the period."""
    words = header.split()
    for stem, word in ((words[:-1], words[-1:]), (words[1:], words[:1])):
        period = period_of(word[0]) if stem and word else ""
        if period:
            return " ".join(stem), period
    return None


def mapped(
    names: tuple[str, ...], dataset: Dataset, stated: dict[str, str], findings: Findings
) -> Mapping:
    """Propose which column of a file is which of a dataset."""
    beside = periods_in([name for name in names if name not in stated])
    both: dict[str, tuple[str, str]] = {}
    if not beside and "period" in dataset.columns:
        both = periods_beside_measures([name for name in names if name not in stated], dataset)
        beside = {name: period for name, (_, period) in both.items()}
    rest = tuple(name for name in names if name not in beside)
    heads = {name: name for name in rest if name not in stated and not beside}
    heads |= {name: stem for name, (stem, _) in both.items()}
    measures = {name: measured(head, dataset) for name, head in heads.items()}
    measures = {name: word for name, word in measures.items() if word}
    if dataset.parameter in rest:
        measures = {}
    named = tuple(name for name in rest if name not in measures)
    wanted = [one for one in dataset.columns if not (beside and one in {"period", "value"})]
    wanted = [one for one in wanted if not (measures and one in {dataset.parameter, "value"})]
    columns = proposed(named, tuple(wanted), stated, findings)
    heads = {name: both[name][0] if name in both else name for name in names}
    units = {name: unit for name, head in heads.items() if (unit := split_header(head)[1])}
    bare = [name for name, target in columns.items() if target == "value" and name not in units]
    units |= {name: name for name in bare if unit_of(name, UNITS) and name.lower() not in NO_UNITS}
    return Mapping(columns, beside, measures, units)


def targets_of(dataset: str) -> tuple[str, ...]:
    """Return the columns of a dataset by name."""
    return ("unique_id", "ds", "y") if dataset == "series" else DATASETS[dataset].columns
