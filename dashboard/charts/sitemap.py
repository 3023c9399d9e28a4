"""Map of the factories: where they are, how large they become, and whether they pay."""

import math
from collections.abc import Mapping, Sequence
from functools import lru_cache

import pandas as pd

from dashboard.charts.card import Chart
from dashboard.charts.findings import listed, verdict
from dashboard.charts.study import Study, short
from dashboard.theme import GREEN, GREY, VERMILION, Part, drawn, faded, metric_text, number

LAND_PICTURE = "/app/static/land.svg"
"""Outline of the countries (Natural Earth, public domain).

Plotly's own maps fetch their outlines from outside; this picture comes from the app itself.
"""

LAND_EDGES = {"west": -60.0, "east": 160.0, "south": -45.0, "north": 75.0}
"""Longitude and latitude of the picture's edges."""

STATES = {
    "earns": ("Earns its cost of capital", GREEN, "circle"),
    "misses": ("Misses its cost of capital", VERMILION, "diamond"),
    "empty": ("Not built", GREY, "x"),
}
"""What a marker says: legend, colour and shape."""


def state_of(study: Study, row: int) -> str:
    """Return whether a factory earns its cost of capital, misses it, or is not built."""
    if not study.result.phases[row]:
        return "empty"
    return "earns" if study.clears(row) else "misses"


def built(study: Study, row: int) -> float:
    """Return the IT load of all phases of a factory, MW."""
    return sum(phase.it_mw for phase in study.result.phases[row])


def site_map(study: Study) -> Chart:
    """Map of the factories: size is the IT load built, shape and colour whether it pays."""
    sides = label_sides(study)
    traces = []
    for state in STATES:
        rows = [row for row in range(len(study.sites)) if state_of(study, row) == state]
        if rows:
            traces.append(_markers(study, rows, state, sides))
    view = {"visible": False, "constrain": "range"}
    figure = drawn(
        traces,
        height=360,
        images=[_land()],
        xaxis={**view, "range": [-36, 130]},
        yaxis={**view, "range": [-36, 60], "scaleanchor": "x", "scaleratio": 1.12},
        legend={"y": -0.02},
        margin={"l": 0, "r": 0, "t": 0, "b": 0},
        plot_bgcolor=faded(GREY, 0.07),
        showlegend=True,
    )
    return Chart(
        headline=largest_site(study),
        subtitle="IT load of all phases (area of the marker) and whether NPV is zero or more",
        plot=figure,
        table=site_map_table(study),
        alt="Map of the factories. " + map_words(study),
        source="Site register; outline of countries: Natural Earth.",
    )


def site_map_table(study: Study, rows: Sequence[int] | None = None) -> pd.DataFrame:
    """Table of the map; of some factories alone where rows are given."""
    shown = _shown(study, rows)
    return pd.DataFrame(
        {
            "Factory": [short(study.sites[row]) for row in shown],
            "City": [study.sites[row].city for row in shown],
            "IT load built, MW": [built(study, row) for row in shown],
            "Finding": [verdict(study, row) for row in shown],
        }
    )


def _shown(study: Study, rows: Sequence[int] | None) -> Sequence[int]:
    return range(len(study.sites)) if rows is None else rows


def largest_site(study: Study, rows: Sequence[int] | None = None) -> str:
    """Say which site becomes the largest, of those shown."""
    if rows is not None and not rows:
        return "No factory fits the filter of this map"
    largest = max(_shown(study, rows), key=lambda row: built(study, row))
    if not built(study, largest):
        return "Nothing is built in this scenario"
    name, load = short(study.sites[largest]), number(built(study, largest))
    if len(_shown(study, rows)) < len(study.sites):
        return f"{name} is the largest of {len(_shown(study, rows))} shown: {load} MW"
    return f"{name} becomes the largest site: {load} MW of IT load"


def map_words(study: Study, rows: Sequence[int] | None = None) -> str:
    """Say which of the factories shown earn their cost of capital and which do not."""
    said = []
    for state, (label, _, _) in STATES.items():
        names = [
            short(study.sites[row]) for row in _shown(study, rows) if state_of(study, row) == state
        ]
        if names:
            said.append(f"{label}: {listed(names)}.")
    return " ".join(said)


