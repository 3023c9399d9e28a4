"""Programmes within limits as text for the terminal."""

from collections.abc import Mapping
from typing import Any

from dashboard.charts.decisions import no_budget
from dashboard.charts.limits import NOTHING_MORE, headline, limits_table

Data = Mapping[str, Any]

BILLION = 1e9


def portfolio_text(data: Data) -> str:
    """Return a programme's frontier and what budgets buy as tables."""
    lines = [
        f"{data['scenario']}: {data['options']} options, {data['paths']:,} paths, seed "
        f"{data['seed']}; NPV in m USD, tail: mean of the worst {data['tail_share']:.0%} of paths",
        "",
        f"{'point':>5}{'mean NPV':>10}{'error':>7}{'tail NPV':>10}{'capex':>9}  what is built",
    ]
    lines += [f"{place:>5}{_programme(one)}" for place, one in enumerate(data["frontier"], start=1)]
    lines += _point(data)
    lines += ["", *_limits(data)]
    lines += ["", *_budgets(data)]
    return "\n".join([*lines, *([data["reason"]] if data["reason"] else [])])


def _point(data: Data) -> list[str]:
    """One programme of the frontier alone, site by site, if it is asked for."""
    if "point" not in data:
        return []
    chosen = data["programme"]["chosen"]
    if not chosen:
        return ["", f"Programme {data['point']} builds nothing."]
    return [
        "",
        f"Programme {data['point']} builds (--out writes it as a scenario):",
        *(f"  {own['site']:<14}{own['size']:<14}{own['start']}" for own in chosen),
    ]


def _budgets(data: Data) -> list[str]:
    """Table of what each budget a year buys, or that none buys anything."""
    if not any(one["chosen"] for one in data["budgets"]):
        return [no_budget(data)]
    head = f"{'a year, bn':>10}{'mean NPV':>10}{'error':>7}{'tail NPV':>10}{'capex':>9}"
    return [
        f"{head}  what it buys",
        *(
            f"{one['budget_usd_per_year'] / BILLION:>10,.2f}{_programme(one)}"
            for one in data["budgets"]
        ),
    ]


def _programme(one: Data) -> str:
    chosen = "; ".join(f"{own['site']}, {own['size']}, {own['start']}" for own in one["chosen"])
    return (
        f"{one['mean_npv_usd'] / 1e6:>10,.0f}{one['mean_npv_standard_error_usd'] / 1e6:>7,.0f}"
        f"{one['tail_npv_usd'] / 1e6:>10,.0f}"
        f"{one['capex_usd'] / 1e6:>9,.0f}  {chosen or 'nothing'}"
    )


def _limits(data: Data) -> list[str]:
    """Which limits hold the first programme back, and what more of each would buy."""
    table = limits_table(data)
    if table.empty:
        return ["No limit is stated: give --budget, --grid-mw or --racks to see what each costs."]
    lines = [f"{headline(data)}."]
    for row in table.to_dict("records"):
        said = (f"{name}: {value}" for name, value in row.items() if value != NOTHING_MORE)
        lines.append("  " + "; ".join(said))
    return lines
