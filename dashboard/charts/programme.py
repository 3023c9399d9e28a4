"""The announcement, line by line: what each element is in the model, and what it moves."""

from collections.abc import Sequence

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.theme import BLUE, VERMILION, drawn, money, number, titled
from forecasts.announcement import Moved
from forecasts.scenario import QUANTITIES

SOURCE = "announcement in table comparables; model run with a tenth more of each; page Data"


def headline(found: Sequence[Moved]) -> str:
    """Say in a sentence which element decides."""
    told = [one for one in found if "npv" in one.changes]
    if not told:
        return "Nothing is built, so no element of the announcement moves anything"
    most = max(told, key=lambda one: abs(one.changes["npv"]))
    up = "adds" if most.changes["npv"] > 0 else "takes"
    return f"Of all that was announced, {most.place.what} {up} most: {_money(most.changes['npv'])}"


def _money(usd: float) -> str:
    return money(abs(usd)) + " of NPV"


def value(one: Moved) -> str:
    """Write the model's value of a quantity, as a range where factories differ."""
    unit = QUANTITIES[one.place.quantity].unit
    ends = [number(end * unit.scale, unit.digits) for end in (one.low, one.high)]
    shown = ends[0] if ends[0] == ends[1] else f"{ends[0]} to {ends[1]}"
    return f"{shown} {unit.text}".strip()


def table(found: Sequence[Moved]) -> pd.DataFrame:
    """Table of every element: announced, in the model, value, source, grade, what it moves."""
    return pd.DataFrame(
        [
            {
                "Element": one.element.label,
                "In the model": f"{QUANTITIES[one.place.quantity].label}, {one.place.factories}",
                "Value": value(one),
                "NPV, USD m": _scaled(one, "npv", 1e-6, 1),
                "IRR, points": _scaled(one, "irr", 100, 2),
                "LCOC, USD/h": _scaled(one, "lcoc", 1, 3),
                "Capex, USD m": _scaled(one, "capex", 1e-6, 1),
                "Grade": "stated" if one.fact is None else str(one.fact.source.confidence),
                "Row": "stated by this scenario" if one.fact is None else one.fact.place,
                "Source": "" if one.fact is None else one.fact.source.cite(),
                "Announced": one.said.text,
                "Address": one.said.source.url,
                "A tenth more": one.place.what,
                "How": one.element.how,
                "Page": one.element.page,
            }
            for one in found
        ]
    )


def _scaled(one: Moved, name: str, scale: float, digits: int) -> float | None:
    change = one.changes.get(name)
    return None if change is None else round(change * scale, digits) + 0.0


def moves(found: Sequence[Moved]) -> Chart | None:
    """Bars of the change of NPV for a tenth more of each quantity, largest on top."""
    told = sorted(
        (one for one in found if "npv" in one.changes), key=lambda one: abs(one.changes["npv"])
    )
    if not told:
        return None
    names = [f"{one.element.label}: {QUANTITIES[one.place.quantity].label}" for one in told]
    values = [one.changes["npv"] / 1e6 for one in told]
    figure = drawn(
        [
            go.Bar(
                x=values,
                y=[_brief(one) for one in told],
                orientation="h",
                marker={"color": [BLUE if value > 0 else VERMILION for value in values]},
                customdata=names,
                hovertemplate="%{customdata}: %{x:,.0f}<extra></extra>",
                showlegend=False,
            )
        ],
        height=110 + 24 * len(told),
        margin={"b": 60},
        xaxis={**titled("change of NPV, USD m"), "zeroline": True},
        yaxis={"automargin": True},
    )
    small = [one for one in told if abs(one.changes["npv"]) < SMALL * abs(told[-1].changes["npv"])]
    return Chart(
        headline=f"{len(small)} of {len(told)} matter less than a tenth of what the first one does",
        subtitle="Change of NPV of all factories, USD m, when one quantity rises by a tenth alone",
        plot=figure,
        table=table(found),
        alt="Bars of the change of NPV for a tenth more of each quantity of the announcement.",
        source=SOURCE,
        facts=tuple(dict.fromkeys(one.said for one in found)),
    )


SMALL = 0.1
"""Share of the largest move below which a move is called small."""


def _brief(one: Moved) -> str:
    """Name a move so that it fits beside a drawing on a phone."""
    words = f"{one.element.label}: {QUANTITIES[one.place.quantity].label}"
    return words if len(words) <= LONGEST else words[: LONGEST - 1].rstrip(" ,") + "…"


LONGEST = 40
"""Characters of a name beside a drawing."""