def _land() -> Part:
    west, north = LAND_EDGES["west"], LAND_EDGES["north"]
    return {
        "source": LAND_PICTURE,
        "xref": "x",
        "yref": "y",
        "x": west,
        "y": north,
        "sizex": LAND_EDGES["east"] - west,
        "sizey": north - LAND_EDGES["south"],
        "sizing": "stretch",
        "layer": "below",
    }


def _markers(study: Study, rows: list[int], state: str, sides: Mapping[int, str]) -> Part:
    label, colour, shape = STATES[state]
    sites, sizes = [study.sites[row] for row in rows], _diameters(study)
    return {
        "type": "scatter",
        "x": [site.longitude for site in sites],
        "y": [site.latitude for site in sites],
        "text": [short(site) for site in sites],
        "textposition": [sides[row] for row in rows],
        "textfont": {"size": 12},
        "customdata": [
            [site.city, number(built(study, row), 1), metric_text(study.returns[row]["npv"])]
            for row, site in zip(rows, sites, strict=True)
        ],
        "hovertemplate": "<b>%{text}</b>, %{customdata[0]}<br>%{customdata[1]} MW of IT load<br>"
        "NPV %{customdata[2]}<extra></extra>",
        "mode": "markers+text",
        "name": label,
        "marker": {
            "size": [sizes[row] for row in rows],
            "color": faded(colour, 0.75),
            "symbol": shape,
            "line": {"color": colour, "width": 1.5},
        },
        "cliponaxis": False,
    }


def _diameters(study: Study) -> list[float]:
    """Return the sizes of all markers in pixels; their area follows the IT load built."""
    loads = [built(study, row) for row in range(len(study.sites))]
    most = max(loads, default=0.0) or 1.0
    return [8 + 22 * math.sqrt(load / most) for load in loads]


PIXELS_PER_DEGREE = 2.9
"""Scale at which labels are placed: that of the map on a laptop."""

SIDES: dict[str, tuple[int, int]] = {
    "top center": (0, 1),
    "bottom center": (0, -1),
    "middle right": (1, 0),
    "middle left": (-1, 0),
    "top right": (1, 1),
    "top left": (-1, 1),
    "bottom right": (1, -1),
    "bottom left": (-1, -1),
}
"""Places of a label round its marker, the best liked first: steps east and north."""

Box = tuple[float, float, float, float]
"""West, south, east and north edge in pixels."""


def label_sides(study: Study, scale: float = PIXELS_PER_DEGREE) -> dict[int, str]:
    """Put each label on the side of its marker where it covers least of others."""
    marks = tuple(
        (site.longitude * scale, site.latitude * scale, size / 2, 7.0 * len(short(site)))
        for site, size in zip(study.sites, _diameters(study), strict=True)
    )
    return dict(_sides(marks))


Mark = tuple[float, float, float, float]
"""Centre of a marker, half its size, and the width of its label, in pixels."""


@lru_cache(maxsize=32)
def _sides(marks: tuple[Mark, ...]) -> Mapping[int, str]:
    """Find the sides of labels; most moves of a slider leave every marker where it is."""
    taken = [_marker_box(one) for one in marks]
    sides: dict[int, str] = {}
    for row in sorted(range(len(marks)), key=lambda row: marks[row][0]):
        boxes = {side: _label_box(marks[row], step) for side, step in SIDES.items()}
        others = [box for place, box in enumerate(taken) if place != row]
        best = min(boxes, key=lambda side: sum(_shared(boxes[side], box) for box in others))
        sides[row] = best
        taken.append(boxes[best])
    return sides


def _marker_box(mark: Mark) -> Box:
    x, y, half, _ = mark
    return (x - half, y - half, x + half, y + half)


def _label_box(mark: Mark, step: tuple[int, int]) -> Box:
    x, y, half, width = mark
    height = 15.0
    left = {-1: x - half - width, 0: x - width / 2, 1: x + half}[step[0]]
    low = {-1: y - half - height, 0: y - height / 2, 1: y + half}[step[1]]
    return (left, low, left + width, low + height)


def _shared(one: Box, other: Box) -> float:
    """Return the area two boxes share."""
    wide = min(one[2], other[2]) - max(one[0], other[0])
    high = min(one[3], other[3]) - max(one[1], other[1])
    return max(wide, 0.0) * max(high, 0.0)
