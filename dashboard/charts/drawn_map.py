"""The map of factories as part of the page: light enough to follow a slider.

A plotly map of a picture and twelve markers costs the browser as much as a chart of bars; this
one is a picture with twelve links on it, which screen readers, keyboards and printers reach too.
"""

from collections.abc import Callable, Sequence
from html import escape

from dashboard.charts.kpi_row import hint
from dashboard.charts.sitemap import LAND_EDGES, LAND_PICTURE, STATES, built, label_sides, state_of
from dashboard.charts.study import Study, short
from dashboard.theme import metric_text, number

SEEN = {"west": -58.0, "east": 152.0, "south": -35.0, "north": 68.0}
"""Longitude and latitude of the map's edges."""

PIXELS_PER_DEGREE = 1.6
"""Scale of the map in its card on a laptop."""

PLACES = {
    "left": "right:calc(100% + 2px)",
    "center": "left:50%;transform:translateX(-50%)",
    "right": "left:calc(100% + 2px)",
}
HEIGHTS = {"top": "bottom:calc(100% - 1px)", "middle": "top:calc(50% - .5rem)", "bottom": "top:92%"}
"""Where a label stands beside its marker; across, and up or down."""

ABOUT = (
    "Area: IT load of all phases, MW. Shape: whether NPV is zero or more. A marker opens its "
    "factory. Source: site register; outlines: Natural Earth."
)


def map_drawing(
    study: Study,
    words: str,
    address: Callable[[str], str],
    height: int,
    rows: Sequence[int] | None = None,
) -> str:
    """Return the map as HTML: size is the IT load built, shape and colour whether it pays.

    Parameters
    ----------
    study : Study
        What is shown.
    words : str
        The map in words.
    address : callable
        Gives the address of a factory's page by its key.
    height : int
        Pixels.
    rows : sequence of int, optional
        Factories shown; all of them where not given. A factory keeps its place and its size.
    """
    shown = range(len(study.sites)) if rows is None else rows
    wide, high = SEEN["east"] - SEEN["west"], SEEN["north"] - SEEN["south"]
    all_wide = LAND_EDGES["east"] - LAND_EDGES["west"]
    all_high = LAND_EDGES["north"] - LAND_EDGES["south"]
    land = (
        f'<img src="{LAND_PICTURE}" alt="{escape(words)}" style="position:absolute;opacity:.8;'
        f"max-width:none;width:{100 * all_wide / wide:.2f}%;height:{100 * all_high / high:.2f}%;"
        f"left:{100 * (LAND_EDGES['west'] - SEEN['west']) / wide:.2f}%;"
        f'top:{100 * (SEEN["north"] - LAND_EDGES["north"]) / high:.2f}%">'
    )
    sides = label_sides(study, PIXELS_PER_DEGREE)
    most = max((built(study, row) for row in range(len(study.sites))), default=0.0) or 1.0
    sites = "".join(
        _site(study, row, sides[row], address(study.sites[row].key), most) for row in shown
    )
    legend = _key(study, shown)
    return f'<div class="rc-map" style="height:{height - 22}px">{land}{sites}</div>{legend}'


def _key(study: Study, shown: Sequence[int]) -> str:
    """Return the legend: a state that no factory shown has is left out."""
    held = {state_of(study, row) for row in shown}
    parts = [
        f'<span><i class="rc-mark" style="position:relative;{_look(state, 9)}"></i>{label}</span>'
        for state, (label, _, _) in STATES.items()
        if state in held
    ]
    about = hint(ABOUT)
    return f'<div class="rc-key">{"".join(parts)}<span>Area: MW of IT load{about}</span></div>'


def _site(study: Study, row: int, side: str, address: str, most: float) -> str:
    site, load = study.sites[row], built(study, row)
    x = (site.longitude - SEEN["west"]) / (SEEN["east"] - SEEN["west"])
    y = (SEEN["north"] - site.latitude) / (SEEN["north"] - SEEN["south"])
    size = 7 + 15 * (load / most) ** 0.5
    up, across = side.split()
    told = escape(
        f"{short(site)}, {site.city}: {number(load, 1)} MW of IT load, "
        f"NPV {metric_text(study.returns[row]['npv'])}"
    )
    return (
        f'<a href="{escape(address)}" target="_self" title="{told}" style="left:{100 * x:.2f}%;'
        f'top:{100 * y:.2f}%;width:{size:.0f}px;height:{size:.0f}px;margin:-{size / 2:.1f}px">'
        f'<i class="rc-mark" style="{_look(state_of(study, row), size)}"></i>'
        f'<span style="{PLACES[across]};{HEIGHTS[up]}">{escape(short(site))}</span></a>'
    )


def _look(state: str, size: float) -> str:
    """Return the style of a marker: a disc, a diamond, or an empty square."""
    _, colour, shape = STATES[state]
    side = size * (0.72 if shape == "diamond" else 1.0)
    look = f"width:{side:.0f}px;height:{side:.0f}px;border-color:{colour};"
    if shape == "circle":
        return f"{look}background:{colour};border-radius:50%"
    if shape == "diamond":
        return f"{look}background:{colour};transform:rotate(45deg)"
    return look
