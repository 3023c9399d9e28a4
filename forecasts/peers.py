"""What a short series borrows from comparable ones: their growth, and how far it differs."""

from dataclasses import dataclass
from math import sqrt

import numpy as np

from forecasts.calibration import reach
from forecasts.smoothing import LARGEST_LOG
from forecasts.spread import DEVIATION
from forecasts.units import Array
from forecasts.written import percent

PEER_MOVES = 4.0
"""Own moves that the peers' growth counts for."""


@dataclass(frozen=True, slots=True)
class Peers:
    """Growth of comparable series.

    Attributes
    ----------
    growth : float
        Per step, as a share.
    spread : float
        Standard deviation between them of its logarithm, per step: a series that grows faster than
        its peers keeps doing so.
    """

    growth: float
    spread: float = 0.0


def own_weight(observations: int) -> float:
    """Weight of a series' own forecast against its peers' growth: moves / (moves + 4).

    Examples
    --------
    >>> own_weight(1), own_weight(5)
    (0.0, 0.5)
    """
    return (observations - 1) / (observations - 1 + PEER_MOVES)


def spread_of(rates: Array) -> float:
    """Return how far one more series' growth may be from the middle of these, as a logarithm.

    Parameters
    ----------
    rates : (n,) array
        Growth of comparable series, as shares above -1; one alone tells no spread.

    Returns
    -------
    float
        Standard deviation of a normal with their mean absolute deviation from the median, the
        median's own uncertainty included.

    Examples
    --------
    >>> round(spread_of(np.array([0.1, 0.2, 0.3])), 3)
    0.081
    """
    logs = np.log1p(np.maximum(rates, -0.99))
    apart = float(np.abs(logs - np.median(logs)).mean())
    return DEVIATION * apart * sqrt(1 + 1 / logs.size)


def growth_path(growth: float, horizon: int) -> Array:
    """Return cumulated logarithmic growth, bounded so that no horizon leaves the number range."""
    rate = np.log1p(max(growth, -0.99))
    return np.asarray(np.clip(rate * np.arange(1, horizon + 1), -LARGEST_LOG, LARGEST_LOG))


def towards_peers(mean: Array, history: Array, peers: Peers) -> tuple[Array, str]:
    """Draw a forecast towards the peers' growth, the more the shorter its history."""
    weight = own_weight(history.size)
    theirs = history[-1] * np.exp(growth_path(peers.growth, mean.size))
    note = (
        f"Drawn {percent(1 - weight)} towards its peers' growth of {percent(peers.growth)} a step, "
        f"having {history.size} {'value' if history.size == 1 else 'values'} of its own."
    )
    if peers.spread > 0:
        note += f" Its interval allows for growth of {_ends(peers, history.size)} a step."
    return weight * mean + (1 - weight) * theirs, note


def lent_spread(peers: Peers, observations: int) -> float:
    """Return how unsure a series' growth stays beside its own values, as a logarithm per step.

    Between series it has variance spread^2, of which own moves leave the peers' weight.
    """
    return min(peers.spread, LARGEST_LOG) * sqrt(1 - own_weight(observations))


def _ends(peers: Peers, observations: int) -> str:
    wide = reach(80) * lent_spread(peers, observations)
    middle = np.log1p(max(peers.growth, -0.99))
    low, high = np.expm1(np.clip(middle + np.array([-wide, wide]), -LARGEST_LOG, LARGEST_LOG))
    return f"{percent(low)} to {percent(high)}"


def ends(mean: Array, half: Array, grown: Array) -> tuple[Array, Array]:
    """Return lower and upper end where errors and unsure growth add up, (h,) each.

    Parameters
    ----------
    mean : (h,) array
        Central forecast, above 0.
    half : (h,) array
        Half the width by the errors alone.
    grown : (h,) array
        Half the width by growth alone, as a logarithm.

    Notes
    -----
    Growth multiplies, so ends lie by the same factor below and above: sqrt((half / mean)^2 +
    grown^2) as a logarithm.
    """
    with np.errstate(over="ignore"):
        wide = np.minimum(np.hypot(half / mean, grown), LARGEST_LOG)
    return mean * np.exp(-wide), mean * np.exp(wide)
