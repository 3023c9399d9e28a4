import numpy as np
import pytest

from forecasts.regression import Placed, beside, driven


def made(elasticity=0.7, base=0.05, noise=0.0, count=60, season=4, lag=1, seed=4):
    """A series whose yearly growth follows its driver's, built by the definition alone."""
    rng = np.random.default_rng(seed)
    driver = np.exp(np.cumsum(0.03 + 0.05 * rng.standard_normal(count + 8)))
    log = list(0.1 * rng.standard_normal(season + lag))
    for step in range(season + lag, count + 8):
        move = np.log(driver[step - lag] / driver[step - lag - season])
        log.append(log[step - season] + base + elasticity * move + noise * rng.standard_normal())
    return np.exp(np.array(log)), driver


def test_a_noiseless_relation_is_found_and_continued_exactly():
    series, driver = made()
    # The first `season + lag` values are arbitrary, so the fit may use what follows them only.
    found = driven(series[5:60], driver[5:60], {"as came": driver[60:]}, season=4, lag=1)
    assert found.elasticity == pytest.approx(0.7, abs=1e-9)
    assert found.base_growth == pytest.approx(0.05, abs=1e-9)
    assert found.r_squared == pytest.approx(1.0)
    assert found.paths["as came"] == pytest.approx(series[60:], rel=1e-8)
    assert found.skill > 0


def test_a_faster_driver_lifts_the_series_by_its_elasticity():
    series, driver = made(noise=0.02)
    still = np.full(8, driver[59])
    faster = still * np.linspace(1.05, 1.4, 8)
    found = driven(series[:60], driver[:60], {"still": still, "faster": faster}, season=4)
    lift = np.log(found.paths["faster"] / found.paths["still"])
    assert (np.diff(lift) > 0).all()
    assert lift[3] == pytest.approx(found.elasticity * np.log(faster[3] / still[3]), rel=1e-9)


def test_noise_without_relation_is_not_called_useful():
    rng = np.random.default_rng(11)
    useful = 0
    for _ in range(12):
        series = 100 * np.exp(np.cumsum(0.05 * rng.standard_normal(48)))
        driver = 100 * np.exp(np.cumsum(0.05 * rng.standard_normal(48)))
        found = driven(series, driver, {"flat": np.full(4, driver[-1])}, season=1)
        useful += found.skill is not None and found.skill > 0.1
    assert useful <= 2


def test_too_little_or_not_positive_gives_none():
    rising = np.arange(1.0, 12.0)
    assert driven(rising, rising, {"a": rising[:3]}) is None
    long = np.append(np.arange(1.0, 40.0), 0.0)
    assert driven(long, np.arange(1.0, 41.0), {"a": rising[:3]}) is None


def test_growth_that_never_changes_tells_nothing():
    moving, steady = made()[0][5:45], 100 * 1.02 ** np.arange(40)
    for series, driver in ((moving, steady), (steady, moving), (np.full(40, 5.0), moving)):
        assert driven(series, driver, {"as it is": driver[-4:]}, season=4) is None
    late = np.concatenate([steady[:20], steady[19] * moving[20:] / moving[19]])
    found = driven(moving, late, {"as it is": late[-4:]}, season=4)
    assert np.isfinite([found.elasticity, found.standard_error, found.r_squared]).all()


@pytest.mark.parametrize(
    ("length", "futures", "lag", "words"),
    [
        (20, {"a": np.ones(2)}, 0, "align"),
        (19, {"a": np.ones(2)}, -1, "leads"),
        (19, {}, 0, "one or more"),
        (19, {"a": np.ones(2), "b": np.ones(3)}, 0, "one length"),
    ],
)
def test_slips_are_named(length, futures, lag, words):
    with pytest.raises(ValueError, match=words):
        driven(np.ones(19), np.ones(length), futures, lag=lag)


def test_an_elasticity_lost_in_noise_is_said():
    rng = np.random.default_rng(0)
    said = 0
    for _ in range(20):
        series, driver = np.exp(np.cumsum(0.05 * rng.standard_normal((2, 60)), axis=1))
        found = driven(series, driver, {"flat": np.full(4, driver[-1])}, season=1)
        lost = abs(found.elasticity) < 2 * found.standard_error
        assert lost == ("cannot be told from zero" in found.note)
        said += lost
    assert said >= 16


def test_a_series_known_for_longer_than_its_driver_is_continued_from_its_own_end():
    rng = np.random.default_rng(5)
    lead = np.exp(np.cumsum(rng.normal(0.1, 0.1, 30)))
    own = np.exp(np.cumsum(0.05 + 0.8 * np.diff(np.log(lead), prepend=0.0)))
    longer = np.concatenate([own, own[-1] * np.array([5.0, 6.0])])
    futures = {"a": lead[-1] * np.array([1.1, 1.2, 1.3])}
    driver = Placed(np.arange(30), lead)
    found, places = beside(Placed(np.arange(32), longer), driver, futures, season=1, lag=0)
    assert places.tolist() == [32]
    step = found.base_growth + found.elasticity * np.log(1.3 / 1.2)
    assert found.paths["a"] == pytest.approx([longer[-1] * np.exp(step)])
    assert (
        beside(Placed(np.arange(33), np.append(longer, 9.0)), driver, futures, season=1, lag=0)
        is None
    )


def test_what_is_explained_perfectly_has_no_error_and_leaps_beyond_the_number_range_are_taken():
    grown = np.exp(np.cumsum(np.random.default_rng(2).normal(0, 0.1, 40)))
    for history in (grown, 2 * grown, np.where(np.arange(40) < 20, 1e-300, 1e300) * grown):
        found = driven(history, grown, {"same": np.full(4, grown[-1])})
        assert found is not None
        assert np.isfinite([found.standard_error, found.elasticity, *found.paths["same"]]).all()
