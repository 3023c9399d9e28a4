"""Scenarios side by side, and what the difference between two is made of."""

from collections.abc import Mapping, Sequence

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    FORMATS,
    GREEN,
    GREY,
    VERMILION,
    change_text,
    drawn,
    hatch,
    metric_text,
    money_scale,
    number,
    titled,
)
from forecasts.bridge import Bridge, Step
from forecasts.metric_register import METRICS
from forecasts.metrics import Metric

COMPARED = (
    "npv",
    "irr",
    "equity_irr",
    "payback",
    "lcoc",
    "capex",
    "peak_funding",
    "min_dscr",
    "stranded",
)
"""Metrics of all factories together that are set side by side."""

BRIDGED = {"npv": "NPV", "irr": "Project IRR", "lcoc": "LCOC", "capex": "Capex"}
"""Metrics whose difference can be split."""

MOST_STEPS = 9
"""Changes drawn one by one; the others stand together."""

REST = "All other changes"


def side_by_side(studies: Mapping[str, Study]) -> pd.DataFrame:
    """Table of metrics by scenario; behind the first, each with its change against the first."""
    names = list(studies)
    first = studies[names[0]].portfolio
    lines = []
    for metric in COMPARED:
        if metric not in first:
            continue
        line = {"Metric": METRICS[metric].label}
        for name in names:
            found = studies[name].portfolio[metric]
            line[name] = metric_text(found) + (
                "" if name == names[0] else _change(metric, found, first[metric])
            )
        lines.append(line)
    good = {"Metric": "Factories that earn their cost of capital"}
    for name, one in studies.items():
        count = sum(one.clears(row) for row in range(len(one.sites)))
        good[name] = f"{count} of {len(one.sites)}"
    return pd.DataFrame([*lines, good])


def _change(metric: str, now: Metric, before: Metric) -> str:
    if now.value is None or before.value is None:
        return ""
    change = change_text(METRICS[metric].unit, now.value - before.value)
    return "" if change is None else f"  ({change})"


def stated_table(told: Mapping[str, Sequence[tuple[str, str, str]]]) -> pd.DataFrame:
    """Table of what differs between the first scenario and each other one.

    Parameters
    ----------
    told : mapping of str to sequence of (label, before, now)
        By name of the other scenario.
    """
    rows = [
        {"Scenario": name, "Assumption": label, "Before": before, "Now": now}
        for name, changes in told.items()
        for label, before, now in changes
    ]
    return pd.DataFrame(rows, columns=["Scenario", "Assumption", "Before", "Now"])


def bridge_chart(found: Bridge, names: tuple[str, str]) -> Chart:
    """Waterfall from one scenario's metric to another's, one bar a change.

    Parameters
    ----------
    found : Bridge
        With steps.
    names : (str, str)
        The two scenarios.
    """
    info = METRICS[found.metric]
    before, after = (end.value or 0.0 for end in (found.before, found.after))
    divisor, unit = _scale(info.unit, max(abs(before), abs(after)))
    steps = [*found.steps[:MOST_STEPS]]
    left = sum(step.change for step in found.steps[MOST_STEPS:])
    if len(found.steps) > MOST_STEPS:
        steps.append(Step("rest", REST, left))
    labels = [names[0], *(step.label for step in steps), names[1]]
    values = [before, *(step.change for step in steps), after]
    tops = [before]
    for step in steps:
        tops.append(tops[-1] + step.change)
    bases = [0.0, *tops[:-1], 0.0]
    better = {"high": 1, "low": -1}.get(info.better, 0)
    looks = [
        GREY if not better else GREEN if step.change * better > 0 else VERMILION for step in steps
    ]
    bars = {
        "type": "bar",
        "x": labels,
        "y": [value / divisor for value in values],
        "base": [base / divisor for base in bases],
        "text": [_written(info.unit, value, step) for value, step in _signs(values)],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [BLUE, *looks, BLUE],
            "pattern": hatch(["", *("" if look == GREEN else "/" for look in looks), ""]),
        },
        "hovertemplate": "<b>%{x}</b>: %{text}<extra></extra>",
        "showlegend": False,
    }
    figure = drawn(
        [bars],
        height=380,
        xaxis={"type": "category", "automargin": True, "tickangle": 0 if len(labels) < 6 else 30},
        yaxis={**titled(unit), "zeroline": True, "zerolinecolor": GREY},
        margin={"b": 90, "t": 24},
    )
    said = bridge_finding(found, names)
    kind = "mean effect over every order" if found.exact else "mean effect over some orders"
    table = pd.DataFrame(
        {
            "Change": [step.label for step in found.steps],
            f"Effect on {BRIDGED.get(found.metric, info.label)}": [
                change_text(info.unit, step.change) or "0" for step in found.steps
            ],
            "Effect, model's unit": [step.change for step in found.steps],
        }
    )
    return Chart(
        headline=said,
        subtitle=f"{info.label} of all factories, {unit}; each change by its {kind} of changing",
        plot=figure,
        table=table,
        alt=f"Waterfall from {names[0]} to {names[1]}. {said}.",
    )


def _look(gain: float) -> str:
    return GREY if not gain else GREEN if gain > 0 else VERMILION


def _signs(values: Sequence[float]) -> list[tuple[float, bool]]:
    last = len(values) - 1
    return [(value, 0 < place < last) for place, value in enumerate(values)]


def _written(unit: str, value: float, step: bool) -> str:
    if step:
        return change_text(unit, value) or "0"
    return FORMATS[unit](value)


def _scale(unit: str, largest: float) -> tuple[float, str]:
    if unit == "USD":
        return money_scale(largest)
    if unit in {"share", "share_per_year"}:
        return 0.01, "% a year" if unit == "share_per_year" else "%"
    return 1.0, unit.replace("_", " ")


def bridge_finding(found: Bridge, names: tuple[str, str]) -> str:
    """Say which change moved the metric most."""
    info = METRICS[found.metric]
    if not found.steps:
        return found.reason or f"{names[0]} and {names[1]} state the same"
    top = found.steps[0]
    moved = change_text(info.unit, top.change)
    if moved is None:
        return f"Nothing that differs moves {info.label}"
    whole = sum(abs(step.change) for step in found.steps)
    share = f", {number(100 * abs(top.change) / whole)} % of all that moved" if whole else ""
    return f"{top.label} moves {info.label} most: {moved}{share}"
