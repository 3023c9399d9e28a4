"""What stands, is built and is ordered of a factory at a date, and what decides its dates."""

import pandas as pd

from dashboard.charts.study import Study
from dashboard.theme import number
from forecasts.phases import Phase
from forecasts.report import month_name


def standing(study: Study, row: int, month: int) -> list[tuple[str, str]]:
    """Say what is ordered, being built and live at the end of a month, in words.

    Returns
    -------
    list of (str, str)
        Heading, and what it holds.
    """
    phases = study.result.phases[row]
    held: dict[str, list[Phase]] = {"Live": [], "Being built": [], "Decided": [], "Not yet": []}
    for phase in phases:
        dates = (phase.live, phase.construction, phase.decision)
        stage = next((place for place, date in enumerate(dates) if month >= date), 3)
        held[list(held)[stage]].append(phase)
    ordered = [p for p in phases if p.order <= month < p.energised]
    found = [(stage, _sizes(own)) for stage, own in held.items()]
    racks = sum(phase.racks for phase in ordered)
    found.append(("Racks on order", f"{racks:,}" if racks else "none"))
    sold = study.result.sales.sold_share[0, row, month]
    if held["Live"]:
        found.append(("Sold that month", f"{number(100 * float(sold))} % of GPU-hours"))
    return found


def _sizes(phases: list[Phase]) -> str:
    if not phases:
        return "none"
    mw = number(sum(phase.it_mw for phase in phases), 1)
    names = ", ".join(str(phase.number) for phase in phases)
    return f"{mw} MW (phase {names})"


def critical_path(study: Study, row: int) -> pd.DataFrame:
    """Table of each phase's way to its date: months of every step, and which one decides."""
    return pd.DataFrame(
        [
            {
                "Phase": f"Phase {phase.number}",
                "Decision": month_name(study.result, phase.decision),
                "Permits and grid, months": phase.construction - phase.decision,
                "Construction, months": phase.energised - phase.construction,
                "Racks ordered": month_name(study.result, phase.order),
                "Rack lead time, months": phase.energised - phase.order,
                "Commissioning, months": phase.live - phase.energised,
                "Live": month_name(study.result, phase.live),
                "What decides the date": phase.critical.capitalize(),
            }
            for phase in study.result.phases[row]
        ]
    )
