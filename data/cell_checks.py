"""Every cell of a dataset's rows against its schema: numbers, periods, places, sources, units."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from data.evidence_terms import CHOICES, row_faults, wrong_choice
from data.problems import Problem
from data.provenance import Confidence
from data.reading.places import codes, iso3_of, nearest
from data.schemas import CONFIDENCES, NUMBERS, UNITS, Dataset

if TYPE_CHECKING:
    import pandas as pd

SOURCED = frozenset({Confidence.REPORTED, Confidence.ESTIMATE, Confidence.DERIVED})
"""Grades that must name a source and an address."""


def cell_problems(frame: pd.DataFrame, dataset: Dataset, file: str) -> Iterator[Problem]:
    """Yield everything in a table of texts that its schema does not take, row by row."""
    for position, row in enumerate(frame.to_dict("records"), start=2):
        cells = {str(name): str(value) for name, value in row.items()}
        place = f"{file} row {position}"
        yield from _number_problems(cells, place, dataset)
        yield from _period_problems(cells, place)
        yield from _choice_problems(cells, place, dataset)
        yield from _country_problems(cells, place)
        yield from _source_problems(cells, place)
        yield from _rule_problems(cells, place, dataset)
    for position in frame.index[frame.duplicated(list(dataset.key))]:
        named = ", ".join(str(frame.loc[position, column]) for column in dataset.key)
        yield Problem(
            f"{file} row {int(position) + 2}", f"a second row for {named}", "one", "keep one"
        )


PERIOD = re.compile(
    r"(FY)?\d{4}(-\d{4}|H[12]|Q[1-4]|-(0[1-9]|1[0-2])(-\d{2})?)?(_\d{4}-(0[1-9]|1[0-2]))?"
)
"""Forms of `period`: a year or years, half, quarter, month, day, or two months from_to."""


def _period_problems(cells: dict[str, str], place: str) -> Iterator[Problem]:
    period = cells.get("period")
    if period is not None and not PERIOD.fullmatch(period):
        expected = "a year, half, quarter or month as 2026, 2026H1, 2026Q1, 2026-01"
        yield Problem(f"{place}, period", repr(period), expected, "correct it")


def _choice_problems(cells: dict[str, str], place: str, dataset: Dataset) -> Iterator[Problem]:
    for column in CHOICES.get(dataset.name, ()):
        wrong = wrong_choice(dataset.name, column, cells[column])
        if wrong is not None:
            yield Problem(f"{place}, {column}", repr(cells[column]), *wrong)
    if dataset.name == "site_evidence" and PERIOD.fullmatch(cells["period"]):
        for column, cell, *words in row_faults(cells):
            yield Problem(f"{place}, {column}", repr(cell) if cell else "nothing", *words)


def _country_problems(cells: dict[str, str], place: str) -> Iterator[Problem]:
    code = cells.get("iso3")
    if code is not None and code not in codes():
        meant = iso3_of(code) or iso3_of(nearest(code))
        fix = f"write {meant} if that is meant" if meant else "correct it"
        yield Problem(f"{place}, iso3", repr(code), "the ISO code of a country or region", fix)


def _number_problems(cells: dict[str, str], place: str, dataset: Dataset) -> Iterator[Problem]:
    for name in NUMBERS:
        if cells[name] and not _is_number(cells[name]):
            yield Problem(
                f"{place}, {name}", repr(cells[name]), "a finite number", "write digits and a point"
            )
    if not cells["value"] and not (dataset.has_text and cells["text"]):
        yield Problem(f"{place}, value", "nothing", "a number", "fill it or drop the row")


def _is_number(text: str) -> bool:
    try:
        return math.isfinite(float(text))
    except ValueError:
        return False


def _source_problems(cells: dict[str, str], place: str) -> Iterator[Problem]:
    confidence = cells["confidence"]
    if confidence not in CONFIDENCES:
        yield Problem(
            f"{place}, confidence", repr(confidence), " or ".join(Confidence), "choose a grade"
        )
    elif confidence in SOURCED and not (cells["source"] and cells["url"].startswith("http")):
        yield Problem(
            f"{place}, source",
            f"{confidence} without a source and address",
            "both",
            "name them, or mark the row as an assumption",
        )
    elif confidence == Confidence.ASSUMPTION and not cells["notes"]:
        yield Problem(f"{place}, notes", "an assumption without a reason", "the reason", "write it")
    if cells["unit"] not in UNITS:
        yield Problem(f"{place}, unit", repr(cells["unit"]), "a unit of data/schemas.py", "convert")


def _rule_problems(cells: dict[str, str], place: str, dataset: Dataset) -> Iterator[Problem]:
    parameter = cells[dataset.parameter]
    rule = dataset.rules.get(parameter)
    if rule is None:
        return
    if cells["unit"] != rule.unit:
        yield Problem(
            f"{place}, unit", f"{parameter} in {cells['unit']!r}", rule.unit, "convert the value"
        )
    elif _is_number(cells["value"]):
        wrong = rule.problem(float(cells["value"]), parameter)
        if wrong is not None:
            yield Problem(f"{place}, value", cells["value"], *wrong)
