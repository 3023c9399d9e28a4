"""Does the combination leave something unsaid? Checks of its one-step errors on a series.

Every history from the sixth observation on is forecast one step ahead from its own past; what
remains should have no bias, no memory, and a steady size. A failed check is said on screen; it
does not change the forecast, since fitting to a single history what its past did loses on average.
"""

from dataclasses import dataclass

import numpy as np

from forecasts.backtest import FIRST_ORIGIN
from forecasts.history import prepared
from forecasts.ladder import estimates
from forecasts.units import Array

FEWEST = 8
"""Errors below which a check says nothing."""

DOUBT = 0.05
"""p-value below which a check fails."""

MOST_LAGS = 8
"""Largest number of lags of the test for memory."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One check of the errors.

    Attributes
    ----------
    name : str
        bias, memory or spread.
    p_value : float or None
        Probability of errors at least as odd were nothing wrong; None when too few.
    holds : bool or None
        Whether the check is passed; None when it could not be made.
    text : str
        The finding in a sentence.
    """

    name: str
    p_value: float | None
    holds: bool | None
    text: str


def one_step_errors(history: Array, season: int = 1) -> Array:
    """Errors of one-step forecasts made from each past, in standard errors of the forecast.

    Parameters
    ----------
    history : (n,) array
        Finite values in time order.
    season : int
        Steps in a year.

    Returns
    -------
    (n - 6,) array
        Actual less forecast, over the combination's own standard error; empty when n <= 6.
    """
    pasts = [history[:count] for count in range(FIRST_ORIGIN, history.size)]
    if not pasts:
        return np.zeros(0)
    with np.errstate(under="ignore"):
        ready = [prepared(past, season, nonnegative=True) for past in pasts]
        errors = []
        for past, own, made in zip(pasts, ready, estimates(ready, 1), strict=True):
            mean = own.seasonal.added(made.mean, past.size)[0] * own.scale
            unit = own.seasonal.path(past.size, 1)[0] if own.seasonal.multiplicative else 1.0
            spread = float(made.sigma[0] * unit * own.scale)
            missed = float(history[past.size] - mean)
            errors.append(missed / spread if spread > 0 else float(np.sign(missed)))
    return np.array(errors)


def diagnosed(errors: Array) -> tuple[Finding, ...]:
    """Check one-step errors for bias, memory and change of size.

    Parameters
    ----------
    errors : (n,) array
        Standardised one-step errors in time order, from `one_step_errors`.

    Returns
    -------
    tuple of Finding
        bias (Student's t), memory (Ljung and Box, 1978), spread (second half against first).
    """
    if errors.size < FEWEST or float(np.ptp(errors)) == 0.0:
        reason = f"{errors.size or 'No'} one-step errors: too few to check."
        if errors.size >= FEWEST:
            reason = "All one-step errors are equal: nothing to check."
        return tuple(Finding(name, None, None, reason) for name in ("bias", "memory", "spread"))
    return _bias(errors), _memory(errors), _spread(errors)


def _bias(errors: Array) -> Finding:
    from scipy.special import stdtr  # scipy is imported where it is used: it takes long

    spread = float(errors.std(ddof=1)) / np.sqrt(errors.size)
    p_value = 2 * float(stdtr(errors.size - 1, -abs(float(errors.mean()) / spread)))
    side = "low" if errors.mean() > 0 else "high"
    holds = p_value >= DOUBT
    text = "No bias: forecasts miss to both sides alike."
    if not holds:
        size = abs(float(errors.mean()))
        text = f"Bias: one step ahead it comes out {side}, by {size:.1f} standard errors."
    return Finding("bias", p_value, holds, text)


def _memory(errors: Array) -> Finding:
    """Ljung and Box's Q over a fifth of the errors, at most 8 lags."""
    count = errors.size
    lags = max(1, min(MOST_LAGS, count // 5))
    centred = errors - errors.mean()
    total = float(centred @ centred)
    shares = np.array([float(centred[lag:] @ centred[:-lag]) / total for lag in range(1, lags + 1)])
    statistic = count * (count + 2) * float(np.sum(shares**2 / (count - np.arange(1, lags + 1))))
    p_value = _beyond(statistic, lags)
    holds = p_value >= DOUBT
    text = f"No memory in the errors up to {lags} steps."
    if not holds:
        text = f"Memory: an error tells something of the next {lags}; the model reacts late."
    return Finding("memory", p_value, holds, text)


def _spread(errors: Array) -> Finding:
    """Compare the mean squared errors of the halves by a normal test of their logarithms."""
    half = errors.size // 2
    first, second = errors[:half], errors[errors.size - half :]
    logs = np.log(np.maximum(first**2, 1e-12)), np.log(np.maximum(second**2, 1e-12))
    move = float(logs[1].mean() - logs[0].mean())
    noise = np.sqrt(sum(float(side.var(ddof=1)) / half for side in logs))
    p_value = _two_sided(move / float(noise)) if noise > 0 else 1.0
    holds = p_value >= DOUBT
    text = "Errors keep their size."
    if not holds:
        text = f"Errors {'grew' if move > 0 else 'shrank'} in the second half of the history."
    return Finding("spread", p_value, holds, text)


def _two_sided(z: float) -> float:
    return _beyond(z**2, 1)


def _beyond(statistic: float, freedom: int) -> float:
    """Probability that chi-squared exceeds a value."""
    from scipy.special import chdtrc

    return float(chdtrc(freedom, statistic))
