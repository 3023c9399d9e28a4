"""Tables of a briefing, from the same frames as the tables on screen."""

from collections.abc import Sequence

from dashboard.charts import ranking
from dashboard.charts.factory import phase_table
from dashboard.charts.study import Study
from dashboard.exports.sheets import Grid
from dashboard.theme import NOTHING, metric_text, number
from forecasts.metric_register import METRICS


def ranking_grid(study: Study) -> Grid:
    """Table of all factories, best first."""
    frame = ranking.ranking(study)
    digits = {"IT load, MW": 1, "IRR, %": 1, "Asked, %": 1, "NPV/capex, %": 1, "Payback, years": 1,
              "LCOC, USD/h": 2, "Price, USD/h": 2}  # fmt: skip
    columns = [str(name) for name in frame.columns if name not in ("#", "Finding", "Price, USD/h")]
    rows = []
    for _, line in frame.iterrows():
        cells = []
        for name in columns:
            value = line[name]
            is_number = name in ranking.RANKING_UNITS
            cells.append(
                (NOTHING if value != value else number(float(value), digits.get(name, 0)))
                if is_number
                else str(value)
            )
        rows.append(tuple(cells))
    numbers = tuple(i for i, name in enumerate(columns) if name in ranking.RANKING_UNITS)
    widths = tuple(1.5 if name == "Factory" else 1.0 for name in columns)
    note = ranking.gaps(study)
    said = f"{NOTHING}: {note}" if note else "All cells have a value."
    return Grid("All factories, best first", tuple(columns), tuple(rows), widths, numbers, said)


def returns_grid(study: Study, row: int | None, names: Sequence[str]) -> Grid:
    """Table of metrics with their values, or the reason why there is none."""
    found = study.portfolio if row is None else study.returns[row]
    rows = [
        (METRICS[name].label, metric_text(found[name]), found[name].reason)
        for name in names
        if name in found
    ]
    reasons = any(reason for _, _, reason in rows)
    if reasons:
        return Grid(
            "Returns", ("Metric", "Value", "Why there is none"), tuple(rows), (2, 1.4, 2.6), (1,)
        )
    kept = tuple((label, value) for label, value, _ in rows)
    return Grid("Returns", ("Metric", "Value"), kept, (2, 1.4), (1,))


def phases_grid(study: Study, row: int) -> Grid:
    """Table of the phases of a factory."""
    frame = phase_table(study, row)
    columns = (
        "Phase",
        "Racks",
        "Number",
        "IT load, MW",
        "Decision",
        "Energised",
        "Live",
        "Capex, USD m",
    )
    rows = tuple(
        tuple(
            number(float(line[name]), 1 if "MW" in name else 0)
            if name in ("Number", "IT load, MW", "Capex, USD m")
            else str(line[name])
            for name in columns
        )
        for _, line in frame.iterrows()
    )
    return Grid("Phases", columns, rows, (1, 1.9, 0.9, 1, 1.1, 1.1, 1, 1.2), (2, 3, 7))
