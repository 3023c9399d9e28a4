"""The long format that forecasting tools exchange: unique_id, ds, y."""

import re
from datetime import date

import pandas as pd

from data.reading.findings import Findings, Options
from data.reading.grid import Codes, Table, shown
from data.reading.kinds import Wanted
from data.reading.limits import Deadline
from data.reading.mapping import periods_in, proposed
from data.reading.structure import typed

COLUMNS = ("unique_id", "ds", "y")
"""The long format, as forecasting tools exchange it."""

WANTED: dict[str, Wanted] = {"unique_id": "text", "ds": "period", "y": "number"}
"""What its columns must hold."""

PERIODS = {
    "integer": re.compile(r"-?\d{1,9}"),
    "half-year": re.compile(r"\d{4}-?[HS][12]"),
    "quarter": re.compile(r"\d{4}-?Q[1-4]"),
    "month": re.compile(r"\d{4}(-|M|-M)(0[1-9]|1[0-2])"),
    "date": re.compile(
        r"\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:?\d{2})?)?"
    ),
}
"""Forms of `ds`; a year such as 2024 reads as an integer."""

OTHER = {
    "fiscal": re.compile(r"FY\d{4}(Q[1-4]|H[12])?"),
    "week": re.compile(r"\d{4}-W\d{2}"),
    "zone": re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(Z|\+00:?00)"),
    "whole": re.compile(r"-?\d{1,9}\.0+"),
}
"""Forms of `ds` that are written in another one before they are judged."""

READ_AS = {
    "fiscal": "fiscal years are counted as years, quarters and halves as theirs, without FY",
    "week": "weeks are counted by their Mondays",
    "zone": "times are read as they stand, without their zone",
}
"""What is said of a form that was written in another."""

NUMBER = re.compile(r"[-+(]?[\d.,'\s]*\d[\d.,'\s]*%?\)?")
"""What a number looks like before its decimal mark is known."""

LARGEST_WHOLE = 10**9
"""Above every whole number that `ds` may be."""

DS_EXPECTED = "a date 2024-03-31, a period 2024Q1 / 2024-03 / 2024, or an integer"


def empty() -> pd.DataFrame:
    """Return the format without rows."""
    return pd.DataFrame({"unique_id": pd.Series(dtype=str), "ds": pd.Series(dtype=str), "y": []})


