"""Series of a long frame explained by one among them, under its own or under stated futures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from data.late import Late
from forecasts.combine import forecast_series
from forecasts.history import clean
from forecasts.periods import Calendar, read_series, require_columns
from forecasts.regression import Driven, Placed, beside
from forecasts.steps import PARTS
from forecasts.units import Array, Whole

if TYPE_CHECKING:
    import pandas as pd
else:
    pd = Late("pandas")

LEVEL = 80
"""Interval of the driver that gives its low and high future, in percent."""

LEAST = 1e-3
"""Share of the driver's last value below which none of its own futures falls."""

COLUMNS = (
    "unique_id",
    "elasticity",
    "standard_error",
    "r_squared",
    "growths",
    "skill",
    "admitted",
    "verdict",
)
"""What is told of a series and its driver."""

SHORT = (
    "Nothing is said: another step, too little in common, values not above 0, steady growth, or "
    "futures that end before the series."
)


@dataclass(frozen=True, slots=True, eq=False)
class Explained:
    """Series of a frame under the futures of a driver.

    Attributes
    ----------
    futures : DataFrame
        `unique_id, ds, future, y`: one path a series and future; none where nothing is told.
    series : DataFrame
        A row per series, `COLUMNS`: elasticity of yearly growth and its error, how much it
        explains, growths it rests on, skill against the forecast by the series alone, and whether
        it is more than a scenario: told from zero, and closer than the series alone.
    """

    futures: pd.DataFrame
    series: pd.DataFrame


@dataclass(frozen=True, slots=True, eq=False)
class Leader:
    """The driver of a frame, read.

    Attributes
    ----------
    placed : Placed
        Its values by step.
    calendar : Calendar
        How its periods go on.
    season : int
        Steps in a year.
    """

    placed: Placed
    calendar: Calendar
    season: int

    def own_futures(self, horizon: int) -> dict[str, Array]:
        """Return its forecast and the limits of its 80 % interval, above nought."""
        known = np.asarray(self.placed.values)
        made = forecast_series(known, horizon, season=self.season, levels=(LEVEL,))
        paths = {"low": made.lower[LEVEL], "forecast": made.mean, "high": made.upper[LEVEL]}
        return {name: np.maximum(path, LEAST * known[-1]) for name, path in paths.items()}


def leader(frame: pd.DataFrame, name: str, freq: str | None) -> Leader:
    """Read one series of a frame as driver of the others.

    Raises
    ------
    ValueError
        If it is not there, its periods are neither integers nor parts of a year, or a value is
        not positive.
    """
    require_columns(frame)
    own = frame[frame["unique_id"].astype(str) == name]
    if own.empty:
        known = ", ".join(frame["unique_id"].astype(str).drop_duplicates().head(8))
        raise ValueError(f"no series {name!r} to drive the others; the file holds {known}")
    placed, calendar, season = _read(name, own, freq)
    if placed is None:
        raise ValueError(f"driver {name!r}: use years, quarters, months or integers as periods")
    lowest = float(np.min(placed.values))
    if lowest <= 0:
        raise ValueError(f"driver {name!r} holds {lowest:g}; growth asks for values above 0")
    return Leader(placed, calendar, season)


def _read(
    key: object, group: pd.DataFrame, freq: str | None
) -> tuple[Placed | None, Calendar, int]:
    """Return a series by step; None where its steps cannot be laid beside another's."""
    grid, season, calendar = read_series(key, group, freq)
    values, _ = clean(grid)
    first, stride = int(calendar.steps.min()), calendar.stride
    places = first + stride * np.flatnonzero(np.isfinite(grid))
    whole = np.arange(places[0], places[-1] + 1, stride)
    whole_grid = grid.size == (calendar.steps.max() - first) // stride + 1
    if not whole_grid or (calendar.kind != "integer" and calendar.freq not in PARTS):
        return None, calendar, season
    return Placed(whole, values), calendar, season


def explained(
    frame: pd.DataFrame,
    driver: str,
    futures: Mapping[str, Array],
    *,
    freq: str | None = None,
    lag: int = 0,
) -> Explained:
    """Explain every series of a frame by one of them, and continue it under each future.

    Parameters
    ----------
    frame : DataFrame
        `unique_id, ds, y`, as `forecasts.combine.forecast` takes it.
    driver : str
        Name of the driver among the series.
    futures : mapping of str to (h,) array
        Positive paths of the driver from its last value on, all of one length.
    freq : str or None
        Found from `ds` when None.
    lag : int
        Steps by which the driver leads.

    Raises
    ------
    ValueError
        As `leader` does, and where a future is not positive.
    """
    lead = leader(frame, driver, freq)
    parts, known = [], []
    for key, group in frame.groupby("unique_id", sort=False):
        if str(key) == driver:
            continue
        placed, calendar, season = _read(key, group, freq)
        found = None
        if placed is not None and (season, calendar.stride) == (lead.season, lead.calendar.stride):
            found = beside(placed, lead.placed, futures, season=season, lag=lag)
        known.append((key, *_told(None if found is None else found[0])))
        if found is not None:
            parts += _paths(key, calendar, *found)
    table = pd.DataFrame(known, columns=list(COLUMNS))
    empty = pd.DataFrame(columns=["unique_id", "ds", "future", "y"])
    return Explained(pd.concat(parts, ignore_index=True) if parts else empty, table)


def _paths(key: object, calendar: Calendar, found: Driven, places: Whole) -> list[pd.DataFrame]:
    """Return a frame a future; places are named as the series' own periods go on."""
    steps = (places - int(calendar.steps.max())) // calendar.stride
    ds = [calendar.at(int(step)) for step in steps]
    return [
        pd.DataFrame({"unique_id": key, "ds": ds, "future": name, "y": path})
        for name, path in found.paths.items()
    ]


def _told(found: Driven | None) -> tuple[object, ...]:
    if found is None:
        return (None, None, None, 0, None, False, SHORT)
    skill = None if found.skill is None else float(found.skill)
    fit = (found.elasticity, found.standard_error, found.r_squared)
    return (*fit, found.count, skill, found.admitted, found.note)
