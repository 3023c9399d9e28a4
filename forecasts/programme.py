"""A programme of sites, sizes and start dates under yearly limits, by value and by tail risk.

A binary linear programme: at most one size and start for each site; the mean NPV over sampled paths
is largest; what is spent, connected and ordered in a year stays within limits; the mean of the
worst paths (CVaR, by Rockafellar and Uryasev) stays above a floor. Raising the floor step by step
gives the frontier of value and risk.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecasts.units import Array, Flags

TAIL = 0.05
"""Share of paths whose mean NPV is the tail."""

POINTS = 8
"""Points of a frontier."""

SECONDS = 20.0
"""Time after which a solver's best choice so far is taken; the gap it left is told."""


@dataclass(frozen=True, slots=True, eq=False)
class Options:
    """What can be built, one row an option.

    Attributes
    ----------
    site, size, start : tuples of str
        What each option is: a key, a size, a start.
    npv_usd : (path, option) array
        Value on each sampled path.
    capex_usd, grid_mw, racks : (option, year) arrays
        First-time capex spent, facility MW energised, racks ordered, by year of the model.
    """

    site: tuple[str, ...]
    size: tuple[str, ...]
    start: tuple[str, ...]
    npv_usd: Array
    capex_usd: Array
    grid_mw: Array
    racks: Array

    def one_per_site(self) -> Array:
        """Return which options belong to each site, (site, option) of 0 and 1."""
        sites = list(dict.fromkeys(self.site))
        return np.array([[float(own == site) for own in self.site] for site in sites])


@dataclass(frozen=True, slots=True)
class Limits:
    """Most of each in any one year; infinite where nothing limits.

    Attributes
    ----------
    budget_usd : tuple of float
        First-time capex by year of the model; the last holds for all later years.
    grid_mw, racks : float
        Facility MW energised, racks allocated, in a year.
    """

    budget_usd: tuple[float, ...] = (np.inf,)
    grid_mw: float = np.inf
    racks: float = np.inf

    def __post_init__(self) -> None:
        stated = (*self.budget_usd, self.grid_mw, self.racks)
        if not self.budget_usd or not all(one >= 0 for one in stated):
            raise ValueError(f"limits {stated}: give amounts from 0 on, and a budget for a year")

    def budgets(self, years: int) -> Array:
        """Return the budget of each year."""
        stated = self.budget_usd[:years]
        return np.array([*stated, *[stated[-1]] * (years - len(stated))])


@dataclass(frozen=True, slots=True)
class Programme:
    """A choice of options.

    Attributes
    ----------
    chosen : tuple of int
        Rows of the options.
    mean_usd, tail_usd : float
        Mean NPV of all paths, and of the worst.
    gap : float
        Share by which a better choice may exist; 0 when there is none.
    """

    chosen: tuple[int, ...]
    mean_usd: float
    tail_usd: float
    gap: float


def tail_mean(npv: Array, tail: float = TAIL) -> float:
    """Mean of the worst share of paths, the last of them counted in part."""
    ordered = np.sort(npv)
    count = tail * ordered.size
    whole = int(count)
    total = float(ordered[:whole].sum())
    if whole < ordered.size:
        total += (count - whole) * float(ordered[whole])
    return total / count


