"""Tables of assumptions and phases that people type in, and what their typing means."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.changes import CURVE, PHASES, typed
from forecasts.plan import Site
from forecasts.quantities import Quantity
from forecasts.scenario import QUANTITIES, Scenario

ALL = "All factories"
"""Column of values that hold for every factory without one of its own."""

PHASE_COLUMNS = {
    "decision": "Decision",
    "racks": "Racks",
    "energised": "Energised",
    "rack_model": "Rack system",
}
"""Columns of the table of phases by field."""

YEAR, VALUE = "Year", "USD value, 1 is parity"
"""Columns of the table of a forward curve."""

Typed = Mapping[int, Mapping[str, object]]
"""What was typed: by row, then column."""


def found(section: str, wanted: str) -> list[str]:
    """Return the assumptions of a section, or those of all that hold every word.

    Examples
    --------
    >>> found("", "free cooling")
    ['free_cooling_below']
    """
    words = wanted.lower().split()
    if not words:
        return [name for name, one in QUANTITIES.items() if one.section.title == section]
    return [
        name
        for name, one in QUANTITIES.items()
        if all(
            word in f"{one.label} {name} {one.help} {one.section.title}".lower() for word in words
        )
    ]


def _text(name: str, quantity: Quantity) -> str:
    return f"{quantity.label} {name} {quantity.help} {quantity.section.title}".lower()


def assumption_frame(
    scenario: Scenario, names: Sequence[str], sites: Sequence[Site], labels: Sequence[str]
) -> pd.DataFrame:
    """Return the table of assumptions: one column for all factories, one for each.

    Parameters
    ----------
    scenario : Scenario
        What is stated.
    names : sequence of str
        Assumptions, one a row.
    sites : sequence of Site
        Factories, one a column.
    labels : sequence of str
        Their headings.
    """
    rows = []
    for name in names:
        quantity = QUANTITIES[name]
        row: dict[str, object] = {
            "Assumption": quantity.label,
            "Unit": quantity.unit.text,
            ALL: _screen(quantity, getattr(scenario, name)),
        }
        for site, label in zip(sites, labels, strict=True):
            row[label] = _screen(quantity, scenario.sites.get(site.key, {}).get(name))
        rows.append(row)
    frame = pd.DataFrame(rows, columns=["Assumption", "Unit", ALL, *labels])
    return frame.astype(dict.fromkeys([ALL, *labels], "float64"))


def _screen(quantity: Quantity, value: float | None) -> float | None:
    return None if value is None else round(value * quantity.unit.scale, 10)


def assumption_changes(
    edited: Typed, names: Sequence[str], sites: Mapping[str, str]
) -> dict[str, object]:
    """Return what typing in the table of assumptions changes.

    Parameters
    ----------
    edited : mapping
        Cells by row and heading.
    names : sequence of str
        Assumptions by row.
    sites : mapping of str to str
        Factories by heading.
    """
    changes: dict[str, object] = {}
    for row, cells in edited.items():
        name = names[int(row)]
        quantity = QUANTITIES[name]
        for column, value in cells.items():
            key = name if column == ALL else f"{sites[column]}.{name}"
            if value is None:
                changes[key] = None if column != ALL else quantity.default
            else:
                changes[key] = typed(quantity, round(float(str(value)) / quantity.unit.scale, 12))
    return changes


def phase_frame(scenario: Scenario, key: str) -> pd.DataFrame:
    """Return the table of phases entered for a factory; empty where they are planned."""
    phases = [one.model_dump() for one in scenario.phases.get(key, ())]
    frame = pd.DataFrame(phases, columns=list(PHASE_COLUMNS)).rename(columns=PHASE_COLUMNS)
    for column in ("Decision", "Energised"):
        frame[column] = pd.to_datetime(frame[column])
    frame["Racks"] = frame["Racks"].astype("float64")  # an editor of integers cuts fractions off
    frame["Rack system"] = frame["Rack system"].astype("object")
    return frame


def phase_changes(
    frame: pd.DataFrame,
    edited: Typed,
    added: Sequence[Mapping[str, object]],
    deleted: Sequence[int],
    key: str,
) -> dict[str, object]:
    """Return what typing in the table of phases changes; a row without date or racks waits.

    Parameters
    ----------
    frame : DataFrame
        The table as it was drawn.
    edited, added, deleted
        What was typed, as the editor tells it.
    key : str
        The factory.
    """
    rows = _rows(frame, edited, added, deleted)
    phases = [_phase(row) for row in rows if _full(row.get("Decision")) and _full(row.get("Racks"))]
    return {f"{key}.{PHASES}": tuple(sorted(phases, key=lambda one: str(one["decision"])))}


def _rows(
    frame: pd.DataFrame,
    edited: Typed,
    added: Sequence[Mapping[str, object]],
    deleted: Sequence[int],
) -> list[dict[str, object]]:
    """Return the rows of a table as they stand after typing."""
    kept: list[dict[str, object]] = [
        {str(name): value for name, value in row.items()} | dict(edited.get(place, {}))
        for place, row in enumerate(frame.to_dict("records"))
        if place not in deleted
    ]
    return kept + [dict(row) for row in added]


def curve_frame(scenario: Scenario, key: str) -> pd.DataFrame:
    """Return the table of the forward curve of a factory's currency; empty where it has none."""
    points = sorted(scenario.fx_curves.get(key, {}).items())
    frame = pd.DataFrame(points, columns=[YEAR, VALUE])
    return frame.astype({YEAR: "float64", VALUE: "float64"})


def curve_changes(
    frame: pd.DataFrame,
    edited: Typed,
    added: Sequence[Mapping[str, object]],
    deleted: Sequence[int],
    key: str,
) -> dict[str, object]:
    """Return what typing in the table of a forward curve changes; half a point waits.

    Nothing, when a year stands twice or is no whole number.

    Parameters
    ----------
    frame, edited, added, deleted, key
        As in `phase_changes`.
    """
    rows = _rows(frame, edited, added, deleted)
    points = [row for row in rows if _full(row.get(YEAR)) and _full(row.get(VALUE))]
    curve = {_count(row[YEAR]): float(str(row[VALUE])) for row in points}
    if len(curve) < len(points) or not all(isinstance(year, int) for year in curve):
        return {}
    return {f"{key}.{CURVE}": dict(sorted(curve.items()))}


def _full(value: object) -> bool:
    return value is not None and not bool(pd.isna(value))  # type: ignore[call-overload]


def _phase(row: Mapping[str, object]) -> dict[str, object]:
    energised, model = row.get("Energised"), row.get("Rack system")
    return {
        "decision": _month(row["Decision"]),
        "racks": _count(row["Racks"]),
        "energised": _month(energised) if _full(energised) else None,
        "rack_model": str(model) if _full(model) and model else None,
    }


def _count(value: object) -> float:
    """Return a number as typed; a fraction stays one, so that it is refused, not cut off."""
    number = float(str(value))
    return int(number) if number.is_integer() else number


def _month(value: object) -> str:
    return f"{pd.Timestamp(str(value)):%Y-%m}-01"
