"""Demand by class of use, live: what each class wants, what is met of it, which hours it buys."""

from collections.abc import Sequence

import numpy as np

from dashboard.exports.model.cash_lines import Site
from dashboard.exports.model.grid import Grid, Row
from dashboard.exports.model.yearly import Years
from forecasts.demand_classes import CLASSES, DemandYear, demand_years
from forecasts.engine import Result

OF_HOURS = tuple(name for name in CLASSES if name != "tenants")
"""Classes that buy hours; tenants of space have rows of their own."""

COUNTED = {
    "wanted": ("wanted, MW-months", "MW-months", "number"),
    "met": ("met, MW-months", "MW-months", "number"),
    "sold": ("GPU-hours sold", "GPU-h", "usd"),
}
"""Yearly rows of every class: words behind its name, unit and style."""

TITLE = "Demand by class of use"


def write_months(grid: Grid, site: Site) -> None:
    """Write demand, what is met and hours sold of each class, month by month."""
    q = site.q
    share = {
        "regulated": f"{q['regulated_share']}",
        "training": f"(1-{q['regulated_share']})*{q['training_share']}",
        "inference": f"(1-{q['regulated_share']})*(1-{q['training_share']})",
    }
    signing = {
        name: f"IF({q['signing']}>0,{share[name]}*{q[f'{name}_contract_share']}/{q['signing']},0)"
        for name in OF_HOURS
    }
    grid.title(TITLE)
    for name in OF_HOURS:
        label = f"{CLASSES[name]}: "
        grid.add(Row(f"d_{name}_wanted", label + "wanted", "MW",
                     f"([demand]-[let_mw])*{share[name]}", "number"))  # fmt: skip
        grid.add(Row(f"d_{name}_firm", label + "met under contract", "MW",
                     f"[firm]*[own_mw]*{signing[name]}", "number"))  # fmt: skip
        grid.add(Row(f"d_{name}_left", label + "wanted beyond contracts", "MW",
                     f"MAX([d_{name}_wanted]-[d_{name}_firm],0)", "number"))  # fmt: skip
    left = "+".join(f"[d_{name}_left]" for name in OF_HOURS)
    grid.add(Row("d_left", "All classes: wanted beyond contracts", "MW", left, "number"))
    grid.add(Row("d_rest", "Capacity that meets it", "MW",
                 "MAX(MIN([demand],[live_mw])-[let_mw]-[firm]*[own_mw],0)", "number"))  # fmt: skip
    for name in OF_HOURS:
        label, part = f"{CLASSES[name]}: ", f"IF([d_left]>0,[d_{name}_left]/[d_left],0)"
        grid.add(Row(f"d_{name}_met", label + "met", "MW",
                     f"[d_{name}_firm]+[d_rest]*{part}", "number"))  # fmt: skip
        grid.add(Row(f"d_{name}_sold", label + "GPU-hours sold", "GPU-h",
                     f"[contracted]*{signing[name]}+([sold]-[contracted])*{part}"))  # fmt: skip


def write_years(
    grid: Grid, years: Years, result: Result, factories: Sequence[tuple[str, Grid]]
) -> None:
    """Write the same by calendar year, for each factory and for all together."""
    for row, (name, months) in enumerate(factories):
        grid.title(f"{name}: {TITLE.lower()}")
        held = demand_years(result, row)
        for key, one, counted in _keys():
            text = years.flow(months.all(f"d_{one}_{counted}"))
            _add(grid, f"c{row}_{key}", text, (one, counted), held)
    grid.title(f"All factories: {TITLE.lower()}")
    held = demand_years(result, None)
    for key, one, counted in _keys():
        text = "+".join(f"[c{row}_{key}]" for row in range(len(factories)))
        _add(grid, f"call_{key}", text, (one, counted), held)


def _keys() -> list[tuple[str, str, str]]:
    return [(f"{one}_{counted}", one, counted) for one in OF_HOURS for counted in COUNTED]


def _add(
    grid: Grid, key: str, text: str, what: tuple[str, str], held: Sequence[DemandYear]
) -> None:
    """Write one row with the values that the engine has for it."""
    one, counted = what
    words, unit, style = COUNTED[counted]
    field = "sold_gpu_hours" if counted == "sold" else f"{counted}_mw_months"
    values = [next(getattr(own, field) for own in year.classes if own.name == one) for year in held]
    grid.add(Row(key, f"{CLASSES[one]}: {words}", unit, text, style), np.array(values))
