"""A briefing as a PowerPoint deck with native, editable charts."""

import io
from collections.abc import Sequence

from pptx import Presentation
from pptx.presentation import Presentation as Deck
from pptx.slide import Slide, SlideLayout
from pptx.util import Pt

from dashboard.exports.fitting import LINE_HEIGHT, fitted, lines_of
from dashboard.exports.settle import settled
from dashboard.exports.sheets import REOPEN, Briefing, Grid, Panel, Plot, Sheet, Tile, Words
from dashboard.exports.slide_parts import (
    ACCENT,
    FACE,
    INK,
    INSET,
    QUIET,
    Box,
    Type,
    draw,
    tabulate,
    write,
)

WIDE, HIGH = 960.0, 540.0
"""Size of a slide, points: 16 to 9."""

MARGIN = 40.0
GAP = 18.0
FOOT = 514.0
"""Where the footer begins."""

TITLE = Type((24, 17), 2, bold=True)
LEAD = Type((13, 10), 3, colour=QUIET)
FINDING = Type((13, 10.5), 2, bold=True)
UNIT = Type((10, 8.5), 2, colour=QUIET)
SMALL = Type((8.5, 7.5), 1, colour=QUIET)
NOTE = Type((9, 8), 5, colour=QUIET)

MOST_SPELLED = 120
"""Letters of an address that are written out; a longer one stands behind words."""

LONGEST_LINK = 2000
"""Letters of an address that office programs open."""


def deck(briefing: Briefing, template: bytes | None = None) -> bytes:
    """Return a deck.

    Parameters
    ----------
    briefing : Briefing
        What it tells.
    template : bytes, optional
        A company's PPTX: its master, colours and fonts of titles serve; its own slides are dropped.

    Returns
    -------
    bytes
        A PPTX, the same bytes for the same briefing.
    """
    made: Deck = Presentation(io.BytesIO(template) if template is not None else None)
    if template is None:
        made.slide_width, made.slide_height = Pt(WIDE), Pt(HIGH)
    else:
        _emptied(made)
    scale = _scale(made)
    layout = _layout(made)
    _cover(made.slides.add_slide(layout), briefing)
    for place, sheet in enumerate(briefing.sheets, start=2):
        _sheet(made.slides.add_slide(layout), sheet, briefing, place)
    if scale != 1.0:
        _scaled(made.slides, scale)
    made.core_properties.title = briefing.title[:250]
    made.core_properties.author = "Rackcast"
    made.core_properties.subject = briefing.stamp.line[:250]
    made.core_properties.keywords = f"{briefing.stamp.scenario_hash} {briefing.stamp.data_version}"
    made.core_properties.last_modified_by = "Rackcast"
    kept = io.BytesIO()
    made.save(kept)
    return settled(kept.getvalue(), briefing.stamp.made)


def _emptied(made: Deck) -> None:
    """Drop the slides of a template; master and layouts stay."""
    ids = made.slides._sldIdLst
    for one in list(ids):
        made.part.drop_rel(one.rId)
        ids.remove(one)


def _scale(made: Deck) -> float:
    wide, high = made.slide_width or Pt(WIDE), made.slide_height or Pt(HIGH)
    return float(min(wide / Pt(WIDE), high / Pt(HIGH)))


def _scaled(slides: Sequence[Slide], scale: float) -> None:
    """Bring every shape to the size of a template's slides."""
    for slide in slides:
        for shape in slide.shapes:
            shape.left, shape.top = round(shape.left * scale), round(shape.top * scale)
            shape.width, shape.height = round(shape.width * scale), round(shape.height * scale)


def _layout(made: Deck) -> SlideLayout:
    """Return the layout with a title and as little else as there is."""
    titled = [
        layout
        for layout in made.slide_layouts
        if any(one.placeholder_format.type in (1, 3) for one in layout.placeholders)
    ]
    return min(titled or list(made.slide_layouts), key=lambda layout: len(layout.placeholders))


def _titled(slide: Slide, box: Box, text: str, kind: Type) -> float:
    """Write the title into the slide's own placeholder, so that outlines and readers find it."""
    said, size = fitted(text, box.width - 6, kind.sizes, kind.most, bold=True)
    holder = slide.shapes.title
    for other in list(slide.placeholders):
        if holder is None or other.placeholder_format.idx != holder.placeholder_format.idx:
            other._element.getparent().remove(other._element)
    if holder is None:
        return write(slide, box, text, kind)
    holder.left, holder.top, holder.width, holder.height = box.place
    frame = holder.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Pt(3)
    frame.margin_top = frame.margin_bottom = Pt(0)
    frame.vertical_anchor = 1
    paragraph = frame.paragraphs[0]
    paragraph.alignment = 1
    run = paragraph.add_run()
    run.text = said
    run.font.name, run.font.size, run.font.bold = FACE, Pt(size), True
    run.font.color.rgb = kind.colour
    return len(lines_of(said, box.width - 6, size, bold=True)) * size * LINE_HEIGHT


