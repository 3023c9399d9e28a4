"""Rank correlations against known values, other libraries and repeated draws."""

import json

import numpy as np
import pytest
from scipy import stats

from data.catalog import bundled
from forecasts.beliefs import RankCorrelation as Stated
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.presets import preset
from forecasts.rank_sensitivity import (
    SHOWN,
    rank_sensitivity,
    ranked_inputs,
    ranks_data,
    ranks_of,
    sampled_inputs,
)
from forecasts.sampling import Design, normal_scores
from forecasts.scenario import Scenario
from forecasts.uncertain import Sampler
from forecasts.uncertainty import simulate

RARE = float(stats.t(7).isf(0.0005))
"""Standard errors from eight batches that an estimate passes in one of a thousand cases."""


def inputs(design, count):
    scores = normal_scores(design, count)
    return {f"input {place}": scores[:, place] for place in range(count)}


def by_name(found):
    return {one.name: one for one in found.inputs}


def test_spearman_is_that_of_scipy_also_with_ties_and_gaps():
    design = Design(512, 3, "random")
    drawn = inputs(design, 3)
    values = np.round(drawn["input 0"] + drawn["input 1"] ** 3, 1)
    values[::7] = np.nan
    values[5] = np.inf
    kept = ~np.isnan(values)
    found = rank_sensitivity(ranked_inputs(drawn), values, design.batches())
    assert found.paths == kept.sum()
    for name, one in by_name(found).items():
        wanted = stats.spearmanr(drawn[name][kept], values[kept]).statistic
        assert one.spearman == pytest.approx(wanted, abs=1e-12)


def test_partial_correlation_is_that_of_residuals_of_ranks():
    design = Design(400, 1, "latin")
    drawn = inputs(design, 4)
    drawn["input 3"] = drawn["input 0"] + 0.5 * drawn["input 3"]
    values = drawn["input 0"] + 0.3 * drawn["input 1"] ** 3
    found = by_name(rank_sensitivity(ranked_inputs(drawn), values, design.batches()))
    ranks = {name: stats.rankdata(one) for name, one in drawn.items()}
    for name in drawn:
        others = np.column_stack(
            [np.ones(400), *(own for other, own in ranks.items() if other != name)]
        )
        left = [
            one - others @ np.linalg.lstsq(others, one, rcond=None)[0]
            for one in (ranks[name], stats.rankdata(values))
        ]
        assert found[name].partial == pytest.approx(np.corrcoef(*left)[0, 1], abs=1e-9)


def test_known_values_within_their_errors():
    design = Design(4096, 0)
    drawn = inputs(design, 3)
    share = np.sqrt(1 - 0.6**2)
    values = 0.6 * drawn["input 0"] - share * drawn["input 1"]
    found = by_name(rank_sensitivity(ranked_inputs(drawn), np.exp(values), design.batches()))
    for name, ordinary in (("input 0", 0.6), ("input 1", -share), ("input 2", 0.0)):
        one = found[name]
        wanted = 6 / np.pi * np.arcsin(ordinary / 2)
        assert abs(one.spearman - wanted) < RARE * one.spearman_error
    assert found["input 0"].partial > 0.9
    assert found["input 1"].partial < -0.9


@pytest.mark.parametrize("method", ["random", "sobol"])
def test_errors_are_as_large_as_the_spread_of_repeated_designs(method):
    told, values = [], []
    for seed in range(60):
        design = Design(512, seed, method)
        drawn = inputs(design, 3)
        result = drawn["input 0"] + drawn["input 1"] * (1 + 0.5 * drawn["input 2"])
        one = by_name(rank_sensitivity(ranked_inputs(drawn), result, design.batches()))["input 0"]
        values.append((one.spearman, one.partial))
        told.append((one.spearman_error, one.partial_error))
    spread, mean = np.std(values, axis=0, ddof=1), np.sqrt(np.square(told).mean(axis=0))
    assert mean == pytest.approx(spread, rel=0.3)


def test_what_does_not_vary_or_exist_has_no_correlation():
    design = Design(64, 0)
    ranked = ranked_inputs(inputs(design, 2))
    for values in (np.ones(64), np.full(64, np.nan), np.full(64, np.inf)):
        assert rank_sensitivity(ranked, values, design.batches()).inputs == ()
    few = np.full(64, np.nan)
    few[:4] = range(4)
    assert rank_sensitivity(ranked, few, design.batches()).inputs == ()


def test_too_few_paths_for_the_inputs_leave_the_partial_one_out():
    design = Design(16, 0)
    drawn = inputs(design, 20)
    found = rank_sensitivity(ranked_inputs(drawn), drawn["input 0"], design.batches())
    assert found.inputs[0].name == "input 0"
    assert found.inputs[0].spearman == pytest.approx(1)
    assert all(np.isnan(one.partial) for one in found.inputs)


@pytest.fixture(scope="module")
def simulated():
    plan = compile_plan(preset("base").having(factories=("malaysia", "uae")), bundled())
    found = simulate(plan, outlook(bundled()), bundled(), Design(256, 0))
    return found, Sampler(plan, outlook(bundled()), bundled(), found.design)


def test_a_simulation_tells_who_goes_with_npv_in_the_right_direction(simulated):
    found = by_name(ranks_of(*simulated, "npv", None))
    assert found["gpu_price_decay"].partial < 0 < found["sovereign_share"].partial
    assert found["gpu_price_decay"].spearman < -3 * found["gpu_price_decay"].spearman_error
    assert ranks_of(*simulated, "min_dscr_12m", None) is None
    assert ranks_of(*simulated, "min_dscr_12m", 0) is not None


def test_a_drawn_assumption_rises_with_what_stands_for_it(simulated):
    _, sampler = simulated
    drawn, scores = sampler.quantities(slice(None)), sampled_inputs(sampler)
    for name in ("gpu_price_decay", "contracted_share"):
        assert stats.spearmanr(scores[name], drawn[name][:, 0]).statistic == pytest.approx(1)


def test_stated_correlations_are_in_the_inputs():
    pair = Stated(between=("gpu_price_decay", "merchant_utilisation"), rank=-0.6)
    plan = compile_plan(Scenario(factories=("uae",), rank_correlations=(pair,)), bundled())
    sampler = Sampler(plan, outlook(bundled()), bundled(), Design(1024, 0))
    scores, drawn = sampled_inputs(sampler), sampler.quantities(slice(None))
    found = stats.spearmanr(scores["gpu_price_decay"], scores["merchant_utilisation"]).statistic
    assert found == pytest.approx(-0.6, abs=0.05)
    own = stats.spearmanr(scores["merchant_utilisation"], drawn["merchant_utilisation"][:, 0])
    assert own.statistic == pytest.approx(1)


def test_the_report_is_plain_and_the_same_again(simulated):
    made = ranks_data(*simulated)
    assert json.dumps(made, allow_nan=False) == json.dumps(ranks_data(*simulated))
    held = made["factories"][0]["metrics"]
    assert set(held) == {"npv", "irr", "min_dscr_12m"}
    assert len(held["npv"]["inputs"]) == SHOWN
    assert "min_dscr_12m" not in made["portfolio"]
