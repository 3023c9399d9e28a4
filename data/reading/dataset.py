"""A table to the rows of a dataset: places, periods, units and defaults, each change said."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.reading.findings import Findings, Options
from data.reading.grid import Table
from data.reading.kinds import Wanted
from data.reading.limits import Deadline
from data.reading.mapping import Mapping, mapped, measured, vocabulary
from data.reading.measures import power_between, scaled, unit_of
from data.reading.places import iso3_of, nearest
from data.reading.structure import Typed, typed
from data.schemas import DATASETS, NUMBERS, UNITS, Dataset

DEFAULTS: dict[str, str] = {"region": "national", "confidence": "unverified"}
"""What a missing column is taken to hold; other columns of words stay empty."""

MUST = frozenset({"iso3", "period", "entity", "gpu", "system", "factory", "project", "quantity"})
"""Key columns that nothing can stand in for."""


@dataclass(slots=True)
class Long:
    """Rows of a dataset while they are made: cells, their rows and columns in the file."""

    frame: pd.DataFrame
    dataset: Dataset
    mapping: Mapping
    findings: Findings

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


def rows_of(
    table: Table, name: str, options: Options, findings: Findings, deadline: Deadline
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Turn a table into rows of a dataset.

    Returns
    -------
    tuple
        The frame with the dataset's columns and a column `row`, and the column mapping.
    """
    dataset = DATASETS[name]
    mapping = mapped(table.names, dataset, dict(options.mapping), findings)
    wanted = _wanted(table, mapping)
    made = typed(table, options, findings, deadline, wanted)
    if not _is_complete(mapping, dataset, table, findings):
        return pd.DataFrame(columns=["row", *dataset.columns]), mapping.columns
    long = Long(_melted(made, mapping, dataset), dataset, mapping, findings)
    for step in (_defaults, _places, _parameters, _periods, _units, _values):
        if not long.frame.empty:
            step(long)
    if long.frame.empty and findings.status != "rejected":
        findings.of_file(
            "error", "no good rows", "at least one row", "correct the rows or add some"
        )
        return pd.DataFrame(columns=["row", *dataset.columns]), mapping.columns
    kinds = dict.fromkeys(mapping.periods, "value (by period)")
    kinds |= {column: f"value of {word}" for column, word in mapping.measures.items()}
    return long.frame[["row", *dataset.columns]].reset_index(drop=True), mapping.columns | kinds


def _wanted(table: Table, mapping: Mapping) -> dict[str, Wanted]:
    wanted: dict[str, Wanted] = {}
    for name in table.names:
        target = mapping.columns.get(name, "")
        if target in NUMBERS or name in mapping.periods or name in mapping.measures:
            wanted[name] = "number"
        elif target in {"period", "vintage", "date"}:
            wanted[name] = "period"
        elif target:
            wanted[name] = "text"
    return wanted


def _is_complete(mapping: Mapping, dataset: Dataset, table: Table, findings: Findings) -> bool:
    """Say which columns the dataset cannot do without, and which of the file are not used."""
    held = set(mapping.columns.values()) | set(DEFAULTS)
    held |= {"period", "value"} if mapping.periods else set()
    held |= {dataset.parameter, "value"} if mapping.measures else set()
    needed = [one for one in (*dataset.key, "value") if one in MUST or one == "value"]
    lacking = [one for one in needed if one not in held]
    if dataset.parameter not in held and len(_parameters_of(dataset)) != 1:
        lacking.append(dataset.parameter)
    row = table.header_row or 1
    for name in dict.fromkeys(lacking):
        findings.add(
            "error", row, name, ", ".join(table.names), f"a column {name!r}",
            f"add it, or rename the column that holds it to {name!r}",
        )  # fmt: skip
    used = {*mapping.columns, *mapping.periods, *mapping.measures}
    for name in (one for one in table.names if one not in used):
        findings.add(
            "note", row, name, name, f"a column of {dataset.name}", "the column is not used"
        )
    return not lacking


def _parameters_of(dataset: Dataset) -> tuple[str, ...]:
    return vocabulary(dataset.name, dataset.parameter)


