"""Growth curves near their stated ceiling, and refuse what they cannot know."""

import numpy as np
import pytest

from forecasts.growth import CURVES, saturation


def logistic(steps):
    return 1000 / (1 + np.exp(-(np.asarray(steps) - 10) / 2))


@pytest.mark.parametrize("curve", CURVES)
def test_a_curve_rises_towards_its_ceiling_and_never_passes_it(curve):
    made = saturation(logistic(range(9)), 60, (800.0, 1000.0, 1500.0), curve)
    for path, ceiling in ((made.low, 800), (made.mid, 1000), (made.high, 1500)):
        assert (np.diff(path) >= 0).all()
        assert path[-1] <= ceiling
        assert path[-1] > 0.95 * ceiling
    assert (made.low <= made.high).all()


def test_a_true_logistic_is_continued_exactly():
    made = saturation(logistic(range(9)), 8, (1000.0, 1000.0, 1000.0))
    assert made.mid == pytest.approx(logistic(range(9, 17)))


def test_it_says_how_much_of_the_ceiling_has_been_seen():
    made = saturation(logistic(range(9)), 4, (800.0, 1000.0, 1500.0))
    assert "27 %" in made.note
    assert "too little" in made.note


@pytest.mark.parametrize(
    ("history", "ceilings"),
    [
        ([1.0, 2.0], (5.0, 6.0, 7.0)),
        ([1.0, 2.0, -1.0], (5.0, 6.0, 7.0)),
        ([1.0, 2.0, 6.0], (5.0, 6.0, 7.0)),
    ],
)
def test_what_cannot_be_known_is_refused(history, ceilings):
    with pytest.raises(ValueError, match=r"growth curve|ceilings"):
        saturation(np.array(history), 3, ceilings)


@pytest.mark.parametrize("curve", CURVES)
def test_a_share_too_small_to_be_a_number_is_one(curve):
    with np.errstate(under="ignore"):
        made = saturation(np.full(5, 5e-324), 4, (200.0, 260.0, 300.0), curve)
    assert np.isfinite([made.low, made.mid, made.high]).all()
