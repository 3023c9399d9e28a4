"""Rolling-origin backtests and the scores by which forecasts are judged.

A backtest is evidence (skill against naive, coverage by step), not a selection: on M3, picking each
series' backtest winner loses to the median of all members everywhere.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.calibration import factor, reach
from forecasts.history import Prepared, classical_season, prepared, scale_of
from forecasts.ladder import Estimate, estimates
from forecasts.models import naive, seasonal_naive
from forecasts.smoothing import Family, panel_of
from forecasts.units import Array
from forecasts.written import percent

ORIGINS = 8
"""Forecasts made from the past of a seasonal series; a yearly one is tried at every observation."""

FIRST_ORIGIN = 6
"""Shortest past that is forecast from, where the history allows it."""

ENOUGH = 20
"""Errors from which on a difference of accuracy is called one."""

CHANCE = 0.05
"""Share of the draws of origins that may show no skill where one is claimed."""

DRAWS = 1000
"""Draws of origins."""

TRIED = 80
"""Level in percent of the interval whose record is kept."""

HELD = 2 / 3
"""Share of past values inside the 80 % interval from which on it is called kept."""

COMBINATION = "combination"
NAIVE = "naive"
"""Naive2: the last value, with the season where the test finds one."""

SEASONAL_NAIVE = "seasonal naive"
TINY = 1e-300
"""Keeps ratios to perfect forecasts finite."""


def naive2(history: Array, horizon: int, season: int) -> Array:
    """Last value of the adjusted history, season put back: the M competitions' yardstick.

    Parameters
    ----------
    history : (n,) array
        Finite values.
    horizon, season : int
        Steps ahead; steps in a year.
    """
    seasonal = classical_season(history, season)
    last = seasonal.removed(history)[-1]
    return seasonal.added(np.full(horizon, last), history.size)


def smape(actual: Array, path: Array) -> float:
    """Symmetric mean absolute percentage error as a share, 0 to 2; 0 where both are 0."""
    size = np.abs(actual) + np.abs(path)
    safe = np.where(size > 0, size, 1.0)
    return float(np.mean(2 * np.abs(actual - path) / safe))


def mase(actual: Array, path: Array, scale: float) -> float:
    """Mean absolute error over `scale`, the history's mean absolute seasonal move; NaN if 0."""
    return float(np.mean(np.abs(actual - path)) / scale) if scale > 0 else float("nan")


def msis(actual: Array, lower: Array, upper: Array, scale: float, level: float) -> float:
    """Mean scaled interval score: width, plus 2 / (1 - level) of each miss, over `scale`.

    Gneiting and Raftery (2007), equation 43; scaled as in the M4 competition. NaN if `scale` is 0.
    """
    if scale <= 0:
        return float("nan")
    price = 2 / (1 - level / 100)
    missed = np.maximum(lower - actual, 0.0) + np.maximum(actual - upper, 0.0)
    return float(np.mean(upper - lower + price * missed) / scale)


