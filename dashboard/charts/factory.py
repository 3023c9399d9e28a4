"""Charts of one factory: when it is built, what it meets, what it costs, what comes back."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from dashboard.charts.capex_stack import line_table
from dashboard.charts.card import Chart
from dashboard.charts.findings import capex_finding, coverage_finding
from dashboard.charts.plot import Plot
from dashboard.charts.study import Study
from dashboard.theme import (
    BLUE,
    GREEN,
    GREY,
    GRID,
    JOIN,
    LINE_STYLES,
    NAMED,
    ORANGE,
    SKY,
    VERMILION,
    Part,
    drawn,
    faded,
    hatch,
    money,
    money_scale,
    number,
    titled,
)
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.phases import Phase
from forecasts.report import month_name, phase_data
from forecasts.units import MONTHS_PER_YEAR, Array

STAGES = (
    ("Permits and grid", SKY, "/"),
    ("Construction", ORANGE, "x"),
    ("Commissioning", VERMILION, "-"),
    ("Live", GREEN, ""),
)
"""Stages of a phase with colour and pattern, from one date of the phase to the next."""


def at_months(study: Study, months: Array) -> Array:
    """Place months of the model on an axis of years."""
    start = study.result.plan.start
    return start.year + (start.month - 1 + months) / MONTHS_PER_YEAR


def rack_name(system: str) -> str:
    """Name a rack generation as people do.

    Examples
    --------
    >>> rack_name("vr_nvl72"), rack_name("successor_2")
    ('Vera Rubin NVL72', 'Successor 2')
    """
    return "Vera Rubin NVL72" if system == "vr_nvl72" else system.replace("_", " ").capitalize()


def _dates(study: Study, phase: Phase) -> tuple[int, ...]:
    end = study.result.plan.months
    return (phase.decision, phase.construction, phase.energised, phase.live, end)


def build_out(study: Study, row: int, month: int | None = None) -> Chart:
    """Gantt of the phases: decision, construction, energised, live, to the end of the model.

    With a month, a line marks it.
    """
    phases = study.result.phases[row]
    labels = [_phase_label(study, row, phase) for phase in phases]
    traces = [_stage(study, phases, labels, place) for place in range(len(STAGES))]
    first, last = at_months(study, np.array([0.0, study.result.plan.months]))
    figure = drawn(
        traces,
        height=360,
        barmode="overlay",
        bargap=0.5,
        xaxis={**GRID, "range": [first, last], "dtick": 2, "tickformat": "d"},
        yaxis={**NAMED, "range": [max(len(phases), 3) - 0.5, -0.5]},
        margin={"l": 8},
        shapes=[] if month is None else [_mark(study, month)],
    )
    said = _build_finding(study, row)
    return Chart(
        headline=said,
        subtitle="Dates of each phase, from the decision to the end of the projection",
        plot=figure,
        table=phase_table(study, row),
        alt=f"Gantt chart of the phases. {said}.",
    )


def _mark(study: Study, month: int) -> Part:
    x = float(at_months(study, np.array([float(month)]))[0])
    line = {"color": BLUE, "width": 2, "dash": "dot"}
    return {"type": "line", "x0": x, "x1": x, "y0": 0, "y1": 1, "yref": "paper", "line": line}


def _stage(study: Study, phases: tuple[Phase, ...], labels: list[str], place: int) -> Part:
    """Bars of one stage of all phases, from one date to the next."""
    stage, colour, pattern = STAGES[place]
    starts = np.array([_dates(study, phase)[place] for phase in phases], dtype=np.float64)
    ends = np.array([_dates(study, phase)[place + 1] for phase in phases], dtype=np.float64)
    return {
        "type": "bar",
        "y": labels,
        "x": (ends - starts) / MONTHS_PER_YEAR,
        "base": at_months(study, starts),
        "orientation": "h",
        "name": stage,
        "customdata": [
            [month_name(study.result, int(begin)), month_name(study.result, int(end))]
            for begin, end in zip(starts, ends, strict=True)
        ],
        "marker": {"color": colour, "pattern": hatch(pattern)},
        "hovertemplate": f"<b>{stage}</b> %{{customdata[0]}} to %{{customdata[1]}}<extra></extra>",
    }


def _phase_label(study: Study, row: int, phase: Phase) -> str:
    rack = rack_name(study.result.plan.generations[row][phase.generation].name)
    size = f"{phase.racks} \N{MULTIPLICATION SIGN} {rack}"
    if phase.leased_mw > 0:
        size += f", {number(phase.leased_mw, 1)} MW let"
    return f"<b>Phase {phase.number}</b>, {number(phase.it_mw, 1)} MW<br>{size} "


def _build_finding(study: Study, row: int) -> str:
    phases = study.result.phases[row]
    if not phases:
        return "Nothing is built in this scenario"
    first = phases[0]
    deciding = {"grid": "the grid decides", "bridge": "the bridge to the grid decides"}
    what = deciding.get(first.critical, "construction and racks decide")
    sold = month_name(study.result, first.live)
    return f"First GPU-hour sold in {sold}; {what} the date of phase{JOIN}1"


def phase_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the phases with dates, racks, power, first-time capex and what decided the date."""
    lines = [phase_data(study.result, row, phase) for phase in study.result.phases[row]]
    frame = pd.DataFrame(lines, columns=list(PHASE_COLUMNS)).rename(columns=PHASE_COLUMNS)
    frame["Racks"] = [rack_name(str(name)) for name in frame["Racks"]]
    frame["Capex, USD m"] = frame["Capex, USD m"].astype("float64") / 1e6
    bridged = any(phase.bridged_months for phase in study.result.phases[row])
    kept = {"For tenants, MW": frame["For tenants, MW"].any(), "On the grid": bridged}
    return frame.drop(columns=[name for name, shown in kept.items() if not shown])


