"""A projection as text, for people at a terminal."""

from collections.abc import Mapping, Sequence
from typing import Any

from forecasts.checks import Check, Level
from forecasts.engine import Result
from forecasts.metrics import Metric
from forecasts.report import month_name
from forecasts.returns import factory_returns, portfolio_returns

WIDTHS = (16, 7, 7, 9, 8, 8, 7, 8, 6, 7, 9)
HEADS = (
    "factory", "phases", "MW", "live", "capex", "NPV", "IRR", "equity", "DSCR", "LCOC", "payback"
)  # fmt: skip


def projection_text(result: Result, checks: Sequence[Check]) -> str:
    """Return the return table of every factory, the portfolio, and what to know."""
    scenario = result.plan.scenario
    lines = [
        f"Scenario {scenario.name} ({scenario.hash}), data {result.plan.data_version}, "
        f"{scenario.months} months from {month_name(result, 0)}, nominal USD",
        "",
        _row(HEADS),
    ]
    for row, site in enumerate(result.plan.sites):
        phases = result.phases[row]
        size = f"{sum(phase.it_mw for phase in phases):.1f}"
        live = month_name(result, phases[0].live) if phases else "-"
        cells = _metric_cells(factory_returns(result, row))
        lines.append(_row((site.key, str(len(phases)), size, live, *cells)))
    total = f"{sum(phase.it_mw for own in result.phases for phase in own):.1f}"
    count = str(sum(len(own) for own in result.phases))
    lines.append(_row(("all", count, total, "", *_metric_cells(portfolio_returns(result)))))
    lines += [
        "",
        "capex and NPV in USD m; equity: IRR of the owners; DSCR: lowest; "
        "LCOC in USD per GPU-hour; payback in years",
        "",
    ]
    lines += [
        f"{one.level}: {one.factory or 'all'}: {one.message}"
        for one in checks
        if one.level is not Level.OK
    ]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "".join(
        cell.ljust(width) if place == 0 else f" {cell.rjust(width - 1)}"
        for place, (cell, width) in enumerate(zip(cells, WIDTHS, strict=True))
    )


def _metric_cells(returns: dict[str, Metric]) -> tuple[str, ...]:
    shown = {
        "capex": (1e-6, ",.0f"),
        "npv": (1e-6, ",.0f"),
        "irr": (1.0, ".1%"),
        "equity_irr": (1.0, ".1%"),
        "min_dscr": (1.0, ".2f"),
        "lcoc": (1.0, ".2f"),
        "payback": (1.0, ".1f"),
    }
    cells = []
    for name, (scale, written) in shown.items():
        metric = returns[name]
        value = metric.value
        cells.append(format(value * scale, written) if value is not None else str(metric.status))
    return tuple(cells)


SHOWN = ("capex", "npv", "irr", "lcoc", "payback", "moic", "equity_irr", "min_dscr")
"""Metrics of a stated project that stand first."""


def stated_text(made: Mapping[str, Any]) -> str:
    """Return stated projects as text: main metrics, published against computed, warnings."""
    lines = [f"{made['scenario']} ({made['scenario_hash']}), {made['currency']}"]
    for project in made["factories"]:
        lines += ["", str(project["name"])]
        found = project["returns"]
        lines += [f"  {name:24} {_said(found[name])}" for name in SHOWN if name in found]
        for row in project["published"]:
            mark = "agrees" if row["agrees"] else "differs"
            lines.append(
                f"  {row['metric']:24} {_figure(row['computed'], row['computed_status'])}, "
                f"published {_figure(row['published'], row['published_status'])}: {mark}"
            )
    return "\n".join([*lines, "", stated_checks_text(made)])


def stated_checks_text(made: Mapping[str, Any]) -> str:
    """Return what the checks of stated projects found and a reader should know."""
    return "\n".join(
        f"{one['level']}: {one['factory'] or 'all'}: {one['message']}"
        for one in made["checks"]
        if one["level"] != "ok"
    )


def _said(metric: Mapping[str, Any]) -> str:
    if metric["value"] is None:
        return f"{metric['status']}: {metric['reason']}"
    return f"{metric['value']:,.6g} {metric['unit']}"


def _figure(value: float | None, status: str) -> str:
    return status if value is None else f"{value:,.10g}"
