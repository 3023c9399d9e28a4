"""Forward curves of local currencies: what they move, how they are read, and what is refused."""

import datetime as dt

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from data.problems import RefusedError
from forecasts.checks import check, failed
from forecasts.engine import run
from forecasts.lines import LINES
from forecasts.outlook import outlook
from forecasts.plan import compile_plan
from forecasts.reading import scenario_from
from forecasts.sampling import Design
from forecasts.scenario import Scenario
from forecasts.uncertain import Sampler

ONE = ("malaysia",)


def local(**stated):
    return run(Scenario(factories=ONE, **stated)).drivers.local_index[0, 0]


def test_without_a_curve_the_bits_are_those_of_drift_and_change():
    months = np.arange(180) / 12
    found = local(fx_change=-0.1, fx_drift=0.02)
    wanted = (1 + -0.1 + np.zeros(180)) * np.exp(np.log1p(0.02) * months)
    assert np.array_equal(found, wanted)


def test_a_curve_is_straight_between_the_starts_of_its_years():
    found = local(fx_curves={"malaysia": {2027: 1.0, 2029: 0.8, 2032: 0.95}})
    assert found[[0, 12, 24, 42, 60, 179]] == pytest.approx([1.0, 0.9, 0.8, 0.875, 0.95, 0.95])


def test_a_curve_that_begins_later_begins_at_parity():
    found = local(fx_curves={"malaysia": {2029: 0.8}})
    assert found[[0, 12, 24, 100]] == pytest.approx([1.0, 0.9, 0.8, 0.8])


def test_points_before_the_start_count_and_the_start_may_lie_within_a_year():
    found = local(start=dt.date(2027, 7, 1), fx_curves={"malaysia": {2026: 1.0, 2028: 0.8}})
    assert found[[0, 6, 50]] == pytest.approx([0.85, 0.8, 0.8])


def test_the_lasting_change_comes_on_top_and_the_drift_after_the_last_point():
    found = local(fx_curves={"malaysia": {2027: 1.0, 2029: 0.8}}, fx_change=-0.1, fx_drift=0.05)
    assert found[24] == pytest.approx(0.9 * 0.8)
    assert found[36] == pytest.approx(0.9 * 0.8 * 1.05)
    assert found[12] == pytest.approx(0.9 * 0.9)


def test_a_flat_curve_at_parity_is_no_curve():
    plain = run(Scenario(factories=ONE))
    flat = run(Scenario(factories=ONE, fx_curves={"malaysia": {2027: 1.0, 2040: 1.0}}))
    for name in LINES:
        assert np.array_equal(plain.lines[name], flat.lines[name]), name
    assert np.array_equal(plain.cash_usd, flat.cash_usd)


def test_every_line_in_local_currency_follows_and_no_other():
    plain = run(Scenario(factories=ONE))
    dear = run(Scenario(factories=ONE, fx_curves={"malaysia": {2027: 1.5}}))
    moved = {n for n in LINES if not np.array_equal(plain.lines[n], dear.lines[n])}
    at_home = {"power", "staff", "maintenance", "compliance", "property_tax", "connectivity"}
    built = {"shell", "electrical", "cooling", "grid_connection", "contingency", "owners_cost"}
    follow = {"land", "insurance", "terminal_value", "working_capital", "income_tax"}
    assert moved == at_home | built | follow
    for name in at_home - {"property_tax", "maintenance"}:
        assert dear.lines[name] == pytest.approx(1.5 * plain.lines[name]), name


def test_one_factory_keeps_its_currency_while_another_follows_a_curve():
    both = ("malaysia", "romania")
    plain = run(Scenario(factories=both))
    bent = run(Scenario(factories=both, fx_curves={"romania": {2030: 0.7}}))
    rows = {site.key: row for row, site in enumerate(plain.plan.sites)}
    kept, moved = rows["malaysia"], rows["romania"]
    assert np.array_equal(plain.cash_usd[:, kept], bent.cash_usd[:, kept])
    assert not np.array_equal(plain.cash_usd[:, moved], bent.cash_usd[:, moved])


curves = st.dictionaries(st.integers(2000, 2100), st.floats(0.05, 20), min_size=1, max_size=12)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(curves, st.floats(-0.03, 0.03), st.integers(24, 240))
def test_identities_hold_along_any_curve(curve, drift, months):
    stated = Scenario(factories=ONE, fx_curves={"malaysia": curve}, fx_drift=drift, months=months)
    result = run(stated)
    assert failed(check(result)) == []
    assert (result.drivers.local_index > 0).all()
    again = Scenario.model_validate(stated.model_dump(mode="json"))
    assert again == stated
    assert again.hash == stated.hash


def test_a_curve_changes_the_hash_and_none_does_not():
    assert Scenario(fx_curves={}).hash == Scenario().hash
    assert Scenario(fx_curves={"malaysia": {2027: 0.9}}).hash != Scenario().hash


@pytest.mark.parametrize(
    ("curve", "place", "expected"),
    [
        ({}, "fx_curves.malaysia", "at least 1"),
        ([1.0, 0.9], "fx_curves.malaysia", "name: value"),
        ({1999: 1.0}, "fx_curves.malaysia.1999", "at least 2000"),
        ({"soon": 1.0}, "fx_curves.malaysia.soon", "a whole number"),
        ({2027.5: 1.0}, "fx_curves.malaysia.2027.5", "a whole number"),
        ({2027: "much"}, "fx_curves.malaysia.2027", "a number"),
        ({2027: 0.0}, "fx_curves.malaysia.2027", "at least 0.05"),
        ({2027: -1.0}, "fx_curves.malaysia.2027", "at least 0.05"),
        ({2027: float("nan")}, "fx_curves.malaysia.2027", "at most 20"),
        ({2027: 4200.0}, "fx_curves.malaysia.2027", "at most 20"),
        ({2027: None}, "fx_curves.malaysia.2027", "a number"),
        ({year: 1.0 for year in range(2000, 2050)}, "fx_curves.malaysia", "at most 40"),
    ],
    ids=["empty", "list", "old", "no year", "half year", "text", "zero", "negative", "nan",
         "units", "nothing", "too many"],
)  # fmt: skip
def test_a_malformed_curve_is_refused_with_its_place(curve, place, expected):
    with pytest.raises(RefusedError) as refused:
        scenario_from({"fx_curves": {"malaysia": curve}}, "my.yaml")
    told = [str(one) for one in refused.value.problems]
    assert any(place in one and expected in one for one in told), told


def test_every_wrong_point_is_named_at_once():
    wrong = {"fx_curves": {"malaysia": {2027: -1, 2030: "x"}, "romania": {1900: 1.0}}}
    with pytest.raises(RefusedError) as refused:
        scenario_from(wrong, "my.yaml")
    assert len(refused.value.problems) == 3


def test_a_curve_of_an_unknown_factory_is_refused():
    with pytest.raises(RefusedError, match="malaysia"):
        run(Scenario(fx_curves={"malasia": {2027: 1.0}}))


def test_sampled_paths_stray_around_the_curve(catalog):
    def mean(curve):
        scenario = Scenario(factories=ONE, fx_curves=curve)
        plan = compile_plan(scenario, catalog)
        design = Design(64, 3)
        _, drivers = Sampler(plan, outlook(catalog), catalog, design).draw(slice(0, 64))
        return drivers.local_index[:, 0]

    assert mean({"malaysia": {2027: 0.8}}) == pytest.approx(0.8 * mean({}), rel=1e-12)
