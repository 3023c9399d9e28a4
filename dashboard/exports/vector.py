"""Charts of a briefing as vector drawings: for print and for pages without any script."""

import math
import unicodedata
from collections.abc import Callable
from pathlib import Path

import reportlab
from reportlab.graphics.shapes import Drawing, Group, Line, PolyLine, Rect, String
from reportlab.lib.colors import Color, HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfbase.ttfonts import TTFont

from dashboard.charts.scale import Scale, scale_of
from dashboard.exports.sheets import Kind, Plot, Series
from dashboard.theme import number

FACE, BOLD = "Vera", "VeraBd"
"""Bitstream Vera, which comes with the library: the same letters on every machine."""

INK, QUIET, RULE = HexColor("#1B2636"), HexColor("#556273"), HexColor("#D5DBE3")
SMALL = 7.0
"""Size of type in a chart, points."""

LYING = (Kind.BARS, Kind.SPANS, Kind.RANGES)
SPLIT = (Kind.BRIDGE, Kind.RANGES)
DASHES = {"dash": [5, 3], "dot": [1.5, 2.5]}


def with_fonts() -> None:
    """Make the fonts known; once is enough."""
    if FACE not in pdfmetrics.getRegisteredFontNames():
        folder = Path(reportlab.__file__).parent / "fonts"
        for name in (FACE, BOLD):
            pdfmetrics.registerFont(TTFont(name, str(folder / f"{name}.ttf")))
        pdfmetrics.registerFontFamily(FACE, normal=FACE, bold=BOLD, italic=FACE, boldItalic=BOLD)


def drawing(plot: Plot, width: float, height: float) -> Drawing:
    """Draw a plot at some size, points."""
    with_fonts()
    found = Drawing(width, height)
    legend = _legend(found, plot, width)
    draw = _lying if plot.kind in LYING else _standing
    draw(found, plot, (width, height), legend)
    return found


def _legend(found: Drawing, plot: Plot, width: float) -> float:
    """Draw the legend at the foot; return its height."""
    if len(plot.seen) < 2 or plot.kind in SPLIT:
        return 0.0
    rows: list[list[tuple[float, Series]]] = [[]]
    left = 0.0
    for one in plot.seen:
        wide = stringWidth(one.name, FACE, SMALL) + 20
        if left + wide > width and rows[-1]:
            rows.append([])
            left = 0.0
        rows[-1].append((left, one))
        left += wide
    for place, row in enumerate(rows):
        y = (len(rows) - 1 - place) * 11 + 2
        for x, one in row:
            if plot.kind is Kind.LINES:
                found.add(_stroke([(x, y + 3), (x + 10, y + 3)], one))
            else:
                found.add(_block(x, y, 8, 7, one.colour))
            found.add(_text(x + 13, y, one.name, QUIET))
    return len(rows) * 11.0 + 4


def _text(x: float, y: float, text: str, colour: Color, anchor: str = "start") -> String:
    return String(x, y, drawable(text), fontName=FACE, fontSize=SMALL, fillColor=colour,
                  textAnchor=anchor)  # fmt: skip


def drawable(text: str) -> str:
    """Replace letters the font lacks by their plain form.

    Examples
    --------
    >>> drawable("Iași ▲")
    'Iasi ?'
    """
    with_fonts()
    known = pdfmetrics.getFont(FACE).face.charToGlyph
    kept = []
    for letter in text:
        if ord(letter) in known:
            kept.append(letter)
            continue
        plain = unicodedata.normalize("NFKD", letter)[:1]
        kept.append(plain if plain and ord(plain) in known else "?")
    return "".join(kept)


def _block(x: float, y: float, width: float, height: float, colour: str) -> Rect:
    return Rect(x, y, width, height, fillColor=HexColor(colour), strokeColor=None)


def _stroke(points: list[tuple[float, float]], one: Series) -> PolyLine:
    flat = [part for point in points for part in point]
    return PolyLine(flat, strokeColor=HexColor(one.colour), strokeWidth=1.6,
                    strokeDashArray=DASHES.get(one.dash))  # fmt: skip


def _rule(found: Drawing, ends: tuple[float, float, float, float], colour: Color) -> None:
    found.add(Line(*ends, strokeColor=colour, strokeWidth=0.5))


def extent(plot: Plot) -> tuple[float, float]:
    """Return the lowest and highest value to show; stacks count from zero."""
    if plot.kind is Kind.SPANS:
        starts = [value or 0.0 for value in plot.series[0].values]
        ends = [
            sum(one.values[place] or 0.0 for one in plot.series)
            for place in range(len(plot.categories))
        ]
        return min(starts, default=0.0), max(ends, default=1.0)
    if plot.kind in (Kind.LINES, Kind.BARS):
        every = [value for one in plot.series for value in one.values if value is not None]
        return min(0.0, *every, 0.0), max(0.0, *every, 0.0)
    columns = [
        [one.values[place] or 0.0 for one in plot.series] for place in range(len(plot.categories))
    ]
    low = min((sum(min(value, 0.0) for value in own) for own in columns), default=0.0)
    high = max((sum(max(value, 0.0) for value in own) for own in columns), default=0.0)
    return low, high


