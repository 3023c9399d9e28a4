"""Two scenarios side by side, and what the difference between them is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.charts.card import MODEL
from dashboard.charts.study import Study, short
from dashboard.exports.sheets import Grid, Kind, Plot, Series, Values
from dashboard.theme import (
    BLUE,
    GREEN,
    NOTHING,
    SKY,
    VERMILION,
    change_text,
    metric_text,
    money,
    money_scale,
)
from forecasts.metric_register import METRICS

STEPS_DRAWN = 8
"""Steps of a bridge drawn one by one; the smaller ones stand together."""

COMPARED = ("npv", "irr", "equity_irr", "lcoc", "payback", "capex", "peak_funding", "min_dscr_12m")
"""Metrics set side by side."""


@dataclass(frozen=True, slots=True)
class Driven:
    """What one assumption does to the portfolio's NPV.

    Attributes
    ----------
    name : str
        The assumption.
    value, range, source : str
        As written: its value, its stated range, what it rests on.
    low, high : float
        NPV at the ends of the range, USD.
    span : float
        Largest less smallest, USD.
    """

    name: str
    value: str
    range: str
    source: str
    low: float
    high: float
    span: float


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a bridge: what a changed assumption adds, USD."""

    label: str
    usd: float


SMALL = 0.5
"""USD below which a difference is none."""


def bridge_plot(study: Study, other: Study, steps: Sequence[Step]) -> Plot:
    """Draw the way from the other scenario's NPV to this one's."""
    ordered = sorted(steps, key=lambda one: -abs(one.usd))
    kept = list(ordered[:STEPS_DRAWN])
    rest = sum(one.usd for one in ordered[STEPS_DRAWN:])
    if len(ordered) > STEPS_DRAWN:
        kept.append(Step(f"{len(ordered) - STEPS_DRAWN} others", rest))
    start, end = (one.portfolio["npv"].value or 0.0 for one in (other, study))
    divisor, unit = money_scale(max(abs(start), abs(end)))
    names = [_name(other), *(one.label for one in kept), _name(study)]
    ends = [(0.0, start)]
    level = start
    for one in kept:
        ends.append((level, level + one.usd))
        level += one.usd
    ends.append((0.0, end))
    series = _bodies([(low / divisor, high / divisor) for low, high in ends])
    change = end - start
    if not steps:
        said = "The two scenarios are the same"
    elif abs(change) < SMALL and max(abs(one.usd) for one in steps) < SMALL:
        said = f"Against {_name(other)}, this scenario leaves NPV as it is"
    else:
        word = "adds" if change >= 0 else "takes away"
        top = ordered[0]
        said = (
            f"Against {_name(other)}, this scenario {word} {money(abs(change))} of NPV; "
            f"{top.label} weighs most: {money(top.usd)}"
        )
    shown = f"NPV of all factories, {unit}; each step is the mean over all orders of changing"
    digits = 1 if divisor > 1e6 else 0
    return Plot(said, shown, Kind.BRIDGE, tuple(names), series, MODEL, digits)


def _name(study: Study) -> str:
    return study.result.plan.scenario.name[:40]


def split(ends: Sequence[tuple[float, float]]) -> tuple[Values, Values, Values, Values]:
    """Split spans at zero: feet and bodies above, feet and bodies below.

    Stacked columns grow up and down from zero, so a span that lies off it needs a foot that is
    not seen, and one that crosses it is two bodies.

    Examples
    --------
    >>> split([(2.0, 5.0), (-1.0, 3.0)])
    ((2.0, 0.0), (3.0, 3.0), (0.0, 0.0), (0.0, -1.0))
    """
    spans = [(min(pair), max(pair)) for pair in ends]
    foot_above = tuple(max(low, 0.0) for low, _ in spans)
    above = tuple(max(high, 0.0) - max(low, 0.0) for low, high in spans)
    foot_below = tuple(min(high, 0.0) for _, high in spans)
    below = tuple(min(low, 0.0) - min(high, 0.0) for low, high in spans)
    return foot_above, above, foot_below, below


def _bodies(ends: list[tuple[float, float]]) -> tuple[Series, ...]:
    """Draw totals, gains and losses, each split at zero."""
    foot_above, above, foot_below, below = split(ends)
    last = len(ends) - 1

    def kind(place: int) -> str:
        if place in (0, last):
            return "total"
        return "gain" if ends[place][1] >= ends[place][0] else "loss"

    found = [
        Series("Foot above zero", foot_above, "#FFFFFF", unseen=True),
        Series("Foot below zero", foot_below, "#FFFFFF", unseen=True),
    ]
    for name, colour in (("total", BLUE), ("gain", GREEN), ("loss", VERMILION)):
        for side, bodies in (("above", above), ("below", below)):
            values = tuple(
                body if kind(place) == name else 0.0 for place, body in enumerate(bodies)
            )
            found.append(Series(f"{name.capitalize()} {side} zero", values, colour))
    return tuple(found)


def ranges(low: Values, middle: Values, high: Values) -> tuple[Series, ...]:
    """Draw spans from low over middle to high: a light half and a dark half, split at zero."""
    lower = split([(a or 0.0, b or 0.0) for a, b in zip(low, middle, strict=True)])
    upper = split([(a or 0.0, b or 0.0) for a, b in zip(middle, high, strict=True)])
    return (
        Series("Foot above zero", lower[0], "#FFFFFF", unseen=True),
        Series("P10 to median, above zero", lower[1], SKY),
        Series("Step above zero", _rest(upper[0], lower[0], lower[1]), "#FFFFFF", unseen=True),
        Series("Median to P90, above zero", upper[1], BLUE),
        Series("Foot below zero", upper[2], "#FFFFFF", unseen=True),
        Series("Median to P90, below zero", upper[3], BLUE),
        Series("P10 to median, below zero", lower[3], SKY),
    )


def _rest(foot: Values, below: Values, body: Values) -> Values:
    """What is left between the top of the lower body and the foot of the upper one."""
    return tuple(
        max((a or 0.0) - (b or 0.0) - (c or 0.0), 0.0)
        for a, b, c in zip(foot, below, body, strict=True)
    )


def side_by_side(study: Study, other: Study) -> Grid:
    """Set the portfolio's metrics and each factory's NPV of two scenarios beside each other."""
    rows = []
    for name in COMPARED:
        now, was = study.portfolio[name], other.portfolio[name]
        change = (
            change_text(METRICS[name].unit, now.value - was.value)
            if now.value is not None and was.value is not None
            else None
        )
        rows.append((METRICS[name].label, metric_text(was), metric_text(now), _change(change)))
    known = {site.key: row for row, site in enumerate(other.sites)}
    for row, site in enumerate(study.sites):
        if site.key in known:
            now, was = study.returns[row]["npv"], other.returns[known[site.key]]["npv"]
            change = change_text("USD", (now.value or 0.0) - (was.value or 0.0))
            rows.append(
                (f"NPV, {short(site)}", metric_text(was), metric_text(now), _change(change))
            )
    header = ("All factories", _name(other), _name(study), "Change")
    return Grid("Side by side", header, tuple(rows), (1.6, 1.2, 1.2, 1.2), (1, 2, 3))


def _change(text: str | None) -> str:
    return NOTHING if text is None else text
