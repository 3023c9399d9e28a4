"""Phases as a scenario enters them, the rack library, and what is said when they do not fit."""

import pytest

from data.problems import RefusedError
from forecasts.checks import Level, check, failed
from forecasts.engine import run
from forecasts.rack_library import LABELS, rack_library
from forecasts.report import month_name
from forecasts.scenario import Scenario


def entered(*phases, **stated):
    return Scenario(factories=("belgium",), phases={"belgium": phases}, **stated)


def phase(decision="2027-03-01", racks=20, **more):
    return {"decision": decision, "racks": racks, **more}


def warnings(result):
    return {one.name: one.message for one in check(result) if one.level is Level.WARNING}


def test_phases_stand_as_entered(catalog):
    result = run(entered(phase(energised="2028-06-01"), phase("2029-01-01", 12)), catalog)
    first, second = result.phases[0]
    assert (month_name(result, first.decision), first.racks) == ("2027-03", 20)
    assert month_name(result, first.energised) == "2028-06"
    assert (month_name(result, second.decision), second.racks) == ("2029-01", 12)
    assert second.gpus == 12 * 72
    assert failed(check(result)) == []


def test_a_named_rack_has_its_own_power_price_and_hour(catalog):
    system = rack_library(catalog)["gb300_nvl72"]
    result = run(entered(phase(rack_model="gb300_nvl72"), rack_price_trend=0.0), catalog)
    own = result.phases[0][0]
    assert own.it_mw == pytest.approx(20 * system.kw / 1000)
    assert -result.lines["racks"].sum() == pytest.approx(20 * system.price_usd)
    assert failed(check(result)) == []


def test_the_library_holds_every_generation_with_its_sources(catalog):
    library = rack_library(catalog)
    assert list(library) == list(LABELS)
    for system in library.values():
        assert system.kw > 0
        assert system.gpus >= 32
        assert system.available
        assert system.cooling
        assert system.facts["kw"].source.url or "assumption" in str(system.facts["kw"].confidence)
    assert library["vr_nvl72"].kw == 227
    assert library["rubin_ultra_nvl576"].kw == 600
    assert library["hgx_h100"].kw_per_gpu < library["vr_nvl72"].kw_per_gpu


def test_a_phase_past_the_horizon_is_named(catalog):
    result = run(entered(phase(), phase("2041-06-01")), catalog)
    assert len(result.phases[0]) == 1
    assert "1 of 2 phases" in warnings(result)["phases lie within the horizon"]


def test_a_rack_too_dense_for_its_hall_is_named(catalog):
    dense = entered(phase(rack_model="rubin_ultra_nvl576"))
    assert "600 kW" in warnings(run(dense, catalog))["racks fit the hall"]
    fitting = entered(phase(rack_model="rubin_ultra_nvl576"), hall_density_kw=600)
    assert "racks fit the hall" not in warnings(run(fitting, catalog))


def test_more_power_than_the_site_or_the_step_is_named(catalog):
    large = warnings(run(entered(phase(racks=2000)), catalog))
    assert "the grid carries all phases" in large
    stepped = entered(phase(racks=60), grid_step_mw=5)
    assert (
        "5.0 MW are connected" in warnings(run(stepped, catalog))["the grid step carries the phase"]
    )
    assert "the grid step carries the phase" not in large


def test_a_loan_longer_than_its_racks_is_named(catalog):
    found = warnings(run(entered(phase(), debt_tenor_years=9), catalog))
    assert "cut to the racks' 5" in found["loans end before the racks do"]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"phases": {"atlantis": ()}}, "factory of the register"),
        ({"phases": {"belgium": (phase(rack_model="abacus"),)}}, "rack system"),
        ({"phases": {"belgium": (phase("2026-01-01"),)}}, "a decision from 2027-01 on"),
        ({"phases": {"belgium": (phase(energised="2027-02-01"),)}}, "before the hall"),
    ],
)
def test_what_cannot_be_built_is_refused(catalog, change, message):
    with pytest.raises(RefusedError, match=message):
        run(Scenario(**change), catalog)


def test_entered_phases_change_the_hash_and_are_stated():
    one = entered(phase())
    assert one.hash != Scenario(factories=("belgium",)).hash
    assert one.stated()["phases"]["belgium"][0]["racks"] == 20
