"""What short series borrow from their peers: growth, and how unsure it is."""

import numpy as np
import pytest

from data.catalog import Catalog, bundled
from forecasts.calibration import reach
from forecasts.combine import forecast_series
from forecasts.outlook import histories, outlook, peers_growth, peers_spread
from forecasts.past_forecasts import past_forecasts, scored
from forecasts.peers import PEER_MOVES, Peers, ends, lent_spread, own_weight, spread_of


@pytest.fixture(scope="module")
def catalog() -> Catalog:
    return bundled()


def test_the_spread_of_growth_is_near_its_standard_deviation():
    rates = np.expm1(np.random.default_rng(1).normal(0.2, 0.1, 5000))
    assert spread_of(rates) == pytest.approx(0.1, rel=0.05)
    assert spread_of(np.array([0.3])) == 0.0


def test_few_peers_leave_their_middle_unsure():
    few, many = np.array([0.0, 0.2]), np.array([0.0, 0.2] * 50)
    assert spread_of(few) == pytest.approx(spread_of(many) * np.sqrt(1.5 / 1.01))


def test_own_values_leave_less_of_the_spread():
    peers = Peers(0.2, 0.3)
    left = [lent_spread(peers, count) for count in (1, 2, 5, 50)]
    assert left[0] == pytest.approx(0.3)
    assert left == sorted(left, reverse=True)
    assert left[2] ** 2 == pytest.approx(0.3**2 * PEER_MOVES / (PEER_MOVES + 4))


def test_the_interval_of_a_single_value_multiplies_by_the_spread():
    made = forecast_series(np.array([100.0]), 5, peer_growth=0.2, peer_spread=0.3)
    plain = forecast_series(np.array([100.0]), 5, peer_growth=0.2)
    assert made.mean.tolist() == plain.mean.tolist()
    steps = np.arange(1, 6)
    for level in (80, 95):
        errors = (plain.upper[level] - plain.mean) / plain.mean
        wide = np.hypot(errors, reach(level) * 0.3 * steps)
        assert np.log(made.upper[level] / made.mean) == pytest.approx(wide)
        assert np.log(made.mean / made.lower[level]) == pytest.approx(wide)
    assert "18 % to 76 % a step" in " ".join(made.notes)
    assert "allows" not in " ".join(plain.notes)


def test_ends_hold_the_mean_and_stay_finite():
    low, high = ends(np.array([1e-300, 1.0, 1e300]), np.full(3, 1e300), np.full(3, 5.0))
    assert np.isfinite(low).all()
    assert (low >= 0).all()
    assert (low <= [1e-300, 1.0, 1e300]).all()
    assert (high >= [1e-300, 1.0, 1e300]).all()


@pytest.mark.parametrize("spread", [-0.1, np.nan, np.inf])
def test_a_spread_that_is_none_is_refused(spread):
    with pytest.raises(ValueError, match=r"forecast of 'x'.*spread"):
        forecast_series(np.arange(9.0), 2, name="x", peer_growth=0.1, peer_spread=spread)


def test_a_history_that_ends_at_nought_borrows_no_spread():
    made = forecast_series(np.array([3.0, 0.0]), 4, peer_growth=0.2, peer_spread=0.4)
    plain = forecast_series(np.array([3.0, 0.0]), 4)
    assert made.upper[80].tolist() == plain.upper[80].tolist()


def test_capacities_borrow_spread_and_other_series_none(catalog: Catalog):
    known = histories(catalog)
    assert peers_spread(known, "capacity_ROU") > 0.1
    assert peers_spread(known, "ai_capex") == 0.0
    growth, spread = peers_growth(known, "capacity_ROU"), peers_spread(known, "capacity_ROU")
    assert growth is not None
    made = outlook(catalog).forecasts["capacity_ROU"]
    again = forecast_series(
        known["capacity_ROU"].values,
        made.mean.size,
        levels=tuple(made.upper),
        peer_growth=growth,
        peer_spread=spread,
    )
    assert again.upper[80].tolist() == made.upper[80].tolist()
    assert own_weight(known["capacity_ROU"].values.size) == 0


def test_past_capacity_lay_inside_more_often_than_by_errors_alone(catalog: Catalog):
    records = scored(past_forecasts(catalog))
    held = {one.ahead: one.covered for one in records if one.group == "Regional capacity"}
    assert held["up to a year"] > 0.5
    assert held["one to three years"] > 0.3


@pytest.mark.parametrize(("growth", "spread"), [(0.2, 1e308), (1e300, 1e3), (-1.0, 1e3)])
def test_growth_that_differs_beyond_the_number_range_stays_a_number(growth: float, spread: float):
    made = forecast_series(np.array([1.0, 2.0]), 60, peer_growth=growth, peer_spread=spread)
    for path in (made.mean, *made.lower.values(), *made.upper.values()):
        assert np.isfinite(path).all()
    assert (made.lower[95] <= made.mean).all()
    assert (made.mean <= made.upper[95]).all()
    assert "inf" not in " ".join(made.notes)
