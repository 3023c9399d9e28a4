"""Charts of the series behind the model: history, fan of intervals, members."""

from collections.abc import Sequence
from math import isnan

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.theme import (
    BLUE,
    GREY,
    JOIN,
    ORANGE,
    VERMILION,
    Part,
    drawn,
    faded,
    number,
    percent,
    titled,
)
from data.provenance import Fact
from data.schemas import DATASETS
from forecasts.backtest import ENOUGH, TRIED
from forecasts.combine import Forecast
from forecasts.issue_scores import observed
from forecasts.marks import NO_MARKS, Marks
from forecasts.outlook import History, Outlook, period_name
from forecasts.units import MONTHS_PER_YEAR, Array, Whole

UNIT_NAMES = {
    "USD_bn": "USD bn",
    "USD_per_gpu_hour": "USD per GPU-hour",
    "EUR_per_MWh": "EUR per MWh",
    "percent": "%",
}
"""Units of the tables as people write them; the others stand as they are."""

BAND_OPACITY = {50: 0.42, 80: 0.26, 95: 0.15}
"""How strongly each interval is drawn, by level in percent."""

STEPS = {"Q": "quarter", "M": "month", "A": "year"}


def unit_name(unit: str) -> str:
    """Return a unit of the tables as people write it."""
    return UNIT_NAMES.get(unit, unit.replace("_", " "))


def _past(history: History) -> Array:
    """Return the regular values; an array, which ruff takes for a frame's attribute."""
    return history.values  # noqa: PD011


def when(ends: Whole, freq: str) -> Array:
    """Return where periods stand on an axis of years: a calendar year at its number, others at end.

    Parameters
    ----------
    ends : (n,) array of int
        Last month of each period, 12 x year + month - 1.
    freq : str
        Q, M or A.

    Examples
    --------
    >>> when(np.array([24299]), "A"), when(np.array([24299]), "Q"), when(np.array([24293]), "A")
    (array([2024.]), array([2025.]), array([2024.5]))
    """
    whole = (freq == "A") & (ends % MONTHS_PER_YEAR == MONTHS_PER_YEAR - 1)
    placed: Array = (ends + 1) / MONTHS_PER_YEAR - whole
    return placed


def fan(outlook: Outlook, key: str) -> Chart:
    """History and forecast of one series, with intervals of 50, 80 and 95 %."""
    history, forecast = outlook.histories[key], outlook.forecasts[key]
    ahead = outlook.future_ends(key)
    unit = unit_name(history.unit)
    traces = [
        _band(history, forecast, when(ahead, history.freq), level)
        for level in sorted(forecast.upper)
    ]
    later = [period_name(int(end), history.freq) for end in ahead]
    names = [period_name(int(end), history.freq) for end in history.ends]
    marks = "lines+markers" if history.ends.size <= 40 else "lines"
    filled = filled_at(history)
    hovered = [f"{name}, filled" if gap else name for name, gap in zip(names, filled, strict=True)]
    sizes = [0 if gap else 6 for gap in filled] if any(filled) else 6
    figure = drawn(
        [
            *reversed(traces),
            _path("Forecast", when(ahead, history.freq), forecast.mean, later, unit)
            | {"mode": "lines", "line": {"color": ORANGE, "width": 2.5, "dash": "dash"}},
            _path("History", when(history.ends, history.freq), _past(history), hovered, unit)
            | {"mode": marks, "line": {"color": BLUE, "width": 2.5}, "marker": {"size": sizes}},
            *_marks(history, forecast, names, unit),
        ],
        height=400,
        xaxis={"tickformat": "d"},
        yaxis={**titled(unit), "rangemode": "tozero"},
    )
    said = finding(history, forecast)
    told = " ".join(forecast.marks.told(lambda place: names[place]))
    return Chart(
        headline=said,
        subtitle=f"{history.title}, {unit} by {STEPS[history.freq]}; "
        f"bands made to hold 50, 80 and 95 of 100 values; {record(forecast)}",
        plot=figure,
        table=fan_table(outlook, key),
        alt=f"{history.title}: history and forecast. {said}. {told}".strip(),
        source="; ".join(publishers(history.facts)[:3]),
        facts=history.facts,
    )