PHASE_COLUMNS = {
    "name": "Phase",
    "rack_model": "Racks",
    "racks": "Number",
    "gpus": "GPUs",
    "it_mw": "IT load, MW",
    "leased_mw": "For tenants, MW",
    "decision": "Decision",
    "start": "Construction",
    "energised": "Energised",
    "live": "Live",
    "on_grid": "On the grid",
    "capex_usd": "Capex, USD m",
    "critical": "Date decided by",
}
"""Columns of the phase table by key of the projection."""


class DemandMet:
    """Demand of a factory against its capacity, by month.

    Parameters
    ----------
    study : Study
        The projection.
    row : int
        Place of the factory.
    """

    def __init__(self, study: Study, row: int) -> None:
        result = study.result
        self.demand, self.live = result.demand_mw[0, row], result.sales.live_mw[row]
        self.met = np.minimum(self.demand, self.live)
        self.counts = self.live > 0  # months in which the metric counts a shortfall
        self.when = at_months(study, np.arange(self.demand.size, dtype=np.float64))
        self.names = [month_name(result, month) for month in range(self.demand.size)]

    def drawing(self, below: list[Part]) -> Plot:
        """Return demand and live capacity as lines, what is short and stranded shaded.

        What is given lies below them.
        """
        met = np.where(self.counts, self.met, self.demand)
        return drawn(
            [
                *below,
                *shade(self.when, met, self.demand, "Shortfall", VERMILION),
                *shade(self.when, self.met, self.live, "Stranded", GREY),
                month_line(self.when, self.demand, self.names, "Demand"),
                month_line(self.when, self.live, self.names, "Live capacity"),
            ],
            height=360,
            xaxis={"tickformat": "d", "dtick": 2},
            yaxis={**titled("MW of IT load"), "rangemode": "tozero"},
        )

    def columns(self, between: Mapping[str, Array]) -> dict[str, object]:
        """Return the columns of its table, with others between month and demand."""
        return {
            "Month": self.names,
            **between,
            "Demand, MW": self.demand,
            "Live capacity, MW": self.live,
            "Before live, MW": np.where(self.counts, 0.0, self.demand),
            "Shortfall, MW": np.where(self.counts, self.demand - self.met, 0.0),
            "Stranded, MW": self.live - self.met,
        }