def origins_of(observations: int, horizon: int, season: int) -> list[int]:
    """Return how many observations each backtest forecast may see, ascending.

    Examples
    --------
    >>> origins_of(12, 4, 1)
    [6, 7, 8, 9, 10, 11]
    >>> origins_of(3, 4, 1)
    [1, 2]
    """
    first = max(min(FIRST_ORIGIN, observations - 2), 1)
    if season == 1:
        return list(range(max(first, observations - 4 * ORIGINS), observations))
    first = max(first, observations // 2)
    last = observations - max(1, min(horizon, observations // 8))
    return sorted({round(place) for place in np.linspace(first, max(last, first), ORIGINS)})


@dataclass(frozen=True, slots=True, eq=False)
class Trial:
    """What one model said at one origin, and what came; all arrays are (step,), steps from 1.

    Attributes
    ----------
    model : str
        A member, `combination` or `naive`.
    actual, path : (step,) array
        What came and what was forecast, in units of the history's largest magnitude.
    half : dict of int to (step,) array
        Half width of the interval by level; calibrated for the combination, the model's own
        formula otherwise.
    """

    model: str
    actual: Array
    path: Array
    half: dict[int, Array]


def rolled(
    history: Array,
    horizon: int,
    season: int = 1,
    *,
    levels: Sequence[int] = (80, 95),
    candidates: Mapping[str, Family] | None = None,
) -> list[Trial]:
    """Forecast a history from its own past, at every origin.

    Parameters
    ----------
    history : (n,) array
        Finite values; with fewer than 2 there is nothing to try.
    horizon, season : int
        Steps ahead; steps in a year.
    levels : sequence of int
        Interval levels in percent.
    candidates : mapping of str to Family or None
        Families tried beside the ladder's members, such as `models.STATSMODELS`.
    """
    if history.size < 2:
        return []
    with np.errstate(under="ignore"):
        history = history / scale_of(history)
        pasts = [history[:origin] for origin in origins_of(history.size, horizon, season)]
        ready = [prepared(past, season, nonnegative=True) for past in pasts]
        made = estimates(ready, horizon)
        extra = {
            name: family(panel_of([one.adjusted for one in ready]), horizon)
            for name, family in (candidates or {}).items()
        }
        trials = []
        for row, (past, own) in enumerate(zip(pasts, ready, strict=True)):
            rows = {name: (fit.mean[row], fit.sigma[row]) for name, fit in extra.items()}
            actual = history[past.size : past.size + horizon]
            trials += _at_origin(past, own, (made[row], rows), actual, levels)
    return trials


def _at_origin(
    past: Array,
    ready: Prepared,
    said: tuple[Estimate, dict[str, tuple[Array, Array]]],
    actual: Array,
    levels: Sequence[int],
) -> list[Trial]:
    """Return the trials of all models at one origin."""
    estimate, extra = said
    horizon, steps = estimate.mean.size, actual.size
    unit = ready.seasonal.path(past.size, horizon) if ready.seasonal.multiplicative else 1.0
    spans = {name: (path, estimate.spreads.get(name)) for name, path in estimate.members.items()}
    spans |= {name: said for name, said in extra.items() if np.isfinite(said[0]).all()}

    def trial(model: str, path: Array, half: dict[int, Array]) -> Trial:
        whole = ready.seasonal.added(path, past.size) * ready.scale
        wide = {level: (own * unit * ready.scale)[:steps] for level, own in half.items()}
        return Trial(model, actual, np.maximum(whole, ready.floor)[:steps], wide)

    calibrated = {
        level: factor(level, horizon, ready.season, past.size) * estimate.sigma for level in levels
    }
    trials = [trial(COMBINATION, estimate.mean, calibrated)]
    for name, (path, sigma) in spans.items():
        if name != NAIVE and sigma is not None and np.isfinite(sigma).all():
            trials.append(trial(name, path, {level: reach(level) * sigma for level in levels}))
    still = naive(panel_of([past / ready.scale]), horizon).sigma[0] * ready.scale
    same = naive2(past / ready.scale, horizon, ready.season) * ready.scale
    benchmarks = {NAIVE: (same, still)}
    if 1 < ready.season < past.size:
        last = seasonal_naive(panel_of([past / ready.scale]), horizon, ready.season)
        benchmarks[SEASONAL_NAIVE] = (last.mean[0] * ready.scale, last.sigma[0] * ready.scale)
    for name, (path, sigma) in benchmarks.items():
        own = {level: reach(level) * sigma[:steps] for level in levels}
        trials.append(Trial(name, actual, path[:steps], own))
    return trials


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a series' backtest says about its forecast.

    Attributes
    ----------
    skill : float
        1 - mean absolute error over naive's; NaN when naive made no error or nothing was tried.
    errors : int
        Errors it rests on.
    text : str
        The finding as a sentence.
    held : float
        Share of the values tried that lay inside their 80 % interval; NaN when nothing was tried.
    chance : bool
        Whether other origins might as well have shown no skill above 0.
    """

    skill: float
    errors: int
    text: str
    held: float = np.nan
    chance: bool = False

    @property
    def broken(self) -> bool:
        """Whether enough was tried to say that the interval held less than it was made for."""
        return self.errors >= ENOUGH and self.held < HELD

    @property
    def beats_naive(self) -> bool | None:
        """Whether the past says so; None where it is too short to tell, or chance might say it."""
        told = self.errors >= ENOUGH and not (self.skill > 0 and self.chance)
        return bool(self.skill > 0) if told else None


UNTRIED = Verdict(np.nan, 0, "Too short for a backtest.")
"""The verdict on a series with no past to try."""


def verdict_of(trials: Sequence[Trial]) -> Verdict:
    """Judge the combination against naive."""
    ours, theirs = _errors(trials, COMBINATION), _errors(trials, NAIVE)
    if ours.size == 0:
        return UNTRIED
    held = _held(trials)
    yardstick = float(theirs.mean())
    if yardstick == 0:
        text = "Nothing beats naive here: naive made no error."
        return Verdict(np.nan, ours.size, text, held)
    skill = 1 - float(ours.mean()) / yardstick
    count = f"over {ours.size} backtest error{'s' * (ours.size != 1)}"
    text = f"{percent(skill)} closer than naive {count}."
    if skill <= 0:
        text = f"Nothing beats naive here ({count})."
    chance = skill > 0 and _by_chance(trials)
    if ours.size < ENOUGH:
        text = f"{text[:-1] if skill > 0 else f'No closer than naive {count}'}: too few to tell."
    elif chance:
        text = f"{text[:-1]}: chance might do that."
    return Verdict(skill, ours.size, text, held, chance)


def _by_chance(trials: Sequence[Trial]) -> bool:
    """Whether origins drawn again would show no skill in more than `CHANCE` of the draws.

    Errors of one origin go together, so origins are drawn, not errors.
    """
    ours, theirs = (
        np.array([np.abs(one.actual - one.path).sum() for one in trials if one.model == model])
        for model in (COMBINATION, NAIVE)
    )
    drawn = np.random.default_rng(0).integers(0, ours.size, (DRAWS, ours.size))
    return bool((ours[drawn].sum(axis=1) >= theirs[drawn].sum(axis=1)).mean() > CHANCE)


def _held(trials: Sequence[Trial]) -> float:
    """Share of the values tried that lay inside the interval made for them."""
    if any(TRIED not in one.half for one in trials if one.model == COMBINATION):
        return np.nan
    return float((missed(trials, TRIED) <= 1).mean())


def missed(trials: Sequence[Trial], level: int) -> Array:
    """Errors of the combination over the half width of its interval, all origins and steps."""
    own = [
        np.abs(one.actual - one.path) / np.maximum(one.half[level], TINY)
        for one in trials
        if one.model == COMBINATION
    ]
    return np.concatenate(own) if own else np.zeros(0)


def _errors(trials: Sequence[Trial], model: str) -> Array:
    own = [np.abs(one.actual - one.path) for one in trials if one.model == model]
    return np.concatenate(own) if own else np.zeros(0)
