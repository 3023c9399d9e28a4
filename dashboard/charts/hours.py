"""GPU-hours of a factory by year: installed, available, under contract, sold, useful."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study
from dashboard.theme import BLUE, GREEN, GREY, ORANGE, SKY, Part, drawn, number, titled
from forecasts.report import annual_frame

COUNTS = {
    "installed_gpu_hours": ("Installed", GREY, "solid", "all GPUs in service"),
    "available_gpu_hours": ("Available", SKY, "longdash", "ready for sale, at the level promised"),
    "contracted_gpu_hours": ("Contracted", ORANGE, "dot", "billed whether used or not"),
    "sold_gpu_hours": ("Utilised (sold)", BLUE, "solid", "billed, under contract or not"),
    "useful_gpu_hours": ("Useful (goodput)", GREEN, "dash", "what did useful work of those sold"),
}
"""Name, colour, dash and meaning of every count by key of the projection."""

SHARES = {
    "Available of installed, %": ("available_gpu_hours", "installed_gpu_hours"),
    "Contracted of available, %": ("contracted_gpu_hours", "available_gpu_hours"),
    "Utilised of available, %": ("sold_gpu_hours", "available_gpu_hours"),
    "Useful of utilised, %": ("useful_gpu_hours", "sold_gpu_hours"),
    "Useful of installed, %": ("useful_gpu_hours", "installed_gpu_hours"),
}
"""Each count over the one that it is a part of."""

MILLION = 1e6


def hours_in_use(study: Study, row: int) -> Chart:
    """Lines of the five counts of GPU-hours by year; a table of them and of their shares."""
    annual = _running(study, row)
    figure = drawn(
        [_line(annual, name) for name in COUNTS],
        height=360,
        xaxis={"type": "category", "tickangle": 0, "nticks": 8},
        yaxis={**titled("million GPU-hours"), "rangemode": "tozero"},
    )
    said = _finding(annual)
    return Chart(
        headline=said,
        subtitle="GPU-hours by year, million, each a part of one before; Vera Rubin equivalents",
        plot=figure,
        table=hours_table(study, row),
        alt=f"Lines of GPU-hours installed, available, contracted, sold and useful. {said}.",
    )


def _running(study: Study, row: int) -> pd.DataFrame:
    """Yearly figures of the years in which GPUs are in service."""
    annual = annual_frame(study.result, row)
    return annual[annual["installed_gpu_hours"] > 0]


def _line(annual: pd.DataFrame, name: str) -> Part:
    label, colour, dash, meaning = COUNTS[name]
    return {
        "type": "scatter",
        "x": [str(year) for year in annual.index],
        "y": (annual[name] / MILLION).to_numpy().round(3),
        "mode": "lines+markers",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "marker": {"size": 5, "color": colour},
        "name": label,
        "hovertemplate": f"<b>{label}</b>, {meaning}<br>%{{x}}: %{{y:,.1f}} m<extra></extra>",
    }


def _finding(annual: pd.DataFrame) -> str:
    """Say what becomes of 100 hours installed, over the whole projection."""
    total = annual[list(COUNTS)].sum()
    installed = float(total["installed_gpu_hours"])
    if installed <= 0:
        return "No GPU-hour is installed in this scenario"
    available, contracted, sold, useful = (
        number(100 * float(total[name]) / installed) for name in list(COUNTS)[1:]
    )
    return (
        f"Of 100 GPU-hours installed {available} are available, {sold} sold, {contracted} of them "
        f"under contract; {useful} do useful work"
    )


def hours_table(study: Study, row: int) -> pd.DataFrame:
    """Table of the five counts by year with GPUs in service, and what share each is of another.

    Of nothing sold, nothing is useful: such a share is 0.
    """
    annual = _running(study, row)
    found: dict[str, object] = {"Year": [str(year) for year in annual.index]}
    found |= {
        f"{label}, m": (annual[name] / MILLION).to_numpy() for name, (label, *_) in COUNTS.items()
    }
    found |= {
        heading: 100
        * np.divide(
            annual[part].to_numpy(),
            annual[whole].to_numpy(),
            out=np.zeros(len(annual)),
            where=annual[whole].to_numpy() > 0,
        )
        for heading, (part, whole) in SHARES.items()
    }
    return pd.DataFrame(found)
