"""What slides are made of: text that fits its box, tables, native charts."""

from dataclasses import dataclass
from xml.sax.saxutils import escape

from pptx.chart.chart import Chart
from pptx.chart.data import CategoryChartData
from pptx.chart.plot import BarPlot
from pptx.chart.series import BarSeries, LineSeries
from pptx.dml.color import RGBColor
from pptx.enum.chart import (
    XL_CHART_TYPE,
    XL_LEGEND_POSITION,
    XL_MARKER_STYLE,
    XL_TICK_LABEL_POSITION,
)
from pptx.enum.dml import MSO_LINE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.oxml import parse_xml
from pptx.oxml.ns import nsdecls
from pptx.oxml.table import CT_TableCell
from pptx.slide import Slide
from pptx.table import Table
from pptx.text.text import Font
from pptx.util import Emu, Pt

from dashboard.exports.datapack import safe
from dashboard.exports.fitting import LINE_HEIGHT, fitted, lines_of
from dashboard.exports.sheets import Grid, Kind, Plot, Series

INK, QUIET, RULE = (
    RGBColor(0x1B, 0x26, 0x36),
    RGBColor(0x55, 0x62, 0x73),
    RGBColor(0xD5, 0xDB, 0xE3),
)
ACCENT = RGBColor(0x00, 0x72, 0xB2)
FACE = "Calibri"
INSET = 3.0
"""Room between a box and its text, points."""

DASHES = {"dash": MSO_LINE.DASH, "dot": MSO_LINE.ROUND_DOT}
KINDS = {
    Kind.STACK: XL_CHART_TYPE.COLUMN_STACKED,
    Kind.BRIDGE: XL_CHART_TYPE.COLUMN_STACKED,
    Kind.LINES: XL_CHART_TYPE.LINE,
    Kind.RANGES: XL_CHART_TYPE.BAR_STACKED,
    Kind.BARS: XL_CHART_TYPE.BAR_CLUSTERED,
    Kind.SPANS: XL_CHART_TYPE.BAR_STACKED,
}
LYING = (Kind.BARS, Kind.SPANS, Kind.RANGES)
STACKED = (Kind.STACK, Kind.BRIDGE, Kind.SPANS, Kind.RANGES)
SPLIT = (Kind.BRIDGE, Kind.RANGES)
"""Charts whose bodies are split at zero, so that a legend would name each twice."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle on a slide, points from the upper left corner."""

    left: float
    top: float
    width: float
    height: float

    @property
    def place(self) -> tuple[Emu, Emu, Emu, Emu]:
        """The rectangle as slides measure."""
        return Pt(self.left), Pt(self.top), Pt(self.width), Pt(self.height)


@dataclass(frozen=True, slots=True)
class Type:
    """How a text is set: sizes from largest to smallest tried, most lines, weight, colour."""

    sizes: tuple[float, float]
    most: int
    bold: bool = False
    colour: RGBColor = INK
    right: bool = False


def write(slide: Slide, box: Box, text: str, kind: Type, link: str = "") -> float:
    """Write a text into a box, shrunk or shortened until it fits; return the height it takes.

    With a link, a click on the text opens that address.
    """
    shape = slide.shapes.add_textbox(*box.place)
    frame = shape.text_frame
    frame.word_wrap = True
    frame.margin_left = frame.margin_right = Pt(INSET)
    frame.margin_top = frame.margin_bottom = Pt(0)
    frame.vertical_anchor = MSO_ANCHOR.TOP
    width = box.width - 2 * INSET
    most = max(min(kind.most, int(box.height / (kind.sizes[1] * LINE_HEIGHT))), 1)
    said, size = fitted(text, width, kind.sizes, most, bold=kind.bold)
    run = frame.paragraphs[0].add_run()
    run.text = said
    _set(run.font, size, kind)
    if link:
        run.hyperlink.address = link
    frame.paragraphs[0].alignment = PP_ALIGN.RIGHT if kind.right else PP_ALIGN.LEFT
    return len(lines_of(said, width, size, bold=kind.bold)) * size * LINE_HEIGHT


def _set(font: Font, size: float, kind: Type) -> None:
    font.name, font.size, font.bold = FACE, Pt(size), kind.bold
    font.color.rgb = kind.colour


