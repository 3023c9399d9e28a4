"""Build-out: dates follow lead times, demand and the site's limits."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from forecasts.cohorts import Renewal, cohorts_of
from forecasts.hardware import Generation, generation_on_sale
from forecasts.phases import Phase, SiteRules, plan_phases

VERA_RUBIN = Generation("vr_nvl72", -3, 227.0, 72)
LATER = Generation("successor_1", 21, 227.0, 72)


def rules(**changes) -> SiteRules:
    stated = {
        "decision": 0, "done": 0, "permit": 6, "grid": 24, "delay": 0, "construction": 12,
        "rack_lead": 9, "commissioning": 3, "spacing": 12, "phase_kw": 10_000.0, "max_phases": 3,
        "site_mw": 100.0, "pue": 1.25, "threshold": 0.8, "least_kw": 1_816.0, "announced": True,
    }  # fmt: skip
    return SiteRules(**(stated | changes))


def grown(start: float, step: float, months: int = 180) -> np.ndarray:
    return start + step * np.arange(months)


def test_the_grid_decides_when_it_is_slower_than_the_building():
    first = plan_phases(rules(), grown(0, 0), (VERA_RUBIN,))[0]
    assert (first.decision, first.energised, first.live) == (0, 24, 27)
    assert (first.construction, first.order, first.critical) == (12, 15, "grid")


def test_the_building_decides_when_it_is_slower():
    first = plan_phases(rules(grid=10), grown(0, 0), (VERA_RUBIN,))[0]
    assert (first.energised, first.critical) == (18, "construction")


def test_work_already_done_shortens_permit_and_grid_but_not_the_delay():
    first = plan_phases(rules(done=20, delay=7), grown(0, 0), (VERA_RUBIN,))[0]
    assert first.energised == max(0 + 12, 4 + 7)


def test_a_delayed_grid_moves_everything_by_as_many_months():
    early = plan_phases(rules(), grown(0, 0), (VERA_RUBIN,))[0]
    late = plan_phases(rules(delay=5), grown(0, 0), (VERA_RUBIN,))[0]
    assert (late.energised - early.energised, late.live - early.live) == (5, 5)


def test_without_demand_only_the_announced_phase_is_built():
    assert len(plan_phases(rules(), grown(0, 0), (VERA_RUBIN,))) == 1


def test_a_later_phase_is_decided_when_demand_at_its_end_is_enough():
    demand = grown(0, 0.2)
    phases = plan_phases(rules(), demand, (VERA_RUBIN,))
    committed = phases[0].it_mw
    second = phases[1]
    needed = (committed + 10.0) * 0.8
    assert demand[second.live] >= needed
    assert demand[second.live - 1] < needed or second.decision == phases[0].decision + 12


def test_a_candidate_is_sized_by_the_demand_it_will_find():
    demand = grown(0, 0.1)
    first = plan_phases(rules(announced=False), demand, (VERA_RUBIN,))[0]
    wanted = demand[first.live + 24] / 0.8
    assert first.it_mw <= wanted < first.it_mw + 0.227
    none = plan_phases(rules(announced=False), grown(0, 0), (VERA_RUBIN,))[0]
    assert none.racks == 8
    full = plan_phases(rules(announced=False), grown(100, 0), (VERA_RUBIN,))[0]
    assert full.racks == 44


def test_the_site_and_the_number_of_phases_bound_the_build():
    demand = grown(1000, 0)
    assert len(plan_phases(rules(max_phases=2), demand, (VERA_RUBIN,))) == 2
    small = plan_phases(rules(site_mw=15.0), demand, (VERA_RUBIN,))
    assert sum(phase.it_mw for phase in small) * 1.25 <= 15.0


def test_nothing_is_begun_that_would_hardly_run():
    assert plan_phases(rules(grid=150), grown(0, 0), (VERA_RUBIN,))[0].live == 153
    assert plan_phases(rules(grid=160), grown(0, 0), (VERA_RUBIN,)) == ()


def test_a_site_too_small_for_one_rack_has_no_phase():
    assert plan_phases(rules(site_mw=0.2), grown(10, 0), (VERA_RUBIN,)) == ()


def test_racks_are_of_the_generation_on_sale_at_delivery():
    phases = plan_phases(rules(), grown(100, 0), (VERA_RUBIN, LATER))
    assert [phase.generation for phase in phases] == [0, 1, 1], "the first was announced"
    candidate = plan_phases(rules(announced=False), grown(100, 0), (VERA_RUBIN, LATER))
    assert [phase.generation for phase in candidate] == [1, 1, 1]
    soon = plan_phases(rules(announced=False, grid=10), grown(100, 0), (VERA_RUBIN, LATER))
    assert soon[0].generation == 0
    assert generation_on_sale((VERA_RUBIN, LATER), 20) == 0


@given(
    st.integers(0, 60), st.integers(0, 60), st.integers(1, 40), st.integers(0, 20),
    st.floats(300, 50_000), st.floats(0, 3),
)  # fmt: skip
def test_every_plan_is_possible(grid, permit, construction, rack_lead, phase_kw, step):
    own = rules(
        grid=grid, permit=permit, construction=construction, rack_lead=rack_lead, phase_kw=phase_kw
    )
    phases = plan_phases(own, grown(1, step), (VERA_RUBIN, LATER))
    total = 0.0
    for phase, before in zip(phases, (None, *phases), strict=False):
        total += phase.it_mw
        assert phase.racks * 227.0 / 1000 == pytest.approx(phase.it_mw)
        assert phase.energised - phase.decision >= min(construction, grid + permit)
        assert phase.order >= phase.decision
        if before is not None:
            assert phase.decision >= before.decision + own.spacing
            assert phase.energised >= phases[0].energised
    assert total * own.pue <= own.site_mw * (1 + 1e-9)


def test_a_phase_in_the_wrong_order_says_so():
    with pytest.raises(ValueError, match="each must not come before the one before it"):
        Phase(1, 10, 5, 4, 12, 15, 0, 1, 72, 0.2, "grid")


def test_racks_are_replaced_at_the_end_of_their_life_until_little_time_is_left():
    phase = Phase(1, 0, 5, 8, 17, 20, 0, 10, 720, 2.27, "grid")
    found = cohorts_of(((phase,),), (Renewal(60, 9, 180),), ((VERA_RUBIN, LATER),))
    assert found.live[0].tolist() == [20, 80, 140]
    assert found.end[0].tolist() == [80, 140, 180]
    assert found.generation[0].tolist() == [0, 1, 1]
    assert found.is_refresh[0].tolist() == [False, True, True]
    served = found.in_service(180)[0]
    assert served.sum(axis=0)[20:].tolist() == [1] * 160
    short = cohorts_of(((phase,),), (Renewal(75, 9, 180),), ((VERA_RUBIN,),))
    assert short.end[0].tolist() == [95, 180], "with ten months left the old racks serve on"
