"""What looks wrong in good rows: repeated keys, gaps, jumps, breaks of unit, other figures held."""

import math
import re
import statistics
from collections.abc import Iterator
from itertools import pairwise

import pandas as pd

from data.evidence_terms import CHOICES
from data.reading.findings import Findings
from data.schemas import CONFIDENCES, Dataset

SHORTEST = 5
"""Values of a series from which an outlier is looked for."""

FAR = 8.0
"""Times the usual step, in logarithms, from which a value is an outlier."""


def audited(
    frame: pd.DataFrame,
    dataset: Dataset,
    existing: pd.DataFrame | None,
    findings: Findings,
    repeats: str = "",
) -> pd.DataFrame:
    """Report what looks wrong in a dataset's rows, and return those without errors.

    Of rows with the same key `repeats` keeps the `first` or `last`; without it they are errors.
    """
    if frame.empty:
        return frame[list(dataset.columns)]
    if repeats in {"first", "last"}:
        frame = _kept_once(frame, dataset, findings, repeats)
    frame = _without_repeats(frame, dataset, findings)
    frame = _sourced(frame, findings)
    if "period" in dataset.key and dataset.name not in CHOICES:  # events are no series
        for name, rows in _series(frame, dataset):
            _audit_series(name, rows, findings)
    if existing is not None:
        _compare(frame, dataset, existing, findings)
    return frame[list(dataset.columns)].reset_index(drop=True)


def _kept_once(
    frame: pd.DataFrame, dataset: Dataset, findings: Findings, repeats: str
) -> pd.DataFrame:
    """Keep the first or last of rows with the same key, as the user says."""
    last = repeats == "last"
    twice = frame.duplicated(list(dataset.key), keep="last" if last else "first")
    cells = [(int(row), "a second row of one key") for row in frame["row"][twice]]
    findings.of_rows(
        "note", cells, "", "each key once", f"the {repeats} of them counts, as you said"
    )
    return frame[~twice]


def _without_repeats(frame: pd.DataFrame, dataset: Dataset, findings: Findings) -> pd.DataFrame:
    key = list(dataset.key)
    twice = frame.duplicated(key)
    same = frame.duplicated([*key, "value", *(["text"] if dataset.has_text else [])])
    for marks, severity in ((twice & same, "warning"), (twice & ~same, "error")):
        rows = frame[marks]
        cells = [
            (int(row), ", ".join(map(str, cells)))
            for row, *cells in rows[["row", *key]].itertuples(index=False)
        ]
        findings.of_rows(
            "error" if severity == "error" else "warning", cells, "", "each key once",
            "another row says something else; keep one" if severity == "error"
            else "another row says the same; this one was left out",
        )  # fmt: skip
    return frame[~twice]


def _sourced(frame: pd.DataFrame, findings: Findings) -> pd.DataFrame:
    """Hold grades to the list; a grade that promises a source must have one."""
    grades = sorted(str(grade.value) for grade in CONFIDENCES)
    wrong = ~frame["confidence"].isin(grades)
    cells = [
        (int(r), str(c))
        for r, c in zip(frame["row"][wrong], frame["confidence"][wrong], strict=True)
    ]
    findings.of_rows("error", cells, "confidence", " or ".join(grades), "choose a grade")
    promised = frame["confidence"].isin(["reported", "estimate", "derived"])
    bare = promised & ((frame["source"] == "") | ~frame["url"].str.startswith("http"))
    cells = [
        (int(r), str(c)) for r, c in zip(frame["row"][bare], frame["confidence"][bare], strict=True)
    ]
    findings.of_rows(
        "warning", cells, "source", "a source and its address with this grade",
        "the row is graded unverified until both are named",
    )  # fmt: skip
    unfounded = (frame["confidence"] == "assumption") & (frame["notes"].astype(str) == "")
    cells = [(int(row), "assumption") for row in frame["row"][unfounded]]
    findings.of_rows(
        "warning", cells, "notes", "the reason of an assumption",
        "the row is graded unverified until notes give one",
    )  # fmt: skip
    frame = frame.assign(confidence=frame["confidence"].where(~(bare | unfounded), "unverified"))
    return frame[~wrong]


def _cells(rows: pd.DataFrame, column: str) -> list[tuple[int, str]]:
    return [(int(row), str(cell)) for row, cell in zip(rows["row"], rows[column], strict=True)]


