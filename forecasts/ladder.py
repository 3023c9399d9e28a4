"""Which members a history can carry, what they forecast, and how they are made one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts import models, smoothing
from forecasts.autoregression import autoregression, seasonal_autoregression
from forecasts.blocks import in_blocks
from forecasts.history import NEAR_ZERO, Prepared
from forecasts.peers import Peers, growth_path, lent_spread, towards_peers
from forecasts.seasonal import seasonal_smoothing
from forecasts.smoothing import Family, Fit, panel_of
from forecasts.spread import compared_steps, standard_error
from forecasts.units import Array

FARTHEST = 10.0
"""A member beyond this multiple of the history's largest magnitude is replaced."""

WILDEST = 5.0
"""A member that jumps further than this multiple of the history's largest move is replaced."""

FAMILIES: dict[str, Family] = {
    "theta": smoothing.theta,
    "standard theta": smoothing.standard_theta,
    "smoothing": smoothing.smoothing,
    "damped trend": smoothing.damped_trend,
    "log theta": smoothing.logged(smoothing.theta),
    "theta of pairs": in_blocks(smoothing.theta, 2),
    "damped trend of pairs": in_blocks(smoothing.damped_trend, 2),
    "log theta of fours": smoothing.logged(in_blocks(smoothing.theta, 4)),
    "log smoothing of fours": smoothing.logged(in_blocks(smoothing.smoothing, 4)),
    "log smoothing of sixes": smoothing.logged(in_blocks(smoothing.smoothing, 6)),
    "autoregression": autoregression,
    "drift": models.drift,
    "naive": models.naive,
}
"""Members by name, as the screen shows them; those `of pairs` and so on see means of blocks."""

SEASONAL_FAMILIES: dict[str, Callable[[int], Family]] = {
    "seasonal smoothing": seasonal_smoothing,
    "log seasonal smoothing": lambda season: smoothing.logged(seasonal_smoothing(season)),
    "log seasonal autoregression": lambda season: smoothing.logged(seasonal_autoregression(season)),
}
"""Members that need the steps in a season, by name."""


@dataclass(frozen=True, slots=True)
class Rung:
    """One step of the ladder.

    Attributes
    ----------
    name : str
        Observations it is for, as shown.
    members : tuple of str
        Names of `FAMILIES`.
    shortest : int
        Fewest observations.
    left_out : int or None
        Members left out at each end before the mean is taken, step by step; None for the median.
    """

    name: str
    members: tuple[str, ...]
    shortest: int
    left_out: int | None = None


SIX = ("theta", "standard theta", "smoothing", "damped trend", "drift", "naive")

SEASONAL = Rung(
    "48 and more, in seasons of 7 or more",
    (
        "theta",
        "log theta",
        "standard theta",
        "theta of pairs",
        "log theta of fours",
        "log smoothing of fours",
        "log smoothing of sixes",
        "log seasonal smoothing",
        "log seasonal autoregression",
    ),
    48,
    left_out=2,
)
"""Long seasonal series: logarithms and means of blocks join, drift and naive leave."""

LONG_SEASON = 7
"""Steps in a season from which on the seasonal rung is taken."""

QUARTERLY = Rung(
    "16 and more, in seasons of 4",
    (
        "theta",
        "standard theta",
        "theta of pairs",
        "damped trend of pairs",
        "autoregression",
        "drift",
        "seasonal smoothing",
        "log seasonal autoregression",
    ),
    16,
    left_out=1,
)
"""Quarterly series: members that err in different ways, their inner mean (decision 130)."""

QUARTERS = 4
"""Steps in a season of the quarterly rung."""

LADDER = (
    Rung("16 and more", SIX, 16),
    Rung("8 to 15", SIX, 8),
    Rung("4 to 7", SIX, 4),
    Rung("2 to 3", ("half drift",), 2),
    Rung("1", ("naive",), 1),
)
"""Longest first. The median of six was the best rule at every length from 5 up (decision 4)."""


def outermost(name: str) -> int | None:
    """Return how many members a rung leaves out at each end; None where it takes the median.

    Examples
    --------
    >>> outermost(QUARTERLY.name), outermost("1")
    (1, None)
    """
    return next(one.left_out for one in (SEASONAL, QUARTERLY, *LADDER) if one.name == name)


@dataclass(frozen=True, slots=True, eq=False)
class Estimate:
    """What the members say, and together, about one prepared history, in its adjusted unit.

    Attributes
    ----------
    members : dict of str to (h,) array
        Point forecast of each member.
    spreads : dict of str to (h,) array
        Their own standard errors; NaN where a fit was replaced.
    mean, sigma : (h,) array
        Their combination and its standard error before calibration.
    notes : tuple of str
        Fits that were replaced, growth that was borrowed.
    rung : Rung
        The rung taken.
    lent : float
        How unsure borrowed growth is, as a logarithm per step; 0 where none was borrowed.
    """

    members: dict[str, Array]
    spreads: dict[str, Array]
    mean: Array
    sigma: Array
    notes: tuple[str, ...]
    rung: Rung
    lent: float = 0.0


