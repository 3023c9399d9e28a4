"""Series explained by another: what buyers spend if the leading vendor sells more or less.

The driver's futures are its own forecast: its centre and the limits of its 80 % interval. A
regression is shown beside the forecast by the series alone; it replaces nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.outlook import History, Outlook
from forecasts.regression import Driven, driven
from forecasts.units import Array, Whole

DRIVERS: Mapping[str, tuple[str, int]] = {
    "ai_capex": ("vendor_revenue", 3),
    "vendor_revenue": ("ai_capex", 0),
}
"""Driver, and the steps it leads by, of each series that has one. Of both directions and 0 to 4
quarters, capex after revenue by 3 is the clearest (elasticity 0.26, four standard errors)."""

LEVEL = 80
"""Interval of the driver that gives its low and high future, in percent."""

YEARS = 3
"""Years ahead that are drawn: as long as the model itself trusts a forecast."""

FUTURES = ("low", "forecast", "high")
"""Futures of the driver, by name."""


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A series under three futures of its driver.

    Attributes
    ----------
    driver : History
        The driver's series.
    lag : int
        Steps it leads by.
    found : Driven
        Elasticity, paths and skill.
    ends : (h,) array of int
        Last month of each step ahead.
    """

    driver: History
    lag: int
    found: Driven
    ends: Whole

    @property
    def told(self) -> bool:
        """Whether the elasticity can be told from zero: two standard errors."""
        return abs(self.found.elasticity) >= 2 * self.found.standard_error


def witness(known: Outlook, key: str) -> Witness | None:
    """Explain a series by its driver; None where it has none or their common past is too short.

    Parameters
    ----------
    known : Outlook
        All histories and forecasts.
    key : str
        The series.
    """
    name, lag = DRIVERS.get(key, ("", 0))
    if name not in known.histories or key not in known.histories:
        return None
    series, driver = known.histories[key], known.histories[name]
    common, mine, theirs = np.intersect1d(
        series.ends, driver.ends, assume_unique=True, return_indices=True
    )
    if series.freq != driver.freq or common.size == 0 or common[-1] != driver.ends[-1]:
        return None
    found = driven(
        _values(series)[mine],
        _values(driver)[theirs],
        _futures(known, name),
        season=series.season,
        lag=lag,
    )
    ends = known.future_ends(name)[: YEARS * driver.season]
    return None if found is None else Witness(driver, lag, found, ends)


def _values(history: History) -> Array:
    return history.values


def _futures(known: Outlook, name: str) -> dict[str, Array]:
    """Return low, central and high path of a driver, kept above nought for its logarithms."""
    history, forecast = known.histories[name], known.forecasts[name]
    last, steps = float(_values(history)[-1]), YEARS * history.season
    paths = (forecast.lower[LEVEL], forecast.mean, forecast.upper[LEVEL])
    return {
        future: np.maximum(path[:steps], last * 1e-3)
        for future, path in zip(FUTURES, paths, strict=True)
    }
