"""Charts of all factories together: how much, and when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.plot import Plot
from dashboard.charts.study import Study, short
from dashboard.theme import (
    GREY,
    Style,
    drawn,
    factory_style,
    hatch,
    money,
    money_scale,
    number,
    titled,
)
from forecasts.lines import CAPEX_LINES
from forecasts.report import years
from forecasts.tax import by_year, calendar_years
from forecasts.units import Array


@dataclass(frozen=True, slots=True, eq=False)
class _Bars:
    """What is stacked: values by name and year, and the look of each name."""

    years: Sequence[int]
    values: Mapping[str, Array]
    styles: Mapping[str, Style]

    def drawn(self, hover: str, unit: str) -> Plot:
        """Stack bars by year; what is zero throughout is left out."""
        x = [str(year) for year in self.years]
        traces = [
            {
                "type": "bar",
                "x": x,
                "y": values.round(4),
                "name": name,
                "marker": {
                    "color": self.styles[name].colour,
                    "line": {"width": 0},
                    "pattern": hatch(self.styles[name].pattern),
                },
                "hovertemplate": f"<b>%{{fullData.name}}</b> %{{x}}<br>{hover}<extra></extra>",
            }
            for name, values in self.values.items()
            if values.any()
        ]
        return drawn(
            traces,
            height=360,
            barmode="stack",
            xaxis={"type": "category", "tickangle": 0, "nticks": 8},
            yaxis=titled(unit),
            legend={"entrywidth": 84, "entrywidthmode": "pixels"},
        )

    def table(self, unit: str) -> pd.DataFrame:
        """Return the numbers, units in the headings."""
        named = {f"{name}, {unit}": values for name, values in self.values.items()}
        return pd.DataFrame({"Year": list(self.years), **named})


def _styles(study: Study) -> dict[str, Style]:
    return {short(site): factory_style(site.key) for site in study.sites}


def capacity_by_year(study: Study) -> Chart:
    """Stacked bars of the IT load live at the end of each year, by factory, MW."""
    result = study.result
    calendar = calendar_years(result.plan.start, result.plan.months)
    last = np.flatnonzero(np.diff(calendar, append=calendar[-1] + 1))
    live = result.sales.live_mw[:, last]
    bars = _Bars(years(result), _by_factory(study, live), _styles(study))
    total = live.sum(axis=0)
    peak = int(total.argmax())
    said = (
        f"Live capacity reaches {number(float(total[peak]))} MW in {bars.years[peak]}"
        if total.any()
        else "No capacity goes live in this scenario"
    )
    return Chart(
        headline=said,
        subtitle="IT load live at the end of each year, by factory, MW",
        plot=bars.drawn("%{y:,.1f} MW", "MW of IT load"),
        table=bars.table("MW"),
        alt=f"Stacked bars of live IT load by year and factory. {said}.",
    )


def _by_factory(study: Study, values: Array) -> dict[str, Array]:
    return {short(site): own for site, own in zip(study.sites, values, strict=True)}


REFRESH = "Refresh (all)"
"""Replacement of racks at the end of their life, all factories together."""


def capex_by_year(study: Study) -> Chart:
    """Stacked bars of first-time capex by factory, and all refreshes together, by year."""
    result = study.result
    calendar = calendar_years(result.plan.start, result.plan.months)
    first = -by_year(result.total(CAPEX_LINES)[0], calendar) + 0.0
    refresh = -by_year(result.lines["refresh"][0].sum(axis=0), calendar) + 0.0
    largest = float((np.abs(first).sum(axis=0) + np.abs(refresh)).max(initial=0.0))
    divisor, unit = money_scale(largest)
    values = {**_by_factory(study, first / divisor), REFRESH: refresh / divisor}
    styles = {**_styles(study), REFRESH: Style(GREY, "/", "dot")}
    bars = _Bars(years(result), values, styles)
    spent = first.sum(axis=0)
    said = _capex_finding(bars.years, spent, spent + refresh)
    return Chart(
        headline=said,
        subtitle=f"First-time capex by factory, and hardware refresh, {unit} of the year (nominal)",
        plot=bars.drawn(f"%{{y:,.2f}} {unit}", unit),
        table=bars.table(unit),
        alt=f"Stacked bars of capex by year and factory. {said}.",
    )


def _capex_finding(named: Sequence[int], first: Array, whole: Array) -> str:
    """Say when most is spent on building, and when refreshes make another year dearer."""
    if not first.any():
        return "Nothing is spent in this scenario"
    peak, dearest = int(first.argmax()), int(whole.argmax())
    said = f"Build-out spending peaks at {money(float(first[peak]))} in {named[peak]}"
    if dearest == peak:
        return said
    most = money(float(whole[dearest]))
    return f"{said}; with refreshes, {named[dearest]} costs most: {most}"