def rows_of(
    table: Table, options: Options, findings: Findings, deadline: Deadline
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return a table as series in the long format, and which column is which."""
    beside = periods_in(list(table.names))
    stated = dict(options.mapping)
    if beside and "ds" not in table.names:
        return _from_wide(table, beside, options, findings, deadline)
    mapping = proposed(table.names, COLUMNS, stated, findings)
    own = {target: name for name, target in mapping.items()}
    if _side_by_side(table, own):
        return _from_columns(table, own["ds"], options, findings, deadline)
    renamed = tuple(mapping.get(name, name) for name in table.names)
    judge_columns(renamed, table.header_row or 1, findings)
    wanted = {name: WANTED[target] for name, target in mapping.items()}
    frame = typed(table, options, findings, deadline, wanted).frame
    if set(COLUMNS) - set(own):
        return empty(), mapping
    chosen = frame[[own[name] for name in COLUMNS]].set_axis(list(COLUMNS), axis=1)
    texts = {name: _texts(table, own[name]) for name in COLUMNS}
    return checked(chosen, texts, table.rows, own["y"], findings), mapping


def _from_wide(
    table: Table, beside: dict[str, str], options: Options, findings: Findings, deadline: Deadline
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return periods that stand side by side as rows; the other columns name the series."""
    wanted: dict[str, Wanted] = dict.fromkeys(table.names, "text")
    wanted |= dict.fromkeys(beside, "number")
    frame = typed(table, options, findings, deadline, wanted).frame
    names = [name for name in table.names if name not in beside]
    parts = [_texts(table, name) for name in names]
    ids = [" ".join(one for one in cells if one) for cells in zip(*parts, strict=True)]
    ids = ids or ["series"] * len(frame)
    blocks = [
        pd.DataFrame({"row": table.rows, "unique_id": ids, "ds": period, "y": frame[name]})
        for name, period in beside.items()
    ]
    long = pd.concat(blocks, ignore_index=True)
    columns = long[list(COLUMNS)]
    texts = {name: [str(one) for one in long[name]] for name in ("unique_id", "ds")}
    texts["y"] = ["" if pd.isna(one) else str(one) for one in long["y"].astype("object")]
    made = checked(columns, texts, long["row"].to_numpy(), "", findings)
    kept = dict.fromkeys(names, "unique_id") | dict.fromkeys(beside, "y (by period)")
    return made.sort_values(["unique_id", "ds"], kind="stable").reset_index(drop=True), kept


def _side_by_side(table: Table, own: dict[str, str]) -> bool:
    """Tell whether one column holds periods and each other one the numbers of a series."""
    others = [name for name in table.names if name != own.get("ds")]
    alone = set(own) == {"ds"} or (set(own) == {"ds", "y"} and len(others) == 1)
    return alone and bool(others) and all(_numbers(_texts(table, name)) for name in others)


def _numbers(cells: list[str]) -> bool:
    """Tell whether most cells that hold anything hold a number."""
    filled = [one for one in dict.fromkeys(cells) if one]
    return 2 * sum(bool(NUMBER.fullmatch(one)) for one in filled) > len(filled)


def _from_columns(
    table: Table, when: str, options: Options, findings: Findings, deadline: Deadline
) -> tuple[pd.DataFrame, dict[str, str]]:
    """Return series that stand side by side, each under its name, as rows."""
    names = [name for name in table.names if name != when]
    wanted: dict[str, Wanted] = {**dict.fromkeys(names, "number"), when: "period"}
    frame = typed(table, options, findings, deadline, wanted).frame
    fix = f"each was read as a series, its periods from {when}"
    findings.add("note", None, ", ".join(names[:3]), str(len(names)), "columns of series", fix)
    periods = _texts(table, when)
    blocks = [
        pd.DataFrame(
            {"row": table.rows, "unique_id": name, "ds": frame[when], "raw": periods,
             "y": frame[name], "text": _texts(table, name)}
        )
        for name in names
    ]  # fmt: skip
    long = pd.concat(blocks, ignore_index=True)
    texts = {name: long[own].tolist() for name, own in
             (("unique_id", "unique_id"), ("ds", "raw"), ("y", "text"))}  # fmt: skip
    made = checked(long[list(COLUMNS)], texts, long["row"].to_numpy(), "", findings)
    return made, {when: "ds"} | dict.fromkeys(names, "y (by series)")


def judge_columns(names: tuple[str, ...], row: int, findings: Findings) -> None:
    """Say which columns are missing or not used."""
    lowered = {name.lower(): name for name in names}
    for name in COLUMNS:
        if name not in names:
            near = lowered.get(name)
            fix = f"rename {near!r} to {name!r}" if near else f"add a column {name!r}"
            findings.add("error", row, name, ", ".join(names), f"a column {name!r}", fix)
    for extra in (name for name in names if name not in COLUMNS):
        findings.add("note", row, extra, extra, "unique_id, ds, y", "the column is not used")


def checked(
    frame: pd.DataFrame, texts: dict[str, list[str]], rows: Codes, y: str, findings: Findings
) -> pd.DataFrame:
    """Report each cell that is none of the format, each repeated period and each gap."""
    if frame.empty:
        findings.of_file("error", "no rows", "at least one row", "add rows")
        return empty()
    held = pd.DataFrame(
        {
            "row": rows,
            "unique_id": texts["unique_id"],
            "ds": _counted(_canonical(frame["ds"], texts["ds"]), findings),
            "y": texts["y"],
            "number": pd.to_numeric(frame["y"].astype("object"), errors="coerce").astype(float),
        }
    )
    held["kind"] = held["ds"].map(_kind)
    return _judged(held, y, findings)


def _texts(table: Table, name: str) -> list[str]:
    column = next(one for one in table.columns if one.name == name)
    if column.plain is not None:
        return [shown(one) for one in column.plain.to_pylist()]
    cells = [shown(cell).strip() for cell in column.uniques]
    return [cells[code] if code >= 0 else "" for code in column.codes]


def _canonical(values: pd.Series, raw: list[str]) -> list[str]:
    """Return periods in their own form, whole numbers without a point."""
    numbers = pd.api.types.is_numeric_dtype(values.dtype)
    texts = values.astype("object")
    return (
        raw
        if numbers
        else [old if pd.isna(new) else str(new) for new, old in zip(texts, raw, strict=True)]
    )


def _counted(periods: list[str], findings: Findings) -> list[str]:
    """Return fiscal years, weeks and the like in forms that can be counted on, and say so."""
    made: dict[str, str] = {}
    said: dict[str, str] = {}
    for text in dict.fromkeys(periods):
        form = next((one for one, pattern in OTHER.items() if pattern.fullmatch(text)), "")
        made[text] = _plain(text, form) if form else text
        if form in READ_AS and made[text] != text:
            said.setdefault(form, text)
    for form, text in said.items():
        findings.add("note", None, "ds", text, DS_EXPECTED, READ_AS[form])
    return [made[text] for text in periods]


def _plain(text: str, form: str) -> str:
    if form == "week":
        try:
            return date.fromisocalendar(int(text[:4]), int(text[-2:]), 1).isoformat()
        except ValueError:
            return text
    return {"fiscal": text[2:], "zone": text[:19], "whole": text.partition(".")[0]}[form]


def _judged(held: pd.DataFrame, y: str, findings: Findings) -> pd.DataFrame:
    unnamed, undated = held["unique_id"] == "", held["kind"] == ""
    dated = held["kind"].mask(undated).groupby(held["unique_id"])
    usual = dated.transform(lambda own: next(iter(own.value_counts().index), ""))
    _say("error", held[unnamed], "unique_id", ("a series name", "fill the cell"), findings)
    fix = "write it in one of these forms"
    _say("error", held[undated], "ds", (DS_EXPECTED, fix), findings)
    missing = held["number"].isna()
    errors = {one.row for one in findings.problems if one.severity == "error" and one.column == y}
    odd = missing & held["row"].isin(errors)
    wrong = unnamed | undated | odd
    mixed = ~wrong & (held["kind"] != usual)
    for kind, rows in held[mixed].groupby(usual[mixed]):
        _say(
            "error",
            rows,
            "ds",
            (
                f"{'an' if kind == 'integer' else 'a'} {kind} as in the series' other rows",
                "rewrite it",
            ),
            findings,
        )
    twice = ~wrong & held.duplicated(["unique_id", "ds"])
    fix = "delete one of the rows"
    _say("error", held[twice], "ds", ("each period once in a series", fix), findings)
    gaps = ~wrong & ~twice & missing
    order = held["ds"].map(_place).rank(method="dense")
    known = order.where(~missing & ~wrong).groupby(held["unique_id"])
    after, before = order > known.transform("max"), order < known.transform("min")
    for places, fix in (
        (gaps & ~after & ~before, "it counts as a gap and is filled along a straight line"),
        (gaps & before, "it stands before the first value and is left out"),
        (gaps & after, "it stands after the last value, so it is one of the periods to forecast"),
    ):
        _say("warning", held[places], "y", ("a number", fix), findings)
    good = held[~(wrong | mixed | twice)]
    return good.assign(y=good["number"])[list(COLUMNS)].reset_index(drop=True)


def _place(ds: str) -> str:
    """Return a text that sorts as the periods of one form do."""
    whole = PERIODS["integer"].fullmatch(ds)
    return f"{int(ds) + LARGEST_WHOLE:011d}" if whole else ds


def _kind(ds: str) -> str:
    for kind, pattern in PERIODS.items():
        if pattern.fullmatch(ds):
            return kind if kind != "date" or _is_date(ds) else ""
    return ""


def _is_date(text: str) -> bool:
    try:
        pd.Timestamp(text)
    except ValueError:
        return False
    return True


def _say(
    severity: str, rows: pd.DataFrame, column: str, words: tuple[str, str], findings: Findings
) -> None:
    cells = [(int(row), str(value)) for row, value in zip(rows["row"], rows[column], strict=True)]
    findings.of_rows("error" if severity == "error" else "warning", cells, column, *words)
