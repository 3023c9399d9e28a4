"""A drawing as plain data: a plotly figure is made of it only where plotly draws.

Plotly copies and files every property of a figure, which takes longer than the model itself. Small
drawings, tables and words need none of that.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import plotly.graph_objects as go

Part = Mapping[str, object]
"""A trace or a piece of layout as plain data: built once, checked once."""


@dataclass(frozen=True, eq=False)
class Plot:
    """Traces and layout of one chart.

    Attributes
    ----------
    data : sequence of Part
        Traces with their `type`.
    layout : Part
        What plotly is told beside them.
    """

    data: Sequence[Part]
    layout: Part

    @cached_property
    def figure(self) -> go.Figure:
        """The plotly figure, made when it is first asked for."""
        return self.made(check=False)

    def made(self, *, check: bool) -> go.Figure:
        """Make a plotly figure; with `check`, plotly looks at every property of it."""
        return go.Figure({"data": list(self.data), "layout": dict(self.layout)}, _validate=check)

    def part(self, *path: str) -> object:
        """Return one setting of the layout, None where it is not set.

        Examples
        --------
        >>> Plot([], {"yaxis": {"title": {"text": "MW"}}}).part("yaxis", "title", "text")
        'MW'
        """
        found: object = self.layout
        for name in path:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found
