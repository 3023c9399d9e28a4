"""Ceilings come from published figures or physical bounds; curves under them stay scenarios."""

import numpy as np
import pytest

from data.catalog import bundled
from data.provenance import Confidence
from forecasts.ceilings import ADOPTION, ceilings_of, curve_trials, curves
from forecasts.evidence import evidence
from forecasts.outlook import outlook
from forecasts.witness import DRIVERS, witness


@pytest.fixture(scope="module")
def known():
    return outlook(bundled())


def test_ceilings_lie_above_all_that_was_seen_and_name_their_rows(known):
    found = {key: ceilings_of(bundled(), one) for key, one in known.histories.items()}
    assert found["capacity_MYS"] is not None
    assert found["gpu_hour_price"] is None
    for key, ceilings in found.items():
        if ceilings is None:
            continue
        assert known.histories[key].values.max() < ceilings.low <= ceilings.mid <= ceilings.high
        assert ceilings.facts or ceilings.range == ADOPTION
        assert all(fact.unit == known.histories[key].unit for fact in ceilings.facts)
        assert all(fact.source.confidence is not Confidence.UNVERIFIED for fact in ceilings.facts)


def test_curves_rise_towards_their_ceiling_and_never_pass_it(known):
    history = known.histories["capacity_MYS"]
    ceilings = ceilings_of(bundled(), history)
    for made in curves(history.values, 10, ceilings).values():
        for path, ceiling in zip((made.low, made.mid, made.high), ceilings.range, strict=True):
            assert (np.diff(path) >= -1e-9).all()
            assert path[0] > history.values[-1]
            assert path[-1] <= ceiling * (1 + 1e-9)


def test_curves_are_scored_beside_the_models_where_every_point_was_observed(known):
    history, forecast = known.histories["adoption_BEL"], known.forecasts["adoption_BEL"]
    ceilings = ceilings_of(bundled(), history)
    longer = np.array([5.0, 8.0, 13.0, 20.0, 29.0])
    trials = curve_trials(longer, 2, ceilings)
    assert {one.model for one in trials} == {"logistic to 80", "gompertz to 80", "bass to 80"}
    assert all(np.isfinite(one.path).all() and one.path.size == one.actual.size for one in trials)
    filled = known.histories["capacity_NGA"]
    assert filled.filled
    board = evidence(
        filled,
        known.forecasts["capacity_NGA"],
        ceilings=ceilings_of(bundled(), filled),
    ).board
    assert not board["model"].str.contains(" to ").any()
    assert evidence(history, forecast, ceilings=ceilings).board["model"].iloc[0] == "combination"


def test_a_driver_moves_its_series_only_where_the_past_shows_it(known):
    for key in DRIVERS:
        seen = witness(known, key)
        assert set(seen.found.paths) == {"low", "forecast", "high"}
        assert all(np.isfinite(path).all() for path in seen.found.paths.values())
        assert seen.ends.size == 12
        assert seen.told == ("cannot be told from zero" not in seen.found.note)
    capex = witness(known, "ai_capex").found
    assert capex.elasticity > 0
    assert capex.paths["high"][-1] > capex.paths["low"][-1]
    assert witness(known, "capacity_MYS") is None