def filled_at(history: History) -> list[bool]:
    """Tell of each point whether it was filled in between others instead of observed."""
    if not history.filled:
        return [False] * history.ends.size
    known = observed(history)
    return [int(end) not in known for end in history.ends]


def _path(label: str, at: Array, values: Array, names: list[str], unit: str) -> dict[str, object]:
    return {
        "type": "scatter",
        "x": at.round(4),
        "y": values.round(6),
        "name": label,
        "customdata": names,
        "hovertemplate": f"<b>{label}</b> %{{customdata}}: %{{y:,.2f}} {unit}<extra></extra>",
    }


def _marks(history: History, forecast: Forecast, names: list[str], unit: str) -> list[Part]:
    """Ring the outliers and draw a line where the level breaks."""
    at, past, found = when(history.ends, history.freq), _past(history), forecast.marks
    drawing: list[Part] = []
    if found.smoothed:
        rings = list(found.smoothed)
        ringed = [names[place] for place in rings]
        style = {"size": 13, "symbol": "circle-open", "color": VERMILION, "line": {"width": 2.5}}
        trace = _path("Outlier, smoothed for fitting", at[rings], past[rings], ringed, unit)
        drawing.append(trace | {"mode": "markers", "marker": style})
    if found.since:
        # Between the last value before and the first one after.
        x = float(at[found.since - 1 : found.since + 1].mean().round(4))
        drawing.append(
            {
                "type": "scatter",
                "x": [x, x],
                "y": [min(0.0, float(past.min())), float(past.max().round(6))],
                "name": "Level breaks",
                "mode": "lines",
                "line": {"color": GREY, "width": 2, "dash": "dot"},
                "hovertemplate": f"The level breaks at {names[found.since]}<extra></extra>",
            }
        )
    return drawing


def _band(history: History, forecast: Forecast, at: Array, level: int) -> Part:
    """Draw one interval as a filled area that starts at the last value."""
    last = _past(history)[-1:]
    x = np.concatenate([when(history.ends[-1:], history.freq), at])
    low = np.concatenate([last, forecast.lower[level]])
    high = np.concatenate([last, forecast.upper[level]])
    return {
        "type": "scatter",
        "x": np.concatenate([x, x[::-1]]).round(4),
        "y": np.concatenate([high, low[::-1]]).round(6),
        "mode": "lines",
        "line": {"width": 0, "color": ORANGE},
        "fill": "toself",
        "fillcolor": faded(ORANGE, BAND_OPACITY.get(level, 0.2)),
        "name": f"Made to hold {level} %",
        "hoverinfo": "skip",
    }


def finding(history: History, forecast: Forecast) -> str:
    """Say where the series goes within its forecast, and how sure that is."""
    last, end = float(_past(history)[-1]), float(forecast.mean[-1])
    years = forecast.mean.size / history.season
    level = 80 if 80 in forecast.upper else max(forecast.upper)
    low, high = (float(side[level][-1]) for side in (forecast.lower, forecast.upper))
    digits = 0 if max(abs(last), abs(high)) >= 100 else 2
    word = "Stays near" if abs(end - last) <= 0.03 * abs(last) else _direction(end > last)
    ends = f"{number(low, digits)} to {number(high, digits)}"
    said = f"{level} % interval {ends}"
    if forecast.verdict.broken:
        held = percent(forecast.verdict.held, 0)
        said = f"interval {ends}, made for {TRIED}{JOIN}% but held {held} of past values"
    return f"{word} {quantity(end, digits, history.unit)} in {number(years)} years; {said}"


def record(forecast: Forecast) -> str:
    """Say how many past values the 80 % interval held, without a capital or a full stop."""
    tried = forecast.verdict
    if isnan(tried.held):
        return "its past is too short to try them"
    what = f"{tried.errors} past value{'s' * (tried.errors != 1)}"
    if tried.errors < ENOUGH:
        return f"tried on {what}, too few to tell"
    return f"the one of {TRIED}{JOIN}% held {percent(tried.held, 0)} of {what}"


