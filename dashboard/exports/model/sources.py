"""Energy by source, live: grid, purchase agreement and bridge, and what each costs."""

from collections.abc import Sequence

from dashboard.exports.model.cash_lines import Site, drawn_share
from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.yearly import Years
from forecasts.energy_mix import COLUMNS, mix_years
from forecasts.engine import Result

TITLE = "Energy by source"

LABELS = {
    "grid_mwh": ("From the grid", "MWh", "number"),
    "ppa_mwh": ("Bought at a fixed indexed price", "MWh", "number"),
    "bridge_mwh": ("From the bridge", "MWh", "number"),
    "grid_usd": ("Cost of the grid's energy", "USD", "usd"),
    "ppa_usd": ("Cost of energy at a fixed indexed price", "USD", "usd"),
    "bridge_fuel_usd": ("Fuel of the bridge", "USD", "usd"),
    "bridge_rent_usd": ("Rent of the bridge", "USD", "usd"),
}
"""Label, unit and style of every row by column of the engine's table."""


def write_months(grid: Grid, site: Site) -> None:
    """Write energy and its cost by source, month by month; together they are the line Power."""
    q = site.q
    load = f"([own_mw]*{drawn_share(site)}+[let_mw]*{q['busy_power_share']})"
    left, level = "(1-[on_bridge])", f"1000*(1+{q['inflation']})^([m]/12)"
    formulas = {
        "grid_mwh": f"[mwh]*{left}*(1-{q['ppa_share']})",
        "ppa_mwh": f"[mwh]*{left}*{q['ppa_share']}",
        "bridge_mwh": "[mwh]*[on_bridge]",
        "grid_usd": "[grid_mwh]/730*[grid_price]",
        "ppa_usd": f"[ppa_mwh]*{q['ppa_price']}*{level}",
        "bridge_fuel_usd": f"[bridge_mwh]*{q['bridge_fuel_cost']}*{level}",
        "bridge_rent_usd": "[rented]",
    }
    grid.title(TITLE)
    grid.add(Row("mwh", "Energy used", "MWh", f"{load}*[pue]*730", "number"))
    for name in COLUMNS:
        label, unit, style = LABELS[name]
        grid.add(Row(name, label, unit, formulas[name], style))


def write_years(
    grid: Grid, years: Years, result: Result, factories: Sequence[tuple[str, Grid]]
) -> None:
    """Write the same by calendar year of each factory."""
    for row, (name, months) in enumerate(factories):
        grid.title(f"{name}: {TITLE.lower()}")
        held = mix_years(result, row).columns
        for column in COLUMNS:
            label, unit, style = LABELS[column]
            one = Row(f"e{row}_{column}", label, unit, years.flow(months.all(column)), style)
            grid.add(one, held[column])
