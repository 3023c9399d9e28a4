"""Simulations and rankings as text for the terminal."""

from collections.abc import Mapping
from typing import Any

Data = Mapping[str, Any]

BILLION = 1e9


def _percent(found: Data | None) -> str:
    """Write a share with its error: 38 ± 1 %."""
    if found is None or found["value"] is None:
        return "none"
    error = found["standard_error"]
    return f"{found['value']:.0%} ± {error:.1%}".replace("%", "", 1)


def _cell(metric: Data, level: str, pattern: str, scale: float = 1.0) -> str:
    held = metric[level]
    return format(held["value"] * scale, pattern) if held is not None else "none"


def simulation_text(data: Data) -> str:
    """Return the heart of a simulation as a table."""
    lines = [
        f"{data['scenario']}: {data['paths']:,} paths, seed {data['seed']}, {data['method']}, "
        f"result {data['result_hash']}",
        "",
        f"{'factory':24}{'IRR p10':>9}{'p50':>8}{'p90':>8}{'NPV p50 m':>11}"
        f"{'P(NPV>0)':>14}{'P(DSCR<cov.)':>16}",
    ]
    for one in data["factories"]:
        irr, npv, asked = one["metrics"]["irr"], one["metrics"]["npv"], one["probabilities"]
        lines.append(
            f"{one['name'][:23]:24}{_cell(irr, 'p10', '.1%'):>9}{_cell(irr, 'p50', '.1%'):>8}"
            f"{_cell(irr, 'p90', '.1%'):>8}{_cell(npv, 'p50', ',.0f', 1e-6):>11}"
            f"{_percent(asked['npv_positive']):>14}{_percent(asked['dscr_below_covenant']):>16}"
        )
    together = data["portfolio"]["metrics"]
    cells = "".join(f"{_cell(together['irr'], level, '.1%'):>8}" for level in ("p50", "p90"))
    lines += [
        f"{'all together':24}{_cell(together['irr'], 'p10', '.1%'):>9}{cells}"
        f"{_cell(together['npv'], 'p50', ',.0f', 1e-6):>11}"
        f"{_percent(data['portfolio']['probabilities']['npv_positive']):>14}",
        "",
        data["percentiles"],
        data["paths_mean"],
    ]
    return "\n".join(lines)


def ranking_text(data: Data) -> str:
    """Return a ranking as a table."""
    lines = [
        f"{data['scenario']}: by {data['criterion']}; {data['paths']:,} paths, seed {data['seed']}",
        "",
        f"{'':3}{'factory':24}{'P(first)':>14}{'mean rank':>11}{'p10 to p90':>11}{'P(NPV>0)':>14}",
    ]
    lines += [
        f"{one['place']:>2} {one['name'][:23]:24}{_percent(one['first']):>14}"
        f"{one['mean_rank']:>11.1f}{one['rank_p10']:>5.0f} to {one['rank_p90']:<2.0f}"
        f"{_percent(one['npv_positive']):>14}"
        for one in data["sites"]
    ]
    lines += ["", "What knowing beforehand would be worth to the choice of one site:"]
    lines += [
        f"  {one['input']:28}{one['value_usd'] / 1e6:>9,.0f} m USD   first when low: "
        f"{one['first_when_low']}, when high: {one['first_when_high']}"
        for one in data["information"][:5]
    ]
    if "budget" in data:
        held = data["budget"]
        bought = ", ".join(held["chosen"]) or "nothing"
        lines += [
            "",
            f"{held['usd'] / BILLION:,.2f} bn USD buys {bought}: capex "
            f"{held['capex_usd'] / BILLION:,.2f} bn, NPV {held['npv_usd'] / BILLION:,.2f} bn along "
            f"the expected path, {_percent(held['npv_positive'])} of paths above 0. "
            f"{held['reason']}".rstrip(),
        ]
    return "\n".join(lines)
