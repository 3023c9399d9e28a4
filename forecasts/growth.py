"""Growth curves towards a stated ceiling: logistic, Gompertz, Bass.

Scenarios, not members of the combination. A ceiling is not identified before half of it has been
seen (fitted freely it spans 0.5 to 13 times the truth), so it is stated here and never fitted; the
range of ceilings, not a Wald interval, is the uncertainty that is shown.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np

from forecasts.units import Array
from forecasts.written import percent

Curve = Literal["logistic", "gompertz", "bass"]
"""How growth slows: evenly round half the ceiling, earlier (at 37 %), or by imitation."""

SHORTEST = 3
"""Observations below which a curve says nothing."""

SMALLEST_SHARE = 1e-300
"""Share of a ceiling as which smaller ones count: their logarithms stay finite."""

LARGEST_EXPONENT = 500.0
"""Bound of exponents, which keeps curves far from their middle inside the number range."""


@dataclass(frozen=True, slots=True, eq=False)
class Saturation:
    """A growth curve under three stated ceilings, in the history's unit.

    Attributes
    ----------
    curve : str
        Which curve.
    low, mid, high : (h,) array
        The path under each ceiling; the middle one is shown as the line.
    seen : float
        Last value as a share of the middle ceiling.
    note : str
        How far the scenario can be trusted.
    """

    curve: Curve
    low: Array
    mid: Array
    high: Array
    seen: float
    note: str


def saturation(
    history: Array, horizon: int, ceilings: tuple[float, float, float], curve: Curve = "logistic"
) -> Saturation:
    """Continue a history towards a stated range of ceilings.

    Parameters
    ----------
    history : (n,) array
        Positive values, n >= 3, in time order.
    horizon : int
        Steps ahead, at least 1.
    ceilings : tuple of three floats
        Low, middle and high ceiling, ascending, all above the largest value seen.
    curve : str
        `logistic`, `gompertz` or `bass`.

    Raises
    ------
    ValueError
        If the history is too short or not positive, or a ceiling is not above it.
    """
    _check(history, horizon, ceilings)
    low, mid, high = (CURVES[curve](history, horizon, ceiling) for ceiling in ceilings)
    seen = float(history[-1] / ceilings[1])
    note = (
        f"A scenario under a stated ceiling: {percent(seen)} of it has been seen"
        f"{'' if seen >= 0.5 else ', too little for the data to confirm it'}."
    )
    return Saturation(curve, low, mid, high, seen, note)


def _check(history: Array, horizon: int, ceilings: tuple[float, float, float]) -> None:
    if history.size < SHORTEST or history.min() <= 0:
        raise ValueError(f"a growth curve needs {SHORTEST} positive values, got {history.tolist()}")
    if horizon < 1:
        raise ValueError(f"horizon is {horizon}; ask for 1 step or more")
    if not history.max() < ceilings[0] <= ceilings[1] <= ceilings[2]:
        raise ValueError(
            f"ceilings {ceilings} must ascend and lie above the largest value {history.max()}"
        )


def _continued(scores: Array, horizon: int) -> Array:
    """Extend the least-squares line through scores, shifted to start from the last one."""
    places = np.arange(scores.size)
    slope = float(np.polyfit(places, scores, 1)[0])
    line = scores[-1] + slope * np.arange(1, horizon + 1)
    return np.asarray(np.clip(line, -LARGEST_EXPONENT, LARGEST_EXPONENT))


def _logistic(history: Array, horizon: int, ceiling: float) -> Array:
    """K / (1 + exp(-s)), s a line in time (Verhulst)."""
    share = np.maximum(history / ceiling, SMALLEST_SHARE)
    scores = _continued(np.log(share / (1 - share)), horizon)
    return np.asarray(ceiling / (1 + np.exp(-scores)))


def _gompertz(history: Array, horizon: int, ceiling: float) -> Array:
    """K exp(-exp(-s)), s a line in time."""
    share = np.maximum(history / ceiling, SMALLEST_SHARE)
    scores = _continued(-np.log(-np.log(share)), horizon)
    return np.asarray(ceiling * np.exp(-np.exp(np.clip(-scores, -LARGEST_EXPONENT, 6.0))))


def _bass(history: Array, horizon: int, ceiling: float) -> Array:
    """Bass (1969): adoption grows by p + q F of what is left; p and q by least squares.

    Each step is fitted from the value before it, so the path starts at the last observation.
    """
    share = history / ceiling

    def misses(parameters: Array) -> Array:
        return np.asarray(_bass_step(share[:-1], *parameters) - share[1:])

    from scipy.optimize import least_squares  # long to import

    found = least_squares(misses, x0=[0.01, 0.3], bounds=([0.0, 0.0], [1.0, 5.0])).x
    path, value = np.empty(horizon), share[-1:]
    for step in range(horizon):
        value = _bass_step(value, *found)
        path[step] = value[0]
    return path * ceiling


def _bass_step(share: Array, innovation: float, imitation: float) -> Array:
    """Return the share one step later; it never passes 1."""
    return np.asarray(share + (1 - share) * np.minimum(innovation + imitation * share, 1.0))


CURVES: dict[Curve, Callable[[Array, int, float], Array]] = {
    "logistic": _logistic,
    "gompertz": _gompertz,
    "bass": _bass,
}
"""The curves by name."""
