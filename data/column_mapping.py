"""From the columns of a user's file to those of a dataset: proposed, changed by the user, kept."""

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import pandas as pd

from data.provenance import Confidence
from data.schemas import COUNTRIES, NUMBERS, Dataset

ALSO: Final[Mapping[str, tuple[str, ...]]] = {
    "iso3": ("country", "nation", "country code", "code", "geo", "iso"),
    "period": ("year", "date", "month", "quarter", "time", "ds", "yr"),
    "value": ("y", "amount", "figure", "mw", "price", "total", "number"),
    "indicator": ("metric", "measure", "variable", "kpi"),
    "parameter": ("metric", "measure", "variable"),
    "attribute": ("metric", "measure", "variable"),
    "series": ("unique id", "name", "metric"),
    "entity": ("company", "firm", "buyer"),
    "gpu": ("model", "card", "chip"),
    "unit": ("units", "uom"),
    "source": ("publisher", "provider"),
    "url": ("link", "address", "web"),
    "date": ("published", "as of"),
    "notes": ("comment", "remark", "note"),
}
"""Words that users write for our columns."""


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """How a file's columns become a dataset's.

    Attributes
    ----------
    columns : mapping of str to str
        Column of the file by column of the dataset.
    constants : mapping of str to str
        What every row has in a column that the file lacks.
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def data(self) -> dict[str, object]:
        """Return it as plain data, to be kept for the next file of the same source."""
        return {"columns": dict(self.columns), "constants": dict(self.constants)}


def mapping_of(held: Mapping[str, object]) -> ColumnMapping:
    """Return a kept mapping."""
    columns, constants = held.get("columns"), held.get("constants")
    return ColumnMapping(
        {str(k): str(v) for k, v in columns.items()} if isinstance(columns, Mapping) else {},
        {str(k): str(v) for k, v in constants.items()} if isinstance(constants, Mapping) else {},
    )


def proposed(names: Sequence[str], dataset: Dataset, file_name: str = "") -> ColumnMapping:
    """Propose which column is which, and what fills those that the file lacks.

    Examples
    --------
    >>> from data.schemas import DATASETS
    >>> proposed(["Country", "Year", "MW"], DATASETS["regional_demand"]).columns
    {'iso3': 'Country', 'period': 'Year', 'value': 'MW'}
    """
    free = {_plain(name): name for name in names}
    found: dict[str, str] = {}
    for wanted in dataset.columns:
        if _plain(wanted) in free:
            found[wanted] = free.pop(_plain(wanted))
    for wanted in dataset.columns:
        words = [word for word in ALSO.get(wanted, ()) if word in free]
        near = words or difflib.get_close_matches(_plain(wanted), list(free), n=1, cutoff=0.85)
        if wanted not in found and near:
            found[wanted] = free.pop(near[0])
    return ColumnMapping(found, constants_for(dataset, found, file_name))


def _plain(name: str) -> str:
    return " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())


def constants_for(dataset: Dataset, columns: Mapping[str, str], file_name: str) -> dict[str, str]:
    """Return what fills the columns a file lacks: only what can be said without guessing."""
    units = {rule.unit for rule in dataset.rules.values()}
    known = {
        "region": "national",
        "status": "live" if dataset.name == "regional_demand" else "actual",
        "unit": units.pop() if len(units) == 1 else "",
        "source": f"File {file_name}" if file_name else "Own figures",
        "confidence": str(Confidence.ASSUMPTION),
        "notes": f"Uploaded as {file_name}; no source was stated." if file_name else "",
    }
    if dataset.name == "regional_demand" and "indicator" not in columns:
        known |= {"indicator": "dc_it_capacity", "unit": "MW"}
    return {
        name: text
        for name, text in known.items()
        if name in dataset.columns and name not in columns and text
    }


def missing(mapping: ColumnMapping, dataset: Dataset) -> list[str]:
    """Return the columns that a row cannot be named without and that nothing fills."""
    need = [*dataset.key, "unit", *(() if dataset.has_text else ("value",))]
    return [name for name in need if not (mapping.columns.get(name) or mapping.constants.get(name))]


def applied(frame: pd.DataFrame, mapping: ColumnMapping, dataset: Dataset) -> pd.DataFrame:
    """Return a file's rows with the dataset's columns, as texts; the order is kept."""
    columns: dict[str, list[str]] = {}
    for name in dataset.columns:
        given = mapping.columns.get(name, "")
        constant = mapping.constants.get(name, "")
        if given in frame.columns:
            cells = [_text(value, name) for value in frame[given]]
            columns[name] = [cell or constant for cell in cells]
        else:
            columns[name] = [constant] * len(frame)
    return pd.DataFrame(columns, columns=list(dataset.columns), dtype=str)


ISO3: Final = {name.lower(): code for code, name in COUNTRIES.items()} | {
    code.lower(): code for code in COUNTRIES
}
"""Codes of our countries by the names and codes people write."""


def _text(value: object, column: str) -> str:
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return ""
    if column == "period" and isinstance(value, pd.Timestamp):
        return value.strftime("%Y-%m") if value.day == 1 else value.strftime("%Y-%m-%d")
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    text = str(value).strip() if column in (*NUMBERS, "period") else str(value)
    return ISO3.get(text.strip().lower(), text) if column == "iso3" else text


def template(dataset: Dataset) -> str:
    """Return an empty file of a dataset for people to fill: its header, as CSV."""
    return ",".join(dataset.columns) + "\n"
