"""Draws against closed forms, and the errors that are stated against the errors that are made."""

import numpy as np
import pytest
from scipy import stats

from forecasts.distributions import Distribution
from forecasts.sampling import (
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


REPEATS = 64
"""Independent designs: three errors of an estimate by so many are as good as sure."""

METHODS = ("sobol", "latin", "random")


def surely(found, exact):
    """Whether the mean of repeats is within three standard errors of the exact value."""
    repeats = np.asarray(found)
    error = repeats.std(axis=0, ddof=1) / np.sqrt(len(repeats))
    return bool((np.abs(repeats.mean(axis=0) - exact) <= 3 * error).all())


@pytest.fixture(scope="module", params=METHODS)
def drawn_points(request):
    return [points(Design(1024, seed, request.param), 2)[:, 1] for seed in range(REPEATS)]


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case[0])
def test_means_and_quantiles_are_within_three_errors_of_the_exact_ones(case, drawn_points):
    levels = (0.1, 0.5, 0.9)
    found = []
    for one in drawn_points:
        values = Distribution(*case).quantile(one)
        found.append([values.mean(), *(quantile(values, level) for level in levels)])
    assert surely(found, [EXACT[case].mean(), *EXACT[case].ppf(levels)])


@pytest.mark.parametrize("case", EXACT, ids=lambda case: case[0])
def test_plain_draws_are_within_three_of_the_errors_that_theory_gives(case):
    design, exact = Design(4096, 7, "random"), EXACT[case]
    values = Distribution(*case).quantile(points(design, 2)[:, 1])
    assert abs(values.mean() - exact.mean()) <= 3 * exact.std() / np.sqrt(values.size)
    for level in (0.1, 0.5, 0.9):
        place = exact.ppf(level)
        error = np.sqrt(level * (1 - level) / values.size) / exact.pdf(place)
        assert abs(quantile(values, level) - place) <= 3 * error


@pytest.mark.parametrize("method", METHODS)
def test_stated_errors_are_as_large_as_the_errors_made(method):
    """Over many seeds the error that eight batches state is the spread of the estimates."""

    def mean(values):
        return float(values.mean())

    made = [
        estimated(Distribution("pert", (0.0, 1.0, 4.0)).quantile(column), design, mean)
        for seed in range(REPEATS)
        for design in [Design(1024, seed, method)]
        for column in [points(design, 2)[:, 1]]
    ]
    spread = np.std([one.value for one in made], ddof=1)
    stated = np.sqrt(np.mean([one.error**2 for one in made]))
    assert stated / spread == pytest.approx(1, abs=3 * np.sqrt(1 / (2 * REPEATS)))


def test_many_quantiles_found_at_once_are_those_found_in_small_numbers():
    pert, level = Distribution("pert", (0.2, 0.5, 0.7)), (np.arange(5001) + 0.5) / 5001
    few = [pert.quantile(level[first : first + 100]) for first in range(0, 5001, 100)]
    assert pert.quantile(level).tobytes() == np.concatenate(few).tobytes()


def test_discrete_draws_keep_their_weights():
    drawn = Distribution("discrete", (5.0, 1.0, 1.0, 3.0)).quantile(points(Design(4096), 1)[:, 0])
    assert sorted(set(drawn)) == [1.0, 5.0]
    assert (drawn == 1.0).mean() == pytest.approx(0.75, abs=0.002)


@pytest.mark.parametrize("method", METHODS)
def test_a_copula_has_its_rank_correlation(method):
    wanted = np.array([[1.0, 0.6], [0.6, 1.0]])
    found = [
        stats.spearmanr(correlated(normal_scores(Design(1024, seed, method), 2), wanted))[0]
        for seed in range(REPEATS)
    ]
    assert surely(found, 6 / np.pi * np.arcsin(0.3))


@pytest.mark.parametrize("level", [0.1, 0.5, 0.9])
@pytest.mark.parametrize("count", [400, 1024, 4096])
def test_intervals_of_quantiles_have_the_exact_coverage_of_their_order_statistics(count, level):
    ordered = np.arange(count, dtype=np.float64)
    low, high = order_interval(ordered, level, 0.9)
    # The quantile lies above the low-th and up to the high-th of the ordered values.
    covered = stats.binom.cdf(high, count, level) - stats.binom.cdf(low, count, level)
    assert covered == pytest.approx(0.9, abs=0.02)


def test_intervals_of_quantiles_cover_within_two_points_over_two_hundred_repeats():
    random = np.random.default_rng(1)
    exact = stats.norm.ppf(0.9)
    hits = 0
    for _ in range(200):
        low, high = order_interval(random.standard_normal(1000), 0.9, 0.9)
        hits += low <= exact <= high
    assert hits / 200 == pytest.approx(0.9, abs=0.02)


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