def _melted(made: Typed, mapping: Mapping, dataset: Dataset) -> pd.DataFrame:
    """Return one row for each value, with the row and column it stood in."""
    frame = made.frame
    shared = {"row": pd.Series(made.table.rows)}
    for name, target in mapping.columns.items():
        shared[target] = frame[name] if target in NUMBERS else _text(frame[name])
    blocks = []
    for name in [*mapping.periods, *mapping.measures] or [""]:
        block = pd.DataFrame(shared)
        block["from"] = name or next(
            (one for one, target in mapping.columns.items() if target == "value"), "value"
        )
        if name:
            block["value"] = frame[name]
        if name in mapping.periods:
            block["period"] = mapping.periods[name]
        if name in mapping.measures:
            block[dataset.parameter] = mapping.measures[name]
        blocks.append(block)
    long = pd.concat(blocks, ignore_index=True)
    return long.sort_values("row", kind="stable").reset_index(drop=True)


def _text(values: pd.Series) -> "pd.Series[str]":
    texts = [
        ""
        if pd.isna(one)
        else str(int(one))
        if isinstance(one, float) and one.is_integer()
        else str(one)
        for one in values.astype("object")
    ]
    return pd.Series(texts, dtype="str")


def _defaults(long: Long) -> None:
    """Fill columns the file does not have, and say with what."""
    dataset, frame = long.dataset, long.frame
    for name in dataset.columns:
        if name in frame or name == "unit":
            continue
        if name in NUMBERS:
            frame[name] = np.nan
            continue
        only = _parameters_of(dataset) if name == dataset.parameter else ()
        filled = only[0] if len(only) == 1 else DEFAULTS.get(name, "")
        if name == "status":
            filled = next(iter(vocabulary(dataset.name, "status")), "actual")
        if name == "fiscal_period" and "period" in frame:
            frame[name] = frame["period"]
        else:
            frame[name] = filled
        if filled:
            long.findings.add(
                "warning", None, name, "no such column", f"a column {name}",
                f"{filled!r} was taken for every row; add the column if that is wrong",
            )  # fmt: skip


def _places(long: Long) -> None:
    """Turn names of countries into codes."""
    if "iso3" not in long.dataset.key:
        return
    known = set(vocabulary(long.dataset.name, "iso3"))
    names = long.frame["iso3"]
    codes = {one: one if one in known else iso3_of(one) for one in names.unique()}
    unknown = names.map(lambda one: not codes[one])
    for one in sorted({name for name in names[unknown] if name}):
        near = nearest(one)
        if near:
            fix = f"write {iso3_of(near)} if {near!r} is meant"
            long.findings.add("note", None, long.column("iso3"), one, "a known country", fix)
    long.say(unknown, "iso3", ("a country's name or ISO code", "correct the name"))
    changed = {one: code for one, code in codes.items() if code and one != code}
    if changed:
        said = ", ".join(f"{one} → {code}" for one, code in list(changed.items())[:8])
        long.findings.add(
            "note", None, long.column("iso3"), said, "ISO codes", "names were turned into codes"
        )
    long.frame = long.frame.assign(iso3=long.frame["iso3"].map(codes))


def _parameters(long: Long) -> None:
    name = long.dataset.parameter
    cells = long.frame[name]
    held = set(_parameters_of(long.dataset)) | {""}
    words = {
        one: one if one in held or "," in one else measured(one, long.dataset) or one
        for one in cells.unique()
    }
    new = sorted(one for one in words if one and words[one] not in _parameters_of(long.dataset))
    if new and _parameters_of(long.dataset) and name not in {"topic", "quantity"}:
        long.findings.add(
            "warning", None, long.column(name), ", ".join(new[:5]), f"a known {name}",
            f"it is new to {long.dataset.name}; known are "
            f"{', '.join(_parameters_of(long.dataset)[:6])}",
        )  # fmt: skip
    long.say(cells == "", name, (f"a {name}", "fill the cell"))
    long.frame = long.frame.assign(**{name: long.frame[name].map(words)})


def _periods(long: Long) -> None:
    from data.catalog import PERIOD

    if "period" not in long.frame:
        return
    wrong = long.frame["period"].map(lambda one: not PERIOD.fullmatch(one))
    expected = "a year, half, quarter, month or day as 2026, 2026H1, 2026Q1, 2026-01, 2026-01-31"
    long.say(wrong, "period", (expected, "write it in one of these forms"))


