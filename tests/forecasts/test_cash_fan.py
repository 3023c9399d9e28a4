"""The band of cumulative cash: values of the paths themselves, whatever order they come in."""

import numpy as np
import pytest

from forecasts.cash_fan import LEVELS, percentiles


@pytest.mark.parametrize("paths", [8, 9, 37, 512])
def test_a_band_is_made_of_the_paths_in_their_order(paths):
    random = np.random.default_rng(paths)
    totals = random.standard_normal((3, 5, paths)).astype(np.float32)
    totals[0] = np.rint(totals[0])  # many are equal
    ordered = np.sort(totals, axis=-1)
    places = [round(level * (paths - 1)) for level in LEVELS]
    found = percentiles(totals)
    assert found.shape == (3, 3, 5)
    assert (found == np.moveaxis(ordered[..., places], -1, 0)).all()
