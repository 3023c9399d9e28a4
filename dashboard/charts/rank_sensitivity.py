"""How closely each sampled input goes with a metric over the paths. Pure."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.decisions import CARRIED
from dashboard.charts.input_bars import Measure, input_bars
from dashboard.charts.risk import input_name
from dashboard.theme import BLUE, ORANGE, number
from forecasts.metric_register import METRICS
from forecasts.rank_sensitivity import RankSensitivity

SHOWN = 12
"""Inputs in the chart; the table has all."""

COLUMNS = [
    "Input",
    "Spearman",
    "Error of Spearman",
    "Partial",
    "Error of partial",
]


def ranks_chart(found: RankSensitivity | None, metric: str, whose: str) -> Chart | None:
    """Bars of the rank correlation of each input with a metric; None where there is none."""
    if found is None or not found.inputs:
        return None
    table = pd.DataFrame(
        [
            [input_name(one.name), one.spearman, one.spearman_error, one.partial, one.partial_error]
            for one in found.inputs
        ],
        columns=COLUMNS,
    )
    measures = (
        Measure("Spearman", "Error of Spearman", "Alone (Spearman)", ORANGE),
        Measure("Partial", "Error of partial", "All others held (partial)", BLUE),
    )
    axis = "rank correlation, \N{MINUS SIGN}1 to 1"
    figure = input_bars(table, SHOWN, measures, axis, "%{x:.2f}")
    label = METRICS[metric].label
    return Chart(
        headline=_headline(table, label),
        subtitle=f"{label} of {whose}, {found.paths:,} paths; bars with one standard error",
        plot=figure,
        table=table,
        alt="Bars of the rank correlation of each input with the metric, alone and partial.",
        source=CARRIED,
    )


def _headline(table: pd.DataFrame, label: str) -> str:
    first = table.iloc[0]
    partial = np.isfinite(first["Partial"])
    value, error = (float(first.iloc[place]) for place in ((3, 4) if partial else (1, 2)))
    way = "rises" if value > 0 else "falls"
    told = f"{number(value, 2)} \N{PLUS-MINUS SIGN} {number(error, 2)}"
    return f"{label} {way} most surely with {first['Input']}: rank correlation {told}"


def why_none(found: RankSensitivity | None, metric: str, whose: str) -> str:
    """Say why there is no chart."""
    label = METRICS[metric].label
    if found is None:
        return f"{label} of {whose} is not simulated, so no input can be ranked on the paths."
    if found.paths == 0:
        return f"{label} of {whose} exists on no path."
    return f"{label} of {whose} is the same on all {found.paths:,} paths where it exists."
