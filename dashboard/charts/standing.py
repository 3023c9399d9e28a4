"""What decides the dates of a factory."""

import pandas as pd

from dashboard.charts.study import Study
from forecasts.report import month_name


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
