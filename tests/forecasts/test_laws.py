"""Laws that hold whatever is assumed: tax, statements and returns of any scenario; see `lawful`."""

import dataclasses

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lawful import ANY, MONEY, PATHS, moved, planned, ran, scenarios, shaken
from replicated import replicated

from forecasts.engine import evaluate
from forecasts.figures import FIGURE
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import DEDUCTED
from forecasts.metric_register import METRICS
from forecasts.presets import PRESETS
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES
from forecasts.statements import gaps

# --- Tax and statements --------------------------------------------------------------------------


def taxed(income: list[float], free: list[bool], q: np.void) -> list[float]:
    """Tax of each year: the oldest losses first, while they last and as far as they may be used."""
    pools: dict[int, float] = {}
    found = []
    for year, amount in enumerate(income):
        if amount < 0:
            pools[year] = -amount
        if amount < 0 or free[year]:
            found.append(0.0)
            continue
        left, room = amount, amount * q["loss_use_share"]
        for past in sorted(pools):
            if q["loss_years"] and year - past > round(q["loss_years"]):
                continue
            used = min(pools[past], room)
            pools[past], room, left = pools[past] - used, room - used, left - used
        found.append(left * q["corporate_tax"])
    return found


@ANY
@given(scenarios())
def test_tax_is_that_on_income_less_the_interest_in_fact_paid(changes):
    """Also after a sweep, where tax, cash and interest feed each other."""
    result = ran(changes)
    plan, held = result.plan, result.finance
    names = (*REVENUE_LINES, *OPEX_LINES, "resale", "terminal_value")
    income = result.total(names)[0] - result.depreciation_usd - held["interest"][0]
    income -= result.debt.totals[:, DEDUCTED]
    income[:, -1] -= result.assets.land_usd.sum(axis=1)
    years = (plan.start.month - 1 + np.arange(plan.months)) // 12
    lasts = [np.flatnonzero(years == year)[-1] for year in range(years[-1] + 1)]
    for row, phases in enumerate(result.phases):
        q = plan.quantities[row]
        holiday = float(q["tax_holiday_years"]) * 12
        first = min((phase.live for phase in phases), default=plan.months)
        free = [bool(holiday > 0 and last < first + holiday) for last in lasts]
        yearly = [income[row, years == year].sum() for year in range(years[-1] + 1)]
        paid = [held["levered_tax"][0, row, years == y].sum() for y in range(years[-1] + 1)]
        scale = MONEY * moved(result)
        assert paid == pytest.approx(taxed(yearly, free, q), rel=1e-8, abs=scale)


@ANY
@given(scenarios())
def test_depreciation_sums_to_what_was_bought(changes):
    result = ran(changes)
    paid = -result.total((*CAPEX_LINES, "refresh"))[0].sum(axis=1)
    land = -result.lines["land"][0].sum(axis=1)
    written = result.depreciation_usd.sum(axis=1)
    assert written == pytest.approx(paid - land, rel=1e-9, abs=1e-3)
    assert (result.depreciation_usd >= -1e-3).all()


@ANY
@given(scenarios())
def test_capex_lines_sum_to_the_total_and_to_what_was_bought(changes):
    result = ran(changes)
    lines = -sum(result.lines[name][0].sum(axis=1) for name in CAPEX_LINES)
    assert result.figures[0, :, FIGURE["capex"]] == pytest.approx(lines, rel=1e-12)
    bought = result.assets
    first = bought.hardware_usd * ~result.cohorts.is_refresh
    total = first.sum(axis=1) + bought.facility_usd.sum(axis=1) + bought.land_usd.sum(axis=1)
    assert lines == pytest.approx(total, rel=1e-9)


@ANY
@given(scenarios(), st.integers(0, 1000))
def test_statements_balance_and_close(changes, seed):
    plan, drivers = planned(changes)
    result = evaluate(plan, shaken(drivers, 2, seed))
    assert max(gaps(result, 0)) <= MONEY * moved(result)


# --- Returns -------------------------------------------------------------------------------------


@ANY
@given(scenarios())
def test_value_at_the_rate_of_return_is_zero(changes):
    result = ran(changes)
    for place, cash in enumerate((result.cash_usd[0], result.finance["equity_cash"][0])):
        for row, flows in enumerate(cash):
            rate = result.rates.rate[0, row, place]
            if not np.isfinite(rate):
                continue
            logs = -np.log1p(rate) * np.arange(flows.size)
            present = flows * np.exp(logs - logs.max())
            assert abs(present.sum()) <= 1e-9 * np.abs(present).sum()


@ANY
@given(scenarios())
def test_every_metric_has_a_value_or_a_reason(changes):
    result = ran(changes)
    every = [factory_returns(result, row) for row in range(len(result.plan.sites))]
    for returns in (*every, portfolio_returns(result)):
        assert list(returns) == list(METRICS)
        for name, metric in returns.items():
            assert (metric.value is None) != (not metric.reason), name
            assert metric.value is None or np.isfinite(metric.value), name


