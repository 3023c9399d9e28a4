"""Simulated paths: the base case among them, the same bytes anywhere, what they say."""

from itertools import product

import numpy as np
import pytest

from data.catalog import bundled
from forecasts.beliefs import UNCERTAIN
from forecasts.compare import ranking
from forecasts.drivers import central
from forecasts.engine import inputs, run
from forecasts.figures import FIGURE
from forecasts.irr_rows import irr_rows
from forecasts.outlook import outlook
from forecasts.path_runs import Chunk, run_paths
from forecasts.plan import compile_plan
from forecasts.portfolio import choose
from forecasts.presets import preset
from forecasts.returns import factory_returns
from forecasts.risk_report import simulation_data
from forecasts.sampling import Design
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.uncertain import Sampler
from forecasts.uncertainty import (
    CHUNK,
    THREADS,
    carrier_of,
    chunks_of,
    here,
    metrics_of,
    simulate,
)

FEW = Scenario(factories=("belgium", "malaysia", "romania"))


@pytest.fixture(scope="module")
def simulation():
    tables = bundled()
    return simulate(compile_plan(FEW, tables), outlook(tables), tables, Design(512, 5))


def test_the_same_bytes_on_one_thread_and_on_two(simulation):
    tables = bundled()
    plan = compile_plan(FEW, tables)
    alone = simulate(plan, outlook(tables), tables, Design(512, 5), here(1))
    assert alone.result_hash == simulation.result_hash
    other = simulate(plan, outlook(tables), tables, Design(512, 6), here(1))
    assert other.result_hash != simulation.result_hash


@pytest.mark.parametrize("paths", [1, 2, 255, 257, 1000, 10_000])
def test_chunks_hold_every_path_once_and_load_both_threads_alike(paths):
    chunks = chunks_of(paths)
    assert [row for chunk in chunks for row in range(chunk.start, chunk.stop)] == list(range(paths))
    sizes = {chunk.stop - chunk.start for chunk in chunks}
    assert 1 <= max(sizes) <= CHUNK
    assert max(sizes) - min(sizes) <= 1
    assert len(chunks) % THREADS == 0 or paths < THREADS


def test_a_path_has_the_same_bits_alone_and_among_others():
    tables = bundled()
    sampler = Sampler(compile_plan(FEW, tables), outlook(tables), tables, Design(64, 5))
    many, one = sampler.draw(slice(0, 64)), sampler.draw(slice(17, 18))
    assert many[0][17:18].tobytes() == one[0].tobytes()
    for name in ("regional_mw", "gpu_price_index", "power_index", "local_index"):
        assert (getattr(many[1], name)[17] == getattr(one[1], name)[0]).all(), name


def test_rates_and_totals_are_those_of_the_cash_that_is_kept_when_asked():
    """On path 65 no quick proof settles a rate: it is carried once more for its cash."""
    tables = bundled()
    stated = Scenario(
        gearing=0.7,
        concessional_share=0.2,
        mezzanine_share=0.1,
        loss_years=5,
        declining_factor=2.0,
        tax_holiday_years=5,
        token_share=0.3,
        grid_delay_months=7,
        power_local_share=0.5,
    )
    plan = compile_plan(stated, tables)
    carrier = carrier_of(plan, outlook(tables), tables, Design(512, 0))
    quantities, drivers = carrier.sampler.draw(slice(60, 70))
    given = inputs(plan, drivers, quantities)
    (kept, cash), (lean, last) = (
        run_paths(given, carrier.committed, (0, 10), carrier.factors, keep_cash=keep)
        for keep in (True, False)
    )
    assert last.shape[0] == 1
    for name in Chunk._fields:
        assert getattr(kept, name).tobytes() == getattr(lean, name).tobytes(), name
    assert irr_rows(cash).rate == pytest.approx(kept.rates, rel=1e-12, nan_ok=True)
    assert cash[:, -1] == pytest.approx(cash[:, :-1].sum(axis=1), rel=1e-12)
    paid = np.maximum(-cash[:, -1, 0], 0).sum(axis=1)
    assert kept.together[:, 2] == pytest.approx(paid, rel=1e-12)
    lowest = np.minimum(cash[:, -1, 0].cumsum(axis=1).min(axis=1), 0)
    assert kept.together[:, 0] == pytest.approx(-lowest, rel=1e-12)


def test_with_every_input_still_the_paths_are_the_expected_one():
    tables = bundled()
    plan, held = compile_plan(FEW, tables), outlook(tables)
    names = {"ai", "gpu", "capacity", "power", "rack", "dollar", "local", "delay", *UNCERTAIN}
    sampler = Sampler(plan, held, tables, Design(8, 5), frozenset(names))
    quantities, drivers = sampler.draw(slice(0, 2))
    expected = central(plan, held)
    assert (quantities[1] == plan.quantities).all()
    for name in ("regional_mw", "gpu_price_index", "power_index", "local_index"):
        found, wanted = getattr(drivers, name)[1], getattr(expected, name)[0]
        assert found == pytest.approx(wanted, rel=1e-12), name


