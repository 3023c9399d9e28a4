import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.reconcile import hierarchy, reconciled, reconciled_paths, shrunk_covariance

WORLD = hierarchy(
    {
        "Africa": "World",
        "Europe": "World",
        "Kenya": "Africa",
        "Nigeria": "Africa",
        "Rest of Africa": "Africa",
        "Belgium": "Europe",
        "Romania": "Europe",
    }
)
SEEDS = st.integers(0, 10_000)


def drawn(seed, *, steps=3, low=1.0):
    return np.random.default_rng(seed).uniform(low, 100, (len(WORLD.nodes), steps))


def test_the_matrix_adds_leaves_up():
    assert WORLD.nodes[0] == "World"
    assert set(WORLD.leaves) == {"Kenya", "Nigeria", "Rest of Africa", "Belgium", "Romania"}
    assert WORLD.summing[0].sum() == 5
    africa = WORLD.summing[WORLD.nodes.index("Africa")]
    assert {leaf for leaf, one in zip(WORLD.leaves, africa, strict=True) if one} == {
        "Kenya",
        "Nigeria",
        "Rest of Africa",
    }


@given(SEEDS, st.sampled_from(["bottom_up", "structural", "mint"]))
def test_forecasts_add_up_and_stay_when_they_did(seed, method):
    errors = np.random.default_rng(seed).normal(size=(len(WORLD.nodes), 20))
    found = reconciled(drawn(seed), WORLD, method=method, errors=errors)
    leaves = found.values[[WORLD.nodes.index(leaf) for leaf in WORLD.leaves]]
    assert found.values == pytest.approx(WORLD.summing @ leaves, rel=1e-9)
    assert (found.values >= 0).all()
    again = reconciled(found.values, WORLD, method=method, errors=errors)
    assert again.values == pytest.approx(found.values, rel=1e-8, abs=1e-8)
    assert again.moved.max() < 1e-6


def test_bottom_up_keeps_the_leaves():
    base = drawn(1)
    found = reconciled(base, WORLD, method="bottom_up")
    for leaf in WORLD.leaves:
        row = WORLD.nodes.index(leaf)
        assert found.values[row] == pytest.approx(base[row])
        assert found.moved[row] == 0


def test_structural_by_hand():
    tree = hierarchy({"a": "all", "b": "all"})
    # World says 13, leaves say 4 and 6. W = diag(2, 1, 1): the gap of 3 is borne 2 : 1 : 1.
    found = reconciled(np.array([[13.0], [4.0], [6.0]]), tree)
    assert found.values[:, 0] == pytest.approx([11.5, 4.75, 6.75])
    assert found.moved == pytest.approx([1.5 / 13, 0.75 / 4, 0.75 / 6])


@given(SEEDS)
def test_mint_is_generalised_least_squares(seed):
    rng = np.random.default_rng(seed)
    errors, base = rng.normal(size=(len(WORLD.nodes), 30)), drawn(seed, low=50.0)
    weights = np.linalg.inv(shrunk_covariance(errors))
    s = WORLD.summing
    direct = s @ np.linalg.inv(s.T @ weights @ s) @ s.T @ weights @ base
    found = reconciled(base, WORLD, method="mint", errors=errors, nonnegative=False)
    assert found.values == pytest.approx(direct, rel=1e-6, abs=1e-6)


def test_weighted_by_hand():
    tree = hierarchy({"a": "all", "b": "all"})
    spread = np.array([[1.0], [1.0], [2.0]])
    # The gap of 3 is borne by variance, 1 : 1 : 4.
    found = reconciled(np.array([[13.0], [4.0], [6.0]]), tree, method="weighted", errors=spread)
    assert found.values[:, 0] == pytest.approx([12.5, 4.5, 8.0])
    with pytest.raises(ValueError, match="takes one"):
        reconciled(np.ones((3, 1)), tree, method="weighted")


def test_a_forecast_that_errs_little_is_moved_little():
    rng = np.random.default_rng(0)
    tree = hierarchy({"a": "all", "b": "all"})
    errors = rng.normal(size=(3, 200)) * np.array([[0.1], [3.0], [3.0]])
    found = reconciled(np.array([[13.0], [4.0], [6.0]]), tree, method="mint", errors=errors)
    assert found.moved[0] < 0.01
    assert found.moved[1] > 0.2


