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


def _named(one: Data) -> str:
    """Return a factory's name without what all of them share."""
    return str(one["name"]).removesuffix(" AI Factory")[:23]


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
            f"{_named(one):24}{_cell(irr, 'p10', '.1%'):>9}{_cell(irr, 'p50', '.1%'):>8}"
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
        *([data["record_means"]] if data.get("record_means") else []),
        "",
        _closest(data),
    ]
    return "\n".join(lines)


def _closest(data: Data) -> str:
    """Which inputs go most closely with NPV of all factories together."""
    held = data["rank_sensitivity"]["portfolio"]["npv"]["inputs"][:5]
    if not held:
        return "No input moves NPV of all factories together."
    said = []
    for one in held:
        kind = "spearman" if one["partial"] is None else "partial"
        error = one[f"{kind}_standard_error"] or 0.0
        said.append(f"{one['input']} {one[kind]:+.2f} ± {error:.2f}")
    return (
        f"Goes most closely with NPV of all together (rank correlation, all other inputs held "
        f"where paths allow): {', '.join(said)}."
    )


def ranking_text(data: Data) -> str:
    """Return a ranking as a table."""
    lines = [
        f"{data['scenario']}: by {data['criterion']}; {data['paths']:,} paths, seed {data['seed']}",
        "",
        f"{'':3}{'factory':24}{'P(first)':>14}{'mean rank':>11}{'p10 to p90':>11}{'P(NPV>0)':>14}",
    ]
    lines += [
        f"{one['place']:>2} {_named(one):24}{_percent(one['first']):>14}"
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


def timing_text(data: Data) -> str:
    """Return the timing of every site as a table, m USD."""
    lines = [
        f"{data['scenario']}: {data['paths']:,} paths, seed {data['seed']}; m USD, each gain with "
        "its standard error, on the same paths"
    ]
    for one in data["sites"]:
        month = one["delay_cost_usd_per_month"] / 1e6
        lines += ["", f"{one['key']}: a month's delay costs {month:,.1f}"]
        lines += [
            f"  {own['name']:44}NPV {_whole(own['mean_npv_usd'] / 1e6):>9}   gain "
            f"{own['gain_usd'] / 1e6:>8,.1f} ± {own['gain_standard_error_usd'] / 1e6:,.1f}"
            for own in (*one["plans"], *one["policies"])
        ]
    lines += ["", f"{'months late, NPV lost':24}" + "".join(f"{k:>8}" for k in DELAYS)]
    for one in data["delay"]:
        lost = "".join(f"{_whole(one['points'][k]['npv_lost_usd'] / 1e6):>8}" for k in DELAYS)
        lines.append(f"  {one['key']:22}{lost}")
    return "\n".join(lines)


def _whole(value: float) -> str:
    """Write a number without decimals; what rounds to nothing has no sign."""
    return f"{round(value) + 0:,}"


DELAYS = (1, 3, 6, 12, 18, 24)
"""Months of delay that are printed; `--json` has every one."""


def stress_text(data: list[dict[str, Any]]) -> str:
    """Return stress tests of all factories together as a table."""
    lines = [
        f"{'all factories':20}{'NPV m USD':>11}{'IRR':>8}{'equity':>8}{'LCOC':>7}{'12m DSCR':>10}"
    ]
    for one in data:
        own = one["portfolio"]
        cells = [
            _metric(own[name], pattern, scale)
            for name, pattern, scale in (
                ("npv", ",.0f", 1e-6),
                ("irr", ".1%", 1.0),
                ("equity_irr", ".1%", 1.0),
                ("lcoc", ".2f", 1.0),
                ("min_dscr_12m", ".2f", 1.0),
            )
        ]
        row = "".join(
            f"{cell:>{wide}}" for cell, wide in zip(cells, (11, 8, 8, 7, 10), strict=True)
        )
        lines.append(f"{one['name']:20}{row}")
    return "\n".join([*lines, "", *(f"{one['name']}: {one['description']}" for one in data[1:])])


def _metric(found: Data, pattern: str, scale: float) -> str:
    return "none" if found["value"] is None else format(found["value"] * scale, pattern)


def tornado_text(data: Data, shown: int = 20) -> str:
    """Return what moves a metric most as a table, in the metric's unit."""
    whose = data["factory"] or "all together"
    lines = [
        f"{data['scenario']}: {data['metric']} of {whose}, {data['unit']}; "
        f"as stated {_plain(data['base'])}",
        "",
        f"{'assumption':32}{'from':>12}{'to':>12}{'at low':>16}{'at high':>16}",
    ]
    lines += [
        f"{one['assumption']:32}{_plain(one['from'][0]):>12}{_plain(one['from'][1]):>12}"
        f"{_plain(one['at_low']):>16}{_plain(one['at_high']):>16}"
        for one in data["drivers"][:shown]
    ]
    return "\n".join(lines)


def _plain(value: float | None) -> str:
    return "none" if value is None else f"{value:,.4g}" if abs(value) < 1e5 else f"{value:,.0f}"
