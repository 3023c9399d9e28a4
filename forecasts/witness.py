"""Series explained by another: what buyers spend if the leading vendor sells more or less.

The driver's futures are its own forecast: its centre and the limits of its 80 % interval; one of
steady growth may be stated beside them. A regression is shown beside the forecast by the series
alone; it replaces nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from forecasts.outlook import History, Outlook
from forecasts.regression import FEWEST, Driven, Placed, beside
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
"""Futures of the driver out of its own forecast, by name."""

STATED = "stated"
"""Name of the future that is stated as a yearly growth."""


@dataclass(frozen=True, slots=True, eq=False)
class Witness:
    """A series under the futures of its driver.

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
    return explained(known, key, name, lag)


@lru_cache(maxsize=64)
def explained(
    known: Outlook, key: str, name: str, lag: int, growth: float | None = None
) -> Witness | None:
    """Explain a series by any other of the same step; None where their common past is too short.

    Parameters
    ----------
    known : Outlook
        All histories and forecasts.
    key, name : str
        The series, and its driver.
    lag : int
        Steps by which the driver leads.
    growth : float or None
        Yearly growth of the driver, as a share above -1, of a stated future beside the others.
    """
    series, driver = known.histories[key], known.histories[name]
    if series.freq != driver.freq or _values(driver).min() <= 0:
        return None
    futures = _futures(known, name)
    if growth is not None:
        years = np.arange(1, YEARS * driver.season + 1) / driver.season
        futures[STATED] = _values(driver)[-1] * (1 + growth) ** years
    found = beside(_placed(series), _placed(driver), futures, season=series.season, lag=lag)
    return None if found is None else Witness(driver, lag, *found)


def possible(known: Outlook, key: str) -> list[str]:
    """Return the keys of all series that may be tried as driver of one: long enough in common.

    Series of the model that follow it are left out, since they hold its own values.
    """
    series = known.histories[key]
    return [
        name
        for name, other in known.histories.items()
        if name != key
        and other.freq == series.freq
        and _values(other).min() > 0
        and np.intersect1d(series.ends, other.ends).size - series.season >= FEWEST
        and not np.array_equal(_values(series), _values(other))
    ]


def _placed(history: History) -> Placed:
    return Placed(history.ends, _values(history))


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
