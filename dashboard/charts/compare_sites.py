"""Sites beside each other: weighted criteria, what turns the order, the announced three. Pure."""

from collections.abc import Mapping
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.risk import SOURCE, chance, input_name
from dashboard.charts.study import Study, short
from dashboard.theme import BLUE, drawn, money, titled

Data = Mapping[str, Any]

SCALES = {
    "share": (100.0, "%"),
    "share_per_year": (100.0, "% a year"),
    "usd_per_gpu_hour": (1.0, "USD/GPU-h"),
    "months": (1.0, "months"),
}
"""What a value of a unit is multiplied with, and what stands behind it."""


def lower_first(words: str) -> str:
    """Write a label so that it can stand in a sentence; abbreviations stay."""
    return words if words[:2].isupper() else words[:1].lower() + words[1:]


def headline(study: Study, ranked: Data) -> str:
    """Say who comes first on paths and by weights, in a sentence."""
    sites = ranked["weighted"]["sites"]
    if not any(study.result.phases):
        return "No phase is built in this scenario, so there is nothing to compare"
    on_paths = max(ranked["sites"], key=lambda one: one["first"]["value"])
    by_weight = max(sites, key=lambda one: one["score"])
    said = f"{_name(study, on_paths['key'])} comes first in {chance(on_paths['first'])} of paths"
    if by_weight["key"] == on_paths["key"]:
        return f"{said}, and by these weights too"
    return f"{said}; by these weights {_name(study, by_weight['key'])} does"


def _name(study: Study, key: str) -> str:
    return short(study.sites[study.row(key)])


def first_wave(study: Study, ranked: Data) -> str:
    """Say how the announced sites stand among themselves and against every candidate."""
    found = ranked["first_wave"]
    if found is None:
        return "This scenario holds only announced sites, or only candidates."
    own = [
        f"{_name(study, one['key'])} in {chance(one['first_of_wave'])}" for one in found["sites"]
    ]
    beats = chance(found["beats_all_candidates"])
    best = _name(study, found["best_candidate"])
    return (
        f"Among the announced sites first comes {', '.join(own)} of paths. The best of them is "
        f"ahead of every candidate in {beats} of paths; the strongest candidate is {best}."
    )


def knowing_all(ranked: Data) -> str:
    """Say what knowing everything beforehand would be worth, and what turns the order."""
    found = ranked["perfect_information"]
    turns = [lower_first(input_name(one["input"])) for one in ranked["information"] if one["flips"]]
    said = (
        "Knowing everything before choosing one site, or none, would be worth "
        f"{money(found['value_usd'])} (± {money(found['standard_error_usd'])})."
    )
    if not turns:
        return (
            f"{said} No single input gives another site most NPV at its low than at its high end."
        )
    ends = ", ".join(turns)
    return f"{said} Another site has most NPV at the low than at the high end of: {ends}."


def weighted_chart(study: Study, ranked: Data) -> Chart | None:
    """Weighted score by site, with the share of random weights that put it first."""
    sites = sorted(ranked["weighted"]["sites"], key=lambda one: one["score"])
    if len(sites) < 2:
        return None
    rows = [
        [_name(study, one["key"]), 100 * one["score"], 100 * one["first_share_of_weights"]]
        for one in sites
    ]
    columns = ["Factory", "Score, 0 to 100", "First under random weights, %"]
    table = pd.DataFrame(rows, columns=columns)
    figure = drawn(
        [
            go.Bar(
                x=table[columns[1]],
                y=table["Factory"],
                orientation="h",
                marker={"color": BLUE},
                text=[f"{share:.0f} %" if share >= 0.5 else "" for share in table[columns[2]]],
                hovertemplate="%{y}: %{x:.0f} of 100<extra></extra>",
                showlegend=False,
            )
        ],
        height=420,
        margin={"b": 60},
        xaxis=titled("weighted score, 0 to 100"),
        yaxis={"automargin": True},
    )
    best = table.iloc[-1]
    return Chart(
        headline=f"{best['Factory']} leads with {best[columns[1]]:.0f} of 100; "
        f"{best[columns[2]]:.0f} % of all weights put it first",
        subtitle="Weighted criteria; on the bars: share of random weights that put the site first",
        plot=figure,
        table=table.iloc[::-1].reset_index(drop=True),
        alt="Bars of the weighted score of each factory.",
        source=SOURCE,
    )


def criteria_table(study: Study, ranked: Data) -> pd.DataFrame:
    """Table of what each site has of each criterion, the best first."""
    weighted = ranked["weighted"]
    rows = []
    for one in sorted(weighted["sites"], key=lambda one: -one["score"]):
        row: dict[str, object] = {
            "Factory": _name(study, one["key"]),
            "Score, 0 to 100": 100 * one["score"],
        }
        for criterion in weighted["criteria"]:
            scale, unit = SCALES[criterion["unit"]]
            value = one["values"][criterion["name"]]
            heading = f"{criterion['label']}, {unit}"
            row[heading] = None if value is None else value * scale
        rows.append(row)
    frame = pd.DataFrame(rows)
    return frame.astype(dict.fromkeys(frame.columns[1:], "float64"))


def weights_table(ranked: Data) -> pd.DataFrame:
    """Table of the weights, and of the weight at which another site takes the lead."""
    total = sum(one["weight"] for one in ranked["weighted"]["criteria"])
    return pd.DataFrame(
        [
            {
                "Criterion": one["label"],
                "Better when": "higher" if one["more_is_better"] else "lower",
                "Weight of 100": f"{100 * one['weight'] / total:.0f}",
                "Another site leads at": "no weight"
                if one["flips_at_weight"] is None
                else f"{one['flips_at_weight']:.0f}",
            }
            for one in ranked["weighted"]["criteria"]
        ]
    )