def test_simulated_metrics_are_those_of_a_projection():
    result = run(preset("accelerated"))
    begun = np.array([own[0].decision if own else np.nan for own in result.phases])
    found = metrics_of(result.figures, result.rates.rate, begun)
    compared = 0
    for row in range(len(result.plan.sites)):
        stated = factory_returns(result, row)
        for name in set(found) & set(stated):
            if stated[name].value is not None:
                assert found[name][0, row] == pytest.approx(stated[name].value, rel=1e-12), name
                compared += 1
    assert compared > 100


def test_assumptions_stay_in_their_range_and_near_their_value():
    tables = bundled()
    plan = compile_plan(FEW, tables)
    sampler = Sampler(plan, outlook(tables), tables, Design(256, 5))
    drawn = sampler.quantities(slice(0, 256))
    for name in UNCERTAIN:
        if name == "gpu_hour_price":
            continue
        fact = tables.fact("assumptions", quantity=name)
        assert fact.low < fact.high, name
        assert drawn[name].min() >= fact.low, name
        assert drawn[name].max() <= fact.high, name
        mean = (fact.low + 4 * QUANTITIES[name].default + fact.high) / 6
        assert drawn[name].mean() == pytest.approx(mean, abs=0.01 * (fact.high - fact.low)), name


def test_a_delay_never_earns_more():
    tables = bundled()
    plan, held = compile_plan(FEW, tables), outlook(tables)
    everything = {"ai", "gpu", "capacity", "power", "rack", "dollar", "local", *UNCERTAIN}
    sampler = Sampler(plan, held, tables, Design(64, 5), frozenset(everything))
    slips = sampler.draw(slice(0, 64))[1].slip_months
    assert slips.min() >= 0
    assert slips.max() <= plan["delay_worst_months"].max()
    assert slips.std() > 0


def test_report_has_an_error_for_every_figure_and_no_nan(simulation):
    import json

    data = simulation_data(simulation)
    json.dumps(data, allow_nan=False)
    npv = data["factories"][0]["metrics"]["npv"]
    assert npv["p10"]["value"] < npv["p50"]["value"] < npv["p90"]["value"]
    assert 0 < npv["p50"]["standard_error"] < abs(npv["p90"]["value"] - npv["p10"]["value"]) / 10
    asked = data["factories"][1]["probabilities"]["npv_positive"]
    assert asked["value"] == pytest.approx((simulation.values["npv"][:, 1] > 0).mean())


def test_every_path_ranks_every_site_once(simulation):
    found = ranking(simulation)
    assert (np.sort(found.rank, axis=1) == [1, 2, 3]).all()
    best = found.score.argmax(axis=1)
    assert (found.rank[np.arange(512), best] == 1).all()


def test_figures_of_a_simulation_end_with_the_yearly_cover():
    assert FIGURE["least_yearly_cover"] == len(FIGURE) - 1


@pytest.mark.parametrize("seed", range(12))
def test_the_chosen_set_is_the_best_of_all(seed):
    random = np.random.default_rng(seed)
    value, cost = random.normal(0, 10, 6), random.uniform(1, 10, 6)
    budget = float(random.uniform(0, 30))
    best = max(
        (value[list(taken)].sum() if any(taken) else 0.0)
        for taken in (np.array(one, dtype=bool) for one in product([False, True], repeat=6))
        if cost[taken].sum() <= budget
    )
    found = choose(value, cost, budget)
    assert found.value == pytest.approx(best, abs=1e-9)
    assert found.cost <= budget * (1 + 1e-9)


def test_a_series_that_was_kept_is_the_one_drawn_anew():
    from forecasts.sampled_series import drawn_course

    tables = bundled()
    plan = compile_plan(FEW, tables)
    kept = carrier_of(plan, outlook(tables), tables, Design(256, 5))(slice(0, 64))
    drawn_course.cache_clear()
    anew = carrier_of(plan, outlook(tables), tables, Design(256, 5))(slice(0, 64))
    assert kept.figures.tobytes() == anew.figures.tobytes()
    assert np.array_equal(kept.rates, anew.rates, equal_nan=True)


def test_knowing_everything_is_worth_no_less_than_knowing_one_thing(simulation):
    from forecasts.compare import everything

    npv = simulation.values["npv"]
    best = max(npv.mean(axis=0).max(), 0.0)
    exact = np.maximum(npv.max(axis=1), 0.0).mean() - best
    found = everything(simulation)
    assert found["value_usd"] == pytest.approx(exact, rel=1e-9)
    assert found["value_usd"] >= 0
    assert found["standard_error_usd"] >= 0
