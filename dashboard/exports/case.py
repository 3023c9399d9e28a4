"""What an export is made from: a projection, the tables behind it, and the day it is made."""

import datetime as dt
from dataclasses import dataclass

from data.catalog import Catalog
from data.scenario_notes import Note
from forecasts.engine import Result


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """One projection to write down.

    Attributes
    ----------
    result : Result
        What the engine found; its first path is exported.
    catalog : Catalog
        The tables it was made from, for sources.
    made : date
        The day of the export: the only thing in a file that two exports of one scenario differ in.
    link : str
        Address that reopens the case; empty when there is none.
    notes : tuple of Note
        Notes on assumptions of the saved scenario, if it is one.
    """

    result: Result
    catalog: Catalog
    made: dt.date
    link: str = ""
    notes: tuple[Note, ...] = ()

    @property
    def stamp(self) -> tuple[tuple[str, str], ...]:
        """Scenario, hash, data version and date, as pairs of label and text."""
        scenario = self.result.plan.scenario
        return (
            ("Scenario", scenario.name),
            ("Scenario hash", scenario.hash),
            ("Data version", self.result.plan.data_version),
            ("Made on", self.made.isoformat()),
            ("Opens again at", self.link or "-"),
        )