def _series(frame: pd.DataFrame, dataset: Dataset) -> Iterator[tuple[str, pd.DataFrame]]:
    names = [one for one in dataset.key if one not in {"period", "fiscal_period"}]
    for key, rows in frame.groupby(names, sort=False):
        yield ", ".join(str(one) for one in key), rows.sort_values("period")


def _audit_series(name: str, rows: pd.DataFrame, findings: Findings) -> None:
    kinds = [_frequency(str(period)) for period in rows["period"]]
    if len(set(kinds)) > 1:
        findings.add(
            "warning", None, "period", f"{name}: {', '.join(sorted(set(kinds)))}", "one frequency",
            "years, quarters and months stand in one series; give each a series of its own",
        )  # fmt: skip
        return
    _say_gaps(name, [str(period) for period in rows["period"]], findings)
    if len(set(rows["unit"])) > 1:
        units = ", ".join(sorted(set(rows["unit"])))
        findings.add("warning", None, "unit", f"{name}: {units}", "one unit", "convert one of them")
        return
    _say_breaks(name, rows, findings)


def _frequency(period: str) -> str:
    for kind, form in (("quarter", "Q"), ("half", "H"), ("week", "W")):
        if form in period:
            return kind
    return {4: "year", 7: "month", 10: "day"}.get(len(period.removeprefix("FY")), "other")


def _number(period: str) -> int | None:
    """Return a period's place in time, in steps of its own frequency."""
    found = re.fullmatch(r"(?:FY)?(\d{4})(?:([QH])(\d)|-(\d\d))?", period)
    if found is None:
        return None
    year = int(found[1])
    if found[2]:
        size = 4 if found[2] == "Q" else 2
        return year * size + int(found[3]) - 1
    return year * 12 + int(found[4]) - 1 if found[4] else year


def _say_gaps(name: str, periods: list[str], findings: Findings) -> None:
    for before, after in pairwise(periods):
        first, second = _number(before), _number(after)
        if first is not None and second is not None and second - first > 1:
            findings.add(
                "warning", None, "period", f"{name}: {before} to {after}", "no gap",
                f"{second - first - 1} periods are missing; add them, or the forecast fills them",
            )  # fmt: skip


def _say_breaks(name: str, rows: pd.DataFrame, findings: Findings) -> None:
    """Report jumps that look like another unit, and values far from their neighbours."""
    values = [
        (int(row), float(value)) for row, value in zip(rows["row"], rows["value"], strict=True)
    ]
    steps = [
        math.log10(after) - math.log10(before) if before > 0 and after > 0 else 0.0
        for (_, before), (_, after) in pairwise(values)
    ]
    for (row, value), step in zip(values[1:], steps, strict=True):
        near = min((3, 6, 9), key=lambda power: abs(abs(step) - power))
        if abs(abs(step) - near) < 0.3:
            findings.add(
                "warning", row, "value", f"{name}: {value:.15g}", "values of one unit",
                f"it is about 10^{near} times its neighbour; check million and billion, kW and MW",
            )  # fmt: skip
    if len(values) < SHORTEST:
        return
    usual = statistics.median(abs(step) for step in steps) + 0.02
    for (row, value), before, after in zip(values[1:], steps, steps[1:], strict=False):
        if before * after < 0 and min(abs(before), abs(after)) > max(FAR * usual, 0.15):
            findings.add(
                "warning", row, "value", f"{name}: {value:.15g}", "a value near its neighbours",
                "it stands far off; check it",
            )  # fmt: skip


def _compare(
    frame: pd.DataFrame, dataset: Dataset, existing: pd.DataFrame, findings: Findings
) -> None:
    """Report rows that say something else than the rows held so far."""
    key = list(dataset.key)
    held = {
        tuple(map(str, cells)): value
        for *cells, value in existing[[*key, "value"]].itertuples(index=False)
    }
    same = 0
    for row, value, *cells in frame[["row", "value", *key]].itertuples(index=False):
        old = held.get(tuple(map(str, cells)))
        if old is None:
            continue
        if old == value or (pd.isna(old) and pd.isna(value)):
            same += 1
        else:
            findings.add(
                "warning", int(row), "value", f"{value:.15g}", f"{old:.15g}, as held so far",
                f"accepting replaces the figure of {', '.join(map(str, cells))}",
            )  # fmt: skip
    if same:
        findings.of_file("note", f"{same} rows", "new figures", "they say what is held already")
