"""How everything looks: fixed colours, number formats, and the one plotly template.

Colours are those of Okabe and Ito, which people with any colour vision can tell apart. There are
fewer of them than factories or cost lines, so a pattern (bars) or a dash (lines) goes with each:
colour never carries the meaning alone.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zlib import crc32

import plotly.graph_objects as go
import plotly.io as pio

from dashboard.charts.plot import Part as Part
from dashboard.charts.plot import Plot
from forecasts.lines import LINES
from forecasts.metrics import Metric

BLUE, ORANGE, GREEN = "#0072B2", "#E69F00", "#009E73"
VERMILION, SKY, PURPLE, YELLOW = "#D55E00", "#56B4E9", "#CC79A7", "#F0E442"
GREY = "#8896A8"
PALETTE = (BLUE, ORANGE, GREEN, VERMILION, SKY, PURPLE, YELLOW)
PATTERNS = ("", "/", "x", "-", "\\", "+", ".")
SHADES = {"": 0.0, "/": 0.5, "x": -0.4, "-": 0.75, "\\": -0.2, "+": -0.6, ".": 0.25}
"""How far towards white (above 0) or black a colour goes that cannot be hatched, by pattern."""

DASHES = ("solid", "dash", "dot", "dashdot", "longdash", "longdashdot")

JOIN = "\N{NO-BREAK SPACE}"
"""Keeps a number and its sign on one line."""

MINUS = "\N{MINUS SIGN}"
FONT = '"Source Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif'
NOTHING = "\N{EN DASH}"
"""What stands where there is no value; the reason stands beside it."""


@dataclass(frozen=True, slots=True)
class Style:
    """The fixed look of one factory or cost line."""

    colour: str
    pattern: str
    dash: str


def _style(place: int) -> Style:
    turn, hue = divmod(place, len(PALETTE))
    return Style(
        PALETTE[hue], PATTERNS[turn % len(PATTERNS)], DASHES[(turn + hue // 4) % len(DASHES)]
    )


FACTORY_ORDER = (
    "malaysia",
    "belgium",
    "romania",
    "south_africa",
    "uae",
    "kenya",
    "egypt",
    "saudi_arabia",
    "morocco",
    "qatar",
    "nigeria",
    "oman",
)
"""Factories by the colour they keep, whatever a scenario leaves out."""

FACTORY_STYLES: Mapping[str, Style] = {key: _style(i) for i, key in enumerate(FACTORY_ORDER)}
LINE_STYLES: Mapping[str, Style] = {name: _style(i) for i, name in enumerate(LINES)}


def factory_style(key: str) -> Style:
    """Return the look of a factory; one that is not in the table gets a stable one of its own."""
    return FACTORY_STYLES.get(key) or _style(len(FACTORY_ORDER) + crc32(key.encode()) % 30)


def unhatched(style: Style) -> str:
    """Return one hex colour for a look, where nothing can be hatched: paler or darker instead.

    Examples
    --------
    >>> unhatched(Style("#0072B2", "", "solid")), unhatched(Style("#0072B2", "/", "dash"))
    ('#0072B2', '#80B9D9')
    >>> unhatched(Style("#0072B2", "x", "dot"))
    '#00446A'
    """
    shade = SHADES[style.pattern]
    parts = (int(style.colour[place : place + 2], 16) for place in (1, 3, 5))
    mixed = (part + shade * (256 - part if shade > 0 else part) for part in parts)
    return "#" + "".join(f"{int(part):02X}" for part in mixed)


def faded(colour: str, opacity: float) -> str:
    """Return a hex colour with an opacity.

    Examples
    --------
    >>> faded("#0072B2", 0.5)
    'rgba(0,114,178,0.5)'
    """
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"rgba({red},{green},{blue},{opacity:g})"


def hatch(shape: str | list[str]) -> dict[str, object]:
    """Return a pattern of white lines over a bar's own colour."""
    return {"shape": shape, "fillmode": "overlay", "fgcolor": "rgba(255,255,255,0.75)", "size": 6}


MARKS = str.maketrans({sign: f"\\{sign}" for sign in r"\`*_{}[]()#+-.!|~$:<>"})
"""Marks that would be read as formatting, each behind a backslash."""


def plain(text: str) -> str:
    """Escape a user's or a source's text, so that no mark in it is read as formatting."""
    return text.translate(MARKS)


def signed(text: str) -> str:
    """Write a hyphen before a number as a minus sign."""
    return text.replace("-", MINUS, 1) if text.startswith("-") else text


LONGEST_WRITTEN = 1e15
"""Numbers from here on have more digits than a float holds or a line has room for."""


def number(value: float, digits: int = 0) -> str:
    """Write a number with thousands separators and a true minus sign; beyond 10^15 as a power.

    Examples
    --------
    >>> number(1234.5, 1), number(1e300)
    ('1,234.5', '1.00e+300')
    """
    if abs(value) >= LONGEST_WRITTEN:
        return signed(f"{value:.2e}")
    rounded = round(value, digits) + 0.0
    return signed(f"{rounded:,.{digits}f}")


def money(usd: float) -> str:
    """Write an amount in USD m or bn, three significant digits.

    Examples
    --------
    >>> money(1_234_000_000), money(8_400_000)
    ('USD 1.23 bn', 'USD 8.4 m')
    """
    size = abs(usd)
    if size >= 0.9995e9:
        text = f"{_significant(usd / 1e9)} bn"
    elif size >= 0.9995e5:
        text = f"{_significant(usd / 1e6)} m"
    else:
        text = number(usd)
    return f"{MINUS}USD {text.removeprefix(MINUS)}" if text.startswith(MINUS) else f"USD {text}"


