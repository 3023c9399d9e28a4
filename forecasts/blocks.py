"""Forecasts from means of blocks: temporal aggregation.

The mean of two, four or six steps has less noise and shows the trend plainly; a family fitted to it
errs differently from the same family fitted to every step, so their mean is closer than either
(Kourentzes, Petropoulos and Trapero 2014, International Journal of Forecasting 30).
"""

import numpy as np

from forecasts.smoothing import Family, Fit, Panel, panel_of
from forecasts.units import Array, Whole

FEWEST = 4
"""Blocks below which the steps themselves are fitted."""


def in_blocks(family: Family, size: int) -> Family:
    """Return a family fitted to the means of blocks of `size` steps, counted from the end.

    The forecast of a block is placed at the block's middle, and steps lie on the line between
    middles; so does its standard error. A history of fewer than four blocks is fitted step by step.

    Parameters
    ----------
    family : Family
        What is fitted, to seasonally adjusted histories.
    size : int
        Steps in a block, at least 2.
    """

    def fitted(panel: Panel, horizon: int) -> Fit:
        sizes = np.where(panel.lengths < FEWEST * size, 1, size)
        means = [_means(panel.row(row), int(own)) for row, own in enumerate(sizes)]
        fit = family(panel_of(means), -(-horizon // int(sizes.min())) + 1)
        return Fit(_rows(fit.mean, sizes, horizon), _rows(fit.sigma, sizes, horizon), fit.failures)

    return fitted


def _rows(paths: Array, sizes: Whole, horizon: int) -> Array:
    laid = [_laid(path, int(size), horizon) for path, size in zip(paths, sizes, strict=True)]
    return np.array(laid)


def _means(history: Array, size: int) -> Array:
    count = history.size // size
    return np.asarray(history[history.size - count * size :].reshape(count, size).mean(axis=1))


def _laid(path: Array, size: int, horizon: int) -> Array:
    """Lay the forecasts of blocks along the steps, (h,)."""
    middles = (size + 1) / 2 + size * np.arange(path.size)
    steps = np.arange(1, horizon + 1)
    before = path[0] - (path[1] - path[0]) * (middles[0] - steps) / size
    return np.where(steps < middles[0], before, np.interp(steps, middles, path))
