"""No ratio of the base case lies outside its published range without a flag and a reason."""

import pytest

from data.catalog import Catalog
from data.provenance import Confidence
from forecasts.engine import Result, run
from forecasts.report import projection
from forecasts.sanity_bands import (
    LABELS,
    at_published_price,
    ratios,
    ratios_data,
    values,
    within,
)
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def base(catalog: Catalog) -> Result:
    return run(Scenario(), catalog)


def test_every_factory_has_every_ratio_and_every_flag_its_reason(
    base: Result, catalog: Catalog
) -> None:
    found = ratios(base, catalog)
    built = [site.key for row, site in enumerate(base.plan.sites) if base.phases[row]]
    assert {(one.factory, one.name) for one in found} == {
        (key, name) for key in built for name in LABELS
    }
    for one in found:
        assert one.inside != bool(one.reason), (one.factory, one.name)
        assert len(one.reason) > 40 or one.inside


def test_every_band_names_its_source(base: Result, catalog: Catalog) -> None:
    for one in ratios(base, catalog):
        assert one.band.source.url.startswith("https://")
        assert one.band.source.confidence is not Confidence.ASSUMPTION
        assert one.band.low is not None
        assert one.band.high is not None
        assert one.band.value is not None
        assert one.band.low <= one.band.value <= one.band.high
        assert len(one.band.notes) > 20


def test_the_ratios_follow_from_the_projection_that_everybody_can_print(base: Result) -> None:
    """Recomputed from `rackcast project --json`, not from the code under test."""
    printed = projection(base, [])
    factories = printed["factories"]
    assert isinstance(factories, list)
    for row, factory in enumerate(factories):
        own = values(base, row)
        phases, annual = factory["phases"], factory["annual"]
        pue = float(base.plan["pue"][row, 0])
        mw = sum(phase["it_mw"] for phase in phases)
        gpus = sum(phase["gpus"] for phase in phases)
        capex = -sum(year["capex_usd"] for year in annual)
        racks = -sum(year["racks_usd"] for year in annual)
        assert own["capex_per_facility_mw"] == pytest.approx(capex / mw / pue / 1e6)
        assert own["capex_per_gpu"] == pytest.approx(capex / gpus)
        assert own["facility_kw_per_gpu"] == pytest.approx(mw * pue * 1000 / gpus)
        assert own["racks_share_of_capex"] == pytest.approx(racks / capex)
        assert own["tco_per_gpu_hour"] == factory["returns"]["tco_annuity"]["value"]
        assert own["min_dscr_12m"] == factory["returns"]["min_dscr_12m"]["value"]


def test_staff_is_judged_by_the_size_of_the_site(base: Result, catalog: Catalog) -> None:
    bands = {one.factory: one.band.place for one in ratios(base, catalog) if "staff" in one.name}
    assert bands["malaysia"] == "bands[staff_per_mw_large]"
    assert bands["romania"] == "bands[staff_per_mw_middle]"
    assert bands["egypt"] == "bands[staff_per_mw_small]"


def test_a_reason_for_capex_holds_when_the_named_prices_are_put_in(
    base: Result, catalog: Catalog
) -> None:
    published = at_published_price(base.plan.scenario, catalog)
    for one in ratios(base, catalog):
        if one.name == "capex_per_facility_mw" and not one.inside:
            row = [site.key for site in base.plan.sites].index(one.factory)
            same = values(published, row)[one.name]
            assert f"{same:.1f}" in one.reason
            assert abs(same - 47) < abs(one.value - 47) or within(same, one.band)


def test_nothing_built_is_nothing_compared(catalog: Catalog) -> None:
    result = run(Scenario(max_phases=1, site_capacity_mw=0.0), catalog)
    assert ratios(result, catalog) == ()
    assert ratios_data(()) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"gearing": 0.0},
        {"rack_price": 1.0},
        {"staff_base": 0.0, "staff_salary": 1.0},
        {"contracted_share": 0.0, "merchant_utilisation": 0.0},
        {"hardware_life_years": 0.5},
        {"months": 480},
        {"ramp_months": 360},
        {"rack_price": 0.0, "build_cost": 0.0, "grid_connection_cost": 0.0, "land_price": 0.0},
    ],
)
def test_odd_scenarios_give_numbers_or_nothing(
    changes: dict[str, object], catalog: Catalog
) -> None:
    odd = Scenario(**{"factories": ("belgium",), **changes})  # type: ignore[arg-type]
    for one in ratios_data(ratios(run(odd, catalog), catalog)):
        value = one["value"]
        assert isinstance(value, float)
        assert value == value
        assert abs(value) < 1e15
        assert bool(one["reason"]) != one["inside"]
