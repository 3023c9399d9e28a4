"""Power by source: a bridge until the grid comes, energy at a fixed price, and what they cost."""

from dataclasses import replace

import numpy as np
import pytest
from stages import planned, quantities, site

from forecasts.carbon import carbon_by_year, intensity, mixed
from forecasts.checks import check, failed
from forecasts.energy_mix import energy_mix, mix_gaps, mix_years
from forecasts.energy_used import energy_mwh
from forecasts.engine import evaluate, run
from forecasts.misfits import site_notes
from forecasts.phases import AS_ENTERED, BRIDGE, BUILT, CRITICAL, GRID
from forecasts.report import phase_data, power_by_source
from forecasts.scenario import Scenario

FLAT = np.full(180, 1e4)
LATE = {"factories": ("malaysia", "romania"), "grid_delay_months": 30}


@pytest.fixture(scope="module")
def waiting(catalog):
    return run(Scenario(**LATE), catalog)


@pytest.fixture(scope="module")
def bridged(catalog):
    return run(Scenario(**LATE, bridge_power_share=1.0), catalog)


def dates(phase):
    return phase.energised, phase.grid, phase.live, phase.critical


def test_without_a_bridge_every_phase_has_its_grid_when_it_is_energised(base, waiting):
    for result in (base, waiting):
        assert all(phase.grid == phase.energised for own in result.phases for phase in own)
        assert not any(phase.bridged_months for own in result.phases for phase in own)


def test_a_bridge_takes_away_the_wait_for_the_grid_and_nothing_else():
    q = quantities(bridge_power_share=1.0, bridge_lead_months=10, commissioning_months=3)
    first = planned(q, site(), FLAT)[0]  # permit 6 and building 12; grid 24
    assert dates(first) == (18, 24, 21, CRITICAL[BUILT])
    q = quantities(bridge_power_share=1.0, bridge_lead_months=20, commissioning_months=3)
    assert dates(planned(q, site(), FLAT)[0]) == (20, 24, 23, CRITICAL[BRIDGE])


@pytest.mark.parametrize("lead", [24, 30])
def test_generators_that_come_no_sooner_than_the_grid_are_not_rented(lead):
    q = quantities(bridge_power_share=1.0, bridge_lead_months=lead, commissioning_months=3)
    assert dates(planned(q, site(), FLAT)[0]) == (24, 24, 27, CRITICAL[GRID])


def test_later_phases_come_under_the_first_permit_and_are_bridged_until_the_same_grid():
    q = quantities(
        bridge_power_share=1.0, bridge_lead_months=2, grid_lead_months=60, phase_spacing_months=1
    )
    first, second, third = planned(q, site(), FLAT)
    assert dates(first)[:2] == (18, 60)
    assert second.decision == 1
    assert dates(second)[:2] == (18, 60)  # built by 13, but the permit came with the first
    assert third.grid == 60


def test_a_step_of_the_grid_is_bridged_too():
    stated = {"grid_step_mw": 12.5, "grid_step_months": 40, "bridge_lead_months": 4}
    late = planned(quantities(**stated), site(), FLAT)[1]
    soon = planned(quantities(**stated, bridge_power_share=0.5), site(), FLAT)[1]
    assert late.energised == late.grid == 24 + 40
    assert soon.energised < late.energised
    assert soon.grid == late.grid


def test_an_entered_date_has_its_power_and_an_open_one_is_bridged():
    entered = ((2, 9, 20, 0), (2, -1, 20, 0))
    q = quantities(bridge_power_share=1.0, bridge_lead_months=2, grid_lead_months=60)
    first, _ = planned(q, site(entered=entered), FLAT)
    assert dates(first)[:2] == (9, 9)
    assert first.critical == CRITICAL[AS_ENTERED]
    alone = planned(q, site(entered=entered[1:]), FLAT)[0]
    assert dates(alone)[:2] == (2 + 18, 2 + 60)


