"""Space let to tenants with racks of their own: rent, power, exit, and what it leaves alone."""

import dataclasses

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from replicated import assert_every_line_agrees

from data.catalog import bundled
from forecasts.cases import commit, follow
from forecasts.checks import check, failed
from forecasts.drivers import central
from forecasts.engine import evaluate, inputs, outputs, run
from forecasts.kernel import ALL_LINES, ALL_TRACKS
from forecasts.lines import CAPEX_LINES, LEASE_LINES, LINE, LINES
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.report import annual_frame, projection
from forecasts.returns import factory_returns
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertain import Sampler
from forecasts.waterfall import FINANCE

ONE = ("malaysia",)
LET = Scenario(factories=ONE, lease_share=0.25)

OTHER_TERMS = {
    "lease_rent": 300.0, "lease_escalator": 0.1, "lease_vacancy": 0.5, "lease_up_months": 3,
    "lease_power_billed": 0.2, "lease_cap_rate": 0.2,
}  # fmt: skip


@pytest.fixture(scope="module")
def let():
    return run(LET)


@pytest.fixture(scope="module")
def unlet():
    return run(Scenario(factories=ONE))


def same(one, two):
    for name in LINES:
        assert np.array_equal(one.lines[name], two.lines[name]), name
    assert np.array_equal(one.figures, two.figures)
    assert np.array_equal(one.cash_usd, two.cash_usd)


def test_with_nothing_let_the_terms_of_a_lease_move_no_bit(unlet):
    same(unlet, run(Scenario(factories=ONE, **OTHER_TERMS)))


def test_a_quarter_is_let_in_whole_places_of_the_same_hall(let, unlet):
    for one, all_racks in zip(let.phases[0], unlet.phases[0], strict=True):
        places = round(all_racks.racks * 0.25)
        assert one.racks == all_racks.racks - places
        assert one.leased_mw == pytest.approx(places * all_racks.it_mw / all_racks.racks)
        assert (one.it_mw, one.live, one.decision) == (
            all_racks.it_mw,
            all_racks.live,
            all_racks.decision,
        )


def test_let_space_needs_a_hall_and_no_racks(let, unlet):
    facility = ("shell", "electrical", "cooling", "grid_connection", "land", "owners_cost")
    for name in (*facility, "property_tax", "staff", "maintenance", "connectivity"):
        assert let.lines[name] == pytest.approx(unlet.lines[name], rel=1e-12), name
    part = sum(one.racks for one in let.phases[0]) / sum(one.racks for one in unlet.phases[0])
    assert 0.74 < part < 0.77
    assert let.lines["racks"].sum() / unlet.lines["racks"].sum() == pytest.approx(part, abs=0.01)
    for name in ("software", "hardware_support", "refresh", "cloud_platform"):
        assert abs(let.lines[name].sum()) < abs(unlet.lines[name].sum()), name


def test_the_rent_of_each_phase_steps_on_its_own_anniversary(let):
    q = let.plan.quantities[0]
    wanted = np.zeros(let.plan.months)
    for phase in let.phases[0]:
        begun = q["lease_rent"] * (1 + q["inflation"]) ** (phase.live / 12)
        for month in range(phase.live, let.plan.months):
            years = (month - phase.live) // 12
            kept = (1 - q["lease_vacancy"]) * min((month - phase.live + 1) / 12, 1)
            wanted[month] += (
                phase.leased_mw * 1000 * kept * begun * (1 + q["lease_escalator"]) ** years
            )
    assert let.lines["lease_rent"][0, 0] == pytest.approx(wanted, rel=1e-12)


def test_power_is_billed_at_cost_as_far_as_agreed(let):
    most = run(LET.having(lease_power_billed=0.9))
    assert most.lines["tenant_power"] == pytest.approx(0.9 * let.lines["tenant_power"])
    assert np.array_equal(most.lines["power"], let.lines["power"])
    none = run(LET.having(lease_vacancy=1.0))
    cost = none.lines["power"][0, 0] - let.lines["power"][0, 0]
    # Space that stands empty leaves more demand for hours: compare where hours are all sold.
    full = let.sales.sold_share[0, 0] == none.sales.sold_share[0, 0]
    assert full.sum() > 24
    assert cost[full] == pytest.approx(let.lines["tenant_power"][0, 0][full], rel=1e-9)


def test_no_more_is_let_than_is_wanted_and_hours_get_what_is_left():
    result = run(LET.having(demand_change=-0.9, lease_share=0.9))
    sales, demand = result.sales, result.demand_mw
    assert (sales.let_mw <= demand).all()
    tight = sales.let_mw[0, 0] == demand[0, 0]
    assert tight.any()
    assert sales.sold_gpu_hours[0, 0, tight].max() == 0.0
    assert failed(check(result)) == []


