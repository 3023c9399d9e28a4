"""A chart as part of the page itself: a small one stands at once and follows a slider.

A browser spends more than a second on starting plotly, and a tenth on every redraw. A card of the
overview needs neither zoom nor a tool bar: bars and lines are one picture, bars with a word to each
place along the axis. Both are read off the same figure that plotly draws large, so they cannot
differ. Every element costs the browser several steps at every move of a slider: one picture is one.
"""

import base64
import math
from collections.abc import Mapping, Sequence
from html import escape

import numpy as np

from dashboard.charts.card import Chart
from dashboard.charts.kpi_row import hint
from dashboard.charts.scale import Scale, scale_of
from dashboard.theme import GREY, number

FOOT, TOP = 18, 24
"""Pixels under the drawing, for the labels of the axis, and above it, for its unit."""

MOST_LABELS = 8
"""Labels along the axis at most."""

HAIR = 10.0
"""Percent times pixels below which a box is not seen: a tenth of a pixel."""

WIDE = 1000
"""Units of a picture of lines across; it is stretched to its card."""

LOW = 14.0
"""Percent of the height under which words stand above their mark, not on the labels below."""

DASHES = {"dash": "8 5", "dot": "2 4", "dashdot": "8 4 2 4", "longdash": "12 5"}

LEANS = {"/": 45, "x": -45}
"""Degrees by which stripes of a hatching lean, as they do on a swatch."""

_Trace = Mapping[str, object]


def small_drawing(chart: Chart, height: int) -> str:
    """Return a chart of stacked bars or of lines over numbers as HTML.

    Parameters
    ----------
    chart : Chart
        Its figure holds bars over categories, or lines, areas and marks over numbers.
    height : int
        Pixels.

    Raises
    ------
    ValueError
        If the figure holds traces of other types.
    """
    traces = chart.plot.data
    unknown = {str(trace["type"]) for trace in traces} - {"bar", "scatter"}
    if unknown:
        raise ValueError(f"traces {sorted(unknown)}: a small drawing holds bars or lines only")
    draw = _bars if any(trace["type"] == "bar" for trace in traces) else _lines
    unit = str(chart.plot.part("yaxis", "title", "text") or "")
    inside = draw(traces, height - FOOT - TOP, unit)
    about = hint(f"{chart.subtitle}. Source: {chart.source}")
    return (
        f'<div class="rc-small" style="height:{height}px">'
        f'<div class="rc-unit">{escape(unit)}{about}</div>'
        f'<div class="rc-plot" role="img" aria-label="{escape(chart.alt)}" '
        f'style="top:{TOP}px;bottom:{FOOT}px">{inside}</div></div>'
    )


def _values(trace: _Trace, name: str) -> list[float]:
    found: list[float] = np.asarray(trace.get(name, ()), dtype=np.float64).tolist()
    return found


def _names(trace: _Trace) -> list[str]:
    return [str(value) for value in np.asarray(trace.get("x", ()))]


def _axis(scale: Scale) -> str:
    """Draw the marks of the upright axis, with the line of zero stronger."""
    digits = max(0, -math.floor(math.log10(scale.step) + 1e-9)) if scale.step < 1 else 0
    digits = digits if abs(scale.step * 10**digits % 1) < 1e-6 else digits + 1
    lines = []
    for mark in scale.marks:
        kind = " rc-zero" if abs(mark) < scale.step / 1e6 else ""
        lines.append(
            f'<div class="rc-grid{kind}" style="bottom:{scale(mark):.2f}%">'
            f"<span>{number(mark, digits)}</span></div>"
        )
    return "".join(lines)


def _foot(places: Sequence[tuple[float, str]]) -> str:
    """Write labels under the drawing, at shares of its width."""
    return "".join(
        f'<span class="rc-tick" style="left:{100 * place:.2f}%">{escape(text)}</span>'
        for place, text in places
    )


def _bars(traces: Sequence[_Trace], height: float, unit: str) -> str:
    names = list(dict.fromkeys(x for trace in traces for x in _names(trace)))
    at = {name: place for place, name in enumerate(names)}
    above, below = [0.0] * len(names), [0.0] * len(names)
    boxes: list[tuple[int, float, float, str]] = []
    said: list[list[str]] = [[name] for name in names]
    fills = _Fills()
    for trace in traces:
        fill, name = fills.of(trace), str(trace["name"])
        for x, value in zip(_names(trace), _values(trace, "y"), strict=True):
            place, ends = at[x], above if value >= 0 else below
            boxes.append((place, ends[place], value, fill))
            ends[place] += value
            if value:
                said[place].append(f"{name}: {number(value, 1)} {unit}")
    scale = scale_of(min(below, default=0.0), max(above, default=0.0), 0.0, 100.0)
    least = HAIR / height * (scale.high - scale.low) / 100
    step = 100 / max(len(names), 1)
    drawn = "".join(
        f'<rect x="{step * (place + 0.125):.2f}%" '
        f'y="{100 - scale(max(start, start + value)):.2f}%" width="{0.75 * step:.2f}%" '
        f'height="{abs(scale(value) - scale(0.0)):.2f}%" fill="{fill}"/>'
        for place, start, value, fill in boxes
        if abs(value) >= least
    )
    told = "".join(
        f'<i title="{escape(chr(10).join(words))}" '
        f'style="left:{step * place:.2f}%;width:{step:.2f}%;top:0;height:100%"></i>'
        for place, words in enumerate(said)
        if len(words) > 1
    )
    every = max(1, math.ceil(len(names) / MOST_LABELS))
    ticks = [((place + 0.5) / len(names), name) for place, name in enumerate(names)][::every]
    return _axis(scale) + _image(f"{fills.stated()}{drawn}") + told + _foot(ticks)


