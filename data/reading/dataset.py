"""A table to the rows of a dataset: places, periods, units and defaults, each change said."""

import difflib
import math

import pandas as pd

from data.evidence_terms import CHOICES, row_faults, wrong_choice
from data.reading.findings import LISTED, Findings, Options
from data.reading.grid import Table
from data.reading.kinds import Wanted
from data.reading.limits import Deadline
from data.reading.long import DEFAULTS, Long, defaults, parameters_of, told_by_unit
from data.reading.mapping import Mapping, mapped, measured, vocabulary
from data.reading.measures import power_between, scaled, unit_of
from data.reading.places import iso3_of, nearest
from data.reading.structure import Typed, typed
from data.schemas import DATASETS, NUMBERS, UNITS, Dataset

MUST = frozenset({"iso3", "period", "entity", "gpu", "system", "factory", "project", "quantity"})
"""Key columns that nothing can stand in for."""


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
    constants = {name: text for name, text in options.constants.items() if text.strip()}
    if not _is_complete(mapping, dataset, table, (set(constants), findings)):
        return pd.DataFrame(columns=["row", *dataset.columns]), mapping.columns
    long = Long(_melted(made, mapping, dataset), dataset, mapping, findings, constants)
    for step in (defaults, _places, _parameters, _choices, _periods, _units, _values):
        if not long.frame.empty:
            step(long)
    if long.frame.empty:
        if findings.status != "rejected":
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


def _is_complete(
    mapping: Mapping, dataset: Dataset, table: Table, said: tuple[set[str], Findings]
) -> bool:
    """Say which columns the dataset cannot do without, and which of the file are not used.

    `said` holds the columns that the user fills, and takes what is found.
    """
    findings = said[1]
    held = set(mapping.columns.values()) | set(DEFAULTS) | said[0]
    held |= {"value"} if dataset.has_text and "text" in held else set()
    held |= {"period", "value"} if mapping.periods else set()
    held |= {dataset.parameter, "value"} if mapping.measures else set()
    needed = [one for one in (*dataset.key, "value") if one in MUST or one == "value"]
    lacking = [one for one in needed if one not in held]
    if dataset.parameter not in held and not _is_told(mapping, dataset, held):
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


def _is_told(mapping: Mapping, dataset: Dataset, held: set[str]) -> bool:
    """Whether a file without a column of what is measured tells it all the same."""
    by_header = any(told_by_unit(unit, dataset) for unit in mapping.units.values())
    return len(parameters_of(dataset)) == 1 or by_header or "unit" in held


def _melted(made: Typed, mapping: Mapping, dataset: Dataset) -> pd.DataFrame:
    """Return one row for each value, with the row and column it stood in."""
    frame = made.frame
    shared = {"row": pd.Series(made.table.rows)}
    for name, target in mapping.columns.items():
        shared[target] = frame[name] if target in NUMBERS else _text(frame[name])
    blocks = []
    for name in [*dict.fromkeys([*mapping.periods, *mapping.measures])] or [""]:
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


def _places(long: Long) -> None:
    """Turn names of countries into codes."""
    if "iso3" not in long.dataset.key:
        return
    names = long.frame["iso3"]
    codes = {one: iso3_of(one) for one in names.unique()}
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
    held = set(parameters_of(long.dataset)) | {""}
    words = {
        one: one if one in held or "," in one else measured(one, long.dataset) or one
        for one in cells.unique()
    }
    known = {*parameters_of(long.dataset), *CHOICES.get(long.dataset.name, {}).get(name, ())}
    new = sorted(one for one in words if one and words[one] not in known)
    if new and parameters_of(long.dataset) and name not in {"topic", "quantity"}:
        long.findings.add(
            "warning", None, long.column(name), ", ".join(new[:5]), f"a known {name}",
            f"it is new to {long.dataset.name}; known are "
            f"{', '.join(parameters_of(long.dataset)[:6])}",
        )  # fmt: skip
    long.say(cells == "", name, (f"a {name}", "fill the cell"))
    long.frame = long.frame.assign(**{name: long.frame[name].map(words)})
    if name == "quantity":
        _known_quantities(long)


