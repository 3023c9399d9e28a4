"""Charts of all factories together: how much, and when."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart, scaled
from dashboard.charts.study import Study, short
from dashboard.theme import GREY, Style, drawn, factory_style, hatch, money, number, titled
from forecasts.lines import CAPEX_LINES
from forecasts.report import years
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array


def _stack(frame: pd.DataFrame, styles: Mapping[str, Style], hover: str, y: str) -> go.Figure:
    """Stacked bars by year; what is zero throughout is left out."""
    traces = [
        {
            "type": "bar",
            "x": [str(year) for year in frame.index],
            "y": frame[name].to_numpy().round(4),
            "name": name,
            "marker": {
                "color": styles[name].colour,
                "line": {"width": 0},
                "pattern": hatch(styles[name].pattern),
            },
            "hovertemplate": f"<b>%{{fullData.name}}</b> %{{x}}<br>{hover}<extra></extra>",
        }
        for name in frame.columns
        if frame[name].abs().any()
    ]
    return drawn(
        traces,
        height=360,
        barmode="stack",
        xaxis={"type": "category", "tickangle": 0, "nticks": 8},
        yaxis=titled(y),
        legend={"entrywidth": 84, "entrywidthmode": "pixels"},
    )


def _styles(study: Study) -> dict[str, Style]:
    return {short(site): factory_style(site.key) for site in study.sites}


def capacity_by_year(study: Study) -> Chart:
    """Stacked bars of the IT load live at the end of each year, by factory, MW."""
    result = study.result
    calendar = calendar_years(result.plan.start, result.plan.months)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    frame = pd.DataFrame(
        result.sales.live_mw[:, last].T,
        index=pd.Index(years(result), name="Year"),
        columns=[short(site) for site in study.sites],
    )
    total = frame.sum(axis=1)
    peak = int(total.to_numpy().argmax())
    figure = _stack(frame, _styles(study), "%{y:,.1f} MW", "MW of IT load")
    said = (
        f"Live capacity reaches {number(total.iloc[peak])} MW in {frame.index[peak]}"
        if total.any()
        else "No capacity goes live in this scenario"
    )
    return Chart(
        headline=said,
        subtitle="IT load live at the end of each year, by factory, MW",
        figure=figure,
        table=_with_units(frame.reset_index(), "MW"),
        alt=f"Stacked bars of live IT load by year and factory. {said}.",
    )


def _with_units(frame: pd.DataFrame, unit: str) -> pd.DataFrame:
    names = [str(name) for name in frame.columns.to_list()]
    return frame.set_axis([one if one == "Year" else f"{one}, {unit}" for one in names], axis=1)


REFRESH = "Refresh (all)"
"""Replacement of racks at the end of their life, all factories together."""


def capex_by_year(study: Study) -> Chart:
    """Stacked bars of first-time capex by factory, and all refreshes together, by year."""
    result = study.result
    calendar = calendar_years(result.plan.start, result.plan.months)

    def yearly(usd: Array) -> Array:
        return -by_year(usd, calendar) + 0.0

    spent = result.total(CAPEX_LINES)[0]
    usd = pd.DataFrame(
        {short(site): yearly(spent[row]) for row, site in enumerate(study.sites)},
        index=pd.Index(years(result), name="Year"),
    )
    first = usd.sum(axis=1)
    usd[REFRESH] = yearly(result.lines["refresh"][0].sum(axis=0))
    frame, unit = scaled(usd)
    styles = _styles(study) | {REFRESH: Style(GREY, "/", "dot")}
    figure = _stack(frame, styles, f"%{{y:,.2f}} {unit}", unit)
    said = _capex_finding(first, usd.sum(axis=1))
    return Chart(
        headline=said,
        subtitle=f"First-time capex by factory, and hardware refresh, {unit} of the year (nominal)",
        figure=figure,
        table=_with_units(frame.reset_index(), unit),
        alt=f"Stacked bars of capex by year and factory. {said}.",
    )


def _capex_finding(first: "pd.Series[float]", whole: "pd.Series[float]") -> str:
    """Say when most is spent on building, and when refreshes make another year dearer."""
    if not first.any():
        return "Nothing is spent in this scenario"
    peak, dearest = int(first.to_numpy().argmax()), int(whole.to_numpy().argmax())
    said = f"Build-out spending peaks at {money(float(first.iloc[peak]))} in {first.index[peak]}"
    if dearest == peak:
        return said
    most = money(float(whole.iloc[dearest]))
    return f"{said}; with refreshes, {whole.index[dearest]} costs most: {most}"