def coverage(study: Study, row: int) -> Chart:
    """Lines of demand and live capacity by month; shortfall and stranded capacity are shaded."""
    against = DemandMet(study, row)
    said = coverage_finding(study, row)
    return Chart(
        headline=said,
        subtitle="IT load wanted from the factory and IT load live, MW; shortfall and shares count "
        "from the first live month",
        plot=against.drawing([]),
        table=pd.DataFrame(against.columns({})),
        alt=f"Demand and live capacity by month. {said}.",
    )


def shade(when: Array, low: Array, high: Array, label: str, colour: str) -> list[Part]:
    """Shade what lies between two lines."""
    edge: dict[str, object] = {
        "type": "scatter",
        "x": when.round(4),
        "y": low.round(2),
        "mode": "lines",
        "line": {"width": 0, "color": colour},
        "showlegend": False,
        "hoverinfo": "skip",
    }
    upper = {
        "y": np.maximum(high, low).round(2),
        "fill": "tonexty",
        "fillcolor": faded(colour, 0.28),
        "name": label,
        "showlegend": True,
    }
    return [edge, {**edge, **upper}]


def month_line(when: Array, values: Array, names: list[str], label: str) -> Part:
    """Draw one of `LINES_DRAWN` by month."""
    colour, dash = LINES_DRAWN[label]
    return {
        "type": "scatter",
        "x": when.round(4),
        "y": values.round(2),
        "mode": "lines",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "name": label,
        "customdata": names,
        "hovertemplate": f"<b>{label}</b> %{{customdata}}: %{{y:,.1f}} MW<extra></extra>",
    }


LINES_DRAWN = {"Demand": (ORANGE, "dash"), "Live capacity": (BLUE, "solid")}
"""Colour and dash of the two lines."""


def capex_by_line(study: Study, row: int) -> Chart:
    """Bars of first-time capex by cost line, largest on top, with their shares."""
    usd = {name: -float(study.result.lines[name][0, row].sum()) + 0.0 for name in CAPEX_LINES}
    order = sorted((name for name in usd if usd[name] > 0), key=lambda name: usd[name])
    divisor, unit = money_scale(max(usd.values(), default=0.0))
    most = max(usd.values(), default=0.0) / divisor or 1.0
    bars = {
        "type": "bar",
        "y": [LINES[name].label for name in order],
        "x": [usd[name] / divisor for name in order],
        "orientation": "h",
        "text": [money(usd[name]).removeprefix("USD ") for name in order],
        "textposition": "outside",
        "cliponaxis": False,
        "marker": {
            "color": [LINE_STYLES[name].colour for name in order],
            "pattern": hatch([LINE_STYLES[name].pattern for name in order]),
        },
        "customdata": [LINES[name].help for name in order],
        "hovertemplate": f"<b>%{{y}}</b> %{{x:,.2f}} {unit}<br>%{{customdata}}<extra></extra>",
        "showlegend": False,
    }
    figure = drawn(
        [bars],
        height=360,
        xaxis={
            **titled(f"{unit} (nominal)"),
            **GRID,
            "range": [0, most * 1.2],
            "separatethousands": True,
        },
        yaxis=NAMED,
        margin={"l": 8, "b": 48},
    )
    said = capex_finding(study, row)
    return Chart(
        headline=said,
        subtitle=f"First-time capex of all phases by line, {unit}; refreshes come on top",
        plot=figure,
        table=line_table(study, row),
        alt=f"Bars of first-time capex by line. {said}.",
    )
