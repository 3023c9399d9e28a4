"""A briefing as a print-ready PDF: A4, four to eight pages, no browser needed."""

import io
from collections.abc import Iterator
from xml.sax.saxutils import escape

from reportlab.lib.colors import HexColor
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from dashboard.exports.fitting import ELLIPSIS, column_widths
from dashboard.exports.sheets import Briefing, Grid, Panel, Plot, Sheet, Tile, Words
from dashboard.exports.vector import BOLD, FACE, QUIET, RULE, drawable, drawing, with_fonts

ACCENT = HexColor("#0072B2")
MARGIN = 45.0
WIDTH = A4[0] - 2 * MARGIN
GAP = 14.0
HALF = (WIDTH - GAP) / 2

BODY = ParagraphStyle(
    "body", fontName=FACE, fontSize=9, leading=12.5, textColor=HexColor("#1B2636")
)
QUIETER = ParagraphStyle("quiet", parent=BODY, fontSize=7.5, leading=10, textColor=QUIET)
HEAD = ParagraphStyle("head", parent=BODY, fontName=BOLD, fontSize=13.5, leading=17, spaceAfter=3)
TITLE = ParagraphStyle("title", parent=HEAD, fontSize=21, leading=26, spaceAfter=6)
FINDING = ParagraphStyle("finding", parent=BODY, fontName=BOLD, fontSize=9, leading=11.5)
CELL = ParagraphStyle("cell", parent=BODY, fontSize=7, leading=8.6)
RIGHT = ParagraphStyle("right", parent=CELL, alignment=TA_RIGHT)
FIGURE = ParagraphStyle("figure", parent=BODY, fontName=BOLD, fontSize=13, leading=16)

FOOT = 6.5
"""Size of type of the foot of a page, points."""

BESIDE_NUMBER = 10.0
"""Room between a number and the words beside it, points."""

TALL = 176.0
"""Height of a chart, points."""


def said(text: str, style: ParagraphStyle) -> Paragraph:
    """Return a paragraph; nothing in the text is read as markup."""
    return Paragraph(escape(drawable(text)), style)


def pdf(briefing: Briefing) -> bytes:
    """Return a briefing as PDF, the same bytes for the same briefing."""
    with_fonts()
    kept = io.BytesIO()
    stamp = briefing.stamp
    document = BaseDocTemplate(
        kept,
        pagesize=A4,
        title=briefing.title,
        author="Rackcast",
        subject=stamp.line,
        invariant=1,
        leftMargin=MARGIN,
        rightMargin=MARGIN,
    )
    frame = Frame(MARGIN, 42, WIDTH, A4[1] - 42 - 40, 0, 0, 0, 0)

    def footed(canvas: Canvas, _document: BaseDocTemplate) -> None:
        canvas.setFont(FACE, FOOT)
        canvas.setFillColor(QUIET)
        canvas.drawString(MARGIN, 26, _foot(drawable(stamp.line)))
        canvas.drawRightString(A4[0] - MARGIN, 26, str(canvas.getPageNumber()))

    document.addPageTemplates([PageTemplate("page", [frame], onPage=footed)])
    document.build(list(_flow(briefing)))
    return kept.getvalue()


def _foot(line: str) -> str:
    """Cut a line that would run into the number of the page."""
    while stringWidth(line, FACE, FOOT) > WIDTH - 24:
        line = line.removesuffix(ELLIPSIS)[:-1].rstrip() + ELLIPSIS
    return line


def _flow(briefing: Briefing) -> Iterator[Flowable]:
    stamp = briefing.stamp
    yield said("Rackcast briefing", ParagraphStyle("brand", parent=FINDING, textColor=ACCENT))
    yield Spacer(0, 4)
    yield said(briefing.title, TITLE)
    yield said(briefing.lead, BODY)
    yield Spacer(0, 4)
    yield said(
        f"Scenario {stamp.scenario} ({stamp.scenario_hash}). {stamp.description} Data version "
        f"{stamp.data_version}. {stamp.made:%d %B %Y}. Nominal USD.",
        QUIETER,
    )
    for place, sheet in enumerate(briefing.sheets):
        yield Spacer(0, 12)
        yield from _sheet(sheet, briefing.title, first=place == 0)


def _sheet(sheet: Sheet, title: str, *, first: bool) -> Iterator[Flowable]:
    head: list[Flowable] = []
    if sheet.title != title or not first:
        head.append(said(sheet.title, HEAD))
    if sheet.lead and not first:
        head.append(said(sheet.lead, BODY))
    head.append(Spacer(0, 5))
    if sheet.tiles:
        head.append(_tiles(sheet.tiles))
    yield KeepTogether([*head, *_rows(sheet.panels, sheet.title)])