def net_rents(result):
    """Net rent of every month, from lines alone, for a factory."""
    q, lines = result.plan.quantities[0], {name: usd[0, 0] for name, usd in result.lines.items()}
    free = run(result.plan.scenario.having(lease_power_billed=1.0))
    tenants = free.lines["tenant_power"][0, 0]
    shared = sum(
        lines[name]
        for name in ("staff", "security_operations", "compliance", "maintenance",
                     "property_tax", "connectivity")
    )  # fmt: skip
    live = np.maximum(result.sales.live_mw[0], 1e-9)
    month = np.arange(result.plan.months)
    halls = sum(
        result.assets.facility_usd[0, n] * (month >= one.live)
        for n, one in enumerate(result.phases[0])
    )
    insured = -halls * q["insurance_share"] / 12
    own = lines["lease_rent"] * (1 - q["overhead_share"]) + lines["tenant_power"] - tenants
    return own + (shared + insured) * result.sales.leased_mw[0] / live


@pytest.mark.parametrize("billed", [1.0, 0.5])
def test_let_space_is_sold_at_a_cap_rate_on_the_net_rent_of_the_last_year(billed):
    result = run(LET.having(lease_power_billed=billed))
    kept = run(LET.having(lease_power_billed=billed, lease_cap_rate=0.0))
    months, q = result.plan.months, result.plan.quantities[0]
    replaced = 0.0
    for place, phase in enumerate(result.phases[0]):
        age = (months - phase.live) / 12 / q["facility_life_years"]
        left = result.assets.facility_usd[0, place] * max(1 - age, 0)
        left += result.assets.land_usd[0, place]
        replaced += left * phase.leased_mw / phase.it_mw
    worth = net_rents(result)[-12:].sum() / q["lease_cap_rate"]
    found = result.lines["terminal_value"][0, 0, -1] - kept.lines["terminal_value"][0, 0, -1]
    assert found == pytest.approx(worth - replaced, rel=1e-9)
    cheap = run(LET.having(lease_rent=0.0, lease_power_billed=billed))
    found = cheap.lines["terminal_value"][0, 0, -1] - kept.lines["terminal_value"][0, 0, -1]
    assert found == pytest.approx(-replaced, rel=1e-9)


def test_lenders_take_a_lease_for_a_contract():
    hours = {"contracted_share": 0.0, "merchant_dscr": 3.0, "gearing": 0.9, "factories": ONE}

    def debt(share: float, cover: float) -> float:
        made = run(Scenario(lease_share=share, target_dscr=cover, gpu_hour_price=14.0, **hours))
        return factory_returns(made, 0)["debt"].value or 0.0

    assert debt(0.0, 1.2) == debt(0.0, 1.8)
    assert debt(0.5, 1.2) > debt(0.5, 1.8) > 0


def test_tenants_lower_the_cost_of_hours_and_are_no_part_of_their_price(let):
    found = factory_returns(let, 0)
    hours = let.sales.sold_gpu_hours[0, 0] @ let.factors[0]
    paid = let.total(LEASE_LINES)[0, 0] @ let.factors[0]
    revenue = let.total(("contracted_compute", "merchant_compute", "tokens", "services"))
    assert found["levelised_price"].value == pytest.approx(revenue[0, 0] @ let.factors[0] / hours)
    names = [n for n, one in LINES.items() if one.group in {"opex", "capex", "refresh"}]
    names += ["grants", "resale", "terminal_value"]
    cost = -(let.total(tuple(names))[0, 0] @ let.factors[0])
    assert found["lcoc"].value == pytest.approx((cost - paid) / hours)


def test_every_line_of_a_factory_that_lets_equals_an_independent_replica():
    given_terms = {**OTHER_TERMS, "lease_vacancy": 0.1, "lease_share": 0.4, "fx_drift": -0.02}
    result = run(Scenario(factories=("malaysia", "romania", "kenya"), **given_terms))
    assert_every_line_agrees(result)


leases = st.fixed_dictionaries(
    {
        "lease_share": st.floats(0.01, 0.9),
        "lease_rent": st.floats(0, 600),
        "lease_escalator": st.floats(-0.2, 0.3),
        "lease_vacancy": st.floats(0, 1),
        "lease_up_months": st.integers(0, 60),
        "lease_power_billed": st.floats(0, 1),
        "lease_cap_rate": st.one_of(st.just(0.0), st.floats(0.01, 0.5)),
        "demand_change": st.floats(-0.9, 1.0),
        "gearing": st.sampled_from([0.0, 0.6, 0.9]),
        "cash_sweep": st.sampled_from([0.0, 0.5]),
        "grant_share": st.floats(0, 0.5),
        "months": st.sampled_from([24, 60, 121, 240, 480]),
        "hardware_life_years": st.sampled_from([2.5, 5.0]),
    }
)
FEW = settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))


@FEW
@given(leases)
def test_identities_hold_whatever_is_let(terms):
    result = run(Scenario(factories=("malaysia", "kenya"), **terms))
    assert failed(check(result)) == []
    capex = -result.total(CAPEX_LINES)[0].sum(axis=-1)
    found = [factory_returns(result, row)["capex"].value for row in range(2)]
    assert capex == pytest.approx(found, rel=1e-9)
    assert (result.lines["lease_rent"] >= 0).all()


