"""Distributions and rank correlations as a scenario file states them, and what is drawn then."""

import numpy as np
import pytest
from scipy import stats

from data.catalog import bundled
from data.problems import RefusedError
from forecasts.beliefs import DRAWABLE, UNCERTAIN, RankCorrelation
from forecasts.copula import copula, nearest
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.reading import scenario_from
from forecasts.risk_report import Thresholds, probabilities, simulation_data
from forecasts.sampling import BATCHES, Design
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.uncertain import Sampler
from forecasts.uncertainty import simulate

STATED = {
    "factories": ["belgium"],
    "beliefs": {
        "merchant_utilisation": {"distribution": "normal", "mean": 0.6, "sd": 0.05},
        "software_cost": {"distribution": "lognormal", "median": 600, "sigma": 0.3},
        "overhead_share": {"distribution": "uniform", "low": 0.02, "high": 0.05},
        "staff_cost": {"distribution": "triangular", "low": 1e5, "mode": 1.8e5, "high": 4e5},
        "capture_share": {"low": 0.1, "mode": 0.3, "high": 0.6},
        "pue": {"distribution": "discrete", "value": [1.2, 1.4], "weight": [3, 1]},
    },
    "rank_correlations": [
        {"between": ["merchant_utilisation", "software_cost"], "rank": 0.6},
        {"between": ["merchant_utilisation", "inflation"], "rank": -0.4},
    ],
}

EXACT = {
    "merchant_utilisation": stats.norm(0.6, 0.05),
    "software_cost": stats.lognorm(0.3, scale=600),
    "overhead_share": stats.uniform(0.02, 0.03),
    "staff_cost": stats.triang(0.8 / 3, 1e5, 3e5),
    "capture_share": stats.beta(1 + 4 * 0.4, 1 + 4 * 0.6, 0.1, 0.5),
}


def sampler(stated, paths=4096):
    tables = bundled()
    plan = compile_plan(scenario_from(stated, "file"), tables)
    return Sampler(plan, outlook(tables), tables, Design(paths, 3))


@pytest.fixture(scope="module")
def drawn():
    return sampler(STATED).quantities(slice(0, 4096))


def within(found_by_batch, exact, digits=1e-4):
    """Three standard errors of a known spread are five of one known from eight batches."""
    error = np.std(found_by_batch, ddof=1) / np.sqrt(BATCHES)
    return abs(np.mean(found_by_batch) - exact) <= 5 * error + digits * abs(exact)


@pytest.mark.parametrize("name", EXACT)
def test_draws_have_the_mean_and_the_quantiles_of_the_stated_distribution(drawn, name):
    rows = Design(4096, 3).batches()
    own = [drawn[name][one, 0] for one in rows]
    assert within([values.mean() for values in own], EXACT[name].mean())
    for level in (0.1, 0.5, 0.9):
        assert within([np.quantile(one, level) for one in own], EXACT[name].ppf(level), 2e-3)


def test_discrete_values_keep_their_weights(drawn):
    assert set(drawn["pue"][:, 0]) == {1.2, 1.4}
    assert (drawn["pue"] == 1.2).mean() == pytest.approx(0.75, abs=0.005)


@pytest.mark.parametrize(
    ("one", "other", "rank"),
    [
        ("merchant_utilisation", "software_cost", 0.6),
        ("merchant_utilisation", "inflation", -0.4),
        ("software_cost", "inflation", 0.0),
        ("overhead_share", "merchant_utilisation", 0.0),
    ],
)
def test_draws_have_the_rank_correlation_that_is_stated(drawn, one, other, rank):
    found = [
        stats.spearmanr(drawn[one][rows, 0], drawn[other][rows, 0])[0]
        for rows in Design(4096, 3).batches()
    ]
    assert within(found, rank, 0.0) or abs(np.mean(found) - rank) < 3e-3


def test_draws_are_cut_at_the_legal_limits():
    stated = {"beliefs": {"availability": {"distribution": "normal", "mean": 0.99, "sd": 0.2}}}
    found = sampler(stated, 256).quantities(slice(0, 256))["availability"]
    assert found.max() == QUANTITIES["availability"].high
    assert found.min() >= 0


def test_an_added_belief_moves_no_draw_of_another_name():
    plain, more = (
        sampler({}, 64),
        sampler({"beliefs": {"pue": {"low": 1.1, "mode": 1.2, "high": 1.5}}}, 64),
    )
    for name in plain.layout:
        assert plain.layout[name] == more.layout[name]


