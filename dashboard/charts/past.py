"""Past forecasts beside what came, and how published outlooks did."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.series import unit_name
from dashboard.theme import BLUE, GREY, ORANGE, drawn, number, percent, titled
from forecasts.outlook import Outlook
from forecasts.past_forecasts import Past, Record
from forecasts.published_record import Outside

SOURCE = "series of page Forecasts, cut at earlier months; method of today"

ASKED = 0.8
"""Share of values that should lie inside the interval."""

MOST_LINES = 8
"""Past forecasts drawn at once."""


def month_text(month: int) -> str:
    """Write a month counted as 12 x year + month - 1."""
    return f"{month // 12}-{month % 12 + 1:02d}"


def headline(records: Sequence[Record]) -> str:
    """Say in a sentence how past forecasts did."""
    if not records:
        return "No series is long enough to look back on"
    first = records[0]
    way = "too low" if first.bias < 0 else "too high"
    return (
        f"{first.group} {first.ahead} ahead: off by {percent(first.median_error, 0)} at the "
        f"median, mostly {way}; naive by {percent(first.naive_error, 0)}"
    )


def held(records: Sequence[Record]) -> str:
    """Say how many values the interval of a group of series held; nothing where none was tried."""
    parts = [
        f"{percent(one.covered, 0)} of {one.forecasts} values {one.ahead} ahead" for one in records
    ]
    if not parts:
        return ""
    return (
        f"{records[0].group}, forecast from earlier data: the interval made for 80 % held "
        f"{' and '.join(parts)} (page Trust, Past forecasts)."
    )


def meaning(records: Sequence[Record]) -> str:
    """Say what the coverage means."""
    narrow = [one for one in records if one.covered < ASKED - 0.1]
    if not narrow:
        return "The 80 % intervals held what they promise."
    worst = min(narrow, key=lambda one: one.covered)
    return (
        f"Of what came, {percent(worst.covered, 0)} lay inside the 80 % interval for "
        f"{worst.group.lower()} {worst.ahead} ahead: these years broke with the past. Overlapping "
        "forecasts share their surprises, so these are few independent events."
    )


def records_table(records: Sequence[Record]) -> pd.DataFrame:
    """Table of how past forecasts did, beside naive."""
    return pd.DataFrame(
        [
            {
                "What": one.group,
                "Ahead": one.ahead,
                "Forecasts": one.forecasts,
                "Median error, %": round(100 * one.median_error),
                "Naive, %": round(100 * one.naive_error),
                "Bias, %": round(100 * one.bias),
                "Inside 80 % interval, %": round(100 * one.covered),
            }
            for one in records
        ]
    )


def lines(found: Sequence[Past], key: str, known: Outlook) -> Chart | None:
    """Draw what a series did and what it would have been forecast to do at earlier dates."""
    own = [one for one in found if one.key == key]
    if not own:
        return None
    history = known.histories[key]
    origins = sorted({one.origin for one in own})[-MOST_LINES:]
    traces = [
        go.Scatter(
            x=[month_text(int(end)) for end in history.ends],
            y=history.values,
            mode="lines+markers",
            name="What came",
            line={"color": BLUE, "width": 3},
        )
    ]
    for place, origin in enumerate(origins):
        rows = [one for one in own if one.origin == origin]
        traces.append(
            go.Scatter(
                x=[month_text(origin), *(month_text(one.target) for one in rows)],
                y=[rows[0].still, *(one.said for one in rows)],
                mode="lines",
                name="Forecasts then",
                showlegend=place == 0,
                line={"color": ORANGE if origin == origins[-1] else GREY, "dash": "dot"},
                hovertemplate="%{x}: %{y:.3g}<extra>from " + month_text(origin) + "</extra>",
            )
        )
    farthest = max(own, key=lambda one: abs(one.error))
    digits = 1 if max(farthest.said, farthest.came) >= 10 else 2
    return Chart(
        headline=f"Farthest off: the forecast of {month_text(farthest.origin)} for "
        f"{month_text(farthest.target)} was {number(farthest.said, digits)}; "
        f"{number(farthest.came, digits)} came",
        subtitle=f"{history.title}, {unit_name(history.unit)}; dotted: forecasts from the "
        f"last {len(origins)} half-years; orange: the newest",
        plot=drawn(
            traces,
            height=380,
            margin={"b": 70},
            legend={"y": -0.25},
            xaxis={"type": "date"},
            yaxis=titled(unit_name(history.unit)),
        ),
        table=forecasts_table(own),
        alt="The series as it came, with dotted lines for what earlier data would have forecast.",
        source=SOURCE,
        facts=history.facts,
    )


def forecasts_table(own: Sequence[Past]) -> pd.DataFrame:
    """Table of past forecasts, newest origin first."""
    return pd.DataFrame(
        [
            {
                "Known until": month_text(one.origin),
                "For": month_text(one.target),
                "Forecast": one.said,
                "Low": one.low,
                "High": one.high,
                "Came": one.came,
                "Off, %": round(100 * one.error),
                "Inside": "yes" if one.inside else "no",
            }
            for one in sorted(own, key=lambda one: (-one.origin, one.target))
        ]
    )


def published_headline(others: Sequence[Outside]) -> str:
    """Say how published outlooks did."""
    came = [one for one in others if one.came]
    if not came:
        return "No published outlook has come due yet"
    low = sum(one.error < 0 for one in came)
    return f"{low} of {len(came)} published outlooks that came due were too low"


def published_table(others: Sequence[Outside]) -> pd.DataFrame:
    """Table of published outlooks against what came or was said last."""
    return pd.DataFrame(
        [
            {
                "Outlook": one.topic,
                "Where": one.region,
                "For": one.period,
                "Said in": one.vintage,
                "Said": float(one.said.value or 0.0),
                "Held against": "what came" if one.came else "its newest edition",
                "Later": float(one.value),
                "Unit": unit_name(one.said.unit),
                "Off, %": round(100 * one.error),
                "Row": one.said.place,
                "Source": one.said.source.cite(),
                "Address": one.said.source.url,
            }
            for one in others
        ]
    )


def readable(published: pd.DataFrame) -> pd.DataFrame:
    """Return the table of published outlooks as it is shown: its errors with a true minus sign."""
    errors = [number(float(one)) for one in published.get("Off, %", [])]
    return published.assign(**{"Off, %": errors}) if errors else published