def _significant(value: float) -> str:
    digits = 2 if abs(value) < 9.995 else 1 if abs(value) < 99.95 else 0
    text = number(value, digits)
    return text.rstrip("0").rstrip(".") if "." in text else text


def percent(share: float, digits: int = 1) -> str:
    """Write a share as a percentage; one too small to be seen is not written as zero.

    Examples
    --------
    >>> percent(0.1234).split(), percent(0.002, 0).split()
    (['12.3', '%'], ['<1', '%'])
    """
    if digits == 0 and 0 < share < 0.005:
        return f"<1{JOIN}%"
    return f"{number(share * 100, digits)}{JOIN}%"


FORMATS: Mapping[str, Callable[[float], str]] = {
    "USD": money,
    "share": percent,
    "share_per_year": percent,
    "years": lambda value: f"{number(value, 1)} years",
    "months": lambda value: f"{number(value)} months",
    "ratio": lambda value: f"{number(value, 2)} \N{MULTIPLICATION SIGN}",
    "USD_per_gpu_hour": lambda value: f"USD {number(value, 2)}",
    "USD_m_per_MW": lambda value: f"USD {number(value, 1)} m",
    "MW_months": lambda value: f"{number(value)} MW-months",
    "MW": lambda value: f"{number(value)} MW",
}
"""How a value of each unit is written."""


def metric_text(metric: Metric) -> str:
    """Write a metric's value, or a dash when it has none; the reason is shown beside it."""
    return NOTHING if metric.value is None else FORMATS[metric.unit](metric.value)


def change_text(unit: str, change: float) -> str | None:
    """Write a change with its sign; shares in percentage points. None when it would read as zero.

    Examples
    --------
    >>> change_text("share_per_year", 0.012), change_text("USD_per_gpu_hour", 0.09)
    ('+1.2 points', '+USD 0.09')
    """
    size = abs(change)
    shares = unit in {"share", "share_per_year"}
    written = f"{number(size * 100, 1)} points" if shares else FORMATS[unit](size)
    if not any(digit in written for digit in "123456789"):
        return None
    return f"{MINUS if change < 0 else '+'}{written}"


def money_scale(largest: float) -> tuple[float, str]:
    """Return divisor and unit for an axis whose largest absolute value is `largest` USD."""
    return (1e9, "USD bn") if abs(largest) >= 2e9 else (1e6, "USD m")


AXIS: Part = {"automargin": False, "zeroline": False, "ticks": ""}
NAMED: Part = {"automargin": True, "showgrid": False}
"""An axis of names, whose room the browser must measure; numbers have a fixed margin, since
measuring makes a chart twice as slow."""


GRID: Part = {"showgrid": True, "gridcolor": faded(GREY, 0.25)}
LEGEND: Part = {
    "orientation": "h",
    "x": 0,
    "xanchor": "left",
    "y": -0.14,
    "yanchor": "top",
    "font": {"size": 11.5},
    "traceorder": "normal",
    "title": {"text": ""},
}
LAYOUT: Part = {
    "font": {"family": FONT, "size": 13},
    "margin": {"l": 54, "r": 14, "t": 12, "b": 30},
    "paper_bgcolor": "rgba(0,0,0,0)",
    "plot_bgcolor": "rgba(0,0,0,0)",
    "colorway": list(PALETTE),
    "hovermode": "closest",
    "hoverlabel": {"font": {"size": 13}, "namelength": -1},
    "legend": LEGEND,
    "xaxis": {**AXIS, "showgrid": False},
    "yaxis": {**AXIS, **GRID, "separatethousands": True},
    "bargap": 0.25,
}
pio.templates["rackcast"] = go.layout.Template(layout=LAYOUT)

CHART_CONFIG = {
    "displaylogo": False,
    "modeBarButtonsToRemove": ["lasso2d", "select2d", "autoScale2d", "zoomIn2d", "zoomOut2d"],
    "toImageButtonOptions": {"format": "png", "width": 1200, "height": 675, "scale": 2},
}
"""What plotly is told in the browser."""


CHECKED = False
"""Whether plotly checks every property of a chart: ten times the work of drawing it, so only tests
do."""


def titled(text: str) -> Part:
    """Return the title of an axis, which names its unit."""
    return {"title": {"text": text, "standoff": 8}}


def drawn(
    traces: Sequence[Part], *, height: int, **layout: Part | Sequence[Part] | str | float
) -> Plot:
    """Draw traces in the house look.

    What the template says is written on the figure itself, since the browser app replaces the
    template by its own light or dark one for the colours of text and grid.

    Parameters
    ----------
    traces : sequence of Part
        Traces with their `type`.
    height : int
        Pixels.
    **layout
        Layout on top of the house look; axes and legend are merged with theirs.
    """
    merged: dict[str, object] = {**LAYOUT, "height": height, "uirevision": "keep"}
    for name, value in layout.items():
        below = merged.get(name)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[name] = {**below, **value} if both else value  # type: ignore[dict-item]
    plot = Plot(traces, merged)
    if CHECKED:
        plot.made(check=True)
    return plot
