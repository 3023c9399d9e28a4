"""The site at the end of a month as a drawing: grid, generators, cooling, halls with their racks.

Shapes are small pictures, words are the page's own: they keep their size on a phone and take the
colours of light and dark. A bus of power runs along the foot of the plant and the top of the halls.
"""

import base64
import math
from html import escape

from dashboard.charts.site_words import (
    bridge_words,
    grid_words,
    hall_words,
    rack_words,
    source_words,
    words,
)
from dashboard.charts.study import Study
from dashboard.theme import BLUE, GREEN, GREY, ORANGE, SKY, VERMILION, faded, number
from forecasts.site_month import Hall, SiteMonth, Stage

MOST_SQUARES = 32
"""Squares in a hall at most; where there are more racks, one stands for several, alike in all."""

SQUARES_ACROSS = 16

HALL = {"left": 10.0, "top": 22.0, "wide": 180.0, "high": 72.0}
"""A hall within its picture of 200 by 100."""

LOOKS = {
    Stage.PLANNED: (GREY, "4 5"),
    Stage.DECIDED: (SKY, "9 5"),
    Stage.BUILDING: (ORANGE, ""),
    Stage.ENERGISED: (VERMILION, ""),
    Stage.LIVE: (GREEN, ""),
    Stage.EMPTY: (GREY, ""),
}
"""Colour and dash of a hall's walls by its stage; the colours are those of the Gantt."""

PYLON = (
    '<path d="M100 4 84 56M100 4 116 56M82 18H118M86 32H114M92 18 112 44M108 18 88 44" '
    'fill="none" stroke="{0}" stroke-width="3" stroke-linejoin="round"/>'
)
ENGINE = (
    '<rect x="68" y="16" width="64" height="38" rx="4" fill="none" stroke="{0}" stroke-width="3"/>'
    '<circle cx="100" cy="35" r="12" fill="none" stroke="{0}" stroke-width="3"/>'
    '<path d="M94 35q3-7 6 0t6 0" fill="none" stroke="{0}" stroke-width="2.5"/>'
    '<path d="M122 16V4" stroke="{0}" stroke-width="5"/>'
)
FAN = (
    '<rect x="64" y="10" width="72" height="44" rx="4" fill="none" stroke="{0}" stroke-width="3"/>'
    '<g fill="none" stroke="{0}" stroke-width="2.5"><circle cx="82" cy="32" r="13"/>'
    '<circle cx="118" cy="32" r="13"/><path d="M73 23 91 41M91 23 73 41M109 23 127 41M127 23 109 '
    '41"/></g>'
)


def site_drawing(study: Study, row: int, one: SiteMonth) -> str:
    """Return the drawing of a site at the end of a month as HTML.

    Parameters
    ----------
    study, row : Study, int
        Case and factory.
    one : SiteMonth
        What stands.
    """
    bridge = bridge_words(study, row, one)
    draw = f"{number(one.cooling_mw, 1)} MW at full draw, PUE {number(one.pue, 2)}"
    plant = [
        _part("Grid connection", PYLON, BLUE if one.grid_mw > 0 else "", grid_words(study, one)),
        _part("Generators", ENGINE, ORANGE if one.bridge_mw > 0 else "", bridge) if bridge else "",
        _part("Cooling and losses", FAN, SKY if one.live_mw > 0 else "", draw),
    ]
    each = _racks_a_square(one)
    halls = "".join(_hall(study, hall, each) for hall in one.halls)
    places = "rack places" if each == 1 else f"{each} rack places each"
    energy = source_words(one)
    foot = f"Energy: {energy}. " if energy else ""
    return (
        f'<div class="rc-site rc-bus-{_bus(one)}" role="img" '
        f'aria-label="{escape(words(study, row, one))}">'
        f'<div class="rc-plant">{"".join(plant)}</div><div class="rc-halls">{halls}</div></div>'
        f'<div class="rc-key">{escape(foot)}Squares: {places}, filled where racks stand.</div>'
    )