@pytest.mark.parametrize("share", [0.25, 1.0])
def test_phases_come_sooner_only_by_what_the_grid_alone_held_back(catalog, waiting, share):
    on_time = run(Scenario(**LATE | {"grid_delay_months": 0}, bridge_lead_months=0), catalog)
    soon = run(Scenario(**LATE, bridge_power_share=share, bridge_lead_months=0), catalog)
    for at_best, first, late in zip(on_time.phases, soon.phases, waiting.phases, strict=True):
        assert at_best[0].critical != "grid"
        assert first[0].energised == at_best[0].energised < late[0].energised
        assert first[0].grid == late[0].energised
        for one, other in zip(first, late, strict=False):
            assert one.live <= other.live


def test_figures_of_a_scenario_without_sources_keep_their_bits(catalog, waiting):
    """Prices, lead and carbon of sources that carry nothing move no bit of anything."""
    other = {"bridge_lead_months": 1, "bridge_fuel_cost": 0.4, "bridge_rent": 90.0,
             "bridge_carbon": 900.0, "ppa_price": 0.3, "ppa_carbon": 5.0}  # fmt: skip
    again = run(Scenario(**LATE, **other), catalog)
    assert again.phases == waiting.phases
    assert all((again.lines[name] == usd).all() for name, usd in waiting.lines.items())
    assert (again.figures == waiting.figures).all()
    assert carbon_by_year(again, 0) == carbon_by_year(waiting, 0)


def test_a_month_by_hand(catalog):
    """Malaysia a month after its first sales, on generators for its first phase alone."""
    stated = {"ppa_share": 0.25, "bridge_fuel_cost": 0.12, "bridge_rent": 30.0, "inflation": 0.02}
    result = run(Scenario(**LATE, bridge_power_share=0.6, **stated), catalog)
    q, first = result.plan.quantities[0], result.phases[0][0]
    month = first.live + 1
    assert first.live < month < first.grid
    assert result.sales.live_mw[0, month] == pytest.approx(0.6 * first.it_mw)
    hours = first.gpus * 730.0
    assert result.sales.installed_gpu_hours[0, month] == pytest.approx(0.6 * hours)
    ready = 0.6 * hours * q["availability"] * 2 / q["ramp_months"]
    assert result.sales.available_gpu_hours[0, month] == pytest.approx(ready)
    mwh = energy_mwh(result, 0)[month]
    level = 1.02 ** (month / 12)
    rent = 0.6 * first.it_mw * 1000 * q["pue"] * 30.0 * level
    cost = mwh * 1000 * 0.12 * level + rent
    assert -result.lines["power"][0, 0, month] == pytest.approx(cost)
    grid = first.grid  # from here on the grid carries it, a quarter at the agreed price
    mwh = energy_mwh(result, 0)[grid]
    local = 1 + q["power_local_share"] * (result.drivers.local_index[0, 0, grid] - 1)
    price = q["power_price"] * result.drivers.power_index[0, 0, grid] * local
    cost = mwh * 1000 * (0.75 * price + 0.25 * 0.09 * 1.02 ** (grid / 12))
    later = [one for one in result.phases[0][1:] if one.energised <= grid < one.grid]
    assert not later
    assert -result.lines["power"][0, 0, grid] == pytest.approx(cost)


def test_rent_is_paid_from_the_energised_hall_to_the_grid(bridged):
    for row, own in enumerate(bridged.phases):
        first, mix = own[0], energy_mix(bridged, row)
        assert first.energised < first.live
        paid = np.flatnonzero(mix.bridge_rent_usd)
        assert (paid[0], paid[-1]) == (first.energised, first.grid - 1)
        assert all(one.grid == first.grid for one in own if one.bridged_months)
        assert (bridged.lines["power"][0, row, first.energised : first.live] < 0).all()
        assert not bridged.lines["income_tax"][0, row, : first.live].any()


