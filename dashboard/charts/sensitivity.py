"""A metric along the ranges of assumptions: lines of several, a map of two. Pure."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.decisions import REPLANNED, on_screen
from dashboard.theme import FORMATS, PALETTE, drawn, money, titled
from forecasts.metric_register import METRICS
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]

MILLION = 1e6


def spider_chart(data: Data) -> Chart:
    """A metric along the range of a few assumptions, each from its low to its high end."""
    scale, unit = on_screen(data["metric"])
    label, written = METRICS[data["metric"]].label, FORMATS[METRICS[data["metric"]].unit]
    shares = [100 * share for share in data["shares"]]
    columns = {
        QUANTITIES[one["assumption"]].label: [
            None if value is None else value * scale for value in one["values"]
        ]
        for one in data["lines"]
    }
    table = pd.DataFrame({"Way to the end of its range, %": shares} | columns)
    table = table.astype("float64")
    figure = drawn(
        [
            go.Scatter(
                x=shares,
                y=table[name],
                mode="lines",
                name=name,
                line={"color": colour},
                hovertemplate=f"%{{x:.0f}} % of the way: %{{y:,.4~g}} {unit}<extra>{name}</extra>",
            )
            for name, colour in zip(columns, PALETTE[: len(columns)], strict=True)
        ],
        height=420,
        margin={"b": 60},
        legend={"y": -0.25},
        xaxis={**titled("from low end (-100) over the value in use (0) to high end (100)")},
        yaxis=titled(f"{label} of all factories, {unit}"),
    )
    steepest = (table[list(columns)].max() - table[list(columns)].min()).idxmax()
    return Chart(
        headline=f"{steepest} bends {label} most: from "
        f"{written(table[steepest].min() / scale)} to {written(table[steepest].max() / scale)}",
        subtitle="Each assumption alone along its stated range, everything planned anew",
        plot=figure,
        table=table,
        alt=f"Lines of {label} along the range of the assumptions that move it most.",
        source=REPLANNED,
    )


def heat_chart(data: Data) -> Chart:
    """NPV over the ranges of two assumptions, with the line on which it is zero."""
    across, up = (QUANTITIES[name] for name in data["names"])
    values = np.array(
        [[np.nan if one is None else one / MILLION for one in row] for row in data["values"]]
    )
    x = [one * across.unit.scale for one in data["across"]]
    y = [one * up.unit.scale for one in data["up"]]
    titles = [f"{one.label}, {one.unit.text}".rstrip(", ") for one in (across, up)]
    reach = float(np.nanmax(np.abs(values))) if np.isfinite(values).any() else 1.0
    marks: list[go.Heatmap | go.Scatter] = [
        go.Heatmap(
            x=x,
            y=y,
            z=values,
            zmid=0.0,
            zmin=-reach,
            zmax=reach,
            colorscale="RdBu",
            colorbar={"title": "USD m"},
            hovertemplate=f"{titles[0]} %{{x:,.3g}}<br>{titles[1]} %{{y:,.3g}}<br>"
            "NPV %{z:,.0f} m<extra></extra>",
        )
    ]
    line = data["contour"]
    if line:
        marks.append(
            go.Scatter(
                x=[one[0] * across.unit.scale for one in line],
                y=[one[1] * up.unit.scale for one in line],
                mode="lines+markers",
                name="NPV is zero",
                line={"color": "black", "width": 3},
                hoverinfo="skip",
            )
        )
    figure = drawn(
        marks,
        height=440,
        margin={"b": 60},
        legend={"y": -0.25},
        xaxis=titled(titles[0]),
        yaxis=titled(titles[1]),
    )
    table = pd.DataFrame(values, columns=[f"{titles[0]} {one:,.4g}" for one in x])
    table.insert(0, titles[1], y)
    return Chart(
        headline=_break_even(data, (across.label, up.label), values),
        subtitle="NPV of all factories; on the black line it is zero",
        plot=figure,
        table=table,
        alt="Map of NPV over two assumptions with the line of break-even.",
        source=REPLANNED,
    )


def _break_even(data: Data, names: tuple[str, str], values: np.ndarray) -> str:
    known = values[np.isfinite(values)]
    if not known.size:
        return f"No NPV can be found for any {names[0]} and {names[1]}"
    if not data["contour"]:
        side = "above" if (known > 0).all() else "below"
        low, high = money(known.min() * MILLION), money(known.max() * MILLION)
        return f"NPV stays {side} zero over both ranges, from {low} to {high}"
    share = 100 * float((known > 0).mean())
    return f"NPV is above zero in {share:.0f} % of what {names[0]} and {names[1]} can be together"