def _units(long: Long) -> None:
    """Convert every value to the unit of the list, and to the unit its parameter must have."""
    frame = long.frame
    stated = frame["unit"] if "unit" in frame else pd.Series("", index=frame.index)
    headers = frame["from"].map(lambda one: long.mapping.units.get(one, ""))
    cells = frame["from"].map(_cell_units(long.findings))
    rules = {name: rule.unit for name, rule in long.dataset.rules.items()}
    wanted = frame[long.dataset.parameter].map(lambda one: rules.get(one, ""))
    written = stated.where(stated != "", headers).where((stated != "") | (headers != ""), cells)
    assumed = (written == "") & (wanted != "")
    if assumed.any():
        said = ", ".join(sorted(set(wanted[assumed])))
        long.findings.add(
            "warning", None, long.column("value"), "numbers without a unit", "a unit",
            f"they were taken to be in {said}; add a column unit, or the unit to the header",
        )  # fmt: skip
    frame = frame.assign(unit=written.where(~assumed, wanted), wanted=wanted, shares=cells == "%")
    long.frame = frame
    known = {one: unit_of(one, UNITS) for one in frame["unit"].unique()}
    unknown = frame["unit"].map(lambda one: known[one] is None)
    fix = "write one of the list, such as MW, percent, USD_m, USD_bn"
    long.say(unknown, "unit", ("a known unit", fix))
    _convert(long, {one: made for one, made in known.items() if made is not None})


def _cell_units(findings: Findings) -> Callable[[str], str]:
    held = dict(
        one.rsplit(": ", 1) for one in findings.assumed.get("units", "").split("; ") if ": " in one
    )
    return lambda name: held.get(name, "")


def _convert(long: Long, known: dict[str, tuple[str, int]]) -> None:
    frame = long.frame
    units, powers, misfit = [], [], []
    for written, wanted, share in zip(frame["unit"], frame["wanted"], frame["shares"], strict=True):
        unit, power = known[written]
        more = power_between(unit, wanted) if wanted else 0
        misfit.append(more is None)
        units.append(wanted if wanted and more is not None else unit)
        powers.append(power + (more or 0) + (2 if share and unit == "percent" else 0))
    for name in NUMBERS:
        numbers = pd.to_numeric(frame[name].astype("object"), errors="coerce")
        frame[name] = [
            scaled(one, by) for one, by in zip(numbers.astype(float), powers, strict=True)
        ]
    changed = sorted(
        {f"{old} → {new}" for old, new, by in zip(frame["unit"], units, powers, strict=True) if by}
    )
    if changed:
        long.findings.add(
            "warning", None, long.column("value"), ", ".join(changed), "the dataset's unit",
            "values were converted",
        )  # fmt: skip
    wrong = pd.Series(misfit, index=frame.index)
    long.frame = frame.assign(unit=pd.Series(units, index=frame.index).where(~wrong, frame["unit"]))
    expected = ", ".join(sorted(set(frame["wanted"][wrong])))
    long.say(wrong, "unit", (f"a unit that converts to {expected}", "convert the values"))


def _values(long: Long) -> None:
    """Leave out rows without a value; refuse values outside what is possible."""
    frame = long.frame
    empty = frame["value"].isna()
    if long.dataset.has_text:
        empty &= frame["text"] == ""
    errors = {(one.row, one.column) for one in long.findings.problems if one.severity == "error"}
    places = list(zip(frame["row"], frame["from"], strict=True))
    gaps = empty & pd.Series([place not in errors for place in places], index=frame.index)
    cells = [(int(row), "") for row in frame["row"][gaps]]
    long.findings.of_rows(
        "warning", cells, long.column("value"), "a number", "it counts as a gap; fill or delete it"
    )
    long.drop(empty)
    frame = long.frame
    rules = long.dataset.rules
    for parameter, rule in rules.items():
        own = frame[long.dataset.parameter] == parameter
        wrong = own & ~frame["value"].between(rule.low, rule.high) & frame["value"].notna()
        expected = f"{rule.low:g} to {rule.high:g} {rule.unit} ({parameter})"
        rows = frame[wrong]
        for row, column, value in zip(rows["row"], rows["from"], rows["value"], strict=True):
            long.findings.add(
                "error", int(row), str(column), f"{value:.15g}", expected,
                "check the unit and the decimal mark",
            )  # fmt: skip
        frame = frame[~wrong]
    long.frame = frame