@pytest.mark.parametrize(
    "stated",
    [
        {"bridge_power_share": 1.0},
        {"bridge_power_share": 0.3, "lease_share": 0.4, "ppa_share": 0.5, "fx_change": 0.3,
         "power_local_share": 0.7},
        {"bridge_power_share": 0.9, "grid_step_mw": 25.0, "hardware_life_years": 1.5},
        {"ppa_share": 1.0, "power_price": 0.0},
    ],
)  # fmt: skip
def test_sources_add_up_to_energy_and_to_the_line_of_power(catalog, stated):
    result = run(Scenario(**LATE, **stated), catalog)
    assert failed(check(result)) == []
    assert max(mix_gaps(result)) < 1e-12
    for row in range(2):
        months, yearly = energy_mix(result, row).columns, mix_years(result, row).columns
        assert all((values >= 0).all() for values in months.values())
        for name, values in months.items():
            assert yearly[name].sum() == pytest.approx(values.sum())


def test_a_wrong_line_of_power_fails_the_check(bridged):
    lines = dict(bridged.lines) | {"power": bridged.lines["power"] * 1.001}
    names = {one.name for one in failed(check(replace(bridged, lines=lines)))}
    assert "power is paid by source" in names


def test_a_path_alone_gives_the_bits_it_gives_among_others(bridged):
    twice = replace(
        bridged.drivers,
        **{
            name: np.concatenate([getattr(bridged.drivers, name)] * 2)
            for name in ("regional_mw", "gpu_price_index", "power_index", "local_index",
                         "rack_price_index", "slip_months")
        },
    )  # fmt: skip
    both = evaluate(bridged.plan, twice)
    for name, usd in bridged.lines.items():
        assert (both.lines[name][1] == usd[0]).all(), name


def test_debt_is_carried_by_racks_without_power_as_by_others(catalog):
    half = run(Scenario(**LATE, bridge_power_share=0.5), catalog)
    whole = run(Scenario(**LATE, bridge_power_share=1.0), catalog)
    cover = half.finance["cfads"][0] > 0
    assert cover.any()
    for row in range(2):
        assert half.debt.size_usd[row, 0].sum() < whole.debt.size_usd[row, 0].sum()
    assert not [one for one in check(half) if one.name == "debt service is covered"]


def test_carbon_is_counted_by_source(bridged):
    q, grid = bridged.plan.quantities[0], intensity(bridged, 0, -0.02)
    mix, grams = energy_mix(bridged, 0), mixed(bridged, 0, grid)
    used = mix.used_mwh > 0
    wanted = mix.grid_mwh * grid + mix.ppa_mwh * 48.0 + mix.bridge_mwh * q["bridge_carbon"]
    assert (grams * mix.used_mwh)[used] == pytest.approx(wanted[used])
    bridge = mix.bridge_mwh.sum() * 0.6
    told = sum(one.carbon_t for one in carbon_by_year(bridged, 0))
    assert told > bridge > 0


def test_the_report_holds_years_and_where_there_is_a_source_months(base, bridged):
    alone, told = power_by_source(base, 0), power_by_source(bridged, 0)
    assert alone["monthly"]["month"] == []
    assert len(alone["annual"]["year"]) == len(alone["annual"]["grid_mwh"])
    assert len(told["monthly"]["month"]) == len(told["monthly"]["bridge_rent_usd"]) > 100
    phase = phase_data(bridged, 0, bridged.phases[0][0])
    assert phase["energised"] < phase["on_grid"]


def test_a_bridge_that_carries_nothing_or_everything_is_told(catalog):
    idle = run(Scenario(factories=("romania",), bridge_power_share=1.0), catalog)
    assert "the bridge is used" in dict(site_notes(idle, 0))
    never = run(
        Scenario(factories=("romania",), bridge_power_share=1.0, grid_delay_months=300), catalog
    )
    assert "the grid takes over" in dict(site_notes(never, 0))
    assert failed(check(never)) == []


@pytest.mark.parametrize(
    ("name", "value"),
    [("bridge_power_share", 1.1), ("ppa_share", -0.1), ("bridge_rent", -1.0),
     ("bridge_fuel_cost", 9.0), ("bridge_lead_months", -1), ("ppa_price", float("nan"))],
)  # fmt: skip
def test_values_that_cannot_be_are_refused(name, value):
    with pytest.raises(ValueError, match=name):
        Scenario(**{name: value})
