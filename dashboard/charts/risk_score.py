"""The composite risk score of every factory, its components, sources and weights. Pure."""

from collections.abc import Mapping

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.card import Chart
from dashboard.charts.study import Study, short
from dashboard.theme import PALETTE, drawn, hatch, number, titled
from forecasts.risk_components import COMPONENTS
from forecasts.risk_score import RiskScore, Scored

SOURCE = "Tables sites and country_year, and the scenario on screen; scales and weights: judgement"

HATCHED = "/"
"""Every second component is hatched, so that neighbours differ without colour."""


def ordered(found: tuple[RiskScore, ...]) -> list[RiskScore]:
    """Return the scores, the riskiest first; those without any value last."""
    return sorted(found, key=lambda one: -1.0 if one.score is None else one.score, reverse=True)


def _name(study: Study, key: str) -> str:
    return short(study.sites[study.row(key)])


def headline(study: Study, found: tuple[RiskScore, ...]) -> str:
    """Say who is riskiest and who safest, and what brings most of it."""
    known = [one for one in ordered(found) if one.score is not None]
    if not known:
        return "No component has a value"
    first, last = known[0], known[-1]
    if len(known) == 1:
        return f"{_name(study, first.factory)} scores {number(first.score or 0)} of 100"
    return (
        f"{_name(study, first.factory)} is riskiest with {number(first.score or 0)} of 100, "
        f"{_name(study, last.factory)} safest with {number(last.score or 0)}"
    )


def missing(study: Study, found: tuple[RiskScore, ...]) -> list[str]:
    """Say of every factory what has no value, and how far that may move its score."""
    said = []
    for one in found:
        gone = [part for part in one.parts if part.points is None]
        if gone:
            names = ", ".join(f"{part.component.label} ({part.shown})" for part in gone)
            said.append(
                f"{_name(study, one.factory)}: no value of {names}; with it the score would be "
                f"{number(one.lowest)} to {number(one.highest)}."
            )
    return said


def _shares(one: RiskScore, weights: Mapping[str, float]) -> dict[str, float | None]:
    """What each component adds to the score; the rest share the weight of a missing one."""
    known = sum(weights[part.component.name] for part in one.parts if part.points is not None)
    return {
        part.component.label: None
        if part.points is None or not known
        else part.points * weights[part.component.name] / known
        for part in one.parts
    }


def score_chart(
    study: Study, found: tuple[RiskScore, ...], weights: Mapping[str, float]
) -> Chart | None:
    """Bars of what each component adds to the score of each factory, the riskiest on top."""
    known = [one for one in ordered(found) if one.score is not None]
    if not known:
        return None
    rows = [
        {
            "Factory": _name(study, one.factory),
            "Score, 0 to 100": one.score,
            "Without what the rate charges": one.beside_rate,
            **_shares(one, weights),
        }
        for one in known
    ]
    table = pd.DataFrame(rows)
    table = table.astype(dict.fromkeys(table.columns[1:], "float64"))
    upward = table.iloc[::-1]
    bars = [
        go.Bar(
            x=upward[one.label],
            y=upward["Factory"],
            orientation="h",
            name=one.label,
            marker={"color": PALETTE[place % len(PALETTE)]}
            | ({"pattern": hatch(HATCHED)} if place % 2 else {}),
            hovertemplate="%{y}: %{x:.0f} points<extra>" + one.label + "</extra>",
        )
        for place, one in enumerate(COMPONENTS)
        if weights[one.name] > 0
    ]
    figure = drawn(
        bars,
        height=max(200, 130 + 28 * len(known)),
        barmode="stack",
        margin={"b": 96},
        legend={"y": -0.22},
        xaxis=titled("risk score, 0 safe to 100"),
        yaxis={"automargin": True},
    )
    return Chart(
        headline=headline(study, found),
        subtitle="What each component adds, by the weights; longer is riskier",
        plot=figure,
        table=table,
        alt="Stacked bars of the risk score of each factory by component.",
        source=SOURCE,
        facts=tuple(
            fact for one in reversed(known) for part in one.parts for fact in part.facts[-2:]
        ),
    )


def scales_table(weights: Mapping[str, float]) -> pd.DataFrame:
    """Table of the scales and weights, and of where the model counts each component already."""
    total = sum(weights.values())
    return pd.DataFrame(
        [
            {
                "Component": one.label,
                "Scale": one.scale,
                "Weight of 100": f"{100 * weights[one.name] / total:.0f}",
                "Already counted": one.counted,
            }
            for one in COMPONENTS
        ]
    )


def parts_table(study: Study, found: tuple[RiskScore, ...]) -> pd.DataFrame:
    """Table of every component of every factory, with source and grade."""
    return pd.DataFrame(
        [
            {
                "Factory": _name(study, one.factory),
                "Component": part.component.label,
                "Value": part.shown,
                "Points": "none" if part.points is None else number(part.points),
                "Grade": part.grade or "none",
                "Source": _source(part),
                "Already counted": part.counted,
            }
            for one in ordered(found)
            for part in one.parts
        ]
    )


def _source(part: Scored) -> str:
    if not part.facts:
        return "no row" if part.points is None else "the projection on screen"
    source = part.facts[-1].source
    rows = part.facts[-1].place if len(part.facts) < 3 else f"{len(part.facts)} rows"
    return f"{source.publisher}, {source.date} ({rows})"


def text(data: Mapping[str, object]) -> str:
    """Return the scores as a table for the terminal."""
    factories, components = data["factories"], data["components"]
    assert isinstance(factories, list)
    assert isinstance(components, list)
    heads = "".join(f"{one['name'][:12]:>14}" for one in components)
    lines = [
        "Risk from 0 (safe) to 100; in brackets without what the discount rate charges for",
        "",
        f"{'factory':16}{'score':>12}{heads}",
        f"{'weight':28}" + "".join(f"{one['weight']:>14g}" for one in components),
    ]
    for one in factories:
        cells = "".join(
            f"{_points(one['components'][own['name']]['points']):>14}" for own in components
        )
        score = f"{_points(one['score'])} ({_points(one['score_beside_the_rate'])})"
        lines.append(f"{one['factory']:16}{score:>12}{cells}")
    gone = [
        f"{one['factory']}: no {name} ({part['shown']}); score {one['lowest']:.0f} to "
        f"{one['highest']:.0f} with it"
        for one in factories
        for name, part in one["components"].items()
        if part["points"] is None
    ]
    lines += ["", *(f"{one['name']}: {one['label']}, {one['scale']}" for one in components)]
    return "\n".join([*lines, *gone])


def _points(value: float | None) -> str:
    return "none" if value is None else f"{value:.0f}"