@FEW
@given(leases)
def test_doubling_every_price_doubles_every_cash_flow_of_a_lease(terms):
    catalog = bundled()
    plan = compile_plan(Scenario(factories=("malaysia",), **terms), catalog)
    drivers = central(plan, outlook(catalog))
    priced = [
        "rack_price", "build_cost", "grid_connection_cost", "land_price", "power_price",
        "staff_base", "staff_cost", "software_cost", "security_operations_cost",
        "compliance_cost", "connectivity_cost", "gpu_hour_price", "lease_rent",
    ]  # fmt: skip
    doubled = plan.having(**{name: plan[name] * 2 for name in priced})
    one, two = evaluate(plan, drivers), evaluate(doubled, drivers)
    scale = np.abs(one.cash_usd).max()
    assert np.abs(two.cash_usd - 2 * one.cash_usd).max() <= 1e-9 * scale


def test_path_0_of_many_is_the_base_case_of_a_lease(let):
    drivers = let.drivers
    many = {}
    rng = np.random.default_rng(3)
    for name in ("regional_mw", "gpu_price_index", "power_index", "rack_price_index",
                 "local_index"):  # fmt: skip
        one = getattr(drivers, name)
        moves = np.exp(rng.normal(0, 0.05, (4, *one.shape[1:])))
        moves[0] = 1.0
        many[name] = one * moves
    spread = dataclasses.replace(drivers, **many)
    found = evaluate(let.plan, spread)
    for name in LINES:
        assert np.array_equal(found.lines[name][0], let.lines[name][0]), name
    assert np.array_equal(found.cash_usd[0], let.cash_usd[0])
    assert not np.array_equal(found.lines["tenant_power"][1], let.lines["tenant_power"][0])


def test_a_year_says_what_is_let_and_how_many_hours_were_useful(let):
    frame = annual_frame(let, 0)
    assert (frame["let_mw"] <= frame["leased_mw"]).all()
    assert (frame["leased_mw"] <= frame["live_mw"]).all()
    assert frame["useful_gpu_hours"].to_numpy() == pytest.approx(0.9 * frame["sold_gpu_hours"])
    told = projection(let, check(let))["factories"][0]
    assert told["phases"][0]["leased_mw"] == let.phases[0][0].leased_mw
    assert told["annual"][-1]["lease_rent_usd"] == pytest.approx(frame["lease_rent_usd"].iloc[-1])


def test_an_hour_that_counts_costs_more_than_an_hour_sold(unlet):
    found = factory_returns(unlet, 0)
    assert found["lcoc_useful"].value == pytest.approx(found["lcoc"].value / 0.9)
    half = factory_returns(run(Scenario(factories=ONE, useful_share=0.5)), 0)
    assert half["lcoc_useful"].value == pytest.approx(2 * found["lcoc"].value)
    assert half["npv"].value == found["npv"].value


@pytest.mark.parametrize(
    ("name", "value"),
    [("lease_share", 0.95), ("lease_share", -0.1), ("lease_cap_rate", 0.6), ("lease_rent", -1.0)],
    ids=["too much", "negative", "cap rate", "rent"],
)
def test_terms_outside_their_limits_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Scenario(**{name: value})


def test_a_share_too_small_for_a_place_is_named():
    result = run(Scenario(factories=("romania",), lease_share=0.005))
    assert result.lines["lease_rent"].sum() == 0
    assert "space is let in whole rack places" in {one.name for one in check(result)}


def test_a_cap_rate_that_nobody_pays_is_named():
    def told(rate: float) -> set[str]:
        return {one.name for one in check(run(LET.having(lease_cap_rate=rate)))}

    name = "let space is sold for what others pay"
    assert name in told(0.01)
    assert name not in told(0.065) | told(0.0)


def test_a_belief_on_the_cap_rate_spreads_the_value_at_the_end_and_nothing_before(catalog):
    stated = {"distribution": "triangular", "low": 0.055, "mode": 0.065, "high": 0.09}
    plan = compile_plan(LET.having(beliefs={"lease_cap_rate": stated}), catalog)
    sampler = Sampler(plan, outlook(catalog), catalog, Design(32, 3))
    quantities, drivers = sampler.draw(slice(0, 32))
    still = quantities.copy()
    still["lease_cap_rate"] = 0.065

    def lines(terms):
        given_paths, out = inputs(plan, drivers, terms), outputs(plan)
        commit(given_paths, out)
        found = []
        for path in range(32):
            books = [np.zeros((1, n, plan.months)) for n in (ALL_LINES, ALL_TRACKS, len(FINANCE))]
            follow(given_paths, out, path, tuple(books))
            found.append(books[0][0])
        return np.array(found)

    drawn, plain = lines(quantities), lines(still)
    rates = quantities["lease_cap_rate"][:, 0]
    assert len(set(rates.tolist())) > 16
    assert ((rates >= 0.055) & (rates <= 0.09)).all()
    end = LINE["terminal_value"]
    gap = drawn[:, end, -1] - plain[:, end, -1]
    assert (np.sign(gap) == np.sign(0.065 - rates)).all()
    before = [place for name, place in LINE.items() if name not in {"terminal_value", "income_tax"}]
    assert np.array_equal(drawn[:, before], plain[:, before])
