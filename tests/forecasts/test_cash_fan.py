"""The band of cumulative cash: values of the paths themselves, whatever order they come in."""

import numpy as np
import pytest

from forecasts.cash_fan import LEVELS, percentiles, stack_cash


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


def test_cash_is_added_up_month_by_month_whatever_stood_there():
    cash = np.random.default_rng(2).standard_normal((37, 3, 2, 30))
    totals = np.full((3, 30, 40), np.nan, np.float32)
    stack_cash(cash, 2, totals)
    expected = np.cumsum(cash[:, :, 0], axis=2).transpose(1, 2, 0)
    assert (totals[:, :, 2:39] == expected.astype(np.float32)).all()
    assert np.isnan(totals[:, :, [0, 1, 39]]).all()