def choose_programme(
    options: Options, limits: Limits, floor_usd: float = -np.inf, *, safest: bool = False
) -> Programme | None:
    """Return the programme that is worth most, or, if `safest`, the one with the best tail.

    Parameters
    ----------
    options, limits
        What can be built, within what.
    floor_usd : float
        Least mean NPV of the worst paths.
    safest : bool
        Whether the tail is made best instead of the mean.

    Returns
    -------
    Programme or None
        None when no programme keeps the floor (building nothing has a tail of 0).
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    paths, count = options.npv_usd.shape
    if count == 0:  # nothing can be built anywhere: building nothing has a tail of 0
        return _programme(options, (), 0.0) if floor_usd <= 0 else None
    scale = max(float(np.abs(options.npv_usd).max()), 1.0)
    npv = options.npv_usd / scale
    risky = safest or np.isfinite(floor_usd)
    extra = 1 + paths if risky else 0  # the tail's edge, and each path's shortfall below it
    rows, upper = limit_rows(options, limits)
    constraints = [
        LinearConstraint(np.hstack([rows, np.zeros((len(rows), extra))]), -np.inf, upper)
    ]
    cost = np.concatenate([-npv.mean(axis=0), np.zeros(extra)])
    lower, most = np.zeros(count + extra), np.ones(count + extra)
    if risky:
        lower[count], most[count:] = -np.inf, np.inf
        below = np.hstack([npv, -np.ones((paths, 1)), np.eye(paths)])
        constraints.append(LinearConstraint(below, 0.0, np.inf))
        tail = np.concatenate([np.zeros(count), [1.0], np.full(paths, -1 / (TAIL * paths))])
        constraints.append(LinearConstraint(tail[None], floor_usd / scale, np.inf))
        if safest:
            cost = -tail
    whole = np.concatenate([np.ones(count), np.zeros(extra)]).astype(np.int64)
    found = milp(
        cost,
        constraints=constraints,
        integrality=whole,
        bounds=Bounds(lower, most),
        options={"mip_rel_gap": 1e-9, "time_limit": SECONDS},
    )
    if found.x is None:
        return None
    chosen = np.flatnonzero(np.rint(found.x[:count]) > 0)
    return _programme(options, chosen.tolist(), float(found.mip_gap or 0.0))


def limit_rows(options: Options, limits: Limits) -> tuple[Array, Array]:
    """Return rows of what limits the choice, each scaled to what options use, and their ends."""
    years = options.capex_usd.shape[1]
    rows, upper = [options.one_per_site()], [np.ones(len(set(options.site)))]
    for used, most in (
        (options.capex_usd, limits.budgets(years)),
        (options.grid_mw, np.full(years, limits.grid_mw)),
        (options.racks, np.full(years, limits.racks)),
    ):
        held = np.isfinite(most) & (used.max(axis=0) > 0)
        size = np.maximum(used.max(axis=0), 1.0)[held]
        rows.append((used[:, held] / size).T)
        upper.append(most[held] / size)
    return np.vstack(rows), np.concatenate(upper)


def _programme(options: Options, chosen: Sequence[int], gap: float) -> Programme:
    npv = options.npv_usd[:, list(chosen)].sum(axis=1)
    return Programme(tuple(chosen), float(npv.mean()), tail_mean(npv), gap)


def frontier(options: Options, limits: Limits, points: int = POINTS) -> tuple[Programme, ...]:
    """Return programmes from the one worth most to the safest, each worth most for its tail."""
    best = choose_programme(options, limits)
    safest = choose_programme(options, limits, safest=True)
    if best is None or safest is None:
        raise ValueError("the solver found no programme, not even building nothing")
    found = [best]
    for floor in np.linspace(best.tail_usd, max(safest.tail_usd, best.tail_usd), points)[1:]:
        slack = 1e-9 * max(abs(floor), 1.0)
        one = choose_programme(options, limits, float(floor) - slack)
        if one is not None and one.chosen != found[-1].chosen:
            found.append(one)
    return tuple(found)


def budget_steps(
    options: Options, limits: Limits, budgets_usd: Sequence[float]
) -> tuple[Programme, ...]:
    """Return what each budget a year buys, every other limit as it stands."""
    found = []
    for budget in budgets_usd:
        own = Limits((float(budget),), limits.grid_mw, limits.racks)
        one = choose_programme(options, own)
        found.append(one if one is not None else _programme(options, (), 0.0))
    return tuple(found)


def within(options: Options, limits: Limits, chosen: Sequence[int]) -> bool:
    """Whether a choice keeps every limit, to rounding."""
    rows, upper = limit_rows(options, limits)
    taken: Flags = np.isin(np.arange(rows.shape[1]), list(chosen))
    return bool((rows[:, taken].sum(axis=1) <= upper + 1e-7).all())
