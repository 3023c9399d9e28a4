"""What an attack once found: each stays mended."""

import numpy as np
import pytest

from data.problems import RefusedError
from forecasts.checks import check, failed
from forecasts.drivers import central
from forecasts.engine import run
from forecasts.figures import FIGURE
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.presets import preset
from forecasts.reading import scenario_from
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import Scenario


def test_a_price_decay_stated_for_one_factory_moves_that_factory_alone(catalog, base):
    names = [site.key for site in base.plan.sites]
    for key in ("belgium", "malaysia"):
        changed = run(Scenario(sites={key: {"gpu_price_decay": 0.5}}), catalog)
        moved = np.abs(changed.figures - base.figures)[0, :, FIGURE["npv"]] > 1
        assert [name for name, yes in zip(names, moved, strict=True) if yes] == [key]


def test_a_flat_price_forecast_is_not_read_as_a_rise(catalog):
    held = outlook(catalog)
    history, forecast = held.histories["gpu_hour_price"], held.forecasts["gpu_hour_price"]
    assert forecast.mean[:24] == pytest.approx(forecast.mean[0], rel=0.1), "nearly flat"
    plan = compile_plan(Scenario(forecast_trust=60.0), catalog)
    index = central(plan, held).gpu_price_index[0, 0]
    start = 12 * 2027 - int(history.ends[-1])
    stated = forecast.mean[start + 12 - 6 : start + 12 + 6].mean()
    stated /= forecast.mean[max(start - 6, 0) : start + 6].mean()
    assert index[12] == pytest.approx(stated, rel=0.05)


def test_trust_beyond_the_forecast_falls_back_to_the_long_run(catalog):
    held = outlook(catalog)
    far = central(compile_plan(Scenario(forecast_trust=60.0), catalog), held)
    yearly = far.gpu_price_index[0, 0, -1] / far.gpu_price_index[0, 0, -13]
    assert yearly == pytest.approx(1 - Scenario().gpu_price_decay)
    growth = far.ai_spending_index[0, -1] / far.ai_spending_index[0, -13]
    assert growth == pytest.approx(1 + Scenario().long_run_growth)


def test_no_racks_are_bought_for_the_last_few_months(base):
    cohorts = base.cohorts
    late = cohorts.is_refresh & (cohorts.kw > 0) & (cohorts.live > base.plan.months - 30)
    assert not late.any()


def test_what_is_sold_at_the_end_pays_nothing_back(base):
    for row in range(len(base.plan.sites)):
        before = base.cash_usd[0, row].cumsum()[-2]
        metric = factory_returns(base, row)["payback"]
        assert (metric.value is None) == (before < 0)


def test_the_portfolios_demand_counts_from_each_factorys_first_month(base):
    live = base.sales.live_mw > 0
    wanted = (base.demand_mw[0] * live).sum()
    met = np.minimum(base.demand_mw[0], base.sales.live_mw).sum()
    found = portfolio_returns(base)["demand_captured"].value
    assert found == pytest.approx(met / wanted)


def test_a_later_phase_waits_for_its_racks(catalog):
    slow = run(preset("base").having(factories=("malaysia",), rack_lead_months=30), catalog)
    for phase in slow.phases[0][1:]:
        assert phase.energised - phase.decision >= 30
        later = slow.demand_mw[0, 0, phase.live]
        committed = sum(one.it_mw for one in slow.phases[0][: phase.number])
        assert later >= Scenario().expansion_threshold * committed * (1 - 1e-9)


def test_upkeep_is_inflated_once(catalog):
    result = run(Scenario(factories=("romania",), inflation=0.1, fx_change=0.0), catalog)
    phase = result.phases[0][0]
    paid = (phase.construction + phase.energised) / 2
    month = phase.live + 24
    share = float(result.plan["facility_maintenance_share"][0, 0])
    wanted = result.assets.facility_usd[0, 0] * share / 12 * 1.1 ** ((month - paid) / 12)
    assert -result.lines["maintenance"][0, 0, month] == pytest.approx(wanted)


@pytest.mark.parametrize(
    ("stated", "message"),
    [
        ({"risk_free_rate": -0.9}, "-0.05 to 0.5"),
        ({"equity_risk_premium": -0.9}, "-0.05 to 0.5"),
        ({"asset_beta": 100}, "0 to 5"),
        ({"rack_power_kw": 1e-300}, "1 to 10000"),
        ({"parent": ["a"]}, "a preset"),
        ({"shell_cost_share": 0.8, "electrical_cost_share": 0.8}, "at most 1"),
        ({"sites": {"belgium": {"shell_cost_share": 0.9}}}, "at most 1"),
    ],
)
def test_what_once_ended_in_a_traceback_is_refused(stated, message):
    with pytest.raises(RefusedError, match=message):
        scenario_from(stated, "my.yaml")


def test_no_loan_is_negative_where_waiting_costs_more_than_gearing_leaves(catalog):
    late = Scenario(factories=("malaysia",), commissioning_months=360, months=480)
    result = run(late, catalog)
    assert (result.debt.size_usd >= 0).all()
    assert not failed(check(result))
    assert result.finance["debt_drawn"].sum() == pytest.approx(result.debt.size_usd.sum())


def test_hardly_an_hour_sold_is_none(catalog):
    tiny = Scenario(factories=("oman",), sovereign_share=1e-300, capture_share=1e-12)
    returns = factory_returns(run(tiny, catalog), 0)
    for name in ("lcoc", "lcoc_useful", "levelised_price", "tco_simple"):
        assert returns[name].reason == "No GPU-hour is sold."


def test_a_loan_of_cents_has_no_cover(catalog):
    cents = {"rack_price": 0.001, "build_cost": 0.0, "grid_connection_cost": 0.0, "land_price": 0.0}
    returns = factory_returns(run(Scenario(factories=("oman",), **cents), catalog), 0)
    assert 0 < returns["debt"].value < 100
    assert returns["min_dscr"].reason == "There is no debt service to cover."
