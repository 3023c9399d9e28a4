"""Weighted criteria: scores, stability under other weights, and the weight that turns the order."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from forecasts.criteria import CRITERIA, Criterion, weighed

TWO = (Criterion("a", "A", "x", True, 60.0), Criterion("b", "B", "x", False, 40.0))


def test_the_best_in_all_has_every_point_and_always_leads():
    found = weighed(("one", "two"), np.array([[2.0, 1.0], [1.0, 5.0]]), TWO)
    assert found.score == pytest.approx([1.0, 0.0])
    assert found.first_share == pytest.approx([1.0, 0.0])
    assert found.flips == {"a": None, "b": None}


def test_where_each_is_best_in_one_the_heavier_weight_decides_and_half_turns_it():
    found = weighed(("one", "two"), np.array([[2.0, 5.0], [1.0, 1.0]]), TWO)
    assert found.score == pytest.approx([0.6, 0.4])
    assert found.flips == pytest.approx({"a": 50.0, "b": 50.0})
    assert found.first_share[0] == pytest.approx(0.5, abs=0.03)


def test_a_missing_value_counts_as_the_worst():
    found = weighed(("one", "two"), np.array([[np.nan, 5.0], [1.0, 1.0]]), TWO)
    assert found.points[0].tolist() == [0.0, 0.0]
    assert np.isnan(found.values[0, 0])


@pytest.mark.parametrize("weights", [(0.0, 0.0), (-1.0, 2.0)])
def test_weights_that_mean_nothing_are_refused(weights):
    criteria = tuple(
        Criterion(one.name, one.label, one.unit, one.more_is_better, weight)
        for one, weight in zip(TWO, weights, strict=True)
    )
    with pytest.raises(ValueError, match="weights are"):
        weighed(("one",), np.ones((1, 2)), criteria)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(2, 6).flatmap(
        lambda sites: st.lists(
            st.lists(st.floats(-100, 100), min_size=6, max_size=6), min_size=sites, max_size=sites
        )
    )
)
def test_at_the_weight_told_another_site_is_level_with_the_first(rows):
    values = np.round(np.array(rows), 2)
    found = weighed(tuple(str(one) for one in range(len(rows))), values)
    assert found.first_share.sum() == pytest.approx(1)
    leader = int(found.score.argmax())
    for place, one in enumerate(CRITERIA):
        weight = found.flips[one.name]
        if weight is None:
            continue
        others = sum(each.weight for each in CRITERIA) - one.weight
        share = np.array([each.weight / others * (1 - weight / 100) for each in CRITERIA])
        share[place] = weight / 100
        score = found.points @ share
        rival = np.delete(score, leader).max()
        assert rival == pytest.approx(score[leader], abs=1e-9)
