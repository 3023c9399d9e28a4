"""Countries side by side: a table of what they differ in, and one figure with its sources."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.compare_sites import lower_first
from dashboard.charts.study import Study, short
from dashboard.theme import BLUE, GREY, JOIN, ORANGE, drawn, number, titled
from forecasts.side_by_side import Cell

TOLD = ("power_price", "discount_rate", "grid_lead_months")
"""Figures whose span the headline tells, the first two that differ."""

SPOKEN = {"%/yr": "% a year"}
"""Units as a sentence writes them."""


def written(cell: Cell) -> str:
    """Write a figure; behind one that the scenario changes stands its base value."""
    digits = cell.digits
    if cell.stated and number(cell.value, digits) == number(cell.base, digits):
        digits += 2
    here = number(cell.value, digits)
    return f"{here} (base {number(cell.base, digits)})" if cell.stated else here


def names_of(study: Study) -> dict[str, str]:
    """Return how the factories are written, by key."""
    return {site.key: short(site) for site in study.sites}


def figures(cells: Sequence[Cell]) -> dict[str, str]:
    """Return the figures with their units, by name, in order."""
    return {one.name: _titled(one) for one in cells}


def _titled(cell: Cell) -> str:
    """Write a label with its unit, unless it says the unit itself."""
    return cell.label if cell.unit in cell.label else f"{cell.label}, {cell.unit}"


def matrix(cells: Sequence[Cell], names: Mapping[str, str]) -> pd.DataFrame:
    """Table with a row for each figure and a column for each factory."""
    rows: dict[str, dict[str, str]] = {}
    for one in cells:
        row = rows.setdefault(one.name, {"Figure": _titled(one)})
        row[names[one.factory]] = written(one)
    return pd.DataFrame(list(rows.values()))


def headline(cells: Sequence[Cell], names: Mapping[str, str]) -> str:
    """Say how far apart the countries are on what weighs most."""
    said: list[str] = []
    for name in TOLD:
        own = [one for one in cells if one.name == name]
        low, high = min(own, key=_value), max(own, key=_value)
        if low.value != high.value:
            label = low.label if not said else lower_first(low.label)
            said.append(
                f"{label} from {number(low.value, low.digits)} ({names[low.factory]}) to "
                f"{number(high.value, high.digits)}{JOIN}{SPOKEN.get(high.unit, high.unit)} "
                f"({names[high.factory]})"
            )
    return "; ".join(said[:2]) if said else "One country, so there is nothing to compare"


def _value(cell: Cell) -> float:
    return cell.value


def across(cells: Sequence[Cell], name: str, names: Mapping[str, str]) -> Chart:
    """Bars of one figure over the factories, with the range of each row and the base value."""
    own = sorted((one for one in cells if one.name == name), key=_value)
    first = own[0]
    labels = [names[one.factory] for one in own]
    changed = [one for one in own if one.stated]
    traces: list[dict[str, object]] = [
        {
            "type": "bar",
            "orientation": "h",
            "y": labels,
            "x": [one.value for one in own],
            "name": "In use",
            "marker": {"color": BLUE},
            "error_x": _spans(own),
            "hovertemplate": f"<b>%{{y}}</b>: %{{x:,.{first.digits}f}} {first.unit}<extra></extra>",
        }
    ]
    if changed:
        traces.append(
            {
                "type": "scatter",
                "mode": "markers",
                "y": [names[one.factory] for one in changed],
                "x": [one.base for one in changed],
                "name": "Base value",
                "marker": {"color": ORANGE, "symbol": "diamond", "size": 10},
                "hovertemplate": f"<b>%{{y}}</b>, base: %{{x:,.{first.digits}f}}<extra></extra>",
            }
        )
    said = (
        f"{first.label}: {number(first.value, first.digits)} in {labels[0]}, "
        f"{number(own[-1].value, first.digits)} {first.unit} in {labels[-1]}"
        if len(own) > 1
        else f"{first.label}: {number(first.value, first.digits)} {first.unit} in {labels[0]}"
    )
    return Chart(
        headline=said,
        subtitle=f"{first.label} by factory, {first.unit}; thin lines: range of the row",
        plot=drawn(
            traces,
            height=90 + 26 * len(own),
            xaxis=titled(first.unit),
            yaxis={"automargin": True},
            showlegend=bool(changed),
            margin={"l": 8, "b": 48},
        ),
        table=sources(own, names),
        alt=f"Bars of {first.label} by factory. {said}.",
        source="the row of each factory, below",
        facts=tuple(one.fact for one in own if one.fact is not None),
    )


def _spans(own: Sequence[Cell]) -> dict[str, object]:
    """Thin lines from the low to the high end of each row's range, where it has one."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [max((one.high or one.value) - one.value, 0.0) for one in own],
        "arrayminus": [
            max(one.value - (one.value if one.low is None else one.low), 0.0) for one in own
        ],
        "color": GREY,
        "thickness": 1.5,
        "width": 3,
    }


def sources(cells: Sequence[Cell], names: Mapping[str, str]) -> pd.DataFrame:
    """Table of cells with base value, range, grade, source and row of each."""
    return pd.DataFrame(
        [
            {
                "Factory": names[one.factory],
                "In use": one.value,
                "Base": one.base,
                "Low": one.low,
                "High": one.high,
                "Unit": one.unit,
                "Grade": one.grade,
                "Source": f"{one.source}, {one.date}" if one.date else one.source,
                "Address": one.address,
                "Row": one.row,
                "Notes": one.notes,
            }
            for one in cells
        ]
    ).astype({"Low": "float64", "High": "float64"})


def every(cells: Sequence[Cell], names: Mapping[str, str]) -> pd.DataFrame:
    """Table of every cell of every figure, for a file."""
    frame = sources(cells, names)
    frame.insert(1, "Country", [one.iso3 for one in cells])
    frame.insert(2, "About", [one.group for one in cells])
    frame.insert(3, "Figure", [one.label for one in cells])
    return frame


def text(cells: Sequence[Cell], at_once: int = 6) -> str:
    """Return the table for a terminal, some factories side by side."""
    keys = list(dict.fromkeys(one.factory for one in cells))
    lines = []
    for begin in range(0, len(keys), at_once):
        shown = keys[begin : begin + at_once]
        lines.append(f"{'figure':44}" + "".join(f"{key:>14}" for key in shown))
        for name, label in figures(cells).items():
            own = {one.factory: one for one in cells if one.name == name}
            values = "".join(f"{_short(own[key]):>14}" for key in shown)
            lines.append(f"{label:44}{values}")
        lines.append("")
    return "\n".join([*lines, "* changed by this scenario; sources of every cell with --json"])


def _short(cell: Cell) -> str:
    return written(replace(cell, stated=False)) + ("*" if cell.stated else "")
