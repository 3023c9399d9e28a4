"""A briefing as data: sheets of findings, charts and tables, the same for deck, page and print."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from dashboard.exports.stamp import Stamp

Values = tuple[float | None, ...]
"""Numbers by category; None where there is nothing to draw."""


class Kind(StrEnum):
    """How a plot is drawn."""

    STACK = "stacked columns"
    LINES = "lines"
    BARS = "bars"
    SPANS = "spans"
    RANGES = "ranges"
    BRIDGE = "bridge"


REOPEN = "Reopen this case: "
"""Words before the address that opens a case."""


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a plot.

    Attributes
    ----------
    name : str
        As in the legend.
    values : tuple of float or None
        One by category.
    colour : str
        `#rrggbb`.
    dash : str
        `solid`, `dash` or `dot`, for lines.
    unseen : bool
        Whether it only carries what stands on it: the foot of a span or of a step of a bridge.
    """

    name: str
    values: Values
    colour: str
    dash: str = "solid"
    unseen: bool = False


@dataclass(frozen=True, slots=True)
class Plot:
    """One chart.

    Attributes
    ----------
    title : str
        The finding.
    unit : str
        What is shown, and its unit.
    kind : Kind
        How it is drawn; spans and bars lie, the others stand. Ranges join their lowest and highest
        series by a line; a bridge stacks gains and losses on feet that are not seen.
    categories : tuple of str
        Years, lines or factories; spans and bars list the topmost first.
    series : tuple of Series
        What is drawn, first at the foot of a stack.
    source : str
        Where the numbers come from.
    digits : int
        Decimals of the value axis.
    """

    title: str
    unit: str
    kind: Kind
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    source: str
    digits: int = 0

    def __post_init__(self) -> None:
        for one in self.series:
            if len(one.values) != len(self.categories):
                raise ValueError(
                    f"series {one.name!r} of {self.title!r} has {len(one.values)} values for "
                    f"{len(self.categories)} categories; give one each"
                )

    @property
    def seen(self) -> tuple[Series, ...]:
        """Series that a reader sees."""
        return tuple(one for one in self.series if not one.unseen)

    @property
    def alt(self) -> str:
        """The chart in words."""
        names = ", ".join(one.name for one in self.seen)
        return f"{self.kind}: {self.title}. {self.unit}. Shows {names}."


@dataclass(frozen=True, slots=True)
class Grid:
    """One table.

    Attributes
    ----------
    title : str
        What it holds.
    header : tuple of str
        Column names with units.
    rows : tuple of tuples of str
        Cells as written.
    widths : tuple of float
        Relative widths of the columns.
    numbers : tuple of int
        Columns that hold numbers, set flush right.
    note : str
        What to know when reading it.
    """

    title: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    numbers: tuple[int, ...] = ()
    note: str = ""

    def __post_init__(self) -> None:
        wide = {len(self.header), len(self.widths), *(len(row) for row in self.rows)}
        if len(wide) != 1:
            raise ValueError(
                f"table {self.title!r} has rows of {sorted(wide)} cells; give one each"
            )

    def beside_number(self, column: int) -> bool:
        """Whether a column of words stands right of a column of numbers."""
        return column > 0 and column - 1 in self.numbers and column not in self.numbers


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences under a title."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Tile:
    """One figure with its label and what to read it against."""

    label: str
    value: str
    context: str


Panel = Plot | Grid | Words


@dataclass(frozen=True, slots=True)
class Sheet:
    """One slide, or one section of a brief.

    Attributes
    ----------
    title : str
        The finding, in a sentence.
    lead : str
        One or two sentences under it.
    panels : tuple of Panel
        One to four, from left to right, then down.
    tiles : tuple of Tile
        Figures above the panels.
    topic : str
        What it is about, for choosing: `portfolio`, `factory`, `risk`, …
    """

    title: str
    lead: str
    panels: tuple[Panel, ...]
    tiles: tuple[Tile, ...] = ()
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole briefing.

    Attributes
    ----------
    title : str
        The finding of the case.
    lead : str
        What it rests on, in a sentence or two.
    sheets : tuple of Sheet
        In order.
    stamp : Stamp
        Case, data, day, sources.
    """

    title: str
    lead: str
    sheets: tuple[Sheet, ...]
    stamp: Stamp


def cut(rows: Sequence[tuple[str, ...]], most: int) -> tuple[tuple[str, ...], ...]:
    """Keep the first rows of a table; the last one kept says how many are left out."""
    if len(rows) <= most:
        return tuple(rows)
    kept = list(rows[: most - 1])
    left = f"and {len(rows) - most + 1} more"
    return (*kept, (left, *[""] * (len(rows[0]) - 1)))
