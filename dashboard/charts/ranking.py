"""All factories in one table, best first."""

import pandas as pd

from dashboard.charts.findings import verdict
from dashboard.charts.study import Study, short
from dashboard.theme import percent
from forecasts.report import month_name

RANKING_UNITS = {
    "IT load, MW": 1.0,
    "Capex, USD m": 1e-6,
    "NPV, USD m": 1e-6,
    "NPV/capex, %": 100.0,
    "IRR, %": 100.0,
    "Asked, %": 100.0,
    "LCOC, USD/h": 1.0,
    "Price, USD/h": 1.0,
    "Payback, years": 1.0,
}
"""Number columns of the ranking, and what a model value is multiplied with."""


def ranking(study: Study) -> pd.DataFrame:
    """Table of all factories, most NPV per capex first; empty cells are explained at the end."""
    frame = pd.DataFrame(
        {**line, "Finding": _table_verdict(study, row)} for row, line in ranking_lines(study)
    )
    for column in RANKING_UNITS:
        frame[column] = frame[column].astype("float64")
    return frame


def ranking_lines(study: Study) -> list[tuple[int, dict[str, object]]]:
    """Return the rows of the ranking, best first, each with its place among the factories."""
    names = ("capex", "npv", "irr", "discount_rate", "lcoc", "levelised_price", "payback")
    lines = []
    for place, row in enumerate(study.order(), start=1):
        site, phases = study.sites[row], study.result.phases[row]
        found = {name: study.returns[row][name].value for name in names}
        built = sum(phase.it_mw for phase in phases)
        capex, npv, *rest = found.values()
        values = [built, capex, npv, study.value_per_capex(row), *rest]
        line: dict[str, object] = {
            "#": place,
            "Factory": short(site),
            "Verdict": _word(study, row),
            "Wave": f"Wave {site.wave}" if site.wave.isdigit() else site.wave.capitalize(),
            "First live": month_name(study.result, phases[0].live) if phases else "not built",
        }
        line |= {
            column: None if value is None or not phases else value * scale
            for (column, scale), value in zip(RANKING_UNITS.items(), values, strict=True)
        }
        lines.append((row, line))
    return lines


def _word(study: Study, row: int) -> str:
    if not study.result.phases[row]:
        return "Not built"
    return "Earns" if study.clears(row) else "Misses"


def gaps(study: Study) -> str:
    """Say why cells of the table are empty; nothing when none is."""
    reasons = {
        study.returns[row][name].reason
        for row in range(len(study.sites))
        for name in ("irr", "payback")
        if study.result.phases[row] and study.returns[row][name].value is None
    }
    return " ".join(sorted(reasons))


def _table_verdict(study: Study, row: int) -> str:
    """Say how a factory fares, and why a cell of its line is empty."""
    said = verdict(study, row)
    payback = study.returns[row]["payback"]
    if study.result.phases[row] and payback.value is None:
        said += f". {payback.reason}"
    rate = study.returns[row]["discount_rate"].value
    return said if rate is None or "against" in said else f"{said} (asks {percent(rate)})"