def test_the_market_path_and_the_level_of_the_gpu_price_are_drawn_apart():
    layout = sampler({}, 64).layout
    assert len(layout["gpu_market"]) == 4
    assert not set(layout["gpu_market"]) & set(layout["gpu_hour_price"])


def test_only_what_is_open_after_commitment_can_be_drawn():
    assert set(UNCERTAIN) < set(DRAWABLE) < set(QUANTITIES)
    assert "hardware_life_years" not in DRAWABLE


BAD = {
    "beliefs: merchant_utilization": {
        "beliefs": {"merchant_utilization": {"low": 0, "mode": 0, "high": 1}}
    },
    "a distribution": {"beliefs": {"pue": {"distribution": "cauchy"}}},
    "normal with mean, sd": {"beliefs": {"pue": {"distribution": "normal", "low": 1, "sd": 1}}},
    "low <= mode <= high": {"beliefs": {"pue": {"low": 2, "mode": 1, "high": 3}}},
    "pairs, no weight below 0": {
        "beliefs": {"pue": {"distribution": "discrete", "value": [1.1], "weight": [-1]}}
    },
    "numbers with": {"beliefs": {"pue": {"low": "x", "mode": 1, "high": 3}}},
    "with a distribution each": {"beliefs": [1]},
    "from -1 to 1": {"rank_correlations": [{"between": ["inflation", "software_cost"], "rank": 2}]},
    "two different assumptions": {
        "rank_correlations": [{"between": ["inflation", "inflation"], "rank": 0}]
    },
    "a list": {"rank_correlations": {"a": 1}},
    "two assumptions and their": {"rank_correlations": [3]},
}


@pytest.mark.parametrize("words", BAD)
def test_mistakes_are_named_with_their_place(words):
    with pytest.raises(RefusedError) as refused:
        scenario_from(BAD[words], "file")
    text = str(refused.value)
    assert "file: " in text
    assert words.split(": ")[-1] in text


def pairs(*stated):
    return [RankCorrelation(between=(a, b), rank=rank) for a, b, rank in stated]


def test_correlations_that_can_hold_are_used_as_stated():
    found = copula(pairs(("a", "b", 0.6), ("b", "c", 0.3)))
    assert found.moved == 0
    assert found.ranks[0, 1] == pytest.approx(0.6)
    assert found.said() == ""


def test_correlations_that_nearly_hold_are_mended_and_that_is_said():
    found = copula(pairs(("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", 0.55)))
    assert 0 < found.moved < 0.1
    assert np.linalg.eigvalsh(found.scores).min() > 0
    assert np.diag(found.scores) == pytest.approx(1)
    assert "cannot hold together" in found.said()


def test_correlations_that_contradict_each_other_are_refused():
    with pytest.raises(RefusedError, match="weaken the strongest"):
        copula(pairs(("a", "b", 0.9), ("b", "c", 0.9), ("a", "c", -0.9)))
    with pytest.raises(RefusedError, match="each pair once"):
        copula(pairs(("a", "b", 0.9), ("b", "a", 0.1)))


def test_the_nearest_matrix_is_nearer_than_shrinking_to_none():
    wanted = np.array([[1, 0.9, 0.5], [0.9, 1, 0.9], [0.5, 0.9, 1.0]])
    shrunk = next(
        wanted * share + np.eye(3) * (1 - share)
        for share in np.linspace(1, 0, 1001)
        if np.linalg.eigvalsh(wanted * share + np.eye(3) * (1 - share)).min() > 1e-6
    )
    assert np.linalg.norm(nearest(wanted) - wanted) < np.linalg.norm(shrunk - wanted)


def test_thresholds_are_asked_as_stated():
    tables = bundled()
    plan = compile_plan(Scenario(factories=("belgium",)), tables)
    found = simulate(plan, outlook(tables), tables, Design(128, 3))
    asked = Thresholds(hurdle=-0.05, covenant=1.3, stranded_mw=0.5, payback_years=14.0)
    told = probabilities(found, 0, asked)
    assert told["irr_above_hurdle"]["value"] == (found.values["irr"][:, 0] > -0.05).mean()
    assert told["dscr_below_covenant"]["value"] == (found.values["min_dscr_12m"][:, 0] < 1.3).mean()
    assert told["payback_within"]["value"] == (found.values["payback"][:, 0] <= 14).mean()
    mean_mw = found.values["stranded"][:, 0] / found.live_months[0]
    assert told["stranded_mw_above"]["value"] == (mean_mw > 0.5).mean()
    assert simulation_data(found, asked)["correlations"]["names"] == []