def years_of_service(result):
    """How many twelve months there are from the first cash to the last service."""
    cash = result.finance["cfads"]
    service = result.finance["interest"] + result.finance["principal"]
    found = np.zeros(cash.shape[:2])
    for place in np.ndindex(*found.shape):
        owing = np.flatnonzero(service[place] > 1e-6)
        earning = np.flatnonzero(cash[place] > 0)
        earning = earning[earning >= owing[0]] if owing.size else earning[:0]
        if earning.size:
            found[place] = max(owing[-1] - earning[0] + 2 - 12, 0)
    return found


@ANY
@given(scenarios(), st.integers(0, 1000))
def test_no_number_is_missing_on_any_path(changes, seed):
    plan, drivers = planned(changes)
    result = evaluate(plan, shaken(drivers, 3, seed))
    for held in (result.lines, result.finance):
        for name, values in held.items():
            assert np.isfinite(values).all(), name
    unserved = result.figures[..., FIGURE["service_months"]] == 0
    for name, place in FIGURE.items():
        values = result.figures[..., place]
        if name == "least_cover":  # the least of no covers
            values = np.where(unserved, 0.0, values)
        if name == "least_yearly_cover":  # the least of no years
            values = np.where(years_of_service(result) == 0, 0.0, values)
        assert np.isfinite(values).all(), name


@ANY
@given(scenarios())
def test_doubling_all_money_doubles_all_money(changes):
    plan, drivers = planned(changes)
    priced = [n for n, one in QUANTITIES.items() if one.unit.table.startswith("USD")]
    twice = plan.having(**{name: plan[name] * 2 for name in priced})
    one, two = evaluate(plan, drivers), evaluate(twice, drivers)
    for name in LINES:
        assert two.lines[name] == pytest.approx(2 * one.lines[name], rel=1e-9, abs=1e-2), name
    scale = moved(one)
    for name, values in one.finance.items():
        assert two.finance[name] == pytest.approx(2 * values, rel=1e-9, abs=MONEY * scale), name
    sizes = two.debt.size_usd
    assert sizes == pytest.approx(2 * one.debt.size_usd, rel=1e-9, abs=MONEY * scale)


@ANY
@given(scenarios(), st.integers(0, 1000))
def test_the_base_case_is_bitwise_path_0_whatever_the_others_are(changes, seed):
    plan, drivers = planned(changes)
    many = shaken(drivers, 3, seed)
    repeated = {name: getattr(many, name)[[0, 1, 0]] for name in PATHS}
    alone, among = evaluate(plan, drivers), evaluate(plan, many)
    again = evaluate(plan, dataclasses.replace(many, **repeated))
    for first, others in ((among, (0,)), (again, (0, 2))):
        for path in others:
            assert (first.cash_usd[path] == alone.cash_usd[0]).all()
            assert (first.figures[path] == alone.figures[0]).all()
            assert first.rates.rate[path].tobytes() == alone.rates.rate[0].tobytes()
            for name, values in alone.finance.items():
                assert (first.finance[name][path] == values[0]).all(), name
    assert (again.figures[1] == among.figures[1]).all()
    assert (among.debt.size_usd == alone.debt.size_usd).all()


@ANY
@given(scenarios())
def test_at_the_break_even_price_value_is_zero(changes):
    plan, drivers = planned(changes)
    result = evaluate(plan, drivers)
    scales = result.figures[0, :, FIGURE["break_even_scale"]]
    assume((scales > 0).any())
    price = plan["gpu_hour_price"] * np.where(scales > 0, scales, 1.0)[:, None]
    priced = evaluate(plan.having(gpu_hour_price=price), drivers)
    npv = priced.figures[0, :, FIGURE["npv"]][scales > 0]
    capex = priced.figures[0, :, FIGURE["capex"]][scales > 0]
    assert (np.abs(npv) <= 1e-6 * capex).all()


@pytest.mark.parametrize("name", PRESETS)
def test_a_delay_costs_what_the_replica_of_the_delayed_phases_loses(name):
    """The delayed build-out is carried through the plain-Python replica, not the kernel."""
    result = evaluate(*planned(PRESETS[name]))
    plan = result.plan
    for row, site in enumerate(plan.sites):
        late = [
            dataclasses.replace(phase, energised=phase.energised + 1, live=phase.live + 1)
            for phase in result.phases[row]
        ]
        lines, _ = replicated(result, row, late)
        delayed = sum(np.array(usd) for usd in lines.values()) @ result.factors[row]
        lost = result.figures[0, row, FIGURE["npv"]] - delayed
        found = result.figures[0, row, FIGURE["delay_cost"]]
        assert found == pytest.approx(lost, rel=1e-7, abs=10), site.key
