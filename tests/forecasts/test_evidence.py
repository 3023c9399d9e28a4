"""Evidence on a bundled series equals what its parts say of it."""

import numpy as np
import pytest

from data.catalog import bundled
from forecasts.backtest import COMBINATION, NAIVE, rolled
from forecasts.calibration import WIDEST, widening
from forecasts.combine import forecast_series
from forecasts.evidence import evidence
from forecasts.outlook import outlook, peers_growth


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


def test_what_changed_is_told_under_the_same_borrowed_growth(known):
    history, now = known.histories["capacity_SAU"], known.forecasts["capacity_SAU"]
    growth = peers_growth(known.histories, "capacity_SAU")
    found = evidence(history, now, peer_growth=growth).revision
    before = forecast_series(history.values[:1], now.mean.size + 1, peer_growth=growth)
    assert found.before.mean == pytest.approx(before.mean)
    assert found.change == pytest.approx(now.mean[-1] / before.mean[-1] - 1)
    assert abs(found.change) < 0.1  # without its peers before, and with them now: 1.8
    assert peers_growth(known.histories, "ai_capex") is None


def test_points_on_the_line_to_the_newest_value_were_not_known_before_it(known):
    history, now = known.histories["capacity_NGA"], known.forecasts["capacity_NGA"]
    assert history.filled == 4
    growth = peers_growth(known.histories, "capacity_NGA")
    found = evidence(history, now, peer_growth=growth).revision
    assert found.before.observations == 1
    assert found.came.tolist() == [history.values[-1]]
    assert found.text.startswith("The newest value fell")


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
