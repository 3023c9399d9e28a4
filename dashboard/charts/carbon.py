"""Carbon of a factory's electricity: its grid on record and carried on, and tonnes by year."""

from collections.abc import Mapping, Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import BLUE, GREY, drawn, faded, percent, titled
from data.catalog import Catalog
from data.provenance import Fact
from forecasts.carbon import CarbonYear, carbon_by_year, grid_record

KILO = 1e3


def grid_chart(study: Study, row: int, catalog: Catalog) -> Chart:
    """Line of the grid's carbon intensity on record, carried on over the projection."""
    site = study.sites[row]
    past, ahead = grid_record(catalog, site.iso3), carbon_by_year(study.result, row)
    change = float(study.result.plan.quantities[row]["grid_carbon_change"])
    tabled = (site.key, "grid_carbon") in study.result.plan.facts
    known = [(year, float(fact.value or 0.0)) for year, fact in past.items()][-1:]
    joint = known if tabled else []
    figure = drawn(
        [*_band(joint, ahead), *_lines(past, joint, ahead)],
        height=320,
        xaxis=titled("Year"),
        yaxis={**titled("gCO2 per kWh"), "rangemode": "tozero"},
        legend={"y": -0.25},
        margin={"b": 70},
    )
    return Chart(
        headline=_headline(ahead, change),
        subtitle="Carbon intensity of the country's grid; the dashed part is an assumption",
        plot=figure,
        table=_table(past, ahead),
        alt="Line of the grid's carbon intensity on record and carried on, with its range.",
        source="Our World in Data (Ember, Energy Institute); carried on by Rackcast",
        facts=tuple(past.values()),
    )


Joint = Sequence[tuple[int, float]]
"""Year and intensity from which a projection that begins with a row is drawn; else nothing."""


def _band(joint: Joint, ahead: Sequence[CarbonYear]) -> list[go.Scatter]:
    """Range between both ends of the yearly change."""
    years = [*(year for year, _ in joint), *(one.year for one in ahead)]
    begin = [grams for _, grams in joint]
    hidden = {"x": years, "mode": "lines", "line": {"width": 0}, "hoverinfo": "skip"}
    return [
        go.Scatter(y=[*begin, *(one.high for one in ahead)], showlegend=False, **hidden),
        go.Scatter(
            y=[*begin, *(one.low for one in ahead)],
            fill="tonexty",
            fillcolor=faded(BLUE, 0.15),
            name="Range of the yearly change",
            **hidden,
        ),
    ]


def _lines(past: Mapping[int, Fact], joint: Joint, ahead: Sequence[CarbonYear]) -> list[go.Scatter]:
    return [
        go.Scatter(
            x=list(past),
            y=[fact.value for fact in past.values()],
            mode="lines+markers",
            name="On record",
            line={"color": GREY},
        ),
        go.Scatter(
            x=[*(year for year, _ in joint), *(one.year for one in ahead)],
            y=[*(grams for _, grams in joint), *(one.grams_per_kwh for one in ahead)],
            mode="lines",
            name="Carried on",
            line={"color": BLUE, "dash": "dash"},
        ),
    ]


def _headline(ahead: Sequence[CarbonYear], change: float) -> str:
    tonnes = sum(one.carbon_t for one in ahead)
    way = "falls by" if change < 0 else "rises by"
    trend = "does not change" if change == 0 else f"{way} {percent(abs(change))} a year"
    said = f"{tonnes / KILO:,.0f} thousand tonnes of CO2 to {ahead[-1].year}"
    return f"{said}: the grid's carbon {trend}"


def _table(past: Mapping[int, Fact], ahead: Sequence[CarbonYear]) -> pd.DataFrame:
    """Years on record and years ahead, with electricity and tonnes of the factory."""
    record = [
        {"Year": year, "Grid, gCO2 per kWh": fact.value, "Known as": "on record"}
        for year, fact in past.items()
    ]
    projected = [
        {
            "Year": one.year,
            "Grid, gCO2 per kWh": round(one.grams_per_kwh, 1),
            "Known as": "carried on: assumption",
            "Low, gCO2 per kWh": round(one.low, 1),
            "High, gCO2 per kWh": round(one.high, 1),
            "Electricity, GWh": round(one.energy_mwh / KILO, 1),
            "CO2, thousand tonnes": round(one.carbon_t / KILO, 2),
        }
        for one in ahead
    ]
    return pd.DataFrame([*record, *projected])
