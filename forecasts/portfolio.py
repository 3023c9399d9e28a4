"""Which factories to build with a given budget."""

from dataclasses import dataclass

import numpy as np

from forecasts.units import Array


@dataclass(frozen=True, slots=True)
class Choice:
    """A set of factories.

    Attributes
    ----------
    chosen : tuple of bool
        By factory.
    value, cost : float
        Sums over the chosen.
    """

    chosen: tuple[bool, ...]
    value: float
    cost: float


def choose(value: Array, cost: Array, budget: float) -> Choice:
    """Return the factories that together are worth most within a budget.

    A binary linear programme, solved to optimality; a factory that is worth nothing is left out.

    Parameters
    ----------
    value, cost : (factory,) arrays
        What each is worth, and what it takes from the budget.
    budget : float
        Most that may be spent.

    Raises
    ------
    ValueError
        If the budget is negative or not a number.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    if not budget >= 0:
        raise ValueError(f"budget is {budget}; give an amount from 0 on")
    scale, most = max(float(np.abs(value).max()), 1e-300), max(budget, 1.0)
    found = milp(
        -value / scale,
        constraints=LinearConstraint(cost[None] / most, -np.inf, min(budget, 1e300) / most),
        integrality=np.ones(value.size, dtype=np.int64),
        bounds=Bounds(0, np.where(value > 0, 1.0, 0.0)),
        options={"mip_rel_gap": 0.0},
    )
    if found.x is None:
        raise ValueError(f"the solver found no choice: {found.message}; state finite amounts")
    taken = np.rint(found.x).astype(bool)
    return Choice(
        tuple(bool(one) for one in taken), float(value[taken].sum()), float(cost[taken].sum())
    )
