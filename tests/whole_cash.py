"""All metrics of some paths and the band of their cash, by plain sums and sorting."""

import numpy as np

from forecasts.cash_fan import LEVELS
from forecasts.engine import inputs
from forecasts.path_runs import run_paths
from forecasts.uncertainty import carrier_of, measured, simulated


def with_cash(plan, known, tables, design):
    """Return the simulation, and P10, P50 and P90 of cumulative cash, (3, factory + 1, month)."""
    carrier = carrier_of(plan, known, tables, design)
    quantities, drivers = carrier.sampler.draw(slice(0, design.paths))
    given = inputs(plan, drivers, quantities)
    span, committed = (0, design.paths), carrier.committed
    chunk, cash = run_paths(given, committed, span, carrier.factors, keep_cash=True)
    ordered = np.sort(np.cumsum(cash[:, :, 0], axis=-1).astype(np.float32), axis=0)
    places = [round(level * (design.paths - 1)) for level in LEVELS]
    found = simulated(plan, design, committed, measured(committed, chunk))
    return found, ordered[places].astype(np.float64)