def _cover(slide: Slide, briefing: Briefing) -> None:
    stamp = briefing.stamp
    _bar(slide, Box(0, 0, 14, HIGH))
    wide = WIDE - 2 * MARGIN - 40
    write(
        slide,
        Box(64, 92, wide, 30),
        "Rackcast briefing",
        Type((16, 14), 1, bold=True, colour=ACCENT),
    )
    taken = _titled(slide, Box(64, 128, wide, 150), briefing.title, Type((38, 24), 4, bold=True))
    write(
        slide, Box(64, 128 + taken + 16, wide, 90), briefing.lead, Type((18, 13), 4, colour=QUIET)
    )
    lines = (
        f"Scenario {stamp.scenario} ({stamp.scenario_hash}), data version {stamp.data_version}",
        stamp.description,
        f"{stamp.made:%d %B %Y}. Nominal USD. Forecasts, not promises: how sure stands with each.",
        f"{REOPEN}{stamp.link}" if stamp.link else "",
    )
    top = 404.0
    for line in lines:
        if line:
            text, link = _reopening(line)
            box = Box(64, top, wide, 36)
            top += write(slide, box, text, Type((12, 9), 2, colour=QUIET), link) + 6


def _reopening(line: str) -> tuple[str, str]:
    """Return a line as it is written, and the address behind it: a long one is not spelled out."""
    link = line.removeprefix(REOPEN)
    if link == line or not link.startswith(("http://", "https://")):
        return line, ""
    if len(link) > LONGEST_LINK:
        return f"{REOPEN}too long for a link, send its scenario file", ""
    return (line if len(link) < MOST_SPELLED else f"{REOPEN}click on this line"), link


def _bar(slide: Slide, box: Box) -> None:
    shape = slide.shapes.add_shape(1, *box.place)
    shape.fill.solid()
    shape.fill.fore_color.rgb = ACCENT
    shape.line.fill.background()
    shape.name = "Accent"


def _sheet(slide: Slide, sheet: Sheet, briefing: Briefing, place: int) -> None:
    wide = WIDE - 2 * MARGIN
    top = 26.0 + _titled(slide, Box(MARGIN, 26, wide, 62), sheet.title, TITLE) + 4
    if sheet.lead:
        top += write(slide, Box(MARGIN, top, wide, 50), sheet.lead, LEAD) + 8
    if sheet.tiles:
        _tiles(slide, sheet.tiles, top)
        top += 62
    for box, panel in zip(_boxes(sheet.panels, top), sheet.panels, strict=True):
        _panel(slide, box, panel, sheet.title)
    write(slide, Box(MARGIN, FOOT, wide - 40, 14), briefing.stamp.line, SMALL)
    write(slide, Box(WIDE - MARGIN - 40, FOOT, 40, 14), str(place),
          Type((8.5, 7.5), 1, colour=QUIET, right=True))  # fmt: skip


def _boxes(panels: Sequence[Panel], top: float) -> list[Box]:
    """Share the room under the lead: one wide, two abreast, or two rows of two."""
    wide, high = WIDE - 2 * MARGIN, FOOT - 8 - top
    if len(panels) == 1:
        return [Box(MARGIN, top, wide, high)]
    half = (wide - GAP) / 2
    rows = -(-len(panels) // 2)
    tall = (high - GAP * (rows - 1)) / rows
    return [
        Box(MARGIN + (place % 2) * (half + GAP), top + (place // 2) * (tall + GAP), half, tall)
        for place in range(len(panels))
    ]


def _tiles(slide: Slide, tiles: Sequence[Tile], top: float) -> None:
    wide = (WIDE - 2 * MARGIN) / len(tiles)
    for place, tile in enumerate(tiles):
        left = MARGIN + place * wide
        write(slide, Box(left, top, wide, 14), tile.label, Type((10, 8), 1, colour=QUIET))
        write(
            slide,
            Box(left, top + 13, wide, 28),
            tile.value,
            Type((21, 14), 1, bold=True, colour=INK),
        )
        write(slide, Box(left, top + 40, wide, 14), tile.context, Type((9.5, 8), 1, colour=QUIET))


def _panel(slide: Slide, box: Box, panel: Panel, said: str) -> None:
    """Set a panel; a finding that the slide's title already says is not said again."""
    if isinstance(panel, Words):
        _words(slide, box, panel)
        return
    top = box.top
    if panel.title != said:
        top += write(slide, Box(box.left, top, box.width, 34), panel.title, FINDING) + 1
    if isinstance(panel, Plot):
        top += write(slide, Box(box.left, top, box.width, 26), panel.unit, UNIT) + 2
        foot = box.top + box.height - 12
        draw(slide, Box(box.left, top, box.width, foot - top), panel)
        write(slide, Box(box.left, foot, box.width, 12), f"Source: {panel.source}", SMALL)
        return
    _grid(slide, Box(box.left, top + 2, box.width, box.top + box.height - top - 2), panel)


def _grid(slide: Slide, box: Box, grid: Grid) -> None:
    lines = len(lines_of(grid.note, box.width - 2 * INSET, NOTE.sizes[0])) if grid.note else 0
    note = max(min(lines, NOTE.most), 2) * 11.0
    room = note + 2 if grid.note else 0.0
    taken = tabulate(slide, Box(box.left, box.top, box.width, box.height - room), grid)
    if grid.note:
        write(slide, Box(box.left, box.top + taken + 4, box.width, note), grid.note, NOTE)


def _words(slide: Slide, box: Box, words: Words) -> None:
    top = box.top + write(slide, Box(box.left, box.top, box.width, 34), words.title, FINDING) + 4
    for line in words.lines:
        room = box.top + box.height - top
        if room < 12:
            break
        text, link = _reopening(line)
        top += write(slide, Box(box.left, top, box.width, room), text, Type((11, 9), 4), link) + 5
