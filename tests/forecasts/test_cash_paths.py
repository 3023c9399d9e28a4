"""Paths as far as cash: the bits of all metrics, however many threads and chunks there are."""

import threading

import pytest
from whole_cash import with_cash

from data.catalog import bundled
from forecasts import cash_paths
from forecasts.cash_paths import simulate_cash
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.sampling import Design
from forecasts.scenario import Scenario

SCENARIOS = {
    "base": Scenario(),
    "space let, one factory": Scenario(factories=("malaysia",), lease_share=0.3),
    "loans off, 300 months": Scenario(factories=("belgium", "romania"), gearing=0.0, months=300),
    "nothing built": Scenario(factories=("kenya",), sites={"kenya": {"site_capacity_mw": 0.0}}),
}


@pytest.mark.parametrize("name", SCENARIOS)
def test_paths_as_far_as_cash_have_the_bits_of_all_metrics(name: str) -> None:
    plan, known = compile_plan(SCENARIOS[name], bundled()), outlook(bundled())
    design = Design(136, 3, "sobol")
    whole, band = with_cash(plan, known, bundled(), design)
    found = simulate_cash(plan, known, bundled(), design)
    assert (found.npv == whole.values["npv"]).all()
    assert (found.capex == whole.values["capex"]).all()
    assert (found.fan.bands == band).all()
    assert (found.npv.sum(axis=1) == whole.portfolio["npv"]).all()
    assert found.fan.paths == 136


@pytest.mark.parametrize(("threads", "chunk"), [(1, 128), (3, 17), (2, 1000)])
def test_threads_and_chunks_change_no_bit(threads, chunk, monkeypatch) -> None:
    plan, known = compile_plan(Scenario(), bundled()), outlook(bundled())
    design = Design(136, 3, "sobol")
    before = simulate_cash(plan, known, bundled(), design)
    monkeypatch.setattr(cash_paths, "THREADS", threads)
    monkeypatch.setattr(cash_paths, "CHUNK", chunk)
    now = simulate_cash(plan, known, bundled(), design)
    assert (now.npv == before.npv).all()
    assert (now.fan.bands == before.fan.bands).all()


def test_who_is_told_of_progress_may_end_the_run() -> None:
    plan, known = compile_plan(Scenario(), bundled()), outlook(bundled())
    seen = []

    def told(done: int, of: int) -> None:
        seen.append((done, of))
        raise KeyError(done)

    before = threading.active_count()
    with pytest.raises(KeyError) as ended:
        simulate_cash(plan, known, bundled(), Design(1024, 0, "sobol"), told)
    assert ended.value.args == (cash_paths.CHUNK,)
    assert seen == [(cash_paths.CHUNK, 1024)]
    assert threading.active_count() == before  # nobody goes on with what nobody wants
