"""Sobol indices against the values known of the Ishigami function, and of simulated paths."""

import numpy as np
import pytest

from data.catalog import bundled
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.sobol import explain, indices_of
from forecasts.uncertainty import carrier_of


def ishigami(points):
    one, two, three = ((2 * points - 1) * np.pi).T
    return np.sin(one) + 7 * np.sin(two) ** 2 + 0.1 * three**4 * np.sin(one)


KNOWN = {"x1": (0.3139, 0.5576), "x2": (0.4424, 0.4424), "x3": (0.0, 0.2437)}


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_indices_of_the_ishigami_function_are_the_known_ones(seed):
    found = indices_of(ishigami, 3, Design(16384, seed))
    for one in found:
        first, total = KNOWN[one.name]
        assert one.first == pytest.approx(first, abs=0.02)
        assert one.total == pytest.approx(total, abs=0.02)
    assert [one.name for one in found] == ["x1", "x2", "x3"]


def test_a_sum_has_its_shares_and_an_unused_input_none():
    found = indices_of(lambda points: 3 * points[:, 0] + points[:, 1], 3, Design(1024, 0))
    shares = {one.name: (one.first, one.total) for one in found}
    assert shares["x1"] == pytest.approx((0.9, 0.9), abs=0.02)
    assert shares["x2"] == pytest.approx((0.1, 0.1), abs=0.02)
    assert shares["x3"] == pytest.approx((0.0, 0.0), abs=0.01)


def test_what_does_not_vary_has_no_indices():
    found = indices_of(lambda points: np.ones(len(points)), 2, Design(64, 0))
    assert all(np.isnan(one.total) for one in found)


def test_inputs_of_simulated_paths_explain_the_portfolio_s_value():
    tables = bundled()
    plan = compile_plan(Scenario(factories=("belgium",), months=120), tables)
    found = explain(carrier_of(plan, outlook(tables), tables, Design(32, 0)))
    ranked = found.of("npv")
    assert len(ranked) == len(found.names) > 30
    assert ranked[0].total > 0.05
    shares = {one.name: one.total for one in found.of("irr", 0)}
    assert shares["delay_belgium"] >= 0
    assert "gpu_market" in shares
