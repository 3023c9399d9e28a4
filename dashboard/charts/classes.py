"""Demand by class of use against capacity: what is wanted, what is met, what stands idle."""

from dataclasses import asdict

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.factory import DemandMet
from dashboard.charts.findings import listed
from dashboard.charts.study import Study
from dashboard.theme import (
    GREEN,
    PURPLE,
    SKY,
    YELLOW,
    Part,
    faded,
    percent,
)
from forecasts.demand_classes import CLASSES, DemandYear, class_demand, demand_years
from forecasts.units import Array

SHORT = {
    "regulated": "Regulated",
    "training": "Training",
    "inference": "Inference",
    "tenants": "Tenants",
}
"""Names in legends and headings."""

LOOKS = {
    "regulated": (PURPLE, ""),
    "training": (SKY, "/"),
    "inference": (GREEN, "."),
    "tenants": (YELLOW, "x"),
}
"""Colour and pattern of every class."""

PER = ("MW-months", "GPU-hours, m")
"""What the yearly table counts."""


def by_class(study: Study, row: int) -> Chart:
    """Stack of the demand met, by class and month, below demand and live capacity.

    Shortfall lies between what is met and demand once something is live, stranded capacity above
    what is met.
    """
    found, against = class_demand(study.result), DemandMet(study, row)
    shown = _shown(study, row)
    bands = [
        _band(against.when, found.met_mw[_place(name), row], against.names, name) for name in shown
    ]
    by_use = {
        f"{SHORT[name]} {word}, MW": values[_place(name), row]
        for name in shown
        for word, values in (("wanted", found.wanted_mw), ("met", found.met_mw))
    }
    said = _finding(study, row)
    return Chart(
        headline=said,
        subtitle="IT load met by class of use, MW, contracts first; shortfall and shares count "
        "from the first live month",
        plot=against.drawing(bands),
        table=pd.DataFrame(against.columns(by_use)),
        alt=f"Demand met by class and month, below demand and live capacity. {said}.",
    )


def _place(name: str) -> int:
    return list(CLASSES).index(name)


def _shown(study: Study, row: int) -> list[str]:
    """Classes of a factory: tenants only where space is let."""
    let = study.result.sales.leased_mw[row].any()
    return [name for name in CLASSES if let or name != "tenants"]


def _band(when: Array, values: Array, names: list[str], name: str) -> Part:
    """One class in the stack of what is met."""
    colour, pattern = LOOKS[name]
    return {
        "type": "scatter",
        "x": when.round(4),
        "y": values.round(3),
        "mode": "lines",
        "stackgroup": "met",
        "line": {"width": 0.5, "color": colour},
        "fillcolor": faded(colour, 0.55),
        "fillpattern": {
            "shape": pattern,
            "bgcolor": faded(colour, 0.3),
            "fgcolor": faded(colour, 0.9),
            "size": 6,
            "solidity": 0.2,
        },
        "name": f"{SHORT[name]}, met",
        "customdata": names,
        "hovertemplate": f"<b>{CLASSES[name]}</b>, met %{{customdata}}: %{{y:,.1f}} MW"
        "<extra></extra>",
    }


def _finding(study: Study, row: int) -> str:
    """Say how much of each class's demand is met once something is live."""
    found, live = class_demand(study.result), study.result.sales.live_mw[row] > 0
    said = []
    for name in _shown(study, row):
        wanted = float(found.wanted_mw[_place(name), row][live].sum())
        if wanted > 0 and name != "tenants":
            share = float(found.met_mw[_place(name), row][live].sum()) / wanted
            said.append(f"{percent(share, 0)} of {SHORT[name].lower()}")
    if not live.any():
        return "No capacity goes live in this scenario"
    return f"Capacity meets {listed(said)} demand" if said else "Nobody wants hours here"


def class_table(study: Study, row: int, per: str) -> pd.DataFrame:
    """Table of demand by year and class, in one of `PER`."""
    return pd.DataFrame([_line(year, per) for year in demand_years(study.result, row)])


def _line(year: DemandYear, per: str) -> dict[str, object]:
    """One year of the table: sums first, then every class."""
    begun: dict[str, object] = {f"Year, {per}": str(year.year)}
    if per == PER[0]:
        begun |= {
            "Wanted": year.wanted_mw_months,
            "Met": year.met_mw_months,
            "Shortfall": year.shortfall_mw_months,
            "Before live": year.before_live_mw_months,
            "Stranded": year.stranded_mw_months,
        }
        for one in year.classes:
            begun[f"{SHORT[one.name]} wanted"] = one.wanted_mw_months
            begun[f"{SHORT[one.name]} met"] = one.met_mw_months
        return begun
    for one in year.classes:
        if one.name != "tenants":
            name = SHORT[one.name]
            begun[f"{name} wanted"] = one.wanted_gpu_hours / 1e6
            begun[f"{name} sold"] = one.sold_gpu_hours / 1e6
            begun[f"{name} under contract"] = one.contracted_gpu_hours / 1e6
    return begun


def long_table(study: Study, row: int) -> pd.DataFrame:
    """Every class of every year, MW-months and GPU-hours: for a file."""
    return pd.DataFrame(
        [
            {"year": year.year, "class": one.name}
            | {name: value for name, value in asdict(one).items() if name != "name"}
            for year in demand_years(study.result, row)
            for one in year.classes
        ]
    )
