"""Scenario files: strict, and every mistake named with its place, value and fix."""

import pytest

from data.catalog import bundled
from data.problems import RefusedError
from forecasts.plan import compile_plan
from forecasts.presets import PRESETS, preset
from forecasts.reading import scenario_from
from forecasts.scenario import QUANTITIES, Scenario


def problems(stated: object) -> list[str]:
    with pytest.raises(RefusedError) as refused:
        scenario_from(stated, "my.yaml")
    return [str(problem) for problem in refused.value.problems]


def test_an_unknown_key_names_the_nearest():
    assert problems({"gpu_hour_prise": 5}) == [
        "my.yaml: gpu_hour_prise: got an unknown key, expected an assumption; "
        "did you mean 'gpu_hour_price'?"
    ]


def test_a_value_out_of_range_names_the_limits():
    assert problems({"pue": 4}) == [
        "my.yaml: pue: got 4, expected 1 to 3 (ratio); choose a value in that range"
    ]


def test_percent_instead_of_a_share_is_recognised():
    assert "write shares as fractions: 0.8 for 80 %" in problems({"merchant_utilisation": 80})[0]


def test_site_values_obey_the_same_limits():
    found = problems({"sites": {"romania": {"pue": 0.5, "puee": 1, "power_price": "dear"}}})
    assert [line.split(": got")[0] for line in found] == [
        "my.yaml: sites.romania.pue",
        "my.yaml: sites.romania.puee",
        "my.yaml: sites.romania.power_price",
    ]


@pytest.mark.parametrize("name", ["useful_share", "hardware_life_years", "facility_life_years"])
def test_an_end_that_is_refused_for_all_factories_is_refused_for_one(name):
    said = f"got 0, expected above 0 up to {QUANTITIES[name].high:g}"
    assert said in problems({name: 0})[0]
    assert said in problems({"sites": {"belgium": {name: 0}}})[0]
    scenario = Scenario(sites={"belgium": {name: 0.0}})
    with pytest.raises(RefusedError, match=f"sites.belgium.{name}: {said}"):
        compile_plan(scenario, bundled())


@pytest.mark.parametrize("stated", [[1, 2], "text", 3, {"sites": 4}, {"sites": {"romania": 1}}])
def test_the_wrong_shape_is_refused(stated):
    assert problems(stated)


@pytest.mark.parametrize(
    "stated",
    [
        {"months": "many"}, {"start": "soon"}, {"months": 1}, {"name": ""}, {"parent": "basis"},
        {"merchant_utilisation": float("nan")}, {"merchant_utilisation": True},
        {"factories": "romania"},
        {"sites": {"romania": {"pue": float("nan")}}}, {"rack_lead_months": 1.5},
    ],
)  # fmt: skip
def test_wrong_types_are_refused(stated):
    assert problems(stated)


def test_all_mistakes_come_at_once():
    assert len(problems({"a": 1, "b": 2, "parent": "c"})) == 3


def test_a_parent_is_inherited():
    found = scenario_from({"parent": "constrained", "merchant_utilisation": 0.6}, "x")
    assert found.gpu_price_decay == PRESETS["constrained"]["gpu_price_decay"]
    assert found.merchant_utilisation == 0.6
    assert found.name == "unnamed"


@pytest.mark.parametrize("name", PRESETS)
def test_a_scenario_survives_being_written_and_read(name):
    scenario = preset(name)
    assert scenario_from(scenario.stated(), "x").having(name=name).hash == scenario.hash


def test_the_hash_is_that_of_the_assumptions_alone():
    base = Scenario()
    assert base.having(name="other", description="same").hash == base.hash
    assert base.having(merchant_utilisation=0.81).hash != base.hash


def test_there_is_no_preset_of_another_name():
    with pytest.raises(ValueError, match="use one of base, accelerated, constrained"):
        preset("optimistic")


def test_a_quantity_can_be_stated_for_one_site(base, catalog):
    from forecasts.engine import run

    name, site = "pue", "romania"
    changed = run(Scenario(sites={site: {name: 1.9}}), catalog)
    row = [one.key for one in base.plan.sites].index(site)
    assert changed.plan[name][row, 0] == 1.9
    untouched = [i for i in range(12) if i != row]
    assert (changed.cash_usd[0, untouched] == base.cash_usd[0, untouched]).all()
    assert changed.lines["power"][0, row].sum() < base.lines["power"][0, row].sum()
    assert name in QUANTITIES
