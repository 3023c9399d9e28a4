"""Cost of delay as a curve: NPV lost, rates, and what falls due while halls are late. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short
from dashboard.theme import BLUE, GREEN, ORANGE, Part, drawn, money, percent, titled
from forecasts.delay_curve import ALL

Data = Mapping[str, Any]

YEAR = 12
"""Months of delay that sentences tell of."""


def names_of(study: Study) -> dict[str, str]:
    """Return whose curve can be shown, by key."""
    return {ALL: "All factories"} | {site.key: short(site) for site in study.sites}


def table(curve: Data) -> pd.DataFrame:
    """Every month of a curve."""
    points = curve["points"]
    return pd.DataFrame(
        {
            "Months late": [one["months"] for one in points],
            "NPV, USD m": [one["npv_usd"] / 1e6 for one in points],
            "NPV lost, USD m": [one["npv_lost_usd"] / 1e6 for one in points],
            "Project IRR, %": [_rate(one["irr"]) for one in points],
            "Equity IRR, %": [_rate(one["equity_irr"]) for one in points],
            "Interest due while late, USD m": [one["waiting_interest_usd"] / 1e6 for one in points],
            "Repayment due while late, USD m": [
                one["waiting_principal_usd"] / 1e6 for one in points
            ],
        }
    ).astype({"Project IRR, %": "float64", "Equity IRR, %": "float64"})


def _rate(share: float | None) -> float | None:
    return None if share is None else share * 100


def lost_chart(curve: Data, name: str) -> Chart:
    """Lines of the NPV lost and of the interest due while halls are late, by months of delay."""
    made = table(curve)
    lost = curve["points"][YEAR]["npv_lost_usd"]
    verb = "costs" if lost >= 0 else "saves"
    said = f"A year late {verb} {name.lower() if name == 'All factories' else name} " + (
        f"{money(abs(lost))} of NPV"
    )
    return Chart(
        headline=said,
        subtitle="By months that every hall is energised late, USD m; the lines are not summed",
        plot=drawn(
            [
                _line(made, "NPV lost, USD m", ("NPV lost", BLUE, "solid")),
                _line(
                    made,
                    "Interest due while late, USD m",
                    ("Interest due while late", ORANGE, "dash"),
                ),
            ],
            height=340,
            margin={"b": 60},
            xaxis={**titled("months late"), "dtick": 3},
            yaxis=titled("USD m"),
            legend={"y": -0.24},
        ),
        table=made,
        alt=f"Lines of NPV lost and of interest due by months of delay. {said}.",
    )


def rates_chart(curve: Data, asked: float | None) -> Chart:
    """Lines of project and equity IRR by months of delay, above or below the rate asked."""
    made = table(curve)
    now, then = (curve["points"][months]["irr"] for months in (0, YEAR))
    if now is None or then is None:
        said = "There is no single project IRR to follow"
    else:
        said = f"A year late takes the project IRR from {percent(now)} to {percent(then)}"
    lines = [
        _line(made, "Project IRR, %", ("Project IRR", BLUE, "solid")),
        _line(made, "Equity IRR, %", ("Equity IRR", GREEN, "dot")),
    ]
    if asked is not None:
        rate: Part = {
            "type": "scatter",
            "mode": "lines",
            "x": [0, int(made["Months late"].iloc[-1])],
            "y": [asked * 100] * 2,
            "name": "Asked of the project",
            "line": {"color": ORANGE, "width": 2, "dash": "dash"},
            "hovertemplate": "<b>Asked</b>: %{y:.1f} %<extra></extra>",
        }
        lines.append(rate)
    return Chart(
        headline=said,
        subtitle="By months that every hall is energised late, % a year; a gap has no single rate",
        plot=drawn(
            lines,
            height=340,
            margin={"b": 60},
            xaxis={**titled("months late"), "dtick": 3},
            yaxis=titled("% a year"),
            legend={"y": -0.24},
        ),
        table=made,
        alt=f"Lines of project and equity IRR by months of delay. {said}.",
    )


def _line(made: pd.DataFrame, column: str, look: tuple[str, str, str]) -> Part:
    name, colour, dash = look
    unit = column.rpartition(", ")[2]
    return {
        "type": "scatter",
        "mode": "lines",
        "x": made["Months late"].tolist(),
        "y": [None if pd.isna(value) else round(value, 3) for value in made[column]],
        "name": name,
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "hovertemplate": f"<b>{name}</b>, %{{x}} months late: %{{y:,.1f}} {unit}<extra></extra>",
    }


def named_costs(curve: Data) -> str:
    """Say what construction costs in interest and fees, and what falls due while halls are late."""
    if not curve["fees_usd"] and not curve["interest_building_usd"]:
        return "No loan is drawn, so no interest runs while a hall is late."
    late = curve["points"][YEAR]
    return (
        f"As signed: {money(curve['interest_building_usd'])} of interest during construction and "
        f"{money(curve['fees_usd'])} of fees, on time or late alike. A year late, "
        f"{money(late['waiting_interest_usd'])} of interest and "
        f"{money(late['waiting_principal_usd'])} of repayments fall due before the new halls sell: "
        "reserve and owners pay them."
    )


STEPS = (
    "Where NPV lost steps down, a renewal of racks falls beyond the end of the projection or "
    "buys a newer generation."
)
"""Why the line is not smooth."""


def every(curves: list[Data], names: Mapping[str, str]) -> pd.DataFrame:
    """Every month of every curve, for a file."""
    frames = [table(one).assign(Factory=names[one["key"]]) for one in curves]
    whole = pd.concat(frames, ignore_index=True)
    return whole[["Factory", *(name for name in whole.columns if name != "Factory")]]
