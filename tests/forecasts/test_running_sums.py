"""Running sums, four at a time, against exact fractions."""

from fractions import Fraction

import numpy as np
import pytest

from forecasts.exponential import running


@pytest.mark.parametrize("count", [0, 1, 3, 4, 5, 8, 179, 180])
def test_running_sums_are_those_of_exact_fractions_to_the_last_digits(count: int):
    flows = np.random.default_rng(count).standard_normal(count) * 1e8
    exact = [sum(map(Fraction, flows[: place + 1].tolist())) for place in range(count)]
    size = np.cumsum(np.abs(flows))
    found, same = np.empty(count), flows.copy()
    running(flows, found)
    running(same, same)
    assert found.tobytes() == same.tobytes()
    off = [
        abs(float(Fraction(one) - true)) for one, true in zip(found.tolist(), exact, strict=True)
    ]
    assert (np.array(off) <= 4e-16 * count * size).all()
