"""A series explained by a driver: elasticity of its yearly growth, with stated futures.

ln y(t) - ln y(t - s) = a + b (ln x(t - lag) - ln x(t - lag - s)) + e, by least squares with errors
robust to overlap (Newey and West, 1987). The driver's future is stated, one path a scenario. The
regression joins no combination by itself: it is shown, and called useful only where it beat the
combination in a backtest with the driver forecast, not known, at every origin.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from forecasts.combine import forecast_series
from forecasts.units import Array, Whole
from forecasts.written import percent

FEWEST = 12
"""Common yearly growths below which nothing is fitted."""

ORIGINS = 6
"""Pasts from which regression and combination are compared."""

STILL = 1e-12
"""Range of yearly growths below which nothing can be told from them."""

LARGEST_STEP = 2.0
"""Bound of a yearly logarithmic growth: beyond it a regression extrapolates nonsense."""


@dataclass(frozen=True, slots=True, eq=False)
class Driven:
    """A series under stated futures of its driver.

    Attributes
    ----------
    elasticity, standard_error : float
        Growth of the series for one more point of the driver's growth, and its uncertainty.
    base_growth : float
        Yearly logarithmic growth with a still driver.
    r_squared : float
        Share of the variance of yearly growth explained.
    count : int
        Yearly growths it rests on; they overlap.
    paths : dict of str to (h,) array
        The series under each future, in its own unit.
    skill : float or None
        1 - mean absolute error over the combination's; None when too short to compare.
    note : str
        The finding in a sentence.
    """

    elasticity: float
    standard_error: float
    base_growth: float
    r_squared: float
    count: int
    paths: dict[str, Array]
    skill: float | None
    note: str

    @property
    def admitted(self) -> bool:
        """Whether it is a forecast, not a scenario: its elasticity told from zero, and closer."""
        told = abs(self.elasticity) >= 2 * self.standard_error
        return told and self.skill is not None and self.skill > 0


def driven(
    history: Array,
    driver: Array,
    futures: Mapping[str, Array],
    *,
    season: int = 1,
    lag: int = 0,
    later: Array | None = None,
) -> Driven | None:
    """Fit the regression and continue the series under every future of the driver.

    Parameters
    ----------
    history, driver : (n,) arrays
        Positive values of the same steps, in time order.
    futures : mapping of str to (h,) array
        Positive paths of the driver, by scenario; all of one length.
    season : int
        Steps in a year.
    lag : int
        Steps by which the driver leads.
    later : (m,) array, optional
        What is known of the series after the driver's history ends: it is continued from there,
        over the other steps of the futures.

    Returns
    -------
    Driven or None
        None when fewer than 12 yearly growths are common, a value is not positive, or the yearly
        growth of either never changes.

    Raises
    ------
    ValueError
        If the arrays differ in length, the lag is negative or no future is given.
    """
    _check(history, driver, futures, lag)
    horizon = len(next(iter(futures.values())))
    if history.size - season - lag < FEWEST or min(history.min(), driver.min()) <= 0:
        return None
    fit = _fitted(history, driver, season, lag)
    if fit.still:
        return None
    seen = history if later is None else np.concatenate([history, later])
    paths = {
        name: _continued(fit, seen, np.concatenate([driver, future]), season, lag)
        for name, future in futures.items()
    }
    skill = _skill(history, driver, horizon, season, lag)
    return Driven(
        elasticity=fit.elasticity,
        standard_error=fit.error,
        base_growth=fit.base,
        r_squared=fit.r_squared,
        count=fit.count,
        paths=paths,
        skill=skill,
        note=_note(fit, skill),
    )


@dataclass(frozen=True, slots=True, eq=False)
class Placed:
    """Values at even steps of time.

    Attributes
    ----------
    places : (n,) array of int
        When each step ends, ascending: months, quarters or plain steps.
    values : (n,) array
        The values.
    """

    places: Whole
    values: Array


def beside(
    series: Placed, driver: Placed, futures: Mapping[str, Array], *, season: int, lag: int
) -> tuple[Driven, Whole] | None:
    """Explain a series by a driver over what both hold, and continue it from there.

    Parameters
    ----------
    series, driver : Placed
        Both at steps of one length.
    futures : mapping of str to (h,) array
        Positive paths of the driver from its last value on. What is known of the driver after the
        series ends stands before every future.
    season, lag : int
        Steps in a year; steps by which the driver leads.

    Returns
    -------
    (Driven, (h,) array of int) or None
        The regression, and the places of the steps it continues, all after the series' own; None
        where `driven` is, or where the futures end before the series.
    """
    common, mine, theirs = np.intersect1d(
        series.places, driver.places, assume_unique=True, return_indices=True
    )
    if common.size < 2:
        return None
    known = driver.values[theirs[-1] + 1 :]
    later = series.values[mine[-1] + 1 :]
    if min(known.min(initial=1.0), later.min(initial=1.0)) <= 0:
        return None
    ahead = {name: np.concatenate([known, path]) for name, path in futures.items()}
    reach = len(next(iter(ahead.values())))
    if later.size >= reach:
        return None
    own = (series.values[mine], driver.values[theirs])
    found = driven(*own, ahead, season=season, lag=lag, later=later)
    if found is None:
        return None
    steps = np.arange(later.size + 1, reach + 1)
    return found, np.asarray(common[-1] + steps * (common[-1] - common[-2]))


def _check(history: Array, driver: Array, futures: Mapping[str, Array], lag: int) -> None:
    if history.size != driver.size:
        raise ValueError(f"{history.size} values and {driver.size} of the driver; align them")
    if lag < 0:
        raise ValueError(f"lag is {lag}; a driver leads by 0 steps or more")
    if not futures or len({path.size for path in futures.values()}) != 1:
        raise ValueError(f"{len(futures)} futures; give one or more, all of one length")
    if min(path.min(initial=1.0) for path in futures.values()) <= 0:
        raise ValueError("a future of the driver is not above nought; give positive values")


@dataclass(frozen=True, slots=True)
class _Line:
    base: float
    elasticity: float
    error: float
    r_squared: float
    count: int
    still: bool = False


def _fitted(history: Array, driver: Array, season: int, lag: int) -> _Line:
    import statsmodels.api as sm  # takes seconds: imported only when a regression is asked for

    grown, moved = _moves(history, season), _moves(driver, season)
    count = grown.size - lag
    wanted, led = grown[lag:], moved[:count]
    if min(np.ptp(wanted), np.ptp(led)) < STILL:
        return _Line(float(wanted.mean()), 0.0, 0.0, 0.0, count, still=True)
    given = sm.add_constant(led, has_constant="add")
    fit = sm.OLS(wanted, given).fit(cov_type="HAC", cov_kwds={"maxlags": max(1, season - 1)})
    base, elasticity = (float(value) for value in fit.params)
    variance = float(np.asarray(fit.cov_params())[1, 1])  # of a perfect fit 0, or just below it
    return _Line(base, elasticity, float(np.sqrt(max(variance, 0.0))), float(fit.rsquared), count)


def _moves(values: Array, season: int) -> Array:
    later, earlier = values[season:], values[:-season]
    with np.errstate(over="ignore", under="ignore", divide="ignore"):
        plain = np.log(later / earlier)
    return np.where(np.isfinite(plain), plain, np.log(later) - np.log(earlier))


def _continued(line: _Line, history: Array, driver: Array, season: int, lag: int) -> Array:
    """Apply the growth of each step to the value a year before it."""
    values, moved = list(np.log(history)), _moves(driver, season)
    for step in range(history.size, driver.size):
        growth = line.base + line.elasticity * moved[step - season - lag]
        values.append(values[step - season] + float(np.clip(growth, -LARGEST_STEP, LARGEST_STEP)))
    ahead: Array = np.exp(np.array(values[history.size :]))
    return ahead


def _skill(history: Array, driver: Array, horizon: int, season: int, lag: int) -> float | None:
    """Compare with the combination; the driver is forecast at each origin, not known."""
    first = FEWEST + season + lag
    origins = np.unique(np.linspace(first, history.size - 1, ORIGINS).astype(int))
    if history.size - first < ORIGINS:
        return None
    ours, theirs = [], []
    for origin in origins:
        past, known = history[:origin], driver[:origin]
        actual = history[origin : origin + horizon]
        ahead = forecast_series(known, actual.size, season=season, judged=False).mean
        line = _fitted(past, known, season, lag)
        full = np.concatenate([known, np.maximum(ahead, known.min() * 1e-3)])
        ours.append(np.abs(_continued(line, past, full, season, lag) - actual))
        alone = forecast_series(past, actual.size, season=season, judged=False).mean
        theirs.append(np.abs(alone - actual))
    yardstick = float(np.concatenate(theirs).mean())
    return 1 - float(np.concatenate(ours).mean()) / yardstick if yardstick > 0 else None


def _note(line: _Line, skill: float | None) -> str:
    if abs(line.elasticity) < 2 * line.error:
        return "The elasticity cannot be told from zero: a scenario, not a forecast."
    if skill is None:
        return "Too short to compare with the forecast by the series alone."
    if skill <= 0:
        return "Does not beat the forecast by the series alone: a scenario, not a forecast."
    return (
        f"{percent(skill)} closer than the forecast by the series alone, the driver being forecast."
    )