class _Fills:
    """The colours and hatchings of a picture."""

    def __init__(self) -> None:
        self._hatched: dict[tuple[str, str], str] = {}

    def of(self, trace: _Trace) -> str:
        """Return what a trace is filled with."""
        marker = trace.get("marker")
        look = marker if isinstance(marker, Mapping) else {}
        colour = str(look.get("color", GREY))
        shape = str(look.get("pattern", {}).get("shape", ""))
        if shape not in LEANS:
            return colour
        return f"url(#{self._hatched.setdefault((colour, shape), f'h{len(self._hatched)}')})"

    def stated(self) -> str:
        """Return the hatchings, as parts of the picture."""
        return "".join(
            f'<pattern id="{key}" width="5" height="5" patternUnits="userSpaceOnUse" '
            f'patternTransform="rotate({LEANS[shape]})"><rect width="5" height="5" '
            f'fill="{colour}"/><rect width="2" height="5" fill="#fff" fill-opacity=".75"/>'
            "</pattern>"
            for (colour, shape), key in self._hatched.items()
        )


def _image(shapes: str, about: str = 'width="100%" height="100%"') -> str:
    """Return shapes as one picture, which fills the drawing."""
    picture = f'<svg xmlns="http://www.w3.org/2000/svg" {about}>{shapes}</svg>'
    coded = base64.b64encode(picture.encode()).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{coded}">'


def _lines(traces: Sequence[_Trace], height: float, unit: str) -> str:  # noqa: ARG001
    pairs = [(_values(trace, "x"), _values(trace, "y")) for trace in traces]
    xs, ys = [x for own, _ in pairs for x in own], [y for _, own in pairs for y in own]
    low, high = min(xs, default=0.0), max(xs, default=1.0)
    scale = scale_of(min(ys, default=0.0), max(ys, default=1.0), 0.0, 100.0)

    def across(x: float) -> float:
        return (x - low) / (high - low or 1.0)

    def point(x: float, y: float) -> str:
        return f"{WIDE * across(x):.1f},{height * (1 - scale(y) / 100):.2f}"

    shapes: list[str] = []
    marks: list[str] = []
    before: Sequence[str] = ()
    for trace, (own_x, own_y) in zip(traces, pairs, strict=True):
        if "markers" in str(trace.get("mode")):
            marks.extend(
                _mark(trace, across(x), scale(y)) for x, y in zip(own_x, own_y, strict=True)
            )
            continue
        points = list(map(point, own_x, own_y))
        back: Mapping[str, Sequence[str]] = {
            "tonexty": before,
            "tozeroy": [point(high, 0.0), point(low, 0.0)],
        }
        shapes.append(_path(trace, points, back.get(str(trace.get("fill")))))
        before = points[::-1]
    about = f'viewBox="0 0 {WIDE} {height:g}" preserveAspectRatio="none"'
    years = range(math.ceil(low - 1e-9), math.floor(high + 1e-9) + 1)
    every = max(1, math.ceil(len(years) / MOST_LABELS))
    ticks = [(across(year), str(year)) for year in years if year % every == 0]
    image = _image("".join(shapes), about)
    return _axis(scale) + image + "".join(marks) + _foot(ticks)


def _path(trace: _Trace, points: Sequence[str], back: Sequence[str] | None) -> str:
    """Draw one line, with the area between it and what it is filled to."""
    line = trace.get("line")
    look = line if isinstance(line, Mapping) else {}
    area = ""
    if back is not None:
        area = f'<polygon points="{" ".join([*points, *back])}" fill="{trace["fillcolor"]}"/>'
    wide = float(look.get("width", 2))
    if not wide:
        return area
    dash = DASHES.get(str(look.get("dash", "")), "")
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'{area}<polyline points="{" ".join(points)}" fill="none" stroke="{look["color"]}" '
        f'stroke-width="{wide:g}" stroke-linejoin="round"{dashed} '
        'vector-effect="non-scaling-stroke"/>'
    )


def _mark(trace: _Trace, x: float, y: float) -> str:
    """Draw a marked point with its words, inside the drawing."""
    marker, words = trace.get("marker"), trace.get("text")
    look = marker if isinstance(marker, Mapping) else {}
    text = str(words[0]) if isinstance(words, Sequence) and words else ""
    turned = "transform:rotate(45deg)" if look.get("symbol") == "diamond" else "border-radius:50%"
    above = str(trace.get("textposition", "")).startswith("top")
    side = "right:-0.5rem" if x > 0.5 else "left:-0.5rem"
    rise = "bottom:0.5rem" if above or y < LOW else "top:0.5rem"
    return (
        f'<b class="rc-spot" style="left:{100 * x:.2f}%;bottom:{y:.2f}%">'
        f'<i style="background:{look.get("color", GREY)};{turned}"></i>'
        f'<span style="{side};{rise}">{escape(text)}</span></b>'
    )
