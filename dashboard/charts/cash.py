"""Charts of one factory's money by year: running cost by line, cumulative cash."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart, scaled
from dashboard.charts.findings import cash_finding, opex_finding
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    GREEN,
    GREY,
    LINE_STYLES,
    VERMILION,
    Part,
    Style,
    drawn,
    faded,
    hatch,
    money,
    money_scale,
    titled,
)
from forecasts.cash_fan import CashFan
from forecasts.lines import LINES, OPEX_LINES
from forecasts.metrics import payback_month
from forecasts.report import annual_frame, month_name
from forecasts.units import MONTHS_PER_YEAR, Array

MOST_LINES = 6
"""Running-cost lines drawn one by one; the rest stands together."""

REST = "All other lines"


def opex_by_year(study: Study, row: int) -> Chart:
    """Stacked bars of running cost by year: the largest lines, the others together."""
    annual = annual_frame(study.result, row)
    usd = pd.DataFrame({name: -annual[f"{name}_usd"] + 0.0 for name in OPEX_LINES})
    frame, unit = scaled(usd)
    top = list(frame.sum().sort_values(ascending=False, kind="stable").index[:MOST_LINES])
    drawn_lines = {LINES[name].label: (frame[name], LINE_STYLES[name]) for name in top}
    drawn_lines[REST] = (frame.drop(columns=top).sum(axis=1), Style(GREY, "/", "dot"))
    traces = [
        {
            "type": "bar",
            "x": [str(year) for year in frame.index],
            "y": values.to_numpy().round(4),
            "name": label,
            "marker": {"color": style.colour, "pattern": hatch(style.pattern)},
            "hovertemplate": f"<b>{label}</b> %{{x}}: %{{y:,.2f}} {unit}<extra></extra>",
        }
        for label, (values, style) in drawn_lines.items()
        if values.abs().any()
    ]
    figure = drawn(
        traces,
        height=360,
        barmode="stack",
        xaxis={"type": "category", "tickangle": 0, "nticks": 8},
        yaxis=titled(f"{unit} a year"),
        legend={"entrywidth": 130, "entrywidthmode": "pixels"},
    )
    said = opex_finding(study, row)
    table = frame.rename(columns=lambda name: f"{LINES[str(name)].label}, {unit}")
    return Chart(
        headline=said,
        subtitle=f"Running cost by year and line, {unit} of the year (nominal)",
        plot=figure,
        table=table.rename_axis("Year").reset_index(),
        alt=f"Stacked bars of running cost by year. {said}.",
    )


def cumulative_cash(study: Study, row: int | None, fan: CashFan | None = None) -> Chart:
    """Line of cumulative net cash by month after tax, with deepest point and payback marked.

    With a fan, the band that holds 8 of 10 sampled paths stands behind it.

    Parameters
    ----------
    study : Study
        What is shown.
    row : int or None
        Place of the factory; None for all together.
    fan : CashFan, optional
        Percentiles of sampled paths.
    """
    result = study.result
    flows = result.cash_usd[0].sum(axis=0) if row is None else result.cash_usd[0, row]
    total = np.cumsum(flows)
    band = None if fan is None else fan.bands[:, -1 if row is None else row]
    largest = np.abs(total if band is None else band).max(initial=0.0)
    divisor, unit = money_scale(float(largest))
    start = result.plan.start
    when = start.year + (start.month + np.arange(total.size)) / MONTHS_PER_YEAR
    names = [month_name(result, month) for month in range(total.size)]
    line = {
        "type": "scatter",
        "x": when.round(4),
        "y": (total / divisor).round(4),
        "mode": "lines",
        "line": {"color": BLUE, "width": 2.5},
        "name": "Cumulative net cash",
        "customdata": names,
        "hovertemplate": f"%{{customdata}}: %{{y:,.2f}} {unit}<extra></extra>",
    }
    left = result.lines["terminal_value"][0]
    at_end = float(left.sum() if row is None else left[row].sum())
    marks = [
        _mark(float(when[month]), float(total[month] / divisor), text, side, shape)
        for month, text, side, shape in _marks(flows, names)
    ]
    behind = _areas(when, total / divisor) if band is None else _band(when, band / divisor)
    figure = drawn(
        [*behind, line, *marks],
        height=360,
        xaxis={"tickformat": "d", "dtick": 2},
        yaxis={**titled(unit), "zeroline": True, "zerolinecolor": GREY},
    )
    returns = study.portfolio if row is None else study.returns[row]
    said = cash_finding(returns)
    return Chart(
        headline=said,
        subtitle=f"Cumulative net cash after tax, before debt, {unit} (nominal)"
        f"{_step_at_end(at_end)}",
        plot=figure,
        table=pd.DataFrame(
            {"Month": names, "Net cash, USD m": flows / 1e6, "Cumulative, USD m": total / 1e6}
            | (
                {}
                if band is None
                else {f"{n}, USD m": b / 1e6 for n, b in zip(BAND, band, strict=True)}
            )
        ),
        alt=f"Cumulative net cash by month. {said}.",
    )


def _step_at_end(usd: float) -> str:
    """Explain the jump of the last month."""
    return f"; the last month adds {money(usd)}, the value of what still stands" if usd else ""


BAND = ("P10", "P50", "P90")
"""Percentiles of a fan, as its rows are called."""


def _band(when: Array, band: Array) -> list[Part]:
    """Shade what holds 8 of 10 paths, and draw their median."""
    low, middle, high = (values[::STEP].round(4) for values in band)
    x = when[::STEP].round(4)
    edge: dict[str, object] = {
        "type": "scatter",
        "x": x,
        "mode": "lines",
        "hoverinfo": "skip",
        "line": {"width": 0, "color": BLUE},
    }
    upper = {"fill": "tonexty", "fillcolor": faded(BLUE, 0.22), "name": "8 of 10 paths"}
    median = {"line": {"width": 1.5, "color": GREY, "dash": "dot"}, "name": "Median of paths"}
    return [
        {**edge, "y": low, "showlegend": False},
        {**edge, **upper, "y": high},
        {**edge, **median, "y": middle},
    ]


STEP = 3
"""Months between the points of a band: as fine as a screen shows."""


def _areas(when: Array, total: Array) -> list[Part]:
    """Shade what is still in the project, and what has come back on top."""
    parts = (
        (np.minimum(total, 0.0), "Money in the project", VERMILION),
        (np.maximum(total, 0.0), "Money returned", GREEN),
    )
    return [
        {
            "type": "scatter",
            "x": when.round(4),
            "y": part.round(4),
            "mode": "lines",
            "line": {"width": 0, "color": colour},
            "fill": "tozeroy",
            "fillcolor": faded(colour, 0.25),
            "name": label,
            "hoverinfo": "skip",
        }
        for part, label, colour in parts
        if part.any()
    ]


def _marks(flows: Array, names: list[str]) -> list[tuple[int, str, str, str]]:
    """List the deepest point and the month from which cash stays above zero.

    As in the metric, the last month does not count: the value at the end is assumed, not earned.
    """
    total = np.cumsum(flows)
    deepest, paid = int(total.argmin()), payback_month(flows[:-1])
    found = []
    if total[deepest] < 0:
        text = f"{money(-float(total[deepest]))} deep"
        late = deepest > 0.8 * total.size
        found.append((deepest, text, "bottom left" if late else "bottom center", "diamond"))
    if paid is not None and total[deepest] < 0:
        found.append((paid, f"Paid back {names[paid]}", "top left", "circle"))
    return found


def _mark(x: float, y: float, text: str, side: str, shape: str) -> Part:
    return {
        "type": "scatter",
        "x": [x],
        "y": [y],
        "mode": "markers+text",
        "text": [text],
        "textposition": side,
        "marker": {"size": 11, "color": BLUE, "symbol": shape},
        "showlegend": False,
        "hoverinfo": "skip",
        "cliponaxis": False,
    }


YEARLY = {
    "demand_mw": ("Demand, MW", 1.0),
    "live_mw": ("Live, MW", 1.0),
    "let_mw": ("Let, MW", 1.0),
    "installed_gpu_hours": ("Installed GPU-hours, m", 1e-6),
    "available_gpu_hours": ("Available GPU-hours, m", 1e-6),
    "contracted_gpu_hours": ("Contracted GPU-hours, m", 1e-6),
    "sold_gpu_hours": ("Sold GPU-hours, m", 1e-6),
    "useful_gpu_hours": ("Useful GPU-hours, m", 1e-6),
    "lease_rent_usd": ("Colocation rent, USD m", 1e-6),
    "revenue_usd": ("Revenue, USD m", 1e-6),
    "opex_usd": ("Opex, USD m", 1e-6),
    "ebitda_usd": ("EBITDA, USD m", 1e-6),
    "capex_usd": ("First-time capex, USD m", 1e-6),
    "refresh_usd": ("Refresh, USD m", 1e-6),
    "income_tax_usd": ("Income tax, USD m", 1e-6),
    "net_cash_usd": ("Net cash, USD m", 1e-6),
}
"""Columns of the yearly table by key of the projection: heading and factor."""

OF_TENANTS = ("let_mw", "lease_rent_usd")
"""Columns that a factory without tenants leaves out."""


def yearly(study: Study, row: int) -> pd.DataFrame:
    """Table of one factory by calendar year, cash in positive and cash out negative."""
    annual = annual_frame(study.result, row)
    frame = pd.DataFrame(
        {
            heading: annual[name] * factor
            for name, (heading, factor) in YEARLY.items()
            if name not in OF_TENANTS or annual["leased_mw"].any()
        }
    )
    return frame.rename_axis("Year").reset_index().astype({"Year": str})
