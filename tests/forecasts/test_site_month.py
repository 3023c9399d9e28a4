"""What stands on a site at the end of a month: it adds up, and agrees with the projection."""

import numpy as np
import pytest

from forecasts.energy_mix import energy_mix
from forecasts.engine import Result, run
from forecasts.lines import CAPEX_LINES
from forecasts.presets import PRESETS, preset
from forecasts.scenario import Scenario
from forecasts.site_month import SiteMonth, Stage, site_month

BRIDGED = Scenario(grid_delay_months=24, bridge_power_share=0.5, grid_step_mw=30.0)


@pytest.fixture(scope="module", params=[*PRESETS, "bridged"])
def made(request: pytest.FixtureRequest) -> Result:
    return run(BRIDGED if request.param == "bridged" else preset(request.param))


def _months(result: Result, row: int) -> list[SiteMonth]:
    return [site_month(result, row, month) for month in range(0, result.plan.months, 7)]


def test_halls_add_up_to_the_live_load_in_every_month(made: Result) -> None:
    for row in range(len(made.plan.sites)):
        for one in _months(made, row):
            assert sum(hall.live_mw for hall in one.halls) == pytest.approx(one.live_mw)
            assert one.live_mw == made.sales.live_mw[row, one.month]
            assert one.facility_mw == pytest.approx(one.live_mw + one.cooling_mw)


def test_stages_follow_the_dates_of_the_phases(made: Result) -> None:
    for row, phases in enumerate(made.phases):
        for one in _months(made, row):
            for hall, phase in zip(one.halls, phases, strict=True):
                dates = (phase.decision, phase.construction, phase.energised, phase.live)
                passed = sum(one.month >= date for date in dates)
                order = [*Stage][passed]
                assert hall.stage is order or (hall.stage, order) == (Stage.EMPTY, Stage.LIVE)
                assert (hall.built == 1) == (one.month >= phase.energised - 1)
                assert hall.until is None or hall.until > one.month
                assert hall.since is None or hall.since <= one.month


def test_racks_stand_from_the_energised_hall_on_and_are_ordered_before(made: Result) -> None:
    for row, phases in enumerate(made.phases):
        for one in _months(made, row):
            for hall, phase in zip(one.halls, phases, strict=True):
                if one.month < phase.energised:
                    assert hall.racks == 0
                    assert (hall.ordered_racks > 0) == (one.month >= phase.order)
                elif hall.stage is Stage.ENERGISED:
                    assert hall.racks == phase.racks == hall.planned_racks


def test_capex_is_that_of_the_lines_and_all_is_spent_at_the_end(made: Result) -> None:
    for row in range(len(made.plan.sites)):
        months = _months(made, row)
        spent = [one.capex_usd for one in months]
        assert spent == sorted(spent)
        whole = -sum(float(made.lines[name][0, row].sum()) for name in CAPEX_LINES)
        assert months[0].planned_capex_usd == pytest.approx(whole)
        last = site_month(made, row, made.plan.months - 1)
        assert last.capex_usd == pytest.approx(whole)


def test_sources_are_those_of_the_energy(made: Result) -> None:
    for row in range(len(made.plan.sites)):
        mix = energy_mix(made, row)
        for one in _months(made, row):
            if one.live_mw > 0:
                shares = (one.grid_share, one.ppa_share, one.bridge_share)
                assert sum(shares) == pytest.approx(1.0)
                bridge = float(mix.bridge_mwh[one.month])
                assert one.bridge_share * mix.used_mwh[one.month] == pytest.approx(bridge)
            else:
                assert one.grid_share == one.ppa_share == one.bridge_share == 0
                assert one.sold_share is None


def test_generators_carry_a_site_until_its_grid_which_comes_in_steps() -> None:
    result = run(BRIDGED)
    row = next(
        row for row, phases in enumerate(result.phases) if phases and phases[0].bridged_months
    )
    first = result.phases[row][0]
    before, after = (site_month(result, row, month) for month in (first.grid - 1, first.grid))
    assert before.grid_mw == 0
    assert before.bridge_mw == pytest.approx(
        0.5
        * before.pue
        * sum(
            phase.it_mw
            for phase in result.phases[row]
            if phase.energised < first.grid <= phase.grid
        )
    )
    assert not before.halls[0].on_grid
    assert after.halls[0].on_grid
    assert after.grid_mw == min(30.0, after.contracted_mw)
    steps = [site_month(result, row, month).grid_mw for month in range(result.plan.months)]
    assert np.all(np.diff(steps) >= 0)
    assert steps[-1] == after.contracted_mw


def test_a_month_outside_is_refused() -> None:
    result = run(preset("base"))
    with pytest.raises(ValueError, match="month 180 is outside the projection: use 0 to 179"):
        site_month(result, 0, 180)