def draw(slide: Slide, box: Box, plot: Plot) -> None:
    """Draw a native chart, which opens and edits as any chart of the program."""
    data = CategoryChartData(number_format=f"#,##0{'.' if plot.digits else ''}{'0' * plot.digits}")
    data.categories = [str(safe(name)) for name in plot.categories]  # cells of its workbook
    for one in plot.series:
        data.add_series(" " if one.unseen else str(safe(one.name)), one.values)
    shape = slide.shapes.add_chart(KINDS[plot.kind], *box.place, data)
    shape.name = plot.title[:80]
    shape._element.nvGraphicFramePr.cNvPr.set("descr", plot.alt)
    chart = shape.chart
    chart.has_title = False
    chart.font.size, chart.font.name, chart.font.color.rgb = Pt(10), FACE, QUIET
    _legend(chart, plot)
    _axes(chart, plot)
    _series(chart, plot)


def _legend(chart: Chart, plot: Plot) -> None:
    chart.has_legend = len(plot.seen) > 1 and plot.kind not in SPLIT
    if not chart.has_legend:
        return
    chart.legend.position = XL_LEGEND_POSITION.BOTTOM
    chart.legend.include_in_layout = False
    chart.legend.font.size = Pt(9.5)


def _axes(chart: Chart, plot: Plot) -> None:
    values, names = chart.value_axis, chart.category_axis
    values.has_major_gridlines = True
    values.major_gridlines.format.line.color.rgb = RULE
    values.format.line.fill.background()
    values.tick_labels.number_format_is_linked = False
    values.tick_labels.number_format = (
        "0" if plot.kind is Kind.SPANS else f"#,##0{'.' if plot.digits else ''}{'0' * plot.digits}"
    )
    names.format.line.color.rgb = QUIET
    names.has_major_gridlines = False
    names.tick_label_position = XL_TICK_LABEL_POSITION.LOW
    if plot.kind in LYING:
        names.reverse_order = True
        values.tick_label_position = XL_TICK_LABEL_POSITION.HIGH
    if plot.kind is Kind.SPANS and plot.categories:
        starts = [value for value in plot.series[0].values if value is not None]
        ends = [
            sum(one.values[place] or 0.0 for one in plot.series)
            for place in range(len(plot.categories))
        ]
        values.minimum_scale, values.maximum_scale = (
            float(int(min(starts))),
            float(round(max(ends))),
        )
        values.major_unit = 2


def _series(chart: Chart, plot: Plot) -> None:
    shape = chart.plots[0]
    if plot.kind is not Kind.LINES:
        shape.gap_width = 45
    if plot.kind in STACKED:
        shape.overlap = 100
    dress = _line if plot.kind is Kind.LINES else _body
    for one, drawn in zip(plot.series, shape.series, strict=True):
        dress(drawn, one)
    if plot.kind is Kind.BARS:
        _values_beside(shape, plot)


def _body(drawn: BarSeries, one: Series) -> None:
    if one.unseen:
        drawn.format.fill.background()
        return
    drawn.format.fill.solid()
    drawn.format.fill.fore_color.rgb = RGBColor.from_string(one.colour[1:])


def _line(drawn: LineSeries, one: Series) -> None:
    drawn.smooth = False
    drawn.marker.style = XL_MARKER_STYLE.NONE
    line = drawn.format.line
    line.width, line.color.rgb = Pt(2.25), RGBColor.from_string(one.colour[1:])
    if one.dash in DASHES:
        line.dash_style = DASHES[one.dash]


def _values_beside(shape: BarPlot, plot: Plot) -> None:
    shape.has_data_labels = True
    labels = shape.data_labels
    labels.number_format = f"#,##0{'.' if plot.digits else ''}{'0' * plot.digits}"
    labels.number_format_is_linked = False
    labels.font.size = Pt(10)
    labels.font.color.rgb = INK


