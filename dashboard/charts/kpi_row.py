"""The row of figures as part of the page itself: it stands with the page and follows a slider."""

from collections.abc import Callable, Sequence
from html import escape

from dashboard.charts.kpis import Kpi
from dashboard.theme import MINUS

ARROWS = {True: "\N{DOWNWARDS ARROW}", False: "\N{UPWARDS ARROW}"}
"""Mark of a change, by whether it is a fall."""


def hint(text: str) -> str:
    """Return a question mark that says more under the pointer, on focus and to ears, as HTML."""
    said = escape(text)
    return (
        f'<span class="rc-hint" tabindex="0" role="note" aria-label="{said}">?'
        f'<span class="rc-said" aria-hidden="true">{said}</span></span>'
    )


def kpi_row_html(kpis: Sequence[Kpi], meaning: Callable[[str], str]) -> str:
    """Return figures of equal size, each with its change against the base case or its context.

    Parameters
    ----------
    kpis : sequence of Kpi
        The figures.
    meaning : callable
        Gives the definition of a figure by its key; empty where there is none.
    """
    cards = "".join(_card(one, meaning(one.name)) for one in kpis)
    return f'<div class="rc-kpis" role="list">{cards}</div>'


def _card(one: Kpi, meaning: str) -> str:
    about = hint(meaning) if meaning else ""
    return (
        f'<div class="rc-kpi" role="listitem"><div class="rc-kpi-name"><span>{escape(one.label)}'
        f'</span>{about}</div><div class="rc-kpi-value">{escape(one.value)}</div>{_note(one)}</div>'
    )


def _note(one: Kpi) -> str:
    """Return what a figure is read against: its change, coloured by whether it is better."""
    if not one.change:
        return f'<div class="rc-kpi-note">{escape(one.context) or "&nbsp;"}</div>'
    falls = one.change.startswith(MINUS)
    better = one.better == ("low" if falls else "high")
    kind = "" if not one.better else " rc-good" if better else " rc-bad"
    return (
        f'<div class="rc-kpi-note{kind}"><span aria-hidden="true">{ARROWS[falls]} </span>'
        f"{escape(one.change)}</div>"
    )