def _choices(long: Long) -> None:
    """Hold columns of a closed list to it; say which factories are not in the register."""
    for column in CHOICES.get(long.dataset.name, ()):
        for cell in dict.fromkeys(long.frame[column]):
            wrong = wrong_choice(long.dataset.name, column, cell)
            if wrong is not None:
                long.say(long.frame[column] == cell, column, wrong)
    if long.dataset.name == "site_evidence":
        register = vocabulary("factories", "factory")
        held = long.frame[["row", "factory"]].itertuples(index=False)
        cells = [(int(row), str(one)) for row, one in held if one not in register]
        words = (long.column("factory"), "a factory of the register", "as " + ", ".join(register))
        long.findings.of_rows("warning", cells, *words)


def _known_quantities(long: Long) -> None:
    """Refuse assumptions that the model does not have, and name the nearest one."""
    known = parameters_of(long.dataset)
    held = dict.fromkeys(long.frame["quantity"])
    for one in (name for name in held if name not in known):
        near = difflib.get_close_matches(one, known, n=1, cutoff=0.6)
        fix = f"write {near[0]} if that is meant" if near else "look at the page of assumptions"
        long.say(long.frame["quantity"] == one, "quantity", ("an assumption of the model", fix))


def _periods(long: Long) -> None:
    from data.cell_checks import PERIOD

    if "period" not in long.frame:
        return
    wrong = long.frame["period"].map(lambda one: not PERIOD.fullmatch(one))
    expected = "a year, half, quarter, month or day as 2026, 2026H1, 2026Q1, 2026-01, 2026-01-31"
    long.say(wrong, "period", (expected, "write it in one of these forms"))
    if long.dataset.name == "site_evidence":
        _evidence(long)


def _evidence(long: Long) -> None:
    """Refuse rows of evidence with dates that cannot be or an address that opens nothing."""
    held = long.frame.set_index("row")[[*long.dataset.key, "url", "date"]]
    faults = [
        (int(str(row)), fault)
        for row, cells in zip(held.index, held.to_dict("records"), strict=True)
        for fault in row_faults({str(name): str(cell) for name, cell in cells.items()})
    ]
    for row, (column, value, expected, fix) in faults[:LISTED]:
        long.findings.add("error", row, long.column(column), value, expected, fix)
    if len(faults) > LISTED:
        more = f"{len(faults) - LISTED} more rows"
        long.findings.add("error", faults[LISTED][0], "", more, "evidence as above", "correct them")
    long.drop(long.frame["row"].isin([row for row, _ in faults]))


def _units(long: Long) -> None:
    """Convert every value to the unit of the list, and to the unit its parameter must have."""
    frame = long.frame
    rules = {name: rule.unit for name, rule in long.dataset.rules.items()}
    wanted = frame[long.dataset.parameter].map(lambda one: rules.get(one, ""))
    written, cells = long.written_units(), long.cell_units()
    if long.dataset.has_text:
        words = (frame["text"] != "") & frame["value"].isna() & (wanted == "")
        written = written.where((written != "") | ~words, "text")
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
    infinite = [math.inf, -math.inf]  # errors already: there is no number to go on with
    long.frame = long.frame.assign(value=long.frame["value"].replace(infinite, math.nan))
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
        rows = frame[own & frame["value"].notna()]
        wrong = []
        for row, column, value in zip(rows["row"], rows["from"], rows["value"], strict=True):
            found = rule.problem(float(value), parameter)
            wrong.append(found is not None)
            if found is not None:
                long.findings.add("error", int(row), str(column), f"{value:.15g}", *found)
        frame = frame.drop(index=rows.index[wrong])
    long.frame = frame
