"""What sampled paths say: how wide each return is, and who comes first."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short
from dashboard.theme import BLUE, GREY, drawn, factory_style, money, number, percent, titled
from data.schemas import COUNTRIES
from forecasts.scenario import QUANTITIES

Data = Mapping[str, Any]

SOURCE = "Rackcast simulation; ranges and sources of its assumptions on page Data"
"""The source line of a chart of simulated paths."""


def chance(found: Data) -> str:
    """Write a probability with its error: 38 ± 1 %."""
    return f"{100 * found['value']:.0f} ± {100 * found['standard_error']:.1f} %"


def headline(study: Study, data: Data) -> str:
    """Say in a sentence what the paths mean."""
    built = [one for one in data["factories"] if one["metrics"]["irr"]["p50"] is not None]
    if not built:
        return "No phase is built in this scenario, so nothing is at risk"
    best = max(built, key=lambda one: one["probabilities"]["npv_positive"]["value"])
    name = short(study.sites[study.row(best["key"])])
    return f"{name} is worth its cost in {chance(best['probabilities']['npv_positive'])} of paths"


def meaning(data: Data) -> str:
    """Say what happens to all factories together."""
    together = data["portfolio"]
    low, high = together["metrics"]["npv"]["p10"], together["metrics"]["npv"]["p90"]
    return (
        f"All factories together: NPV between {money(low['value'])} and {money(high['value'])} in "
        f"8 of 10 paths, above zero in {chance(together['probabilities']['npv_positive'])}."
    )


def returns_spread(study: Study, data: Data) -> Chart | None:
    """Project IRR by factory: P10 to P90 as a line, the median, and the expected path."""
    rows = []
    for one in data["factories"]:
        irr = one["metrics"]["irr"]
        row = study.row(one["key"])
        expected = study.returns[row]["irr"].value
        if all(irr[level] is not None for level in ("p10", "p50", "p90")) and expected is not None:
            values = [100 * irr[level]["value"] for level in ("p10", "p50", "p90")]
            error = 100 * (irr["p50"]["standard_error"] or 0.0)
            rows.append([short(study.sites[row]), *values, error, 100 * expected, one["key"]])
    if not rows:
        return None
    names = ["Factory", "P10, %", "P50, %", "P90, %", "Error of P50, points"]
    columns = [*names, "Expected path, %", "key"]
    table = pd.DataFrame(rows, columns=columns).sort_values("P50, %").reset_index(drop=True)
    lines = [
        go.Scatter(
            x=[low, high],
            y=[name, name],
            mode="lines",
            line={"width": 8, "color": factory_style(key).colour},
            opacity=0.45,
            showlegend=False,
            hoverinfo="skip",
        )
        for name, low, high, key in zip(
            table["Factory"], table["P10, %"], table["P90, %"], table["key"], strict=True
        )
    ]
    marks = [
        go.Scatter(
            x=table[column],
            y=table["Factory"],
            mode="markers",
            name=label,
            marker={"size": 10, "symbol": symbol, "color": colour},
            hovertemplate="%{y}: %{x:.1f} %<extra>" + label + "</extra>",
        )
        for column, label, symbol, colour in (
            ("P50, %", "Median of paths", "circle", BLUE),
            ("Expected path, %", "Expected path", "diamond-open", GREY),
        )
    ]
    figure = drawn(
        [*lines, *marks],
        height=420,
        margin={"b": 60},
        legend={"y": -0.2},
        xaxis={**titled("project IRR, % a year"), "zeroline": True, "range": _around(table)},
        yaxis={"automargin": True},
    )
    widest = table.iloc[(table["P90, %"] - table["P10, %"]).argmax()]
    return Chart(
        headline=f"{widest['Factory']}'s return "
        f"{'is the least certain' if len(table) > 1 else 'may be anything'}: "
        f"{number(widest['P10, %'])} to {number(widest['P90, %'])} %",
        subtitle="Project IRR, 8 of 10 paths inside the bar",
        plot=figure,
        table=table.drop(columns="key"),
        alt="Bars from the 10th to the 90th percentile of project IRR by factory, with the median "
        "and the expected path marked.",
        source=SOURCE,
    )


def _around(table: pd.DataFrame) -> list[float]:
    """Return where the axis begins and ends: no bar touches an edge."""
    low, high = float(table["P10, %"].min()), float(table["P90, %"].max())
    high = max(high, float(table["Expected path, %"].max()))
    low = min(low, float(table["Expected path, %"].min()))
    room = 0.04 * (high - low)
    return [low - room, high + room]


def first_places(study: Study, ranked: Data) -> Chart | None:
    """Share of paths in which each factory is first."""
    rows = [
        [
            short(study.sites[study.row(one["key"])]),
            100 * one["first"]["value"],
            100 * one["first"]["standard_error"],
            one["mean_rank"],
            one["rank_p10"],
            one["rank_p90"],
        ]
        for one in sorted(ranked["sites"], key=lambda one: one["first"]["value"])
    ]
    if len(rows) < 2:
        return None
    columns = ["Factory", "First, % of paths", "Error, points", "Mean rank", "P10", "P90"]
    table = pd.DataFrame(rows, columns=columns)
    figure = drawn(
        [
            go.Bar(
                x=table["First, % of paths"],
                y=table["Factory"],
                orientation="h",
                marker={"color": BLUE},
                error_x={"array": table["Error, points"], "thickness": 1},
                hovertemplate="%{y}: %{x:.0f} % of paths<extra></extra>",
                showlegend=False,
            )
        ],
        height=420,
        margin={"b": 60},
        xaxis=titled("% of paths"),
        yaxis={"automargin": True},
    )
    best = max(ranked["sites"], key=lambda one: one["first"]["value"])
    name = short(study.sites[study.row(best["key"])])
    return Chart(
        headline=f"{name} comes first in {chance(best['first'])} of paths",
        subtitle="Share of paths in which a factory has the highest NPV over capex",
        plot=figure,
        table=table.iloc[::-1].reset_index(drop=True),
        alt="Bars of the share of paths in which each factory is first.",
        source=SOURCE,
    )


def odds(study: Study, data: Data) -> pd.DataFrame:
    """Table of probabilities by factory, percent with their errors."""
    labels = {
        "npv_positive": "NPV above 0",
        "irr_above_hurdle": "IRR above hurdle",
        "dscr_below_covenant": "DSCR below covenant",
        "stranded_above": "Over 10 % stranded",
        "payback_within": "Payback in 10 years",
    }
    return pd.DataFrame(
        [
            {"Factory": short(study.sites[study.row(one["key"])])}
            | {label: chance(one["probabilities"][name]) for name, label in labels.items()}
            | {"Hurdle": percent(one["probabilities"]["irr_above_hurdle"]["threshold"])}
            for one in data["factories"]
        ]
    )


def knowing(ranked: Data) -> pd.DataFrame:
    """Table of what knowing an input beforehand is worth to the choice of one site."""
    names = {one["key"]: one["name"].removesuffix(" AI Factory") for one in ranked["sites"]}
    return pd.DataFrame(
        [
            {
                "Input": input_name(one["input"]),
                "Worth knowing, USD m": one["value_usd"] / 1e6,
                "Most NPV when low": names[one["first_when_low"]],
                "Most NPV when high": names[one["first_when_high"]],
            }
            for one in ranked["information"]
        ]
    )


SHARED = {
    "ai_capex": "AI spending",
    "gpu_market": "GPU-hour market",
    "power": "Power markets together",
    "rack_price": "Rack price path",
    "dollar": "Dollar",
    "delay": "Delays together",
}
"""What several factories draw together, in words."""

OWN = {"capacity": "Capacity", "power": "Power price", "local": "Currency", "delay": "Delay"}
"""What a country or factory draws by itself, in words."""


def input_name(name: str) -> str:
    """Write the name of an uncertain input as it is written on screen.

    Examples
    --------
    >>> input_name("ai_capex"), input_name("capacity_BEL"), input_name("pue")
    ('AI spending', 'Capacity (Belgium)', 'PUE')
    """
    if name in SHARED:
        return SHARED[name]
    if name in QUANTITIES:
        return QUANTITIES[name].label
    kind, _, whose = name.partition("_")
    place = COUNTRIES.get(whose, whose.replace("_", " ").title())
    where = {"United Arab Emirates": "UAE", "Uae": "UAE"}.get(place, place)
    return f"{OWN.get(kind, kind.capitalize())} ({where})"