def tabulate(slide: Slide, box: Box, grid: Grid) -> float:
    """Set a table into a box and return its height.

    Type shrinks first, then the last rows are left out, and said.
    """
    rows, size, heights = _room(box, grid)
    shape = slide.shapes.add_table(len(rows) + 1, len(grid.header), *box.place)
    shape.name = grid.title[:80]
    table = shape.table
    _plain(table)
    total = sum(grid.widths)
    for column, share in zip(table.columns, grid.widths, strict=True):
        column.width = Pt(box.width * share / total)
    for place, (held, cells) in enumerate(
        zip(table._tbl.tr_lst, [grid.header, *rows], strict=True)
    ):
        held.h = Pt(heights[place])
        for column, (old, text) in enumerate(zip(held.tc_lst, cells, strict=True)):
            made = _cell(
                text,
                size,
                head=place == 0,
                right=column in grid.numbers,
                left=_left(grid, column),
            )
            held.replace(old, made)
    shape.height = Pt(sum(heights))
    return sum(heights)


BLANK = "\N{NO-BREAK SPACE}"

BESIDE_NUMBER = 10.0
"""Room between a number and the words beside it, points."""

PADDING = 4.0
"""Room above and below the text of a cell together, points."""


def _room(box: Box, grid: Grid) -> tuple[list[tuple[str, ...]], float, list[float]]:
    total = sum(grid.widths)
    rows = list(grid.rows)
    for size in (12.0, 11.0, 10.0, 9.0, 8.0):
        heights = [
            _height(cells, grid, box.width / total, size, bold=place == 0)
            for place, cells in enumerate([grid.header, *rows])
        ]
        if sum(heights) <= box.height:
            return rows, size, heights
    while len(rows) > 1 and sum(heights) > box.height:
        rows.pop()
        heights.pop()
    left = len(grid.rows) - len(rows) + 1
    rows[-1] = (f"and {left} more", *[""] * (len(grid.header) - 1))
    heights[-1] = _height(rows[-1], grid, box.width / total, 8.0, bold=False)
    return rows, 8.0, heights


def _height(cells: tuple[str, ...], grid: Grid, unit: float, size: float, *, bold: bool) -> float:
    most = max(
        len(lines_of(text, share * unit - INSET - _left(grid, column), size, bold=bold))
        if text
        else 1
        for column, (text, share) in enumerate(zip(cells, grid.widths, strict=True))
    )
    return most * size * LINE_HEIGHT + PADDING


def _left(grid: Grid, column: int) -> float:
    """Room left of a cell's text: words beside a number that ends there keep off it."""
    return INSET + (BESIDE_NUMBER if grid.beside_number(column) else 0.0)


def _plain(table: Table) -> None:
    """Take the program's own table style away: the house look is lines, not fills."""
    style = table._tbl.tblPr
    found = style.find("{http://schemas.openxmlformats.org/drawingml/2006/main}tableStyleId")
    found.text = "{2D5ABB26-0587-4C30-8999-92F81FD0307C}"
    style.set("bandRow", "0")


def _cell(text: str, size: float, *, head: bool, right: bool, left: float) -> CT_TableCell:
    """Return a cell of a table; written whole, since hundreds of them are made part by part slowly.

    An empty cell holds a blank: it would take the height of the default type else.
    """
    said = escape("".join(one if one >= " " else " " for one in text) or BLANK)
    colour, side, across = ACCENT if head else INK, Pt(PADDING / 2), Pt(INSET)
    found: CT_TableCell = parse_xml(
        f"<a:tc {nsdecls('a')}><a:txBody><a:bodyPr/><a:lstStyle/>"
        f'<a:p><a:pPr algn="{"r" if right else "l"}"/><a:r>'
        f'<a:rPr lang="en-GB" sz="{round(size * 100)}" b="{int(head)}" dirty="0">'
        f'<a:solidFill><a:srgbClr val="{colour}"/></a:solidFill><a:latin typeface="{FACE}"/>'
        f"</a:rPr><a:t>{said}</a:t></a:r></a:p></a:txBody>"
        f'<a:tcPr marL="{Pt(left)}" marR="{across}" marT="{side}" marB="{side}" anchor="t">'
        f'<a:lnB w="6350"><a:solidFill><a:srgbClr val="{RULE}"/></a:solidFill></a:lnB>'
        "</a:tcPr></a:tc>"
    )
    return found
