"""The model beside announced projects: what was said, what the model makes of it, how far off."""

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.theme import BLUE, GREY, NOTHING, ORANGE, drawn, number, percent, titled
from data.provenance import Fact
from forecasts.announced import EQUIPMENT, FULL, SHELL
from forecasts.track_record import (
    COST,
    COST_PER_GPU,
    MEASURES,
    POWER,
    TIME,
    Judged,
    TrackRecord,
    score,
)

SOURCE = "announcements in table comparables; prediction by the model; page Data holds the rows"

VIEWS: dict[str, tuple[str, str]] = {
    "Cost per MW": (COST, FULL),
    "Power per GPU": (POWER, ""),
    "Time to operation": (TIME, ""),
}
"""Views of the page: measure and scope."""

PARTIAL = ((COST, SHELL), (COST, EQUIPMENT), (COST_PER_GPU, FULL))
"""What is shown apart: sums that pay for a part only, or of projects without a stated power."""

UNITS = {COST: "USD m per MW", POWER: "kW per GPU", TIME: "months", COST_PER_GPU: "USD per GPU"}
DIGITS = {COST: 1, POWER: 2, TIME: 0, COST_PER_GPU: 0}

WHY_NOT = {
    COST: "Announced sums differ in what they pay for more than projects differ in cost, and racks "
    "that were announced in 2025 at one price were paid in 2026 at another.",
    POWER: "",
    TIME: "Announcements come months after the decision, with permits and grid often in hand, and "
    "their dates are wishes. The model counts from the decision.",
}
"""Why a measure misses its bar, where it does."""

LONGEST = 26
"""Characters of a project's name beside a drawing."""

PAYS = {"": "does not matter", FULL: "the whole project"}
"""How scopes are written."""

BAR = 0.20
"""Median error asked for."""


def date_text(year: float) -> str:
    """Write a date given as a year with its fraction: 2025-11."""
    months = int(year * 12 + 1e-9)
    return f"{months // 12}-{months % 12 + 1:02d}"


def headline(record: TrackRecord, measure: str, scope: str) -> str:
    """Say in a sentence how the predictions did on later projects."""
    found = score(record.later(measure, scope))
    name = MEASURES[measure][0]
    if found.median_error is None:
        return f"{name}: no later project tells"
    off = percent(found.median_error, 0)
    met = "inside" if found.median_error <= BAR else "outside"
    return f"{name}: off by {off} at the median on later projects, {met} the 20 % we ask for"


def meaning(record: TrackRecord, measure: str, scope: str) -> str:
    """Say how wide the intervals are, what other ways would have done, and why it misses."""
    found = score(record.later(measure, scope))
    if found.covered is None:
        return ""
    rivals = record.rivals(measure, scope)
    others = "; ".join(
        f"{name} {percent(one.median_error, 0)}"
        for name, one in rivals.items()
        if one.median_error is not None and not name.endswith("pooled")
    )
    missed = found.median_error is not None and found.median_error > BAR
    inside = round(found.covered * found.projects)
    return (
        f"{inside} of {found.projects} announced figures lie inside the 80 % interval. "
        f"Errors of other ways to predict: {others}. {WHY_NOT[measure] if missed else ''}".strip()
    )


def _brief(name: str) -> str:
    """Write a name so that it fits beside a drawing on a phone."""
    bare = name.partition(" (")[0]
    return bare if len(bare) <= LONGEST else bare[: LONGEST - 1].rstrip(" ,-") + "…"


def table_of(rows: tuple[Judged, ...], measure: str) -> pd.DataFrame:
    """Table of some predictions, newest first."""
    unit, digits = UNITS[measure], DIGITS[measure]
    lines = [
        {
            "Project": one.project.name,
            "Announced": date_text(one.project.announced),
            "Part": "judges" if not one.teaches else "teaches",
            f"Said, {unit}": round(one.said, digits),
            f"Predicted, {unit}": round(one.predicted, digits),
            "Low": None if one.low is None else round(one.low, digits),
            "High": None if one.high is None else round(one.high, digits),
            "Off, %": round(100 * one.error),
            "Inside": {True: "yes", False: "no", None: "no interval"}[one.inside],
            "Rack": one.project.system.replace("_", " ").upper()
            + ("" if one.project.system_named else " (newest then)"),
            "Source": next(iter(one.project.facts.values())).source.cite(),
            "Address": next(iter(one.project.facts.values())).source.url,
        }
        for one in reversed(rows)
    ]
    return pd.DataFrame(lines)


