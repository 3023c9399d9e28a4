"""What could be otherwise: growth under a stated ceiling, and a driver that goes another way."""

import numpy as np
import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.series import publishers, unit_name, when
from dashboard.theme import (
    BLUE,
    GREEN,
    GREY,
    ORANGE,
    PURPLE,
    VERMILION,
    Part,
    drawn,
    faded,
    number,
    percent,
    titled,
)
from forecasts.ceilings import Ceilings, curves
from forecasts.growth import Curve
from forecasts.outlook import History, Outlook, period_name
from forecasts.units import Array
from forecasts.witness import FUTURES, STATED, Witness

CURVE_COLOURS: dict[Curve, str] = {"logistic": GREEN, "gompertz": GREY, "bass": PURPLE}
"""Colour of each growth curve."""

STEP = {1: "year", 4: "quarter", 12: "month"}
"""One step of a series, by how many a year has."""

GROWS = {
    season: f". Each {STEP[season]} grows on the same one a year before: the last year's swings go "
    "on, and the first value may lie below the last one seen"
    for season in (4, 12)
}
"""What a reader should know of a path that grows by the year, where a year has several steps."""

SHOWN: Curve = "logistic"
"""The curve whose range of ceilings is drawn as a band."""


def _line(name: str, at: Array, values: Array, colour: str, dash: str = "solid") -> Part:
    return {
        "type": "scatter",
        "x": at.round(4),
        "y": values.round(4),
        "name": name,
        "mode": "lines",
        "line": {"color": colour, "width": 2.5, "dash": dash},
        "hovertemplate": f"<b>{name}</b>: %{{y:,.1f}}<extra></extra>",
    }


def under_ceilings(outlook: Outlook, key: str, ceilings: Ceilings) -> Chart:
    """Growth curves towards the stated ceilings, beside the forecast by the series alone."""
    history, forecast = outlook.histories[key], outlook.forecasts[key]
    past = history.values  # noqa: PD011 - an array, which ruff takes for a frame
    ends = outlook.future_ends(key)
    made = curves(past, ends.size, ceilings)
    at, unit = when(ends, history.freq), unit_name(history.unit)
    band = made[SHOWN]
    traces: list[Part] = [
        {
            "type": "scatter",
            "x": np.concatenate([at, at[::-1]]).round(4),
            "y": np.concatenate([band.high, band.low[::-1]]).round(4),
            "mode": "lines",
            "line": {"width": 0},
            "fill": "toself",
            "fillcolor": faded(CURVE_COLOURS[SHOWN], 0.18),
            "name": f"Logistic, ceiling {number(ceilings.low)} to {number(ceilings.high)}",
            "hoverinfo": "skip",
        },
        *(_line(name.capitalize(), at, one.mid, CURVE_COLOURS[name]) for name, one in made.items()),
        _line("Forecast in use", at, forecast.mean, ORANGE, "dash"),
        _line("History", when(history.ends, history.freq), past, BLUE),
    ]
    figure = drawn(
        traces,
        height=360,
        xaxis={"tickformat": "d"},
        yaxis={**titled(unit), "rangemode": "tozero"},
    )
    ends_at = [float(one.mid[-1]) for one in made.values()]
    table = pd.DataFrame(
        {"Period": [period_name(int(end), history.freq) for end in ends]}
        | {
            f"{name.capitalize()} to {number(end)}, {unit}": path
            for name, one in made.items()
            for end, path in zip(ceilings.range, (one.low, one.mid, one.high), strict=True)
        }
        | {f"Forecast in use, {unit}": forecast.mean}
    )
    return Chart(
        headline=f"Under a ceiling of {number(ceilings.mid)} {unit}, growth curves end at "
        f"{number(min(ends_at))} to {number(max(ends_at))}; the forecast at "
        f"{number(float(forecast.mean[-1]))}",
        subtitle=f"{band.note} {ceilings.basis}",
        plot=figure,
        table=table,
        alt=f"{history.title}: logistic, Gompertz and Bass curves under a stated ceiling.",
        source="; ".join(publishers(ceilings.facts)[:3]) or "Physical bound",
    )


def ceiling_rows(ceilings: Ceilings) -> pd.DataFrame:
    """Table of the published figures a range of ceilings was read from."""
    return pd.DataFrame(
        {
            "Figure": [fact.place.partition("[")[2].removesuffix("]") for fact in ceilings.facts],
            "Value": [fact.value for fact in ceilings.facts],
            "Unit": [unit_name(fact.unit) for fact in ceilings.facts],
            "Grade": [str(fact.source.confidence) for fact in ceilings.facts],
            "Source": [fact.source.cite() for fact in ceilings.facts],
            "Address": [fact.source.url for fact in ceilings.facts],
        }
    )


def by_driver(outlook: Outlook, key: str, seen: Witness) -> Chart:
    """A series under the low, central and high future of its driver, and a stated one if any."""
    history, forecast = outlook.histories[key], outlook.forecasts[key]
    paths, unit = seen.found.paths, unit_name(history.unit)
    at = when(seen.ends, history.freq)
    ahead = when(outlook.future_ends(key), history.freq)
    colours = dict(zip((*FUTURES, STATED), (GREY, GREEN, VERMILION, PURPLE), strict=True))
    labels = {"low": "low", "forecast": "as forecast", "high": "high", STATED: "as you state"}
    traces: list[Part] = [
        *(
            _line(f"{seen.driver.title}: {labels[name]}", at, path, colours[name])
            for name, path in paths.items()
        ),
        _line("Forecast in use", ahead, forecast.mean, ORANGE, "dash"),
        _line("History", when(history.ends, history.freq), history.values, BLUE),
    ]
    figure = drawn(
        traces,
        height=360,
        xaxis={"tickformat": "d"},
        yaxis={**titled(unit), "rangemode": "tozero"},
    )
    table = pd.DataFrame(
        {"Period": [period_name(int(end), history.freq) for end in seen.ends]}
        | {f"Driver {labels[name]}, {unit}": path for name, path in paths.items()}
    )
    return Chart(
        headline=driver_finding(history, seen),
        subtitle=f"Futures of the driver: its forecast and the ends of {_made_for(outlook, seen)}"
        f"{', and the growth stated' * (STATED in paths)}. "
        f"Beside the model: it drives nothing in it{GROWS.get(history.season, '')}",
        plot=figure,
        table=table,
        alt=f"{history.title} under {len(paths)} futures of {seen.driver.title}.",
        source="; ".join(publishers((*history.facts, *seen.driver.facts))[:2]),
    )


def _made_for(outlook: Outlook, seen: Witness) -> str:
    """Name the interval of a driver, with its record where that is poor."""
    made = outlook.forecasts.get(seen.driver.key)
    if made is None or not made.verdict.broken:
        return "its 80 % interval"
    return f"an interval made for 80 % that held {percent(made.verdict.held, 0)} of past values"


def driver_finding(history: History, seen: Witness) -> str:
    """Say how the series follows its driver, and how far that may be believed."""
    found = seen.found
    step = STEP.get(history.season, "step") + "s" * (seen.lag != 1)
    lead = f", {seen.lag} {step} later," if seen.lag else ""
    return (
        f"One point more growth of {seen.driver.title} came{lead} with {found.elasticity:.2f} "
        f"(± {found.standard_error:.2f}) points of {history.title}. {found.note.rstrip('.')}"
    )
