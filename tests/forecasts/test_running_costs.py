"""Running costs line by line: currency, inflator, and cooling by the climate."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from stages import quantities

from forecasts.engine import run
from forecasts.exponential import exponential, powers, powers_back
from forecasts.opex import monthly_pue
from forecasts.plan import climate, register
from forecasts.scenario import Scenario

LINES = {
    "power": "power",
    "staff": "staff",
    "maintenance": "maintenance",
    "support": "hardware_support",
    "software": "software",
    "security": "security_operations",
    "compliance": "compliance",
    "insurance": "insurance",
    "property_tax": "property_tax",
    "connectivity": "connectivity",
}
"""Assumption and the line it acts on."""


def monthly(temperature, **stated):
    found = np.empty(len(temperature))
    monthly_pue(quantities(**stated), np.asarray(temperature, dtype=float), found)
    return found


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.floats(-20, 45), min_size=12, max_size=12),
    st.floats(1, 2),
    st.floats(0, 1),
)
def test_pue_has_the_stated_mean_over_a_year_and_rises_with_heat(year, pue, share):
    found = monthly(year * 2, pue=pue, chiller_overhead_share=share)
    assert found[:12].mean() == pytest.approx(pue, abs=1e-12)
    assert found[12:].tolist() == found[:12].tolist()
    order = np.argsort(year)
    assert (np.diff(found[:12][order]) >= -1e-12).all()


def test_where_no_chiller_ever_runs_pue_is_the_same_all_year():
    assert monthly([-5.0] * 12, pue=1.2).tolist() == pytest.approx([1.2] * 12)


def test_every_site_has_twelve_temperatures_and_the_south_its_summer_in_january(catalog):
    for site in register(catalog):
        year = climate(catalog, site.iso3)
        assert len(year) == 12
        assert -30 < min(year) <= max(year) < 50
    south = climate(catalog, "ZAF")
    assert south[0] > south[6]


def test_a_model_that_starts_in_july_starts_with_july(catalog):
    plan = run(Scenario(factories=("romania",), start="2027-07-01", months=72), catalog).plan
    year = climate(catalog, "ROU")
    assert plan.temperature[0, 0] == year[6]
    assert plan.temperature[0, 6] == year[0]


@pytest.mark.parametrize("name", LINES)
def test_a_line_in_dollars_is_out_of_the_currencys_reach(name, catalog):
    at_par = run(Scenario(factories=("belgium",)), catalog).lines[LINES[name]]
    in_dollars = run(
        Scenario(factories=("belgium",), fx_change=-0.2, **{f"{name}_local_share": 0.0}), catalog
    ).lines[LINES[name]]
    in_local = run(
        Scenario(factories=("belgium",), fx_change=-0.2, **{f"{name}_local_share": 1.0}), catalog
    ).lines[LINES[name]]
    if name in ("maintenance", "insurance", "property_tax"):  # what they follow cost less, too
        assert np.abs(in_local).sum() < np.abs(in_dollars).sum()
        return
    assert in_dollars == pytest.approx(at_par, rel=1e-12)
    assert in_local == pytest.approx(0.8 * at_par, rel=1e-12)


@pytest.mark.parametrize("name", sorted(set(LINES) - {"power", "staff", "software"}))
def test_a_line_rises_by_its_own_rate_on_top(name, catalog):
    plain = run(Scenario(factories=("belgium",)), catalog).lines[LINES[name]][0, 0]
    risen = run(Scenario(factories=("belgium",), **{f"{name}_growth": 0.03}), catalog)
    years = np.arange(plain.size) / 12
    assert risen.lines[LINES[name]][0, 0] == pytest.approx(plain * 1.03**years, rel=1e-10)


def test_a_drifting_currency_moves_what_is_paid_in_it_year_by_year(catalog):
    plain = run(Scenario(factories=("belgium",)), catalog)
    drifted = run(Scenario(factories=("belgium",), fx_drift=-0.02), catalog)
    years = np.arange(plain.plan.months) / 12
    assert drifted.drivers.local_index[0, 0] == pytest.approx(0.98**years, rel=1e-12)
    staff = plain.lines["staff"][0, 0] * 0.98**years
    assert drifted.lines["staff"][0, 0] == pytest.approx(staff, rel=1e-12)
    software = drifted.lines["software"][0, 0]
    assert software == pytest.approx(plain.lines["software"][0, 0], rel=1e-12)


def test_exponentials_are_those_of_the_library_to_the_last_digits():
    logs = np.concatenate([np.linspace(-700, 700, 4001), np.linspace(-1e-9, 1e-9, 11)])
    found = logs.copy()
    exponential(found, np.empty_like(found))
    assert found == pytest.approx(np.exp(logs), rel=1e-15)


@pytest.mark.parametrize("count", [0, 1, 15, 16, 17, 33, 180, 400])
@pytest.mark.parametrize("step", [0.0, 0.97, 1.0, 1.004])
def test_powers_are_those_of_the_library_from_either_end(count, step):
    expected = 2.5 * step ** np.arange(count)
    found, back = np.full(count, np.nan), np.full(count, np.nan)
    powers(2.5, step, found)
    powers_back(2.5, step, back)
    assert found == pytest.approx(expected, rel=1e-13)
    assert back[::-1].tolist() == found.tolist()
