"""What local currency is worth in USD, month by month, against purchasing-power parity.

It stands lastingly off parity by `fx_change`, and moves by `fx_drift` a year, or along the forward
curve that a scenario states for a factory and by the drift after its last point.
"""

from collections.abc import Mapping

import numpy as np

from forecasts.compiled import Record
from forecasts.plan import Plan
from forecasts.units import MONTHS_PER_YEAR, Array


def local_index(plan: Plan, quantities: Record) -> Array:
    """Return the USD value of what is paid in local currency, (path, factory, month).

    Parameters
    ----------
    plan : Plan
        Horizon, and forward curves by factory.
    quantities : (path, factory) array of QUANTITY
        Assumptions on each path.
    """
    month = np.arange(plan.months)
    local: Array = np.empty((*quantities.shape, month.size))
    local[:] = 1 + quantities["fx_change"][..., None]
    ends = {}
    for row, site in enumerate(plan.sites):
        curve = plan.scenario.fx_curves.get(site.key)
        if curve:
            value, ends[row] = forward(plan, curve)
            local[:, row] *= value
    drift = np.log1p(quantities["fx_drift"])[..., None]
    if drift.any():
        drifting = np.tile(month, (len(plan.sites), 1))
        for row, end in ends.items():
            drifting[row] = np.maximum(month - end, 0)
        local *= np.exp(drift * (drifting / MONTHS_PER_YEAR))
    return local


def forward(plan: Plan, curve: Mapping[int, float]) -> tuple[Array, int]:
    """Return a curve by month, (month,), and the month of its last point.

    Points stand at the beginning of their years, between them the curve is straight. It begins at
    parity in the first month unless a point says otherwise, and keeps its last value.
    """
    first = MONTHS_PER_YEAR * plan.start.year + plan.start.month - 1
    points = {MONTHS_PER_YEAR * year - first: value for year, value in sorted(curve.items())}
    if min(points) > 0:
        points = {0: 1.0} | points
    value: Array = np.interp(np.arange(plan.months), list(points), list(points.values()))
    return value, max(points)
