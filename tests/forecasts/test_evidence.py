"""Evidence on a bundled series equals what its parts say of it."""

import numpy as np
import pytest

from data.catalog import bundled
from forecasts.backtest import COMBINATION, NAIVE, rolled
from forecasts.calibration import WIDEST, widening
from forecasts.evidence import evidence
from forecasts.outlook import outlook


@pytest.fixture(scope="module")
def known():
    return outlook(bundled())


def test_every_bundled_series_has_its_evidence(known):
    for key, history in known.histories.items():
        found = evidence(history, known.forecasts[key])
        assert len(found.findings) == 3
        assert found.verdict.text.endswith(".")
        if history.values.size > 2:
            assert {COMBINATION, NAIVE} <= set(found.board["model"])
            assert (found.steps["covered"].between(0, 1)).all()


def test_errors_by_step_are_in_the_unit_of_the_series(known):
    history = known.histories["ai_capex"]
    found = evidence(history, known.forecasts["ai_capex"])
    trials = rolled(history.values, known.forecasts["ai_capex"].mean.size, 4)
    unit = history.values.max()
    first = [abs(one.actual[0] - one.path[0]) * unit for one in trials if one.model == NAIVE]
    assert found.steps.loc[0, NAIVE] == pytest.approx(np.mean(first))
    assert found.steps["errors"].sum() == found.board["errors"].max()


def test_all_candidates_join_when_asked(known):
    history, forecast = known.histories["ai_capex"], known.forecasts["ai_capex"]
    more = {"ETS", "ARIMA", "Theta (statsmodels)", "unobserved components"}
    assert not more & set(evidence(history, forecast).board["model"])
    assert more <= set(evidence(history, forecast, every=True).board["model"])


def test_intervals_widen_only_after_a_bad_past_and_never_wildly():
    assert widening(np.zeros(0), 1) == 1.0
    assert widening(np.full(40, 0.4), 1) == 1.0
    assert widening(np.full(40, 4.0), 1) == pytest.approx(WIDEST**0.5)
    assert widening(np.full(40, 4.0), 4) == pytest.approx(WIDEST**0.25)
    assert 1 < widening(np.linspace(0, 2, 50), 1) < 1.5
