"""Which limits hold a programme back, and what a little more of each would buy.

A programme is chosen in whole sites, so one more unit of a limit often buys nothing, and then a
few more buy a site at once. Each limit is therefore priced by solving again: with one unit more,
with the smallest step that buys anything, and without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from forecasts.programme import (
    SECONDS,
    Limits,
    Options,
    Programme,
    choose_programme,
    limit_rows,
)
from forecasts.units import Array

UNIT: Mapping[str, float] = {"budget_usd": 100e6, "grid_mw": 1.0, "racks": 1.0}
"""One unit more of each limit, in every year."""

TOLERANCE = 1e-6
"""Share of the largest NPV that counts as no gain."""


@dataclass(frozen=True, slots=True)
class Step:
    """More of a limit in every year, and what it brings.

    Attributes
    ----------
    more : float
        How much more; infinite where the limit is lifted.
    gain_usd : float
        Mean NPV gained.
    chosen : tuple of int
        Rows of the options that are then chosen.
    """

    more: float
    gain_usd: float
    chosen: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class LimitValue:
    """What one limit does to a programme.

    Attributes
    ----------
    name : str
        `budget_usd`, `grid_mw` or `racks`.
    stated, used : tuple of float
        The limit, and what the programme takes of it, by year of the model.
    unit, smallest, lifted : Step or None
        One unit more; the smallest step that buys anything; no limit at all. None where there is
        no limit, and `smallest` where no step buys anything.
    alone_usd : float
        Mean NPV that it would cost as the only limit: more than `lifted` gains where another
        limit holds the programme back as well.
    """

    name: str
    stated: tuple[float, ...]
    used: tuple[float, ...]
    unit: Step | None
    smallest: Step | None
    lifted: Step | None
    alone_usd: float

    @property
    def binds(self) -> bool:
        """Whether more of this limit alone would be worth anything."""
        return self.smallest is not None


@dataclass(frozen=True, slots=True)
class Binding:
    """What limits do to the programme worth most.

    Attributes
    ----------
    limits : tuple of LimitValue
        Budget, grid and racks.
    without_any_usd : float
        Mean NPV gained if no limit stood.
    """

    limits: tuple[LimitValue, ...]
    without_any_usd: float


def binding(options: Options, limits: Limits, best: Programme) -> Binding:
    """Price every limit of the programme that is worth most within them.

    Parameters
    ----------
    options, limits
        What can be built, within what.
    best : Programme
        What `choose_programme` returns for them.
    """
    free = choose_programme(options, Limits())
    valued = tuple(_valued(options, limits, (best, free), name) for name in UNIT)
    return Binding(valued, _gain(options, best, free))


def _valued(
    options: Options, limits: Limits, ends: tuple[Programme, Programme | None], name: str
) -> LimitValue:
    """Price one limit, between the programme within all of them and that within none."""
    best, free = ends
    years = options.capex_usd.shape[1]
    taken = _used(options, name)[list(best.chosen)].sum(axis=0)
    stated = _stated(limits, name, years)
    without = LimitValue(name, tuple(stated), tuple(taken), None, None, None, 0.0)
    if not np.isfinite(stated).any():
        return without
    unit, lifted = (_step(options, limits, best, name, more) for more in (UNIT[name], float("inf")))
    only = choose_programme(options, _only(limits, name))
    alone = 0.0 if only is None else _gain(options, only, free)
    smallest = None
    if lifted.gain_usd > 0:
        more = _smallest_more(options, limits, best, name)
        smallest = None if more is None else _step(options, limits, best, name, more)
    return replace(without, unit=unit, smallest=smallest, lifted=lifted, alone_usd=alone)


def _used(options: Options, name: str) -> Array:
    return {"budget_usd": options.capex_usd, "grid_mw": options.grid_mw, "racks": options.racks}[
        name
    ]


def _stated(limits: Limits, name: str, years: int) -> Array:
    if name == "budget_usd":
        return limits.budgets(years)
    return np.full(years, limits.grid_mw if name == "grid_mw" else limits.racks)


def raised(limits: Limits, name: str, more: float) -> Limits:
    """Return limits with more of one in every year."""
    if name == "budget_usd":
        return replace(limits, budget_usd=tuple(one + more for one in limits.budget_usd))
    if name == "grid_mw":
        return replace(limits, grid_mw=limits.grid_mw + more)
    return replace(limits, racks=limits.racks + more)


def _only(limits: Limits, name: str) -> Limits:
    for other in UNIT:
        if other != name:
            limits = raised(limits, other, float("inf"))
    return limits


def _step(options: Options, limits: Limits, best: Programme, name: str, more: float) -> Step:
    found = choose_programme(options, raised(limits, name, more))
    gain = _gain(options, best, found)
    return Step(more, gain, found.chosen if found is not None and gain else best.chosen)


def _gain(options: Options, best: Programme, found: Programme | None) -> float:
    """Mean NPV above the best programme's; nothing where the solver only rounds otherwise."""
    if found is None:
        return 0.0
    gain = found.mean_usd - best.mean_usd
    return gain if gain > _noise(options) else 0.0


def _noise(options: Options) -> float:
    return TOLERANCE * max(float(np.abs(options.npv_usd).max(initial=0.0)), 1.0)


def _smallest_more(options: Options, limits: Limits, best: Programme, name: str) -> float | None:
    """Least that a limit must rise in every year for a better programme to fit.

    A programme of its own: the rise is what is made least, the mean NPV must pass the best one's.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    count = options.npv_usd.shape[1]
    rows, upper = limit_rows(options, raised(limits, name, float("inf")))
    used, stated = _used(options, name), _stated(limits, name, options.capex_usd.shape[1])
    held = np.isfinite(stated)
    size = max(float(used.max()), 1.0)
    rise = np.hstack([used[:, held].T / size, -np.ones((int(held.sum()), 1))])
    npv, scale = options.npv_usd.mean(axis=0), max(float(np.abs(options.npv_usd).max()), 1.0)
    least = (best.mean_usd + 2 * _noise(options)) / scale
    found = milp(
        np.concatenate([np.zeros(count), [1.0]]),
        constraints=[
            LinearConstraint(np.hstack([rows, np.zeros((len(rows), 1))]), -np.inf, upper),
            LinearConstraint(rise, -np.inf, stated[held] / size),
            LinearConstraint(np.concatenate([npv / scale, [0.0]])[None], least, np.inf),
        ],
        integrality=np.concatenate([np.ones(count), [0.0]]).astype(np.int64),
        bounds=Bounds(np.zeros(count + 1), np.concatenate([np.ones(count), [np.inf]])),
        options={"mip_rel_gap": 1e-9, "time_limit": SECONDS},
    )
    if found.x is None:
        return None
    chosen = np.rint(found.x[:count]) > 0
    over = used[chosen].sum(axis=0)[held] - stated[held]
    return float(max(over.max(), 0.0)) * (1 + 1e-9)
