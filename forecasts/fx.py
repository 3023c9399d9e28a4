"""What local currency is worth in USD, month by month, against purchasing-power parity."""

import numpy as np

from forecasts.compiled import Record
from forecasts.plan import Plan
from forecasts.units import MONTHS_PER_YEAR, Array


def local_index(plan: Plan, quantities: Record) -> Array:
    """Return the USD value of what is paid in local currency, (path, factory, month).

    Parameters
    ----------
    plan : Plan
        Horizon.
    quantities : (path, factory) array of QUANTITY
        Assumptions on each path.
    """
    month = np.arange(plan.months) / MONTHS_PER_YEAR
    drift = np.log1p(quantities["fx_drift"])[..., None]
    local: Array = (
        1 + quantities["fx_change"][..., None] + np.zeros((*quantities.shape, month.size))
    )
    if drift.any():
        local *= np.exp(drift * month)
    return local
