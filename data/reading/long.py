"""Rows of a dataset while they are made, and what fills the columns that a file lacks."""

from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from data.reading.findings import Findings
from data.reading.mapping import Mapping, vocabulary
from data.reading.measures import power_between, unit_of
from data.schemas import NUMBERS, UNITS, Dataset

DEFAULTS: dict[str, str] = {"region": "national", "confidence": "unverified"}
"""What a missing column is taken to hold; other columns of words stay empty."""


@dataclass(slots=True)
class Long:
    """Rows of a dataset while they are made: cells, their rows and columns in the file.

    Attributes
    ----------
    frame : DataFrame
        Cells by column of the dataset, with `row` and `from`, the row and column of the file.
    dataset, mapping, findings
        What is made, from which columns, and what was found on the way.
    constants : dict of str to str
        What the user says that all rows have, by column of the dataset.
    """

    frame: pd.DataFrame
    dataset: Dataset
    mapping: Mapping
    findings: Findings
    constants: dict[str, str] = field(default_factory=dict)

    def column(self, target: str) -> str:
        """Return the file's own name of a column, for messages."""
        own = {there: name for name, there in self.mapping.columns.items()}
        return own.get(target, target)

    def drop(self, marks: "pd.Series[bool]") -> None:
        """Leave out rows that have an error."""
        self.frame = self.frame[~marks.astype(bool)]

    def say(self, marks: "pd.Series[bool]", target: str, words: tuple[str, str]) -> None:
        """Report an error in every marked row, and leave those out."""
        marks = marks.astype(bool)
        rows = self.frame[marks]
        cells = [(int(row), str(cell)) for row, cell in zip(rows["row"], rows[target], strict=True)]
        self.findings.of_rows("error", cells, self.column(target), *words)
        self.drop(marks)

    def written_units(self) -> "pd.Series[str]":
        """Return the unit of every value as written: in its row, its header, its cell."""
        frame = self.frame
        stated = frame["unit"] if "unit" in frame else pd.Series("", index=frame.index)
        headers = frame["from"].map(lambda one: self.mapping.units.get(one, ""))
        made = stated.where(stated != "", headers)
        return made.where(made != "", self.cell_units())

    def cell_units(self) -> "pd.Series[str]":
        """Return the unit that the cells of each value's column carry."""
        said = self.findings.assumed.get("units", "").split("; ")
        held = dict(one.rsplit(": ", 1) for one in said if ": " in one)
        return self.frame["from"].map(lambda name: held.get(name, ""))


def parameters_of(dataset: Dataset) -> tuple[str, ...]:
    """Return what a dataset measures, as far as the bundled tables show it."""
    return vocabulary(dataset.name, dataset.parameter)


def told_by_unit(unit: str, dataset: Dataset) -> str:
    """Return the only parameter that is measured in a unit; nothing where several are.

    Examples
    --------
    >>> from data.schemas import DATASETS
    >>> told_by_unit("GW", DATASETS["regional_demand"])
    'dc_it_capacity'
    """
    found = unit_of(unit, UNITS) if unit else None
    if found is None:
        return ""
    fitting = [
        name
        for name, rule in dataset.rules.items()
        if power_between(found[0], rule.unit) is not None
    ]
    return fitting[0] if len(fitting) == 1 else ""


def defaults(long: Long) -> None:
    """Fill columns the file does not have: as the user says, or by default, which is said."""
    dataset = long.dataset
    for name in dataset.columns:
        constant = long.constants.get(name, "").strip()
        if name in long.frame:
            if constant and name not in NUMBERS:
                cells = long.frame[name]
                long.frame[name] = cells.where(cells != "", constant)
        elif constant:
            long.frame[name] = float("nan") if name in NUMBERS else constant
        elif name in NUMBERS:
            long.frame[name] = np.nan
        elif name == dataset.parameter:
            _fill_parameter(long)
        elif name != "unit":
            _fill(long, name)


def _fill(long: Long, name: str) -> None:
    filled = DEFAULTS.get(name, "")
    if name == "status":
        filled = next(iter(vocabulary(long.dataset.name, "status")), "actual")
    if name == "fiscal_period" and "period" in long.frame:
        long.frame[name] = long.frame["period"]
        return
    long.frame[name] = filled
    if filled:
        _say_filled(long, name, filled)


def _fill_parameter(long: Long) -> None:
    """Say what is measured where the file does not: the only thing there is, or by its unit."""
    only = parameters_of(long.dataset)
    units = long.written_units()
    by_unit = {unit: told_by_unit(unit, long.dataset) for unit in units.unique()}
    made = pd.Series(only[0], index=units.index) if len(only) == 1 else units.map(by_unit)
    long.frame[long.dataset.parameter] = made
    for filled in dict.fromkeys(one for one in made if one):
        _say_filled(long, long.dataset.parameter, str(filled))


def _say_filled(long: Long, name: str, filled: str) -> None:
    long.findings.add(
        "warning", None, name, "no such column", f"a column {name}",
        f"{filled!r} was taken for every row; add the column if that is wrong",
    )  # fmt: skip
