"""Energy of a factory by source: grid, purchase agreement, bridge; with a bridge and without."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    GREEN,
    NOTHING,
    ORANGE,
    Part,
    change_text,
    drawn,
    hatch,
    money,
    number,
    percent,
    titled,
)
from forecasts.bridging import Bridging, Side
from forecasts.energy_mix import NAMES, PARTS, EnergyMix, energy_mix, mix_years
from forecasts.report import month_name, years

PER = ("Year", "Month")
"""What the bars of the chart stand for."""

LOOKS = {"grid": (BLUE, ""), "ppa": (GREEN, "."), "bridge": (ORANGE, "/")}
"""Colour and pattern of every source."""


def by_source(study: Study, row: int, found: Bridging, per: str) -> Chart:
    """Stack of energy by source, by year or month, with what a bridge does as the finding.

    Parameters
    ----------
    study, row : Study, int
        Case and factory.
    found : Bridging
        The factory with a bridge and without.
    per : str
        One of `PER`.
    """
    made = yearly_table(study, row) if per == PER[0] else _monthly(study, row)
    said = finding(found, float(study.result.plan.quantities[row]["ppa_share"]))
    figure = drawn(
        [_bar(made, name) for name in PARTS if name == "grid" or made[_column(name)].any()],
        height=360,
        barmode="stack",
        xaxis={"type": "category", "tickangle": 0, "nticks": 8},
        yaxis=titled("GWh"),
    )
    return Chart(
        headline=said,
        subtitle=f"Electricity used by source and {per.lower()}, GWh",
        plot=figure,
        table=made,
        alt=f"Bars of electricity by source and {per.lower()}. {said}.",
    )


def _column(name: str) -> str:
    return f"{NAMES[name]}, GWh"


def _bar(made: pd.DataFrame, name: str) -> Part:
    colour, pattern = LOOKS[name]
    return {
        "type": "bar",
        "x": made.iloc[:, 0].astype(str).tolist(),
        "y": made[_column(name)].to_numpy().round(3),
        "name": NAMES[name],
        "marker": {"color": colour, "pattern": hatch(pattern)},
        "hovertemplate": f"<b>{NAMES[name]}</b><br>%{{x}}: %{{y:,.1f}} GWh<extra></extra>",
    }


def finding(found: Bridging, bought: float) -> str:
    """Say when a bridge brings the first sale, what it costs and what it is worth."""
    if not found.phases:
        agreed = f"; {percent(bought, 0)} of energy has a fixed price" if bought else ""
        return f"No phase waits for the grid alone: a bridge has nothing to carry{agreed}"
    name, brings, costs = (
        ("The bridge", "brings", "costs") if found.stated else ("A bridge", "would bring", "cost")
    )
    sooner = found.sooner_months
    when = f"first sales {sooner} month{'s' * (sooner != 1)}" if sooner else "later phases"
    gain = change_text("USD", found.gain_usd) or "unchanged"
    return f"{name} {brings} {when} sooner and {costs} {money(found.cost_usd)}; NPV {gain}"


def worth(found: Bridging) -> str:
    """Say up to which rent a bridge pays, and what a kWh of it costs; empty without one."""
    if not found.phases:
        return ""
    kwh = found.cost_usd / (found.mwh * 1e3) if found.mwh else 0.0
    per_kwh = f"A kWh of it costs USD {number(kwh, 3)}, rent and the months before sales included."
    now = f"{number(found.rent)} USD per kW and month"
    if found.most_rent is None:
        return f"{found.reason} (rent now: {now}). {per_kwh}"
    return (
        f"It pays up to a rent of {number(found.most_rent)} USD per kW and month; now it is "
        f"{number(found.rent)}. {per_kwh}"
    )


def beside(study: Study, found: Bridging) -> pd.DataFrame:
    """Table of the factory without a bridge, with it, and what changes."""
    both = (found.alone, found.bridged)

    def month(side: Side, name: str) -> str:
        at = getattr(side, name)
        if at is None:
            return NOTHING
        later = at >= study.result.plan.months
        return "after the projection" if later else month_name(study.result, at)

    def row(label: str, texts: list[str], change: str | None) -> dict[str, str]:
        return {
            "Figure": label,
            "Without a bridge": texts[0],
            "With a bridge": texts[1],
            "Change": change or NOTHING,
        }

    lines = []
    for label, name in (
        ("Phase 1 energised", "energised"),
        ("First GPU-hour sold", "live"),
        ("On the grid", "on_grid"),
    ):
        at = [getattr(side, name) for side in both]
        moved = None if None in at or at[0] == at[1] else f"{number(at[1] - at[0])} months"
        lines.append(row(label, [month(side, name) for side in both], moved))
    for label, name, unit in (
        ("NPV", "npv_usd", "USD"),
        ("Project IRR", "irr", "share_per_year"),
        ("LCOC", "lcoc", "USD_per_gpu_hour"),
        ("First-time capex", "capex_usd", "USD"),
        ("Power over the projection", "power_usd", "USD"),
    ):
        values = [getattr(side, name) for side in both]
        texts = [_written(value, unit) for value in values]
        known = None not in values
        lines.append(row(label, texts, change_text(unit, values[1] - values[0]) if known else None))
    lines.append(row("Fuel of the bridge", [NOTHING, money(found.fuel_usd)], None))
    lines.append(row("Rent of the bridge", [NOTHING, money(found.rent_usd)], None))
    return pd.DataFrame(lines)


def _written(value: float | None, unit: str) -> str:
    if value is None:
        return NOTHING
    if unit == "USD":
        return money(value)
    return percent(value) if unit == "share_per_year" else f"USD {number(value, 2)}"


def monthly_table(study: Study, row: int) -> pd.DataFrame:
    """Table of energy and its cost by source in every month, MWh and USD."""
    months = [month_name(study.result, month) for month in range(study.result.plan.months)]
    return pd.DataFrame({"month": months, **energy_mix(study.result, row).columns})


def yearly_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the years in which power is used or paid for: energy, cost, mean cost of a kWh."""
    mix = mix_years(study.result, row)
    return _kept(pd.DataFrame({"Year": years(study.result), **_shown(mix)}), mix)


def _monthly(study: Study, row: int) -> pd.DataFrame:
    mix = energy_mix(study.result, row)
    months = [month_name(study.result, month) for month in range(study.result.plan.months)]
    return _kept(pd.DataFrame({"Month": months, **_shown(mix)}), mix)


def _kept(frame: pd.DataFrame, mix: EnergyMix) -> pd.DataFrame:
    return frame[(mix.used_mwh > 0) | (mix.usd > 0)].reset_index(drop=True)


def _shown(mix: EnergyMix) -> dict[str, np.ndarray]:
    """Columns of both tables; a source without energy costs 0 a kWh."""
    mean = np.divide(mix.usd, mix.used_mwh, out=np.zeros_like(mix.usd), where=mix.used_mwh > 0)
    return {
        **{_column(name): getattr(mix, f"{name}_mwh") / 1e3 for name in PARTS},
        f"{NAMES['grid']}, USD m": mix.grid_usd / 1e6,
        f"{NAMES['ppa']}, USD m": mix.ppa_usd / 1e6,
        "Bridge fuel, USD m": mix.bridge_fuel_usd / 1e6,
        "Bridge rent, USD m": mix.bridge_rent_usd / 1e6,
        "All sources, USD per kWh": mean / 1e3,
    }
