"""Draws against closed forms, and the errors that are stated against the errors that are made."""

import numpy as np
import pytest
from scipy import stats

from forecasts.distributions import Distribution
from forecasts.sampling import (
    BATCHES,
    Design,
    correlated,
    estimated,
    normal_scores,
    order_interval,
    points,
    principal,
    quantile,
    reverting_covariance,
)

EXACT = {
    ("uniform", (2.0, 5.0)): stats.uniform(2, 3),
    ("triangular", (1.0, 2.0, 6.0)): stats.triang(0.2, 1, 5),
    ("pert", (0.0, 1.0, 4.0)): stats.beta(2, 4, 0, 4),
    ("normal", (3.0, 2.0)): stats.norm(3, 2),
    ("lognormal", (2.0, 0.5)): stats.lognorm(0.5, scale=2),
}


@pytest.mark.parametrize("method", ["sobol", "latin", "random"])
@pytest.mark.parametrize("case", EXACT, ids=lambda case: case[0])
def test_means_and_quantiles_are_within_their_errors(case, method):
    design = Design(4096, 7, method)
    drawn = Distribution(*case).quantile(points(design, 2)[:, 1])
    exact = EXACT[case]
    mean = estimated(drawn, design, lambda values: float(values.mean()))
    # Eight batches: five of their errors are what three of a known error are (Student, 7 degrees).
    assert abs(mean.value - exact.mean()) <= 5 * max(mean.error, 1e-6)
    for level in (0.1, 0.5, 0.9):
        found = estimated(drawn, design, lambda values, level=level: quantile(values, level))
        assert abs(found.value - exact.ppf(level)) <= 5 * max(found.error, 1e-3)


def test_discrete_draws_keep_their_weights():
    drawn = Distribution("discrete", (5.0, 1.0, 1.0, 3.0)).quantile(points(Design(4096), 1)[:, 0])
    assert sorted(set(drawn)) == [1.0, 5.0]
    assert (drawn == 1.0).mean() == pytest.approx(0.75, abs=0.002)


def test_a_copula_has_its_rank_correlation():
    wanted = np.array([[1.0, 0.6], [0.6, 1.0]])
    design = Design(4096, 3)
    scores = correlated(normal_scores(design, 2), wanted)
    own = [stats.spearmanr(scores[rows])[0] for rows in design.batches()]
    error = np.std(own, ddof=1) / np.sqrt(BATCHES)
    assert abs(np.mean(own) - 6 / np.pi * np.arcsin(0.3)) <= 3 * error + 1e-3


def test_intervals_of_quantiles_cover_what_they_claim():
    random = np.random.default_rng(0)
    exact = stats.norm.ppf(0.9)
    hits = 0
    for _ in range(2000):
        low, high = order_interval(random.standard_normal(400), 0.9, 0.9)
        hits += low <= exact <= high
    assert hits / 2000 == pytest.approx(0.9, abs=0.02)


def test_a_seed_gives_the_same_bytes_and_another_does_not():
    one, same, other = (points(Design(100, seed), 5).tobytes() for seed in (1, 1, 2))
    assert one == same
    assert one != other


@pytest.mark.parametrize(
    ("made", "words"),
    [
        (lambda: Design(3), "paths is 3"),
        (lambda: Design(64, method="magic"), "magic"),  # type: ignore[arg-type]
        (lambda: Design(64, -1), "seed is -1"),
        (lambda: Distribution("pert", (1.0, 0.0, 2.0)), "low <= mode <= high"),
        (lambda: Distribution("normal", (1.0,)), "mean, sd"),
        (lambda: Distribution("magic", (1.0,)), "magic"),
        (lambda: correlated(np.zeros((4, 2)), np.array([[1.0, 2.0], [2.0, 1.0]])), "positive"),
    ],
)
def test_slips_are_named(made, words):
    with pytest.raises(ValueError, match=words):
        made()


def test_few_components_keep_the_spread_of_every_step():
    covariance = reverting_covariance(60, 0.2, 48)
    weights = principal(covariance, 2)
    assert (weights**2).sum(axis=0) == pytest.approx(np.diag(covariance))
