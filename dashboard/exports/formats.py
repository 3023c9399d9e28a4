"""Which ending makes which file: one case in, bytes out."""

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from dashboard.charts.study import Study
from dashboard.exports.stamp import APP, Stamp, stamp_of
from dashboard.exports.story import AUDIENCES, TOPICS, Material, briefing
from data.catalog import Catalog
from data.problems import Problem, RefusedError
from data.scenario_notes import Note
from forecasts.presets import preset
from forecasts.scenario import Scenario

Told = Callable[[float, str], None]
"""Told how far the work is (0 to 1) and what is under way; may raise to end it."""


def silent(_share: float, _what: str) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is to be made.

    Attributes
    ----------
    study : Study
        The case.
    catalog : Catalog
        The tables it was made from.
    made : date
        Day to declare: the only thing in which two files of a case differ.
    against : Scenario or None
        What it is compared with; the base case, or `constrained` for the base case itself.
    topics : tuple of str
        What decks and pages hold, of `story.TOPICS`.
    app : str
        Address of the app that links open.
    chart, theme, scale
        Which chart a picture shows; `light` or `dark`; 2 or 3 for a PNG.
    template : bytes or None
        A company's PPTX.
    notes : tuple of Note
        Notes on assumptions of the saved scenario, if it is one.
    tell : callable
        Told of the progress.
    """

    study: Study
    catalog: Catalog
    made: dt.date
    against: Scenario | None = None
    topics: tuple[str, ...] = tuple(TOPICS)
    app: str = APP
    chart: str = "capacity"
    theme: str = "light"
    scale: float = 2.0
    template: bytes | None = None
    notes: tuple[Note, ...] = ()
    tell: Told = field(default=silent)

    @property
    def stamp(self) -> Stamp:
        """What the file says of itself."""
        found = stamp_of(self.study, self.catalog, self.made, self.app)
        return replace(found, notes=self.notes)


def material_of(order: Order) -> Material:
    """Work out what a deck or page tells of."""
    from dashboard.exports.material import gathered

    now = order.study.result.plan.scenario
    other = order.against
    if other is None:
        other = preset("base").having(factories=now.factories)
        if other.hash == now.hash:
            other = preset("constrained").having(factories=now.factories)
    found = gathered(order.study, other, order.catalog, order.made, order.app, order.tell)
    return replace(found, stamp=replace(found.stamp, notes=order.notes))


def make_deck(order: Order) -> bytes:
    """Return a PowerPoint deck with native charts."""
    from dashboard.exports.deck import deck

    told = briefing(material_of(order), order.topics)
    order.tell(0.7, "Drawing the slides")
    return deck(told, order.template)


def make_paper(order: Order) -> bytes:
    """Return the brief as PDF."""
    from dashboard.exports.paper import pdf

    told = briefing(material_of(order), order.topics, in_short=True)
    order.tell(0.8, "Setting the pages")
    return pdf(told)


def make_workbook(order: Order) -> bytes:
    """Return the model as an Excel workbook with live formulas."""
    from dashboard.exports.case import Case
    from dashboard.exports.workbook import workbook

    order.tell(0.1, "Writing the formulas")
    stamp = order.stamp
    return workbook(Case(order.study.result, order.catalog, order.made, stamp.link, stamp.notes))


def make_page(order: Order) -> bytes:
    """Return the brief as one HTML page."""
    from dashboard.exports.web_page import page

    told = briefing(material_of(order), order.topics)
    order.tell(0.8, "Writing the page")
    return page(told)


def _picture(ending: str) -> Callable[[Order], bytes]:
    def make(order: Order) -> bytes:
        from dashboard.exports.picture import chart_named, drawing_room, finished, pictures

        figure = finished(chart_named(order.study, order.chart), order.stamp, order.theme)
        with drawing_room():
            order.tell(0.3, "Drawing the chart")
            return next(pictures([figure], ending, order.scale))

    return make


def make_pack(order: Order) -> bytes:
    """Return all tables and results as CSV and Parquet with their descriptor, as ZIP."""
    from dashboard.exports.datapack import data_files, packed

    order.tell(0.2, "Writing the tables")
    stamp = order.stamp
    return packed(data_files(order.study, order.catalog, stamp), stamp)


def make_pictures(order: Order) -> bytes:
    """Return every chart as PNG and SVG, as ZIP."""
    from dashboard.exports.picture import charts_of, drawing_room, finished, pictures
    from dashboard.exports.settle import archive

    stamp = order.stamp
    known = charts_of(order.study)
    files: dict[str, bytes] = {}
    with drawing_room():
        for place, (name, make) in enumerate(known.items()):
            order.tell(place / len(known), f"Drawing {name.replace('_', ' ')}")
            figure = finished(make(order.study), stamp, order.theme)
            for ending in ("png", "svg"):
                files[f"{name}.{ending}"] = next(pictures([figure], ending, order.scale))
    return archive(files, order.made)


MAKERS: Mapping[str, Callable[[Order], bytes]] = {
    ".pptx": make_deck,
    ".xlsx": make_workbook,
    ".pdf": make_paper,
    ".html": make_page,
    ".png": _picture("png"),
    ".svg": _picture("svg"),
    ".zip": make_pack,
}
"""What makes a file, by its ending."""

WHOLE_PACKS: Mapping[str, Callable[[Order], bytes]] = {
    "data": make_pack,
    "charts": make_pictures,
}
"""What a ZIP can hold."""


def maker_of(ending: str, pack: str = "data") -> Callable[[Order], bytes]:
    """Return what makes files of an ending.

    Raises
    ------
    RefusedError
        If nothing does.
    """
    if ending.lower() not in MAKERS:
        expected = f"an ending of {', '.join(MAKERS)}"
        raise RefusedError([Problem("--to", repr(ending), expected, "name the file by what it is")])
    if ending.lower() == ".zip":
        if pack not in WHOLE_PACKS:
            expected = f"one of {', '.join(WHOLE_PACKS)}"
            raise RefusedError([Problem("--pack", repr(pack), expected, "use one of these")])
        return WHOLE_PACKS[pack]
    return MAKERS[ending.lower()]


def topics_of(audience: str) -> tuple[str, ...]:
    """Return the topics for an audience.

    Raises
    ------
    RefusedError
        If the audience is unknown.
    """
    names = {name.split()[0].lower(): topics for name, topics in AUDIENCES.items()}
    if audience == "all":
        return tuple(TOPICS)
    if audience.lower() not in names:
        expected = f"all, {', '.join(names)}"
        raise RefusedError([Problem("--audience", repr(audience), expected, "use one of these")])
    return names[audience.lower()]
