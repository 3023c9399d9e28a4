"""The ranking as a table of the page itself: read by screen readers, printed, light to redraw."""

import math
from collections.abc import Callable, Mapping
from html import escape

from dashboard.charts.ranking import ranking_lines
from dashboard.charts.study import Study
from dashboard.theme import NOTHING, Style, factory_style, number, percent

SHOWN = {
    "First live": ("First live", None),
    "IT load, MW": ("MW", 0),
    "Capex, USD m": ("Capex", 0),
    "NPV, USD m": ("NPV", 0),
    "NPV/capex, %": ("NPV/capex", 1),
    "IRR, %": ("IRR", 1),
    "Asked, %": ("Asked", 1),
}
"""Columns by their heading in the full ranking: short heading, digits (None for text)."""

PATTERN_STRIPES: Mapping[str, str] = {
    "/": "repeating-linear-gradient(135deg,rgba(255,255,255,.75) 0 2px,transparent 2px 5px)",
    "x": "repeating-linear-gradient(45deg,rgba(255,255,255,.75) 0 2px,transparent 2px 5px)",
}
"""How the hatching of bars looks on a swatch."""


def swatch(style: Style) -> str:
    """Return a small square in a factory's colour and pattern, as HTML."""
    stripes = PATTERN_STRIPES.get(style.pattern, "")
    image = f";background-image:{stripes}" if stripes else ""
    return f'<span class="rc-swatch" style="background-color:{style.colour}{image}"></span>'


def ranking_html(
    study: Study,
    first: Mapping[str, float] | None,
    address: Callable[[str], str],
) -> str:
    """Return the ranking as HTML.

    Parameters
    ----------
    study : Study
        What is shown.
    first : mapping of str to float, optional
        Share of paths in which a factory comes first, by its short name; None while it is not
        known yet.
    address : callable
        Gives the address of a factory's page by its key.
    """
    heads = "".join(f"<th>{head}</th>" for head, _ in SHOWN.values())
    rows = "".join(
        _row(line, study.sites[row].key, first, address) for row, line in ranking_lines(study)
    )
    return (
        '<div class="rc-scroll" tabindex="0" role="region" aria-label="Ranking of factories">'
        '<table class="rc-table"><thead><tr><th>Factory</th>'
        f'<th class="rc-left">First, % of paths</th>{heads}<th class="rc-left">Verdict</th>'
        f"</tr></thead><tbody>{rows}</tbody></table></div>"
    )


def _row(
    line: Mapping[str, object],
    key: str,
    first: Mapping[str, float] | None,
    address: Callable[[str], str],
) -> str:
    name = str(line["Factory"])
    cells = "".join(
        f"<td>{_cell(line[column], digits)}</td>" for column, (_, digits) in SHOWN.items()
    )
    mark = {"Earns": "\N{BLACK CIRCLE}", "Misses": "\N{WHITE DIAMOND}"}.get(
        str(line["Verdict"]), ""
    )
    return (
        f'<tr><th scope="row">{swatch(factory_style(key))}'
        f'<a href="{escape(address(key))}" target="_self">{escape(name)}</a></th>'
        f'<td class="rc-left">{_share(name, first)}</td>{cells}'
        f'<td class="rc-left">{mark} {escape(str(line["Verdict"]))}</td></tr>'
    )


def _share(name: str, first: Mapping[str, float] | None) -> str:
    if first is None:
        return "…"
    share = first.get(name, 0.0)
    bar = f'<span class="rc-bar" style="width:{4.5 * share:.2f}rem"></span>'
    return f"{bar}{percent(share, 0)}"


def _cell(value: object, digits: int | None) -> str:
    if digits is None:
        return escape(str(value))
    if not isinstance(value, int | float) or not math.isfinite(value):
        return NOTHING
    return number(value, digits)
