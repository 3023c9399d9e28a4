"""Water of a factory's cooling: litres per kWh by month, and what saving it costs in power."""

import calendar

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import BLUE, GREEN, ORANGE, Part, drawn, money, number, titled
from data.provenance import Fact
from forecasts.cooling import KINDS
from forecasts.report import month_name
from forecasts.water import (
    STRESSES,
    Tradeoff,
    missing,
    monthly,
    stress_level,
    tradeoff,
    usual_year,
    water_years,
)

LOOKS = {"dry": (BLUE, "solid"), "adiabatic": (GREEN, "dash"), "tower": (ORANGE, "solid")}
"""Colour and line of every kind of cooling."""

SHORT = {"dry": "dry", "adiabatic": "adiabatic", "tower": "towers"}
"""Names of the kinds in headings."""

MONTHS = tuple(calendar.month_abbr)[1:]
KILO, MILLION = 1e3, 1e6


def why_none(study: Study, row: int) -> str:
    """Say why there is no water to show; nothing where there is."""
    return missing(study.result.plan, row)


def by_month(study: Study, row: int) -> Chart:
    """Lines of litres per kWh of IT energy in a usual year, one for each kind of cooling."""
    months = usual_year(study.result.plan, row)
    traces: list[Part] = []
    for kind, label in KINDS.items():
        colour, dash = LOOKS[kind]
        traces.append(
            {
                "type": "scatter",
                "x": [MONTHS[one.month - 1] for one in months],
                "y": [round(one.wue[kind], 3) for one in months],
                "mode": "lines+markers",
                "line": {"color": colour, "width": 2.5, "dash": dash},
                "marker": {"size": 5, "color": colour},
                "name": label,
                "hovertemplate": f"<b>{label}</b><br>%{{x}}: %{{y:,.2f}} l/kWh<extra></extra>",
            }
        )
    figure = drawn(
        traces,
        height=340,
        xaxis={
            "type": "category",
            "tickangle": 0,
            "tickvals": list(MONTHS),
            "ticktext": [name[0] for name in MONTHS],
        },
        yaxis={**titled("litres per kWh"), "rangemode": "tozero"},
        legend={"y": -0.2},
        margin={"l": 62, "b": 70},
    )
    said = headline(study, row)
    return Chart(
        headline=said,
        subtitle="Litres of water per kWh of IT energy, usual year (WUE); cash counts dry coolers",
        plot=figure,
        table=month_table(study, row),
        alt=f"Lines of litres of water per kWh by month for three kinds of cooling. {said}.",
        source="usual weather of the city; stress: Aqueduct (WRI)",
        facts=rows_behind(study, row),
    )


def rows_behind(study: Study, row: int) -> tuple[Fact, ...]:
    """Return the rows that water is worked out from: the factory's own, then those of cooling."""
    key, rows = study.sites[row].key, study.result.plan.water
    return tuple(fact for of in (key, "") for (one, _), fact in rows.items() if one == of)


def headline(study: Study, row: int) -> str:
    """Say what dry coolers save and cost, and how short water is."""
    found = tradeoff(water_years(study.result, row))
    stress = f"water stress here is {STRESSES[stress_level(study.result.plan, row)]}"
    if found.usd_per_m3 is None:
        return f"No rack is at work, so no water is drawn; {stress}"
    return f"{_saved(found)}; {stress}"


def _saved(found: Tradeoff) -> str:
    return (
        f"Dry coolers save {volume(found.water_saved_m3)} of water in {found.year} for "
        f"{money(found.more_usd)} of power, {number(found.usd_per_m3 or 0.0, 2)} USD per m³"
    )


def volume(cubic_metres: float) -> str:
    """Write an amount of water.

    >>> volume(308_295), volume(1_169_911)
    ('308 thousand m³', '1.17 million m³')
    """
    if cubic_metres >= MILLION:
        return f"{number(cubic_metres / MILLION, 2)} million m³"
    if cubic_metres >= KILO:
        return f"{number(cubic_metres / KILO)} thousand m³"
    return f"{number(cubic_metres)} m³"


def month_table(study: Study, row: int) -> pd.DataFrame:
    """Table of a usual year: air outside, PUE and litres per kWh, and water of the busiest year."""
    result = study.result
    made, year = monthly(result, row), tradeoff(water_years(result, row)).year
    start = result.plan.start
    lines = []
    for one in usual_year(result.plan, row):
        at = (year - start.year) * 12 + one.month - start.month
        inside = 0 <= at < result.plan.months
        lines.append(
            {
                "Month": MONTHS[one.month - 1],
                "Outside, °C": one.temperature,
                "Humidity, %": one.humidity,
                "Wet bulb, °C": one.wet_bulb,
                **{f"PUE {SHORT[kind]}": one.pue[kind] for kind in KINDS},
                **{f"WUE {SHORT[kind]}, l/kWh": one.wue[kind] for kind in KINDS},
                **{
                    f"{year} {SHORT[kind]}, m³": float(made.water_m3[kind][at]) if inside else 0.0
                    for kind in KINDS
                },
            }
        )
    return pd.DataFrame(lines)


def kind_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the kinds of cooling in the busiest year: water, energy and power against dry."""
    years = water_years(study.result, row)
    busiest = tradeoff(years).year
    own = [one for one in years if one.year == busiest]
    dry = next(one for one in own if one.kind == "dry")
    return pd.DataFrame(
        [
            {
                "Cooling": KINDS[one.kind],
                f"Water in {busiest}, m³": one.water_m3,
                "Litres per kWh": one.water_m3 / one.it_mwh if one.it_mwh else 0.0,
                "Litres per GPU-hour": "none sold"
                if one.litres_per_gpu_hour is None
                else number(one.litres_per_gpu_hour, 2),
                "Most in a month, m³": one.peak_m3,
                "That month": MONTHS[one.peak_month - 1],
                "Energy against dry, MWh": one.energy_mwh - dry.energy_mwh,
                "Power against dry, USD thousand": (one.power_usd - dry.power_usd) / KILO,
            }
            for one in own
        ]
    )


def long_table(study: Study, row: int) -> pd.DataFrame:
    """Every year and kind of cooling."""
    return pd.DataFrame(
        [
            {
                "year": one.year,
                "cooling": one.kind,
                "it_mwh": one.it_mwh,
                "energy_mwh": one.energy_mwh,
                "power_usd": one.power_usd,
                "water_m3": one.water_m3,
                "peak_m3": one.peak_m3,
                "peak_month": one.peak_month,
                "litres_per_gpu_hour": one.litres_per_gpu_hour,
            }
            for one in water_years(study.result, row)
        ]
    )


def drawn_by_month(study: Study, row: int) -> pd.DataFrame:
    """Water of every month of the projection, a column for each kind of cooling."""
    made, months = monthly(study.result, row), range(study.result.plan.months)
    return pd.DataFrame(
        {
            "month": [month_name(study.result, month) for month in months],
            "it_mwh": made.it_mwh,
            **{f"{kind}_m3": made.water_m3[kind] for kind in KINDS},
        }
    )
