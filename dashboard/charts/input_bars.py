"""Bars of two measures of each input, with one standard error. Pure."""

from typing import NamedTuple

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.plot import Plot
from dashboard.theme import drawn, titled


class Measure(NamedTuple):
    """A column of a table, that of its standard errors, its name in the legend, its colour."""

    column: str
    error: str
    label: str
    colour: str


def input_bars(
    table: pd.DataFrame, shown: int, measures: tuple[Measure, ...], axis: str, values: str
) -> Plot:
    """Draw the first rows of a table of inputs, the first one on top.

    Parameters
    ----------
    table : pd.DataFrame
        Columns `Input`, and those of the measures.
    shown : int
        Rows that are drawn.
    measures : tuple of Measure
        One without a finite value is left out.
    axis : str
        What is measured.
    values : str
        Format of a value under the pointer, as plotly writes it.
    """
    top = table.head(shown).iloc[::-1]
    bars = [
        go.Bar(
            x=top[one.column],
            y=top["Input"],
            orientation="h",
            name=one.label,
            marker={"color": one.colour},
            error_x={"type": "data", "array": top[one.error].fillna(0.0)},
            hovertemplate="%{y}: " + values + "<extra>" + one.label + "</extra>",
        )
        for one in measures
        if np.isfinite(top[one.column]).any()
    ]
    return drawn(
        bars,
        height=460,
        margin={"b": 60},
        legend={"y": -0.2},
        xaxis=titled(axis),
        yaxis={"automargin": True},
    )
