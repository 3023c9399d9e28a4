"""Which inputs bring a metric's spread, and what it would take to reach a value. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.decisions import CARRIED
from dashboard.charts.input_bars import Measure, input_bars
from dashboard.charts.risk import input_name
from dashboard.theme import BLUE, FORMATS, ORANGE, number
from forecasts.metric_register import METRICS
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]

SHOWN = 10
"""Inputs in the chart; the table has all."""


def shares_chart(data: Data, whose: str) -> Chart | None:
    """Bars of what each input brings alone and in all; None where the metric does not vary."""
    rows = [
        [
            input_name(one["input"]),
            *(
                100 * one[key]
                for key in ("alone", "alone_standard_error", "in_all", "in_all_standard_error")
            ),
        ]
        for one in data["inputs"]
        if one["in_all"] is not None
    ]
    if not rows:
        return None
    columns = ["Input", "Alone, %", "Error of alone", "In all, %", "Error of in all"]
    table = pd.DataFrame(rows, columns=columns)
    measures = (
        Measure("Alone, %", "Error of alone", "Alone", ORANGE),
        Measure("In all, %", "Error of in all", "In all", BLUE),
    )
    figure = input_bars(table, SHOWN, measures, "share of the variance, %", "%{x:.1f} %")
    first = table.iloc[0]
    label = METRICS[data["metric"]].label
    return Chart(
        headline=f"{first['Input']} takes part in {number(first['In all, %'])} ± "
        f"{number(first['Error of in all'])} % of the spread of {label}",
        subtitle=f"{label} of {whose}; bars with one standard error",
        plot=figure,
        table=table,
        alt="Bars of the share of the variance that each input brings alone and in all.",
        source=CARRIED,
    )


def goal_sentence(data: Data, whose: str) -> str:
    """Say in a sentence what it would take, or why nothing does."""
    metric, quantity = METRICS[data["metric"]], QUANTITIES[data["assumption"]]

    def level(value: float) -> str:
        shown = number(value * quantity.unit.scale, quantity.unit.digits)
        return f"{shown} {quantity.unit.text}".strip()

    target = FORMATS[metric.unit](data["target"])
    now = level(data["assumption_now"])
    asked = f"{metric.label} of {whose} to be {target}"
    if data["value"] is None:
        return f"No {quantity.label} makes {asked}. {data['reason']}"
    others = "".join(f", or {level(one)}" for one in data["others"])
    found = f"For {asked}, {quantity.label} must be {level(data['value'])}{others}; it is {now}."
    return f"{found} {data['reason']}".strip()