def _standing(found: Drawing, plot: Plot, size: tuple[float, float], legend: float) -> None:
    """Draw columns or lines over categories from left to right."""
    width, height = size
    slant = plot.kind is Kind.BRIDGE
    foot = legend + (46.0 if slant else 14.0)
    low, high = extent(plot)
    scale = scale_of(low, high, foot, height - 6)
    labels = [number(mark, _digits(scale, plot)) for mark in scale.marks]
    left = max(stringWidth(label, FACE, SMALL) for label in labels) + 6
    for mark, label in zip(scale.marks, labels, strict=True):
        _rule(found, (left, scale(mark), width, scale(mark)), RULE)
        found.add(_text(left - 4, scale(mark) - 2.5, label, QUIET, "end"))
    slot = (width - left) / max(len(plot.categories), 1)
    centres = [left + (place + 0.5) * slot for place in range(len(plot.categories))]
    _names_below(found, plot, centres, foot, slot)
    if plot.kind is Kind.LINES:
        for one in plot.series:
            points = [(x, scale(value)) for x, value in zip(centres, one.values, strict=True)
                      if value is not None]  # fmt: skip
            if len(points) > 1:
                found.add(_stroke(points, one))
    else:
        _stacked(plot, scale, lambda place, ends, colour: found.add(
            _block(centres[place] - 0.35 * slot, ends[0], 0.7 * slot, ends[1] - ends[0], colour)
        ))  # fmt: skip
    _rule(found, (left, scale(min(max(0.0, scale.low), scale.high)), width,
                  scale(min(max(0.0, scale.low), scale.high))), QUIET)  # fmt: skip


def _digits(scale: Scale, plot: Plot) -> int:
    return max(plot.digits, 0 if scale.step >= 1 else math.ceil(-math.log10(scale.step)))


def _names_below(
    found: Drawing, plot: Plot, centres: list[float], foot: float, slot: float
) -> None:
    widest = max((stringWidth(name, FACE, SMALL) for name in plot.categories), default=1.0)
    if plot.kind is Kind.BRIDGE:
        for x, name in zip(centres, plot.categories, strict=True):
            turned = Group(_text(0, 0, _short(name, 62), QUIET, "end"))
            turned.translate(x + 2, foot - 8)
            turned.rotate(38)
            found.add(turned)
        return
    every = max(math.ceil((widest + 5) / max(slot, 1e-9)), 1)
    for place, (x, name) in enumerate(zip(centres, plot.categories, strict=True)):
        if place % every == 0:
            found.add(_text(x, foot - 10, name, QUIET, "middle"))


def _short(text: str, width: float) -> str:
    while stringWidth(text, FACE, SMALL) > width and len(text) > 4:
        text = text[:-2].rstrip() + "\N{HORIZONTAL ELLIPSIS}"
    return text


def _names_beside(
    found: Drawing, names: list[list[str]], middles: list[float], left: float
) -> None:
    for y, lines in zip(middles, names, strict=True):
        for place, line in enumerate(lines):
            above = (len(lines) - 1) * 4.5 - place * 9
            found.add(_text(left - 4, y - 2.5 + above, line, QUIET, "end"))


def _folded(text: str, width: float) -> list[str]:
    """Return a name in one line, or in two where it does not fit in one."""
    if stringWidth(text, FACE, SMALL) <= width or ", " not in text:
        return [_short(text, width)]
    parts = text.split(", ")
    cuts = [(", ".join(parts[:at]) + ",", ", ".join(parts[at:])) for at in range(1, len(parts))]
    best = min(cuts, key=lambda two: max(stringWidth(one, FACE, SMALL) for one in two))
    return [_short(one, width) for one in best]


Body = Callable[[int, tuple[float, float], str], None]


def _stacked(plot: Plot, scale: Scale, body: Body) -> None:
    """Hand on every seen body of a stack: up from zero what is positive, down what is not."""
    for place in range(len(plot.categories)):
        top = bottom = 0.0
        for one in plot.series:
            value = one.values[place] or 0.0
            begin = top if value >= 0 else bottom
            end = begin + value
            top, bottom = (end, bottom) if value >= 0 else (top, end)
            if value and not one.unseen:
                low, high = max(min(begin, end), scale.low), max(begin, end)
                body(place, (scale(low), scale(high)), one.colour)


def _lying(found: Drawing, plot: Plot, size: tuple[float, float], legend: float) -> None:
    """Draw bars or spans along categories from top to bottom."""
    width, height = size
    names = [_folded(drawable(name), width * 0.5) for name in plot.categories]
    left = max((stringWidth(line, FACE, SMALL) for lines in names for line in lines), default=0.0)
    left += 6
    foot = legend + 14.0
    low, high = extent(plot)
    right = width - (34 if plot.kind is Kind.BARS else 10)
    if plot.kind is Kind.SPANS:
        low, high = math.floor(low), math.ceil(high)
        room = stringWidth("2027", FACE, SMALL) + 6
        step = next(one for one in (2, 4, 5, 10, 20, 50) if (right - left) * one >= room * (
            high - low + one))  # fmt: skip
        scale = Scale(low, low + step * math.ceil((high - low) / step), float(step), left, right)
    else:
        scale = scale_of(low, high, left, right)
    for mark in scale.marks:
        x = scale(mark)
        _rule(found, (x, foot, x, height - 4), RULE)
        label = str(round(mark)) if plot.kind is Kind.SPANS else number(mark, _digits(scale, plot))
        found.add(_text(x, foot - 10, label, QUIET, "middle"))
    slot = (height - 6 - foot) / max(len(names), 1)
    thick = min(0.7 * slot, 16.0)
    middles = [height - 6 - (place + 0.5) * slot for place in range(len(names))]
    _names_beside(found, names, middles, left)
    _stacked(plot, scale, lambda place, ends, colour: found.add(
        _block(ends[0], middles[place] - thick / 2, ends[1] - ends[0], thick, colour)
    ))  # fmt: skip
    if plot.kind is Kind.BARS:
        for y, value in zip(middles, plot.series[0].values, strict=True):
            if value is not None:
                found.add(
                    _text(scale(max(value, 0.0)) + 3, y - 2.5, number(value, plot.digits), INK)
                )
    elif scale.low <= 0 <= scale.high:
        _rule(found, (scale(0.0), foot, scale(0.0), height - 4), QUIET)
