"""What every chart brings along: the finding, the unit, a table of its numbers, a text for ears."""

from dataclasses import dataclass

import pandas as pd
import plotly.graph_objects as go

from dashboard.charts.plot import Plot
from dashboard.theme import money_scale
from data.provenance import Fact

MODEL = "Rackcast projection; sources on page Data"
"""The source line of a chart that shows results of the model."""


@dataclass(frozen=True, slots=True, eq=False)
class Chart:
    """One chart with all that stands around it.

    Attributes
    ----------
    headline : str
        The finding, in a sentence.
    subtitle : str
        What is shown, and its unit.
    plot : Plot
        The drawing, as plain data.
    table : DataFrame
        The numbers in it, units in the column names.
    alt : str
        The drawing in words, for those who cannot see it.
    source : str
        Where the numbers come from.
    facts : tuple of Fact
        Rows of the tables that are drawn; empty for results of the model.
    """

    headline: str
    subtitle: str
    plot: Plot
    table: pd.DataFrame
    alt: str
    source: str = MODEL
    facts: tuple[Fact, ...] = ()

    @property
    def height(self) -> int:
        """Pixels of the drawing in its card."""
        return int(str(self.plot.part("height")))

    @property
    def figure(self) -> go.Figure:
        """The drawing as plotly takes it."""
        return self.plot.figure


def scaled(frame: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Bring a frame of USD to millions or billions, by the largest stacked sum of a row."""
    largest = float(frame.abs().sum(axis=1).max()) if len(frame) else 0.0
    divisor, unit = money_scale(largest)
    return frame / divisor, unit