def _fact(one: Judged, measure: str) -> Fact:
    """Return the row that holds an announced figure."""
    name = {TIME: "online_date", COST_PER_GPU: "capex_usd_bn"}.get(measure, measure)
    return one.project.facts[name]


def predicted(record: TrackRecord, measure: str, scope: str) -> Chart | None:
    """Draw announced figures beside predictions with their intervals; oldest at the bottom."""
    rows = record.of(measure, scope)
    if not rows:
        return None
    names = [f"{_brief(one.project.name)}, {date_text(one.project.announced)}" for one in rows]
    farthest = max(record.later(measure, scope) or rows, key=lambda one: abs(one.error))
    said, made = (number(value, DIGITS[measure]) for value in (farthest.said, farthest.predicted))
    spans = [
        go.Scatter(
            x=[one.low, one.high],
            y=[name, name],
            mode="lines",
            line={"width": 8, "color": GREY if one.teaches else BLUE},
            opacity=0.35,
            showlegend=False,
            hoverinfo="skip",
        )
        for name, one in zip(names, rows, strict=True)
        if one.low is not None
    ]
    marks = [
        go.Scatter(
            x=[one.predicted if which == "Predicted" else one.said for one in rows],
            y=names,
            mode="markers",
            name=which,
            marker={"size": 10, "symbol": symbol, "color": colour},
            hovertemplate="%{y}: %{x:.3g}<extra>" + which + "</extra>",
        )
        for which, symbol, colour in (
            ("Predicted", "circle", BLUE),
            ("Announced", "diamond", ORANGE),
        )
    ]
    figure = drawn(
        [*spans, *marks],
        height=150 + 26 * len(rows),
        margin={"b": 70},
        legend={"y": -70 / (150 + 26 * len(rows))},
        xaxis={**titled(UNITS[measure]), "rangemode": "tozero", "type": "linear"},
        yaxis={"automargin": True},
    )
    return Chart(
        headline=f"Farthest off: {farthest.project.name}, announced at {said}, predicted at {made}",
        subtitle=f"{MEASURES[measure][0]}, {UNITS[measure]}; grey: announced before "
        f"{date_text(record.cut_off)}, they teach; blue: later, they judge; bars: 80 % intervals",
        plot=figure,
        table=table_of(rows, measure),
        alt="Predicted and announced figures by project, with the interval of the prediction as a "
        "bar.",
        source=SOURCE,
        facts=tuple(_fact(one, measure) for one in rows),
    )


def by_year(record: TrackRecord) -> pd.DataFrame:
    """Errors by year and scope, each project predicted from those announced before it alone."""
    groups: dict[tuple[str, str, int], list[Judged]] = {}
    for one in record.rolling:
        groups.setdefault((one.measure, one.scope, int(one.project.announced)), []).append(one)
    lines = []
    for (measure, scope, year), rows in sorted(groups.items()):
        found = score(rows)
        lines.append(
            {
                "Measure": MEASURES[measure][0],
                "What the sum pays for": PAYS.get(scope, scope),
                "Year": str(year),
                "Projects": found.projects,
                "Median error, %": None
                if found.median_error is None
                else round(100 * found.median_error),
                "Inside 80 % interval": "no interval"
                if found.covered is None
                else f"{round(found.covered * found.projects)} of {found.projects}",
            }
        )
    return pd.DataFrame(lines)


def summary(record: TrackRecord) -> pd.DataFrame:
    """Every way to predict beside every other, on the later projects."""
    lines = []
    for measure, scope in (*VIEWS.values(), *PARTIAL):
        for name, found in record.rivals(measure, scope).items():
            if found.median_error is not None:
                lines.append(
                    {
                        "Measure": MEASURES[measure][0],
                        "What the sum pays for": PAYS.get(scope, scope),
                        "Predicted by": name,
                        "Later projects": found.projects,
                        "Median error, %": round(100 * found.median_error),
                        "Inside 80 %": NOTHING
                        if found.covered is None
                        else f"{number(100 * found.covered)} %",
                    }
                )
    return pd.DataFrame(lines)
