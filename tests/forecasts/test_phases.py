"""Build-out: dates follow lead times, demand and the site's limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stages import LATER, VERA_RUBIN, building, planned, quantities, site

from forecasts.cohorts import fit_out, tabulated
from forecasts.hardware import on_sale
from forecasts.phases import Phase


def plan(demand, *, roadmap=(VERA_RUBIN,), announced=True, entered=(), **stated):
    where = site(*roadmap, announced=announced, entered=entered)
    return planned(quantities(**stated), where, demand)


def grown(start: float, step: float, months: int = 180) -> np.ndarray:
    return start + step * np.arange(months)


def test_the_grid_decides_when_it_is_slower_than_the_building():
    first = plan(grown(0, 0))[0]
    assert (first.decision, first.energised, first.live) == (0, 24, 27)
    assert (first.construction, first.order, first.critical) == (12, 15, "grid")


def test_the_building_decides_when_it_is_slower():
    first = plan(grown(0, 0), grid_lead_months=10)[0]
    assert (first.energised, first.critical) == (18, "construction")


def test_work_already_done_shortens_permit_and_grid_but_not_the_delay():
    first = plan(grown(0, 0), lead_months_done=20, grid_delay_months=7)[0]
    assert first.energised == max(0 + 12, 4 + 7)


def test_a_delayed_grid_moves_everything_by_as_many_months():
    early = plan(grown(0, 0))[0]
    late = plan(grown(0, 0), grid_delay_months=5)[0]
    assert (late.energised - early.energised, late.live - early.live) == (5, 5)


def test_without_demand_only_the_announced_phase_is_built():
    assert len(plan(grown(0, 0))) == 1


def test_a_later_phase_is_decided_when_demand_at_its_end_is_enough():
    demand = grown(0, 0.2)
    phases = plan(demand)
    committed = phases[0].it_mw
    second = phases[1]
    needed = (committed + 10.0) * 0.8
    assert demand[second.live] >= needed
    assert demand[second.live - 1] < needed or second.decision == phases[0].decision + 12


def test_a_candidate_is_sized_by_the_demand_it_will_find():
    demand = grown(0, 0.1)
    first = plan(demand, announced=False)[0]
    wanted = demand[first.live + 24] / 0.8
    assert first.it_mw <= wanted < first.it_mw + 0.227
    none = plan(grown(0, 0), announced=False)[0]
    assert none.racks == 8
    full = plan(grown(100, 0), announced=False)[0]
    assert full.racks == 44


def test_the_site_and_the_number_of_phases_bound_the_build():
    demand = grown(1000, 0)
    assert len(plan(demand, max_phases=2)) == 2
    small = plan(demand, site_capacity_mw=15.0)
    assert sum(phase.it_mw for phase in small) * 1.25 <= 15.0


def test_nothing_is_begun_that_would_hardly_run():
    assert plan(grown(0, 0), grid_lead_months=150)[0].live == 153
    assert plan(grown(0, 0), grid_lead_months=160) == ()


def test_a_site_too_small_for_one_rack_has_no_phase():
    assert plan(grown(10, 0), site_capacity_mw=0.2) == ()


def test_racks_are_of_the_generation_on_sale_at_delivery():
    phases = plan(
        grown(100, 0),
        roadmap=(
            VERA_RUBIN,
            LATER,
        ),
    )
    assert [phase.generation for phase in phases] == [0, 1, 1], "the first was announced"
    candidate = plan(
        grown(100, 0),
        announced=False,
        roadmap=(
            VERA_RUBIN,
            LATER,
        ),
    )
    assert [phase.generation for phase in candidate] == [1, 1, 1]
    soon = plan(
        grown(100, 0),
        announced=False,
        grid_lead_months=10,
        roadmap=(
            VERA_RUBIN,
            LATER,
        ),
    )
    assert soon[0].generation == 0
    assert on_sale(site(VERA_RUBIN, LATER).roadmap, 20) == 0


@given(
    st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(0, 20),
    st.floats(300, 50_000), st.floats(0, 3),
)  # fmt: skip
def test_every_plan_is_possible(grid, permit, construction, rack_lead, phase_kw, step):
    phases = plan(
        grown(1, step), roadmap=(VERA_RUBIN, LATER), grid_lead_months=grid, permit_months=permit,
        construction_months=construction, rack_lead_months=rack_lead, phase_racks=phase_kw / 227,
    )  # fmt: skip
    total = 0.0
    for phase, before in zip(phases, (None, *phases), strict=False):
        total += phase.it_mw
        assert phase.racks * 227.0 / 1000 == pytest.approx(phase.it_mw)
        assert phase.energised - phase.decision >= min(construction, grid + permit)
        assert phase.order >= phase.decision
        if before is not None:
            assert phase.decision >= before.decision + 12
            assert phase.energised >= phases[0].energised
    assert total * 1.25 <= 100.0 * (1 + 1e-9)


def test_a_transformer_can_decide_the_date():
    first = plan(grown(0, 0), transformer_months=30)[0]
    assert (first.energised, first.critical) == (30, "transformer")
    begun = plan(grown(0, 0), transformer_months=30, lead_months_done=8)[0]
    assert (begun.energised, begun.critical) == (22, "transformer")


def test_power_that_comes_in_steps_holds_later_phases_back():
    demand = grown(1000, 0)
    at_once = plan(demand, phase_spacing_months=1)
    stepped = plan(demand, phase_spacing_months=1, grid_step_mw=13.0, grid_step_months=18)
    assert [phase.energised for phase in at_once] == [24, 24, 24]
    assert [phase.energised for phase in stepped] == [24, 42, 60]
    assert [phase.critical for phase in stepped] == ["grid", "grid step", "grid step"]


def test_entered_phases_stand_as_entered():
    entered = ((3, 20, 30, 0), (9, -1, 12, -1))
    first, second = plan(grown(0, 0), entered=entered, roadmap=(VERA_RUBIN, LATER))
    assert (first.decision, first.energised, first.racks, first.critical) == (3, 20, 30, "entered")
    assert (second.decision, second.energised, second.racks) == (9, 21, 12)
    assert second.generation == 1
    assert len(plan(grown(0, 0, 22), entered=entered)) == 0, "past the horizon"


def test_a_phase_in_the_wrong_order_says_so():
    with pytest.raises(ValueError, match="each must not come before the one before it"):
        Phase(1, 10, 5, 4, 12, 15, 0, 1, 72, 0.2, "grid")


def cohorts(life_years, *generations):
    row = (0, 5, 8, 17, 20, 0, 10, 720, 0, 2.27)
    build = building([row])
    fit_out(quantities(hardware_life_years=life_years), site(*generations), build, 180)
    return tabulated(build.cohorts[None, : build.made[1]])


def test_racks_are_replaced_at_the_end_of_their_life_until_little_time_is_left():
    found = cohorts(5.0, VERA_RUBIN, LATER)
    assert found.live[0].tolist() == [20, 80, 140]
    assert found.order[0].tolist() == [8, 71, 131]
    assert found.end[0].tolist() == [80, 140, 180]
    assert found.generation[0].tolist() == [0, 1, 1]
    assert found.is_refresh[0].tolist() == [False, True, True]
    served = found.in_service(180)[0]
    assert served.sum(axis=0)[20:].tolist() == [1] * 160
    short = cohorts(6.25, VERA_RUBIN)
    assert short.end[0].tolist() == [95, 180], "with ten months left the old racks serve on"
