"""Laws that hold whatever is assumed: loans, tax, statements and returns of any scenario.

`RACKCAST_EXAMPLES=2000` tries more scenarios than the few that fit into a test run.
"""

import dataclasses
import datetime as dt
import os
from collections.abc import Mapping

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st
from replica import monthly_pue, project

from data.catalog import bundled
from forecasts.cases import commit
from forecasts.drivers import Drivers, central
from forecasts.engine import Result, evaluate, inputs, outputs
from forecasts.figures import FIGURE, SMALLEST_SERVICE
from forecasts.lines import CAPEX_LINES, LINES, OPEX_LINES, REVENUE_LINES
from forecasts.loans import DEDUCTED, INTEREST, PRINCIPAL
from forecasts.metric_register import METRICS
from forecasts.outlook import outlook
from forecasts.plan import Plan, compile_plan, register
from forecasts.presets import PRESETS
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.statements import gaps

EXAMPLES = int(os.environ.get("RACKCAST_EXAMPLES", "24"))

ANY = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate, Phase.shrink],
    print_blob=True,
)

MONEY = 1e-9
"""Share of all cash moved up to which two sums of money count as the same."""

SITE_RANGES = {
    "corporate_tax": (0.0, 0.4),
    "tax_holiday_years": (0.0, 10.0),
    "withholding_tax": (0.0, 0.25),
    "country_default_spread": (0.0, 0.1),
    "import_duty": (0.0, 0.2),
    "build_cost": (7.0, 16.0),
    "power_price": (0.03, 0.25),
}
"""Ranges of what each site takes from its own row."""

OFTEN = (
    "gearing", "debt_tenor_years", "dsra_months", "lockup_dscr", "concessional_share",
    "concessional_tenor_years", "mezzanine_share", "cash_sweep", "sweep_dscr", "grant_share",
    "target_dscr", "merchant_dscr", "gpu_hour_price", "declining_factor", "loss_years",
    "tax_holiday_years", "corporate_tax", "hardware_life_years", "lease_share", "lease_rent",
)  # fmt: skip
"""Quantities of finance and leases, drawn in every second scenario each."""


def range_of(name: str) -> tuple[float, float]:
    """Plausible range of a quantity."""
    if name in SITE_RANGES:
        return SITE_RANGES[name]
    fact = bundled().fact("assumptions", quantity=name)
    return fact.low or 0.0, fact.high or 0.0


def whole(name: str) -> bool:
    """Whether a quantity takes whole numbers only."""
    return QUANTITIES[name].whole or isinstance(QUANTITIES[name].default, int)


@st.composite
def scenarios(draw, **stated: float) -> dict[str, object]:
    """Changes against the base case: one or two factories, quantities in plausible ranges."""
    free = [name for name in QUANTITIES if QUANTITIES[name].default is not None]
    names = draw(st.lists(st.sampled_from(sorted({*free, *SITE_RANGES})), max_size=10, unique=True))
    names += [name for name in OFTEN if draw(st.booleans())]
    changes: dict[str, object] = {}
    for name in names:
        value = draw(st.floats(*range_of(name)))
        changes[name] = round(value) if whole(name) else value
    keys = [site.key for site in register(bundled())]
    changes["factories"] = draw(
        st.lists(st.sampled_from(keys), min_size=1, max_size=2, unique=True)
    )
    changes["months"] = draw(st.one_of(st.integers(24, 240), st.sampled_from([36, 60, 180])))
    changes["start"] = dt.date(2027, draw(st.integers(1, 12)), 1)
    return changes | stated


def planned(changes: Mapping[str, object]) -> tuple[Plan, Drivers]:
    plan = compile_plan(Scenario().having(**changes), bundled())
    return plan, central(plan, outlook(bundled()))


def ran(changes: Mapping[str, object]) -> Result:
    return evaluate(*planned(changes))


PATHS = ("regional_mw", "gpu_price_index", "power_index", "rack_price_index", "local_index")


def shaken(drivers: Drivers, paths: int, seed: int) -> Drivers:
    """Path 0 as it was, and others whose drivers wander."""
    rng = np.random.default_rng(seed)
    many = {}
    for name in PATHS:
        one = getattr(drivers, name)
        steps = rng.normal(0, 0.03, (paths, *one.shape[1:]))
        steps[0] = 0.0
        many[name] = one * np.exp(np.cumsum(steps, axis=-1))
        many[name][0] = one[0]
    return dataclasses.replace(drivers, **many)


def moved(result: Result, path: int = 0) -> float:
    """All cash a scenario moves, to judge gaps against."""
    lines = sum(np.abs(result.lines[name][path]).sum() for name in LINES)
    return float(max(lines, 1.0))


# --- Loans ---------------------------------------------------------------------------------------


@ANY
@given(scenarios())
def test_sources_are_uses_in_every_month(changes):
    result = ran(changes)
    held = result.finance
    uses = -result.total((*CAPEX_LINES, "refresh", "grants"))
    uses = uses + np.maximum(-result.lines["working_capital"], 0.0)
    uses = uses + held["interest_building"] + held["finance_fees"] + held["reserve_funding"]
    sources = held["debt_drawn"] + held["equity_paid_in"]
    assert np.abs(sources - uses).max() <= MONEY * moved(result)
    found = result.figures[0, :, FIGURE["uses"]]
    assert found == pytest.approx(uses[0].sum(axis=1), rel=1e-9, abs=MONEY * moved(result))


