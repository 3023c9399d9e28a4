"""Charts as pictures: with title, unit, source and stamp, drawn by the system's Chromium."""

import base64
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from html import escape
from pathlib import Path

import kaleido
import plotly.graph_objects as go
from kaleido.errors import ChromeNotFoundError, KaleidoError

from dashboard.charts import (
    books,
    cash,
    classes,
    factory,
    hours,
    overview,
    risk,
    sitemap,
    state_books,
    water,
)
from dashboard.charts.card import Chart
from dashboard.charts.compare_sites import lower_first
from dashboard.charts.study import Study, short
from dashboard.exports.fitting import lines_of
from dashboard.exports.settle import settled_svg
from dashboard.exports.stamp import Stamp
from data.problems import Problem, RefusedError, one_of

WIDTH, HEIGHT = 1200, 675
"""Size of a picture, pixels before scaling."""

LEFT, NAMES_LEFT, EDGE = 90, 240, 40
"""Pixels from the left edge to a plot, to one with names beside it, and to the text around."""

LAND = Path(__file__).parents[1] / "static" / "land.svg"
THEMES = {
    "light": {"paper": "#FFFFFF", "ink": "#1B2636", "quiet": "#556273"},
    "dark": {"paper": "#0F1723", "ink": "#E8EDF4", "quiet": "#A9B5C4"},
}
"""Colours by theme."""

ENDINGS = ("png", "svg", "pdf")
Made = Callable[[Study], Chart]


def charts_of(study: Study) -> dict[str, Made]:
    """Return every chart of a case by name: those of all factories, then each factory's own."""
    found: dict[str, Made] = {
        "map": sitemap.site_map,
        "capacity": overview.capacity_by_year,
        "capex": overview.capex_by_year,
        "cash": lambda now: cash.cumulative_cash(now, None),
    }
    own: Mapping[str, Callable[[Study, int], Chart]] = {
        "phases": factory.build_out,
        "coverage": factory.coverage,
        "classes": classes.by_class,
        "hours": hours.hours_in_use,
        "capex": factory.capex_by_line,
        "opex": cash.opex_by_year,
        "cash": cash.cumulative_cash,
        "ifrs": books.with_racks_leased,
        "government": state_books.without_contract,
    }
    for row, site in enumerate(study.sites):
        if study.result.phases[row]:
            for name, make in own.items():
                found[f"{name}_{site.key}"] = _of(make, row)
            if not water.why_none(study, row):
                found[f"water_{site.key}"] = _of(water.by_month, row)
    return found


def _of(make: Callable[[Study, int], Chart], row: int) -> Made:
    """Make a factory's chart whose headline names the factory: a picture stands alone."""

    def made(study: Study) -> Chart:
        chart = make(study, row)
        said = f"{short(study.sites[row])}: {lower_first(chart.headline)}"
        return replace(chart, headline=said)

    return made


def chart_named(study: Study, name: str) -> Chart:
    """Return a chart by name.

    Raises
    ------
    RefusedError
        If there is no such chart.
    """
    known = charts_of(study)
    return known[one_of("--chart", name, list(known))](study)


def risk_charts(study: Study, simulation: risk.Data, ranked: risk.Data) -> dict[str, Chart]:
    """Return the charts of sampled paths."""
    made = {
        "returns_spread": risk.returns_spread(study, simulation),
        "first_places": risk.first_places(study, ranked),
    }
    return {name: chart for name, chart in made.items() if chart is not None}


def finished(chart: Chart, stamp: Stamp, theme: str = "light") -> go.Figure:
    """Return a chart's figure with headline, unit, source and stamp written on it.

    Parameters
    ----------
    chart : Chart
        The chart.
    stamp : Stamp
        What the picture says of its case.
    theme : str
        One of `THEMES`.
    """
    look = THEMES[theme]
    figure = go.Figure(chart.figure)
    said = "<br>".join(lines_of(escape(chart.headline), WIDTH - 80, 25, bold=True)[:2])
    unit = "<br>".join(lines_of(escape(chart.subtitle), WIDTH - 80, 15)[:2])
    top = 42 + 32 * (said.count("<br>") + 1) + 20 * (unit.count("<br>") + 1)
    bottom = 150
    left = NAMES_LEFT if figure.layout.yaxis.automargin else LEFT
    margin = figure.layout.margin
    head = partial(_note, y=1, left=left, anchor="top")
    foot = partial(_note, y=0, left=left, anchor="bottom")
    notes = [
        head(f"<b>{said}</b>", (25, look["ink"]), shift=top - 18),
        head(unit, (15, look["quiet"]), shift=top - 24 - 32 * (said.count("<br>") + 1)),
        foot(f"Source: {escape(chart.source)}", (12, look["quiet"]), shift=38 - bottom),
        foot(escape(stamp.line), (12, look["quiet"]), shift=18 - bottom),
    ]
    figure.update_layout(
        width=WIDTH,
        height=HEIGHT,
        margin={
            "l": left,
            "r": max(margin.r or 0, 30),
            "t": top,
            "b": bottom,
        },
        paper_bgcolor=look["paper"],
        plot_bgcolor=look["paper"],
        font={"color": look["ink"], "size": 15, "family": "Liberation Sans, Carlito, Arial"},
        legend={"font": {"size": 13, "color": look["ink"]}, "y": -0.075},
        annotations=[*figure.layout.annotations, *notes],
        title=None,
    )
    figure.update_yaxes(automargin=False)
    for image in figure.layout.images:
        if str(image.source).endswith("land.svg"):
            content = base64.b64encode(LAND.read_bytes()).decode()
            image.source = f"data:image/svg+xml;base64,{content}"
    return figure


def _note(
    text: str, look: tuple[int, str], *, y: int, shift: int, left: int, anchor: str
) -> dict[str, object]:
    """A text around the plot: size and colour of its type, where it hangs, and how far away."""
    size, colour = look
    return {
        "text": text,
        "showarrow": False,
        "xref": "paper",
        "yref": "paper",
        "x": 0,
        "y": y,
        "xanchor": "left",
        "xshift": EDGE - left,
        "yanchor": anchor,
        "yshift": shift,
        "align": "left",
        "font": {"size": size, "color": colour},
    }


@contextmanager
def drawing_room() -> Iterator[None]:
    """Keep one browser open for many pictures.

    Raises
    ------
    RefusedError
        If there is no browser to draw with.
    """
    try:
        kaleido.start_sync_server(silence_warnings=True)
        yield
    except (ChromeNotFoundError, KaleidoError) as missing:
        raise RefusedError([no_browser()]) from missing
    finally:
        kaleido.stop_sync_server(silence_warnings=True)


def no_browser() -> Problem:
    """Say what to install for pictures."""
    return Problem(
        "pictures",
        "no Chromium found",
        "Chromium or Chrome on this machine",
        "install it (Debian: apt-get install chromium), or use the camera above a chart in the "
        "app; all other exports work without it",
    )


def pictures(figures: Sequence[go.Figure], ending: str, scale: float = 2.0) -> Iterator[bytes]:
    """Draw figures one by one; to be called in a `drawing_room`.

    Parameters
    ----------
    figures : sequence of Figure
        Finished figures.
    ending : str
        One of `ENDINGS`.
    scale : float
        Pixels of a PNG per pixel of `WIDTH`: 2 or 3.
    """
    for figure in figures:
        plain = json.loads(figure.to_json())
        wanted = {"format": ending, "width": WIDTH, "height": HEIGHT, "scale": scale}
        drawn: bytes = kaleido.calc_fig_sync(plain, opts=wanted)
        yield settled_svg(drawn) if ending == "svg" else drawn