def _rows(panels: tuple[Panel, ...], said_above: str) -> Iterator[Flowable]:
    """Set two charts or small tables abreast; wide tables and words take the whole width."""
    pair: list[Panel] = []
    for panel in panels:
        if isinstance(panel, Words) or (isinstance(panel, Grid) and len(panel.header) > 4):
            yield from _abreast(pair, said_above)
            pair = []
            yield from _panel(panel, WIDTH, said_above)
            continue
        pair.append(panel)
        if len(pair) == 2:
            yield from _abreast(pair, said_above)
            pair = []
    yield from _abreast(pair, said_above)


def _abreast(pair: list[Panel], said_above: str) -> Iterator[Flowable]:
    if not pair:
        return
    if len(pair) == 1:
        yield from _panel(pair[0], WIDTH, said_above)
        return
    cells = [list(_panel(panel, HALF, said_above)) for panel in pair]
    table = Table([cells], colWidths=[HALF + GAP, HALF])
    table.setStyle(
        TableStyle(
            [
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (0, 0), GAP),
                ("RIGHTPADDING", (1, 0), (1, 0), 0),
                ("TOPPADDING", (0, 0), (-1, -1), 2),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 6),
            ]
        )
    )
    yield table


def _panel(panel: Panel, width: float, said_above: str) -> Iterator[Flowable]:
    if panel.title != said_above:
        yield said(panel.title, FINDING)
    if isinstance(panel, Plot):
        yield said(panel.unit, QUIETER)
        yield Spacer(0, 3)
        lying = len(panel.categories) * 13 + 40
        yield drawing(panel, width, max(TALL, min(lying, 220)) if panel.kind != "lines" else TALL)
        yield said(f"Source: {panel.source}", QUIETER)
    elif isinstance(panel, Grid):
        yield Spacer(0, 2)
        yield _grid(panel, width)
        if panel.note:
            yield said(panel.note, QUIETER)
    else:
        for line in panel.lines:
            yield said(line, BODY)
            yield Spacer(0, 2)


def _grid(grid: Grid, width: float) -> Table:
    head = ParagraphStyle("headcell", parent=CELL, fontName=BOLD, textColor=ACCENT)
    head_right = ParagraphStyle("headright", parent=head, alignment=TA_RIGHT)
    cells = [
        [said(text, head_right if place in grid.numbers else head)
         for place, text in enumerate(grid.header)],
        *(
            [said(text, RIGHT if place in grid.numbers else CELL) for place, text in enumerate(row)]
            for row in grid.rows
        ),
    ]  # fmt: skip
    least = [_least(grid, place) for place in range(len(grid.header))]
    made = Table(cells, colWidths=column_widths(grid.widths, width, least), repeatRows=1)
    beside = [
        ("LEFTPADDING", (place, 0), (place, -1), BESIDE_NUMBER)
        for place in range(len(grid.header))
        if grid.beside_number(place)
    ]
    made.setStyle(
        TableStyle(
            [
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, RULE),
                ("VALIGN", (0, 0), (-1, -1), "TOP"),
                ("LEFTPADDING", (0, 0), (-1, -1), 2),
                *beside,
                ("RIGHTPADDING", (0, 0), (-1, -1), 2),
                ("TOPPADDING", (0, 0), (-1, -1), 1.5),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 2),
            ]
        )
    )
    return made


def _least(grid: Grid, place: int) -> float:
    """Width at which no number and no word of a column is broken, points."""
    heads = grid.header[place].split()
    texts = [row[place] for row in grid.rows]
    cells = texts if place in grid.numbers else [word for text in texts for word in text.split()]
    widths = [stringWidth(drawable(word), BOLD, CELL.fontSize) for word in heads]
    widths += [stringWidth(drawable(word), FACE, CELL.fontSize) for word in cells]
    return max(widths, default=0.0) + 5 + BESIDE_NUMBER * grid.beside_number(place)


def _tiles(tiles: tuple[Tile, ...]) -> Table:
    rows = [
        [said(tile.label, QUIETER) for tile in tiles],
        [said(tile.value, FIGURE) for tile in tiles],
        [said(tile.context, QUIETER) for tile in tiles],
    ]
    made = Table(rows, colWidths=[WIDTH / len(tiles)] * len(tiles))
    made.setStyle(
        TableStyle(
            [
                ("LEFTPADDING", (0, 0), (-1, -1), 0),
                ("RIGHTPADDING", (0, 0), (-1, -1), 4),
                ("TOPPADDING", (0, 0), (-1, -1), 0),
                ("BOTTOMPADDING", (0, 0), (-1, -1), 1),
            ]
        )
    )
    return made