@ANY
@given(scenarios())
def test_every_loan_is_repaid_in_full_and_nothing_is_owed_at_the_end(changes):
    result = ran(changes)
    held, size = result.finance, result.debt.size_usd
    assert result.debt.settled
    assert (size >= -1e-6).all()
    scale = max(size.sum(), 1.0)
    assert held["debt_drawn"][0].sum(axis=1) == pytest.approx(size.sum(axis=(1, 2)), rel=1e-9)
    repaid = (held["principal"] + held["prepaid"])[0].sum(axis=1)
    assert repaid == pytest.approx(size.sum(axis=(1, 2)), rel=1e-9)
    assert (held["debt"] >= -MONEY * scale).all()
    assert np.abs(held["debt"][..., -1]).max() <= MONEY * scale
    assert np.abs(result.debt.owed_usd[..., -1]).max(initial=0.0) <= MONEY * scale
    if float(result.plan["cash_sweep"].max()) == 0:
        owed = result.debt.owed_usd.sum(axis=1)
        assert np.abs(held["debt"][0] - owed).max() <= MONEY * scale


@ANY
@given(scenarios(concessional_share=0.0))
def test_a_senior_loan_is_worth_its_service_at_its_own_rate(changes):
    plan, drivers = planned(changes)
    given_, out = inputs(plan, drivers), outputs(plan, by_cohort=True)
    commit(given_, out)
    for row in range(len(plan.sites)):
        q = plan.quantities[row]
        yearly = q["risk_free_rate"] + q["country_default_spread"] + q["debt_margin"]
        for place in range(out.made[row, 1]):
            senior, _, junior = out.size_usd[row, place]
            cohort = out.cohorts[row, place]
            flows = out.flows[row, place]
            # The mezzanine loan repays in equal parts over the senior's tenor: take it out.
            tenor = int((flows[INTEREST] > 0).sum())
            owed = junior * np.arange(tenor, 0, -1) / max(tenor, 1)
            span = slice(cohort["live"] + 1, cohort["live"] + 1 + tenor)
            service = (flows[INTEREST] + flows[PRINCIPAL])[span].copy()
            service -= owed * q["mezzanine_rate"] / 12 + junior / max(tenor, 1)
            worth = service @ (1 + yearly / 12) ** -np.arange(1.0, tenor + 1)
            scale = max(senior + junior, 1.0)
            if tenor and (flows[INTEREST] > 0)[span].all():
                assert worth == pytest.approx(senior, abs=1e-9 * scale)


@ANY
@given(scenarios(concessional_share=0.0, mezzanine_share=0.0, cash_sweep=0.0))
def test_cover_in_the_banks_case_is_never_below_what_was_asked(changes):
    """Without a sweep, which repays early, spares interest and so adds tax."""
    result = ran(changes)
    held = result.finance
    service = (held["interest"] + held["principal"])[0]
    sales = result.sales
    racks, let = sales.live_mw - sales.leased_mw, sales.let_mw[0]
    sold, firm = racks * sales.sold_share[0] + let, racks * sales.firm_share[0] + let
    contracted = np.divide(firm, sold, out=np.zeros_like(sold), where=sold > 0)
    asked = (
        contracted / result.plan["target_dscr"] + (1 - contracted) / result.plan["merchant_dscr"]
    )
    room = held["cfads"][0] * asked
    assert (service <= np.maximum(room, 0) * (1 + 1e-9) + 1e-3).all()
    assert (held["support"][0][service > SMALLEST_SERVICE] <= 1e-3).all()


@ANY
@given(scenarios())
def test_cash_rolls_forward(changes):
    """What was held, plus what came in, less what was paid, is what is held."""
    result = ran(changes)
    held = result.finance
    came = held["cfads"] + held["debt_drawn"] + held["equity_paid_in"] + held["support"]
    came = came + result.total(("resale", "terminal_value"))
    came = came + np.maximum(result.lines["working_capital"], 0.0)
    paid = held["interest"] + held["principal"] + held["prepaid"] + held["distributions"]
    paid = paid + held["interest_building"] + held["finance_fees"]
    paid = paid - result.total((*CAPEX_LINES, "refresh", "grants"))
    paid = paid + np.maximum(-result.lines["working_capital"], 0.0)
    # Tax on the sale at the end is in levered tax and not in cfads.
    operating = result.total((*REVENUE_LINES, *OPEX_LINES))
    paid = paid + held["levered_tax"] - (operating - held["cfads"])
    kept = held["reserve"] + held["locked"]
    rolled = np.cumsum(came - paid, axis=-1)
    assert np.abs(rolled - kept).max() <= MONEY * moved(result)
    for name in ("reserve", "locked", "distributions", "support", "interest", "withholding_tax"):
        assert (held[name] >= -MONEY * moved(result)).all(), name
    assert (kept[..., -1] <= MONEY * moved(result)).all()


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
        quantities = {one: float(values[row, 0]) for one, values in plan.values.items()}
        lines, _ = project(
            quantities,
            late,
            [generation.launch_month for generation in plan.generations[row]],
            (
                result.demand_mw[0, row].tolist(),
                result.drivers.gpu_price_index[0, row].tolist(),
                result.drivers.power_index[0, row].tolist(),
                result.drivers.local_index[0, row].tolist(),
                monthly_pue(quantities, plan.temperature[row].tolist()),
            ),
            plan.months,
        )
        delayed = sum(np.array(usd) for usd in lines.values()) @ result.factors[row]
        lost = result.figures[0, row, FIGURE["npv"]] - delayed
        found = result.figures[0, row, FIGURE["delay_cost"]]
        assert found == pytest.approx(lost, rel=1e-7, abs=10), site.key
