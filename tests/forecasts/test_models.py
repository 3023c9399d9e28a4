"""The members forecast what their formulas say, and agree with statsmodels where it has them."""

import numpy as np
import pytest

from forecasts import models, smoothing
from forecasts.ladder import FAMILIES
from forecasts.smoothing import panel_of

ALL = {**FAMILIES, **models.STATSMODELS}


def walk(seed: int, count: int = 40):
    return 100 + np.random.default_rng(seed).normal(0.5, 3, count).cumsum()


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_batch_says_what_each_row_says_alone(family):
    rows = [walk(1, 40), walk(2, 12), walk(3, 25)]
    batch = family(panel_of(rows), 5)
    for place, row in enumerate(rows):
        alone = family(panel_of([row]), 5)
        assert batch.mean[place] == pytest.approx(alone.mean[0])
        assert batch.sigma[place] == pytest.approx(alone.sigma[0])


@pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)
def test_a_member_knows_no_unit(family):
    small, large = (family(panel_of([walk(4) * unit]), 6) for unit in (1.0, 1000.0))
    assert large.mean == pytest.approx(1000 * small.mean, rel=1e-4)
    assert large.sigma == pytest.approx(1000 * small.sigma, rel=1e-3)


@pytest.mark.parametrize("name", ["theta", "smoothing", "drift"])
def test_a_straight_line_goes_on(name):
    line = 10 + 2.0 * np.arange(30)
    mean = FAMILIES[name](panel_of([line]), 3).mean[0]
    assert mean == pytest.approx([70, 72, 74], rel=0.02)


@pytest.mark.parametrize("family", ALL.values(), ids=ALL)
def test_a_constant_stays(family):
    mean = family(panel_of([np.full(20, 7.0)]), 4).mean[0]
    assert np.isnan(mean).all() or mean == pytest.approx([7.0] * 4)


def test_the_grid_finds_level_smoothing_as_good_as_statsmodels_does():
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    for seed in range(5):
        history = walk(seed, 60)
        reference = ETSModel(history, error="add").fit(disp=False)
        found = smoothing._filtered(panel_of([history]), "level")[0]
        assert found.sse <= 1.01 * reference.sse


def test_standard_theta_agrees_with_statsmodels():
    gaps = []
    for seed in range(8):
        panel = panel_of([walk(seed, 50)])
        own = smoothing.standard_theta(panel, 6).mean
        gaps.append(np.abs(own / models.theta_model(panel, 6).mean - 1).max())
    assert np.median(gaps) < 0.02


@pytest.mark.parametrize("name", models.STATSMODELS)
def test_statsmodels_families_forecast_or_say_why_not(name):
    fit = models.STATSMODELS[name](panel_of([walk(5), walk(6, 4)]), 5)
    assert np.isfinite(fit.mean[0]).all()
    assert (fit.sigma[0] > 0).all()
    assert np.isnan(fit.mean[1]).all()
    assert "needs 8 observations, got 4" in fit.failures[0]


def test_a_fit_that_is_refused_becomes_a_sentence():
    def refusing(_history, _horizon):
        raise np.linalg.LinAlgError("singular")

    fit = models._each_row(panel_of([walk(1)]), 3, "broken", refusing)
    assert np.isnan(fit.mean).all()
    assert fit.failures == ("broken could not be fitted (singular).",)