def quantity(value: float, digits: int, unit: str) -> str:
    """Write a value with its unit: USD 132 bn, but 850 MW; spending is that of a quarter."""
    head, _, tail = unit_name(unit).partition(" ")
    tail += " a quarter" if unit == "USD_bn" else ""
    written = number(value, digits)
    return f"{head} {written} {tail}".strip() if head in {"USD", "EUR"} else f"{written} {head}"


def _direction(up: bool) -> str:
    return "Rises to" if up else "Falls to"


def fan_table(outlook: Outlook, key: str) -> pd.DataFrame:
    """Table of history and forecast, with the intervals."""
    history, forecast = outlook.histories[key], outlook.forecasts[key]
    unit = unit_name(history.unit)
    past = pd.DataFrame(
        {
            "Period": [period_name(int(end), history.freq) for end in history.ends],
            "Kind": ["filled" if gap else "history" for gap in filled_at(history)],
            unit: _past(history),
        }
    )
    ahead = pd.DataFrame(
        {
            "Period": [period_name(int(end), history.freq) for end in outlook.future_ends(key)],
            "Kind": "forecast",
            unit: forecast.mean,
            **{f"{level} % low": forecast.lower[level] for level in forecast.lower},
            **{f"{level} % high": forecast.upper[level] for level in forecast.upper},
        }
    )
    if not isnan(forecast.verdict.held):
        ahead[f"Past values in the one of {TRIED} %, %"] = 100 * forecast.verdict.held
    both = pd.concat([past, ahead], ignore_index=True)
    if forecast.marks != NO_MARKS:
        both["Mark"] = _marked(len(both), forecast.marks)
    return both


def _marked(count: int, marks: Marks) -> list[str]:
    """Say of each period what stands out, nothing for most."""
    said = [""] * count
    for place in marks.smoothed:
        said[place] = "outlier"
    if marks.since:
        said[marks.since] = f"{said[marks.since]}; level breaks".removeprefix("; ")
    return said


def members(outlook: Outlook, key: str) -> pd.DataFrame:
    """Table of what the forecast combines: each member after one year and at the end."""
    history, forecast = outlook.histories[key], outlook.forecasts[key]
    year = min(history.season, forecast.mean.size) - 1
    rows = {"combined": forecast.mean} | dict(forecast.members)
    return pd.DataFrame(
        {
            "Member": [name.capitalize() for name in rows],
            "After a year": [float(path[year]) for path in rows.values()],
            "At the end": [float(path[-1]) for path in rows.values()],
        }
    )


def publishers(facts: Sequence[Fact]) -> list[str]:
    """Name the sources of some facts, each once, most used first."""
    counted: dict[str, int] = {}
    for fact in facts:
        counted[fact.source.publisher] = counted.get(fact.source.publisher, 0) + 1
    return sorted(counted, key=lambda name: -counted[name])


def _within(place: str) -> str:
    """Drop the table's name from the place of a row.

    Examples
    --------
    >>> _within("ai_spending[Meta, capex, 2016Q1]")
    'Meta, capex, 2016Q1'
    """
    return place.partition("[")[2].removesuffix("]") or place


def origin(history: History) -> str:
    """Say which tables hold the rows behind a series."""
    names = dict.fromkeys(fact.place.partition("[")[0] for fact in history.facts)
    return " and ".join(DATASETS[name].title if name in DATASETS else name for name in names)


def points(history: History) -> pd.DataFrame:
    """Table of the rows behind a series: value, source, grade, address."""
    return pd.DataFrame(
        {
            "Row": [_within(fact.place) for fact in history.facts],
            unit_name(history.unit): [fact.value for fact in history.facts],
            "Grade": [str(fact.source.confidence) for fact in history.facts],
            "Source": [fact.source.cite() for fact in history.facts],
            "Address": [fact.source.url for fact in history.facts],
            "Notes": [fact.notes for fact in history.facts],
        }
    )
