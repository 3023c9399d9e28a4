"""Columns of dates and periods: which order of day and month, and the ISO text of each."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.reading.findings import Findings
from data.reading.grid import Codes, ErrorCell
from data.reading.kinds import Analysis, text_of
from data.reading.periods import Moment

FULL = {"dmy": "day, month, year", "mdy": "month, day, year", "ymd": "year, month, day"}
"""Orders in words."""


@dataclass(frozen=True, slots=True)
class Order:
    """Orders of day and month that the cells of a file prove, and the one the user names."""

    proven: frozenset[str]
    stated: str = ""


def orders_of(moments: dict[int, Moment]) -> frozenset[str]:
    """Return the orders that some dates prove: those in which every other one is no date."""
    ways = [one.ways for one in moments.values() if one.ways]
    unclear = [one for one in ways if len(set(one.values())) > 1 or len(one) < 3]
    if not unclear:
        return frozenset()
    possible = [order for order in ("dmy", "mdy", "ymd") if all(order in one for one in unclear)]
    forced = [one for one in unclear if len(set(one.values())) == 1]
    return frozenset(possible) if forced and len(possible) == 1 else frozenset()


def moments(analysis: Analysis, rows: Codes, order: Order, findings: Findings) -> pd.Series:
    """Return a column of dates as ISO text; what could not be read stays as it is, and is said."""
    held = {at: one for at, one in analysis.moments.items() if at not in analysis.odd}
    impossible = {at for at, one in held.items() if not one.ways}
    dated = {at: one for at, one in held.items() if one.ways}
    chosen = _order(analysis, dated, rows, order, findings)
    texts: dict[int, str] = {}
    for at, one in dated.items():
        text = one.ways.get(chosen) or (next(iter(one.ways.values())) if not one.ambiguous else "")
        if text and (chosen in one.ways or not order.stated):
            texts[at] = text
        else:
            impossible.add(at)
    _say(analysis, dated, impossible, rows, findings)
    return _series(analysis, texts)


def _order(
    analysis: Analysis, dated: dict[int, Moment], rows: Codes, order: Order, findings: Findings
) -> str:
    """Choose the order of a column and say what proves it, or that nothing does."""
    unclear = {at for at, one in dated.items() if one.ambiguous}
    single = {at: one for at, one in dated.items() if len(one.ways) == 1}
    if order.stated:
        findings.assumed["dates"] = order.stated
        return order.stated
    votes = {way: {at for at, one in single.items() if way in one.ways} for way in FULL}
    forced = [way for way in FULL if votes[way]]
    if len(forced) > 1:
        return _conflict(analysis, votes, unclear, rows, findings)
    if forced:
        findings.assumed["dates"] = forced[0]
        return forced[0]
    if not unclear:
        return "dmy"
    return _assumed(analysis, dated, unclear, order, findings)


def _conflict(
    analysis: Analysis,
    votes: dict[str, set[int]],
    unclear: set[int],
    rows: Codes,
    findings: Findings,
) -> str:
    weight = {way: int(analysis.weights[list(held)].sum()) for way, held in votes.items() if held}
    usual = max(weight, key=lambda way: weight[way])
    others = set().union(*(held for way, held in votes.items() if way != usual))
    findings.of_rows(
        "error", analysis.rows_of(others, rows), analysis.column.name,
        f"a date in the order {FULL[usual]}, as in other rows",
        "dates of two orders stand in one column; write them all as 2024-03-31",
    )  # fmt: skip
    if unclear:
        example = text_of(analysis.column.uniques[min(unclear)])
        findings.add(
            "warning", None, analysis.column.name, example, "a date that reads one way only",
            "dates of two orders stand in this column",
        )  # fmt: skip
    return usual


def _assumed(
    analysis: Analysis,
    dated: dict[int, Moment],
    unclear: set[int],
    order: Order,
    findings: Findings,
) -> str:
    name = analysis.column.name
    example = text_of(analysis.column.uniques[min(unclear)])
    possible = [way for way in FULL if all(way in dated[at].ways for at in unclear)]
    proven = [way for way in possible if way in order.proven]
    chosen = proven[0] if len(proven) == 1 else (possible or ["dmy"])[0]
    findings.assumed["dates"] = chosen
    text = dated[min(unclear)].ways.get(chosen, "")
    if len(proven) == 1:
        findings.add(
            "note", None, name, example, f"dates in the order {FULL[chosen]}, as in other columns",
            f"it was read as {text}",
        )  # fmt: skip
    else:
        other = "mdy" if chosen == "dmy" else "dmy"
        findings.add(
            "warning", None, name, example, "a date that reads one way only, such as 2024-03-31",
            f"the order {FULL[chosen]} was assumed, so it was read as {text}; "
            f"say --dates {other} if that is wrong",
        )  # fmt: skip
    return chosen


def _say(
    analysis: Analysis,
    dated: dict[int, Moment],
    impossible: set[int],
    rows: Codes,
    findings: Findings,
) -> None:
    name, uniques = analysis.column.name, analysis.column.uniques
    findings.of_rows(
        "warning", analysis.rows_of(impossible, rows), name, "a date that the calendar has",
        "the cell was kept as text; correct or clear it",
    )  # fmt: skip
    odd = set() if analysis.lenient else analysis.odd
    findings.of_rows(
        analysis.severity, analysis.rows_of(odd, rows), name, "a date as in the other rows",
        "the cell was kept as text; correct or clear it",
    )  # fmt: skip
    errors = {at for at in analysis.missing if isinstance(uniques[at], ErrorCell)}
    findings.of_rows(
        "warning", analysis.rows_of(errors, rows), name, "a date, not a formula's error",
        "the cell was read as empty; mend the formula",
    )  # fmt: skip
    words = analysis.rows_of(analysis.missing - errors, rows)
    if words:
        findings.add(
            "note", words[0][0], name, words[0][1], "a date",
            f"{len(words)} such cells were read as empty",
        )  # fmt: skip
    _say_forms(analysis, dated, rows, findings)


def _say_forms(
    analysis: Analysis, dated: dict[int, Moment], rows: Codes, findings: Findings
) -> None:
    name = analysis.column.name
    kinds: dict[str, set[int]] = {}
    for at, one in dated.items():
        kinds.setdefault("date" if one.kind in {"time", "serial"} else one.kind, set()).add(at)
    if len(kinds) > 1 and not analysis.lenient:
        usual = max(kinds, key=lambda kind: int(analysis.weights[list(kinds[kind])].sum()))
        others = set().union(*(held for kind, held in kinds.items() if kind != usual))
        findings.of_rows(
            "warning", analysis.rows_of(others, rows), name, f"a {usual} as in the other rows",
            "mixed periods were kept; split the column or convert it",
        )  # fmt: skip
    serial = {at for at, one in dated.items() if one.kind == "serial"}
    if serial:
        at = min(serial)
        findings.add(
            "warning", None, name, text_of(analysis.column.uniques[at]), "dates",
            f"day numbers of a spreadsheet were read as dates: {dated[at].ways['dmy']} here; "
            f"days count from {'1904' if analysis.column.since_1904 else '1900'}",
        )  # fmt: skip
    short = {at for at, one in dated.items() if one.short}
    if short:
        at = min(short)
        findings.add(
            "note", None, name, text_of(analysis.column.uniques[at]), "years of four digits",
            "years up to 50 were read as 20xx, others as 19xx",
        )  # fmt: skip


def _series(analysis: Analysis, texts: dict[int, str]) -> pd.Series:
    kinds = {analysis.moments[at].kind for at in texts}
    midnight = "T00:00:00"
    if "time" in kinds and all(
        text.endswith(midnight) or "T" not in text for text in texts.values()
    ):
        texts = {at: text.removesuffix(midnight) for at, text in texts.items()}
    cells: list[str | None] = [None] * (len(analysis.column.uniques) + 1)
    for at, cell in enumerate(analysis.column.uniques):
        if at not in analysis.missing:
            cells[at] = texts.get(at) or text_of(cell)
    return pd.Series(np.array(cells, dtype=object)[analysis.column.codes], dtype="str")