def _racks_a_square(one: SiteMonth) -> int:
    """Return how many rack places a square stands for: as the largest hall needs it."""
    largest = max((hall.planned_racks + hall.let_places for hall in one.halls), default=1)
    return max(1, math.ceil(largest / MOST_SQUARES))


def _bus(one: SiteMonth) -> str:
    """Name what brings power: generators, the grid, or nothing yet."""
    if one.bridge_mw > 0:
        return "engines"
    return "grid" if one.grid_mw > 0 else "none"


def _picture(shapes: str, high: int) -> str:
    """Return shapes as one picture: an element of the page for every shape would cost its time."""
    drawn = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 {high}">{shapes}</svg>'
    coded = base64.b64encode(drawn.encode()).decode()
    return f'<img alt="" src="data:image/svg+xml;base64,{coded}">'


def _part(name: str, icon: str, colour: str, said: str) -> str:
    """Draw a part of the plant above the bus, grey where it does not work yet or any more."""
    shapes = icon.format(colour or GREY) + _stub(56, 80, colour)
    return (
        f'<div class="rc-part"><b>{escape(name)}</b><span>{escape(said)}</span>'
        f"{_picture(shapes, 80)}</div>"
    )


def _stub(top: float, bottom: float, colour: str) -> str:
    look = f'stroke="{colour}"' if colour else f'stroke="{GREY}" stroke-dasharray="5 4"'
    return f'<path d="M100 {top:g}V{bottom:g}" fill="none" {look} stroke-width="4"/>'


def _hall(study: Study, hall: Hall, each: int) -> str:
    colour, dash = LOOKS[hall.stage]
    left, top, wide, high = (HALL[name] for name in ("left", "top", "wide", "high"))
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    powered = hall.stage in (Stage.ENERGISED, Stage.LIVE)
    source = (BLUE if hall.on_grid else ORANGE) if powered else ""
    done = high * hall.built if hall.stage is Stage.BUILDING else 0.0
    shapes = (
        f"{_stub(0, top, source)}"
        f'<rect x="{left:g}" y="{top + high - done:.1f}" width="{wide:g}" height="{done:.1f}" '
        f'fill="{faded(colour, 0.45)}"/><rect x="{left:g}" y="{top:g}" width="{wide:g}" '
        f'height="{high:g}" rx="3" fill="none" stroke="{colour}" stroke-width="4"{dashed}/>'
        f"{_squares(hall, colour, each)}"
    )
    return (
        f'<div class="rc-part">{_picture(shapes, 98)}'
        f"<b>Phase {hall.number}, {number(hall.planned_mw, 1)} MW</b>"
        f"<span>{escape(hall_words(study, hall))}</span>"
        f"<span>Racks: {escape(rack_words(hall))}</span></div>"
    )


def _squares(hall: Hall, colour: str, each: int) -> str:
    """Draw the rack places: filled where racks stand, pale where they are kept for tenants.

    Squares of one look are one path: a drawing of many shapes is long to send.
    """
    places = hall.planned_racks + hall.let_places
    shown = math.ceil(places / each)
    let = round(hall.let_places / each)
    filled = min(math.ceil(hall.racks / each), shown - let)
    looks = (
        (0, filled, colour, colour),
        (filled, shown - let, "none", colour),
        (shown - let, shown, faded(SKY, 0.35), SKY),
    )
    return "".join(
        f'<path d="{"".join(_square(place, shown) for place in range(first, last))}" '
        f'fill="{fill}" stroke="{edge}"/>'
        for first, last, fill, edge in looks
        if first < last
    )


def _square(place: int, shown: int) -> str:
    """Return the outline of one square; those of a hall stand in rows, centred."""
    across = min(SQUARES_ACROSS, shown)
    side = (HALL["wide"] - 14) / SQUARES_ACROSS
    x = HALL["left"] + (HALL["wide"] - side * across) / 2 + side * (place % across) + 1.2
    y = HALL["top"] + 20 + (side + 6) * (place // across)
    return f"M{x:.1f} {y:.1f}h{side - 2.4:.1f}v{side:.1f}h-{side - 2.4:.1f}z"