def rung_of(observations: int, season: int) -> Rung:
    """Return the rung for a number of observations, at least 1."""
    if season >= LONG_SEASON and observations >= SEASONAL.shortest:
        return SEASONAL
    if season == QUARTERS and observations >= QUARTERLY.shortest:
        return QUARTERLY
    return next(rung for rung in LADDER if observations >= rung.shortest)


def estimates(
    histories: Sequence[Prepared], horizon: int, peers: Peers | None = None
) -> list[Estimate]:
    """Forecast prepared histories, those on the same rung in one batch.

    Parameters
    ----------
    histories : sequence of Prepared
        Of any lengths: many series, or one series at many origins.
    horizon : int
        Steps ahead.
    peers : Peers or None
        Growth of comparable series.
    """
    kinds = [(rung_of(one.adjusted.size, one.season), one.season) for one in histories]
    made: dict[int, Estimate] = {}
    for rung, season in dict.fromkeys(kinds):
        places = [place for place, own in enumerate(kinds) if own == (rung, season)]
        panel = panel_of([histories[place].adjusted for place in places])
        steps = max(horizon, compared_steps(season))
        fits = {name: _family(name, season)(panel, steps) for name in rung.members}
        for row, place in enumerate(places):
            asked = _Asked(row, horizon, peers)
            made[place] = _estimate(histories[place], rung, fits, asked)
    return [made[place] for place in range(len(histories))]


@dataclass(frozen=True, slots=True)
class _Asked:
    """Row of a panel, steps ahead that are wanted, and what its peers lend."""

    row: int
    horizon: int
    peers: Peers | None


def _family(name: str, season: int) -> Family:
    if name in SEASONAL_FAMILIES:
        return SEASONAL_FAMILIES[name](season)
    return _half_drift if name == "half drift" else FAMILIES[name]


def _half_drift(panel: smoothing.Panel, horizon: int) -> Fit:
    """Half the drift: on two or three values, half of what the line through them says is noise."""
    still, moving = models.naive(panel, horizon), models.drift(panel, horizon)
    return Fit((still.mean + moving.mean) / 2, still.sigma)


def _estimate(history: Prepared, rung: Rung, fits: Mapping[str, Fit], asked: _Asked) -> Estimate:
    members, spreads, notes = {}, {}, []
    last, wanted = history.adjusted[-1], slice(asked.horizon)
    for name, fit in fits.items():
        path, spread = fit.mean[asked.row], fit.sigma[asked.row]
        trouble = trouble_with(path[wanted], history.adjusted)
        if trouble:
            notes.append(f"{name} {trouble} and was replaced by naive.")
            path = np.full(path.size, last)
            spread = np.full(path.size, np.nan)
        members[name] = _above_zero(path, history)
        spreads[name] = spread
    stack = np.array(list(members.values()))
    mean, apart = _combined(stack, rung.left_out)
    usable = [spread for spread in spreads.values() if np.isfinite(spread[wanted]).all()]
    own = np.median(usable, axis=0) if usable else np.zeros(mean.size)
    sigma = standard_error(own + apart, history)[wanted]
    members = {name: path[wanted] for name, path in members.items()}
    spreads = {name: spread[wanted] for name, spread in spreads.items()}
    mean = mean[wanted]
    lent = 0.0
    if asked.peers is not None and last > 0:
        mean, note = towards_peers(mean, history.adjusted, asked.peers)
        members["peers' growth"] = last * np.exp(growth_path(asked.peers.growth, mean.size))
        lent = lent_spread(asked.peers, history.adjusted.size)
        notes.append(note)
    return Estimate(members, spreads, mean, sigma, tuple(notes), rung, lent)


def _combined(stack: Array, left_out: int | None) -> tuple[Array, Array]:
    """Return what members say together, and how far those that count are apart, (h,) each.

    Parameters
    ----------
    stack : (member, h) array
        Forecasts of the members.
    left_out : int or None
        How many are left out at each end of every step; None for the median of all.
    """
    if left_out is None:
        return np.median(stack, axis=0), stack.std(axis=0)
    inner = np.sort(stack, axis=0)[left_out : stack.shape[0] - left_out]
    return inner.mean(axis=0), inner.std(axis=0)


def _above_zero(path: Array, history: Prepared) -> Array:
    """Bend a path that falls below half the smallest value seen, so that it nears zero, not passes.

    Only where every value was positive: a price that fell in a line does not become nothing.
    """
    turn = float(history.adjusted.min()) / 2
    if turn <= NEAR_ZERO or history.floor < 0:
        return path
    below = np.minimum((path - turn) / turn, 0.0)
    return np.where(path < turn, turn * np.exp(below), path)


def trouble_with(path: Array, history: Array) -> str:
    """Return what is wrong with a member's forecast, empty when nothing is."""
    if not np.isfinite(path).all():
        return "gave no finite forecast"
    largest = float(np.abs(history).max())
    if np.abs(path).max() > FARTHEST * largest:
        return "left the range of the history tenfold"
    moves = np.abs(np.diff(np.concatenate([history[-1:], path])))
    known = float(np.abs(np.diff(history)).max()) if history.size > 1 else np.inf
    if moves.max() > WILDEST * known + 1e-9 * largest:
        return "jumped further than the history ever did"
    return ""