def test_shrinkage_is_between_diagonal_and_sample():
    rng = np.random.default_rng(3)
    common = rng.normal(size=50)
    errors = np.array([common + 0.1 * rng.normal(size=50) for _ in range(3)])
    shrunk, sample = shrunk_covariance(errors), np.cov(errors, bias=True)
    assert np.diag(shrunk) == pytest.approx(np.diag(sample), rel=1e-6)
    assert 0.9 * sample[0, 1] < shrunk[0, 1] <= sample[0, 1]
    alone = shrunk_covariance(rng.normal(size=(3, 10)))
    assert abs(alone[0, 1]) < abs(np.cov(rng.normal(size=(3, 10)))[0, 0])


def test_few_errors_fall_back_and_say_so():
    found = reconciled(drawn(2), WORLD, method="mint", errors=np.ones((len(WORLD.nodes), 3)))
    assert found.method == "structural"
    assert "3 errors are too few" in found.note


def test_a_node_that_never_erred_breaks_nothing():
    errors = np.random.default_rng(1).normal(size=(len(WORLD.nodes), 12))
    errors[2] = 0.0
    found = reconciled(drawn(4), WORLD, method="mint", errors=errors)
    assert np.isfinite(found.values).all()


def test_no_leaf_below_zero():
    base = np.array([[1.0], [9.0], [5.0]])
    tree = hierarchy({"a": "all", "b": "all"})
    free = reconciled(base * [[1], [1], [-1]], tree, nonnegative=False)
    held = reconciled(base * [[1], [1], [-1]], tree)
    assert free.values.min() < 0
    assert held.values.min() == 0
    assert held.values[0] == pytest.approx(held.values[1] + held.values[2])
    assert "refitted" in held.note


def test_every_path_adds_up_and_their_mean_is_the_forecast():
    rng = np.random.default_rng(6)
    base = drawn(6)
    paths = base[:, None] + rng.normal(size=(len(WORLD.nodes), 500, 3))
    found = reconciled_paths(paths, WORLD)
    leaves = found[[WORLD.nodes.index(leaf) for leaf in WORLD.leaves]]
    assert found == pytest.approx(np.einsum("nl,lph->nph", WORLD.summing, leaves))
    direct = reconciled(paths.mean(axis=1), WORLD, nonnegative=False)
    assert found.mean(axis=1) == pytest.approx(direct.values)


@pytest.mark.parametrize(
    ("parents", "words"), [({}, "without nodes"), ({"a": "b", "b": "a"}, "above itself")]
)
def test_a_hierarchy_that_is_none(parents, words):
    with pytest.raises(ValueError, match=words):
        hierarchy(parents)


def test_wrong_shapes_are_named():
    with pytest.raises(ValueError, match="for 8 nodes"):
        reconciled(np.ones((3, 2)), WORLD)
    with pytest.raises(ValueError, match="not finite"):
        reconciled(np.full((8, 2), np.nan), WORLD)


@pytest.mark.parametrize("method", ["weighted", "mint"])
def test_nodes_that_never_erred_are_reconciled_by_structure(method):
    tree = hierarchy({"a": "all", "b": "all"})
    errors = np.zeros((3, 1 if method == "weighted" else 12))
    found = reconciled(np.array([[10.0], [4.0], [5.0]]), tree, method=method, errors=errors)
    assert found.note == "Structural scaling: no node ever erred."
    assert found.values[0] == pytest.approx(found.values[1:].sum(axis=0))


@pytest.mark.parametrize("method", ["structural", "weighted", "mint"])
@pytest.mark.parametrize("power", [-700, 700])
def test_no_unit_is_too_large_or_too_small_to_reconcile(method, power):
    tree = hierarchy({"a": "all", "b": "all", "c": "b"})
    base = np.array([[10.0], [4.0], [9.0], [-2.0]])
    errors = np.random.default_rng(1).normal(0, 1, (4, 1 if method == "weighted" else 12))
    errors = np.abs(errors)
    plain = reconciled(base, tree, method=method, errors=errors)
    scale = 2.0**power
    other = reconciled(base * scale, tree, method=method, errors=errors * scale)
    assert other.values.tolist() == (plain.values * scale).tolist()
    with pytest.raises(ValueError, match="error of a node is not finite"):
        reconciled(base, tree, method=method, errors=errors * np.nan)
