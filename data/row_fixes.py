"""What can be mended with one click in rows that a dataset does not take."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import pandas as pd

from data.catalog import checked
from data.problems import Problem, RefusedError
from data.schemas import Dataset

FACTORS: Final[dict[tuple[str, str], float]] = {
    ("GW", "MW"): 1000.0,
    ("kW", "MW"): 0.001,
    ("USD_m", "USD_bn"): 0.001,
    ("USD", "USD_bn"): 1e-9,
    ("USD_bn", "USD_m"): 1000.0,
    ("share", "percent"): 100.0,
    ("percent", "share"): 0.01,
    ("TWh", "MWh"): 1e6,
    ("years", "months"): 12.0,
    ("months", "years"): 1 / 12,
}
"""What a value is multiplied with when its unit changes."""


@dataclass(frozen=True, slots=True, eq=False)
class Fix:
    """One click: what it says on the button, and the rows after it."""

    label: str
    rows: pd.DataFrame


def problems_of(rows: pd.DataFrame, dataset: Dataset, place: str) -> tuple[Problem, ...]:
    """Return everything that keeps rows from being accepted; empty when they are clean."""
    try:
        checked(rows.reset_index(drop=True), dataset, place)
    except RefusedError as refused:
        return refused.problems
    return ()


def rows_named(problems: tuple[Problem, ...]) -> set[int]:
    """Return the places, from 0, of rows that problems name."""
    found = set()
    for problem in problems:
        _, _, after = problem.place.partition(" row ")
        number = after.split(",")[0]
        if number.isdigit() and int(number) >= 2:
            found.add(int(number) - 2)
    return found


def fixes(rows: pd.DataFrame, dataset: Dataset, problems: tuple[Problem, ...]) -> tuple[Fix, ...]:
    """Return the clicks that would take away problems, the most careful first."""
    makers: tuple[Callable[[pd.DataFrame, Dataset], Fix | None], ...] = (_convert, _last_of_each)
    found = [made for make in makers if (made := make(rows, dataset)) is not None]
    bad = rows_named(problems)
    if bad and len(bad) < len(rows):
        kept = rows[[at not in bad for at in range(len(rows))]].reset_index(drop=True)
        count = f"{len(bad)} row" + "s" * (len(bad) > 1)
        found.append(Fix(f"Leave out the {count} named above", kept))
    return tuple(found)


def _convert(rows: pd.DataFrame, dataset: Dataset) -> Fix | None:
    """Convert values whose unit is not the one the parameter has."""
    cells, pairs = rows.to_dict("list"), set()
    for place, parameter in enumerate(cells[dataset.parameter]):
        rule = dataset.rules.get(str(parameter))
        unit = str(cells["unit"][place]).strip()
        factor = FACTORS.get((unit, rule.unit)) if rule else None
        if rule is None or factor is None:
            continue
        pairs.add(f"{unit} to {rule.unit}")
        cells["unit"][place] = rule.unit
        for name in ("value", "low", "high"):
            cells[name][place] = _times(str(cells[name][place]), factor)
    return Fix(f"Convert {', '.join(sorted(pairs))}", pd.DataFrame(cells)) if pairs else None


def _times(text: str, factor: float) -> str:
    try:
        return f"{float(text) * factor:.12g}"
    except ValueError:
        return text


def _last_of_each(rows: pd.DataFrame, dataset: Dataset) -> Fix | None:
    """Keep the last of rows that say the same thing twice."""
    key = list(dataset.key)
    twice = int(rows.duplicated(key).sum())
    if not twice:
        return None
    kept = rows.drop_duplicates(key, keep="last").reset_index(drop=True)
    return Fix(f"Keep the last of each pair: {twice} fewer rows", kept)
