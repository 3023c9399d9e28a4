"""The whole model: against an independent replica, its identities, and how it reacts."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replicated import assert_every_line_agrees

from forecasts.cases import commit, follow
from forecasts.checks import Level, check, failed
from forecasts.drivers import central
from forecasts.engine import evaluate, inputs, outputs, run
from forecasts.lines import CAPEX_LINES, LINES
from forecasts.metric_register import METRICS
from forecasts.metrics import npv
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.presets import PRESETS, preset
from forecasts.records import TRACKS
from forecasts.returns import factory_returns, portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.waterfall import FINANCE

SLOW = settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@st.composite
def scenarios(draw) -> Scenario:
    """Any scenario whose stated quantities lie within the plausible range of the tables."""
    from data.catalog import bundled

    names = draw(st.lists(st.sampled_from(sorted(QUANTITIES)), max_size=8, unique=True))
    changes: dict[str, float] = {}
    for name in names:
        quantity = QUANTITIES[name]
        if quantity.default is None:
            continue
        fact = bundled().fact("assumptions", quantity=name)
        low, high = fact.low or 0.0, fact.high or 0.0
        value = draw(st.floats(low, high))
        changes[name] = round(value) if isinstance(quantity.default, int) else value
    return Scenario().having(**changes, months=draw(st.integers(60, 240)))


@pytest.mark.parametrize("name", PRESETS)
def test_every_line_equals_an_independent_replica(catalog, name):
    result = run(preset(name), catalog)
    assert_every_line_agrees(result)


@SLOW
@given(scenarios())
def test_identities_hold_for_any_scenario(scenario):
    result = run(scenario)
    assert failed(check(result)) == []
    for row in range(len(result.plan.sites)):
        returns = factory_returns(result, row)
        assert list(returns) == list(METRICS)
        for name, metric in returns.items():
            assert (metric.value is None) == bool(metric.reason), name
    assert list(portfolio_returns(result)) == list(METRICS)


def test_the_base_case_is_clean(base):
    findings = check(base)
    assert {one.level for one in findings} <= {Level.OK, Level.NOTE}
    assert sum(one.level is Level.OK for one in findings) >= 8


def test_checks_find_the_same_with_returns_that_are_there_already(base):
    returns = [factory_returns(base, row) for row in range(len(base.plan.sites))]
    assert check(base, returns) == check(base)


def test_every_factory_is_there_with_its_first_phase_on_vera_rubin(base):
    assert len(base.plan.sites) == 12
    first_wave = [site.key for site in base.plan.sites if site.wave == "1"]
    assert sorted(first_wave) == ["belgium", "malaysia", "romania"]
    for row, site in enumerate(base.plan.sites):
        assert base.phases[row], f"{site.key} has no phase"
        if site.wave == "1":
            first = base.phases[row][0]
            assert base.plan.generations[row][first.generation].name == "vr_nvl72"


def test_doubling_every_price_doubles_every_cash_flow(catalog):
    plan = compile_plan(Scenario(), catalog)
    drivers = central(plan, outlook(catalog))
    priced = [
        "rack_price", "build_cost", "grid_connection_cost", "land_price", "power_price",
        "staff_base", "staff_cost", "software_cost", "security_operations_cost",
        "compliance_cost", "connectivity_cost", "gpu_hour_price",
    ]  # fmt: skip
    doubled = plan.having(**{name: plan[name] * 2 for name in priced})
    one, two = evaluate(plan, drivers), evaluate(doubled, drivers)
    assert two.cash_usd == pytest.approx(2 * one.cash_usd, rel=1e-9)


def test_the_same_scenario_gives_the_same_bits(catalog, base):
    again = run(Scenario(), catalog)
    assert (again.cash_usd == base.cash_usd).all()


@pytest.mark.parametrize(
    "stated",
    [{}, {"gearing": 0.0, "months": 96}, {"lease_share": 0.4, "hardware_life_years": 3.0}],
    ids=["base", "no debt", "space let"],
)
def test_the_stages_fill_every_row_of_the_books(catalog, stated):
    plan = compile_plan(Scenario(**stated), catalog)
    drivers = central(plan, outlook(catalog))
    given, out, whole = inputs(plan, drivers), outputs(plan), evaluate(plan, drivers)
    commit(given, out)
    shape = (len(plan.sites), len(LINES) + len(TRACKS) + len(FINANCE), plan.months)
    books = np.split(np.full(shape, np.nan), np.cumsum([len(LINES), len(TRACKS)]), axis=1)
    books = tuple(np.ascontiguousarray(book) for book in books)
    follow(given, out, 0, books)
    for names, book, kept in zip(
        (LINES, FINANCE), books[::2], (whole.lines, whole.finance), strict=True
    ):
        assert (book == np.stack([kept[name][0] for name in names], axis=1)).all()
    assert np.isfinite(books[1]).all()


def test_one_delay_for_all_paths_is_handed_over_as_delays_of_each_are(catalog):
    plan = compile_plan(Scenario(), catalog)
    many = central(plan, outlook(catalog), np.repeat(plan.quantities[None], 3, axis=0))
    alone = central(plan, outlook(catalog))
    for slip in (many.slip_months, alone.slip_months):
        found = inputs(plan, dataclasses.replace(many, slip_months=slip)).slip
        assert found.shape == (3, len(plan.sites))
        assert found.flags.c_contiguous
        assert found.flags.writeable


def test_a_path_among_many_gives_the_same_bits_as_alone(catalog):
    plan = compile_plan(Scenario(), catalog)
    drivers = central(plan, outlook(catalog))
    many = dataclasses.replace(
        drivers,
        **{
            name: np.repeat(getattr(drivers, name), 3, axis=0)
            for name in (
                "ai_spending_index",
                "regional_mw",
                "gpu_price_index",
                "power_index",
                "rack_price_index",
                "local_index",
            )
        },
    )
    alone, among = evaluate(plan, drivers), evaluate(plan, many)
    assert (among.cash_usd[1] == alone.cash_usd[0]).all()


@pytest.mark.parametrize(
    ("change", "sign"),
    [
        ({"gpu_hour_price": 9.5}, 1), ({"gpu_price_decay": 0.2}, -1),
        ({"rack_price": 9.1e6}, -1), ({"contracted_share": 0.6}, -1),
        ({"merchant_utilisation": 0.5}, -1), ({"power_price_change": 0.3}, -1),
        ({"country_risk_exposure": 2.0}, -1), ({"hardware_life_years": 4.0}, -1),
        ({"grant_share": 0.2}, 1), ({"contingency_share": 0.15}, -1),
    ],
)  # fmt: skip
def test_npv_moves_the_way_it_must(catalog, base, change, sign):
    # The build-out is held, so that only the price of things changes.
    changed = run(Scenario().having(**change, max_phases=1), catalog)
    before = run(Scenario(max_phases=1), catalog)
    for row, site in enumerate(base.plan.sites):
        gain = npv(changed.cash_usd[0, row], changed.factors[row])
        gain -= npv(before.cash_usd[0, row], before.factors[row])
        if (
            "country_risk_exposure" in change
            and npv(before.cash_usd[0, row], before.factors[row]) < 0
        ):
            continue
        assert gain * sign > 0, site.key


def test_more_growth_of_ai_spending_means_more_demand(catalog, base):
    more = run(Scenario(ai_spending_growth_change=0.1), catalog)
    assert (more.demand_mw[0, :, 60] > base.demand_mw[0, :, 60]).all()


def test_a_later_grid_means_later_power(catalog, base):
    late = run(Scenario(grid_delay_months=24), catalog)
    for row in range(12):
        assert late.phases[row][0].energised >= base.phases[row][0].energised
    assert late.phases[0][0].live > base.phases[0][0].live or late.phases[1][0].live > 0


def test_capex_of_the_phases_is_capex_of_the_lines(base):
    from forecasts.report import phase_capex

    for row, phases in enumerate(base.phases):
        paid = -base.total(CAPEX_LINES)[0, row].sum()
        assert sum(phase_capex(base, row, phase) for phase in phases) == pytest.approx(paid)


def test_a_first_rack_all_in_costs_what_foxconn_says(base):
    """47 USD bn for 3,557 Vera Rubin racks, all in (table comparables): 13.2 m a rack."""
    published = 47e9 / 3557
    for row, site in enumerate(base.plan.sites):
        first = base.phases[row][0]
        from forecasts.report import phase_capex

        per_rack = phase_capex(base, row, first) / first.racks
        assert per_rack == pytest.approx(published, rel=0.25), site.key


def test_a_factory_of_another_name_is_refused(catalog):
    from data.problems import RefusedError

    with pytest.raises(RefusedError, match="a factory of the register"):
        run(Scenario(factories=("atlantis",)), catalog)


def test_a_projection_of_one_factory_is_that_of_all(catalog, base):
    alone = run(Scenario(factories=("romania",)), catalog)
    row = [site.key for site in base.plan.sites].index("romania")
    assert alone.cash_usd[0, 0] == pytest.approx(base.cash_usd[0, row], rel=1e-12)
