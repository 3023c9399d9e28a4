"""Value to the country: sums of the projection's own lines, never part of NPV."""

import math

import numpy as np
import pytest

from forecasts.carbon import carbon_by_year, grid_record
from forecasts.engine import run
from forecasts.figures import FIGURE
from forecasts.scenario import Scenario
from forecasts.sovereign import sovereign_value


def items(result, row=0):
    return {one.name: one.value for one in sovereign_value(result, row)}


def test_a_stricter_regime_brings_demand_and_its_cost_is_a_line(catalog, base):
    names = [site.key for site in base.plan.sites]
    strict = run(
        Scenario(sites={"malaysia": {"regime_demand": 1.8, "compliance_cost": 9e6}}), catalog
    )
    row = names.index("malaysia")
    assert strict.demand_mw[0, row] == pytest.approx(base.demand_mw[0, row] * 2)
    assert strict.lines["compliance"][0, row].sum() < base.lines["compliance"][0, row].sum()


def test_energy_and_carbon_by_hand(catalog):
    flat = {"busy_power_share": 0.5, "idle_power_share": 0.5, "grid_carbon_change": 0.0}
    flat["chiller_overhead_share"] = 0.0  # the same PUE in every month
    result = run(Scenario(factories=("romania",), **flat), catalog)
    found = items(result)
    hours = result.sales.live_mw[0].sum() * 730
    pue = float(result.plan["pue"][0, 0])
    assert found["energy"] == pytest.approx(hours * 0.5 * pue)
    intensity = float(result.plan["grid_carbon"][0, 0])
    assert found["carbon"] == pytest.approx(found["energy"] * intensity / 1000)


def test_what_is_sold_is_spent_somewhere(catalog):
    """Revenue goes abroad, home, to taxes, banks and owners: the two parts never exceed it all."""
    result = run(Scenario(factories=("belgium",), import_duty=0.0), catalog)
    found = items(result)
    costs = -sum(
        usd[0, 0].sum()
        for name, usd in result.lines.items()
        if name not in {"contracted_compute", "merchant_compute", "tokens", "services", "grants",
                        "resale", "terminal_value", "income_tax", "working_capital"}
    )  # fmt: skip
    sold = sum(
        result.lines[name][0, 0].sum()
        for name in ("contracted_compute", "merchant_compute", "tokens", "services")
    )
    insurance = -result.lines["insurance"][0, 0].sum()
    abroad = sold - found["imports_saved"]
    assert found["spent_at_home"] + abroad + insurance == pytest.approx(costs)


def test_jobs_follow_the_crew(catalog):
    one = items(run(Scenario(factories=("romania",)), catalog))
    fewer = items(run(Scenario(factories=("romania",), staff_salary=90_000.0), catalog))
    assert fewer["jobs"] == pytest.approx(2 * one["jobs"])


def test_value_to_the_country_is_not_in_npv(catalog, base):
    greener = run(Scenario(grid_carbon_change=-0.08, staff_salary=60_000.0), catalog)
    npv = FIGURE["npv"]
    assert (greener.figures[0, :, npv] == base.figures[0, :, npv]).all()


def test_the_security_premium_is_what_the_price_does_not_hold_already(catalog):
    result = run(Scenario(factories=("belgium",)), catalog)
    sold = sum(
        result.lines[name][0, 0].sum()
        for name in ("contracted_compute", "merchant_compute", "tokens")
    )
    worth = items(result)["security_premium"]
    assert worth == pytest.approx(sold * 0.35 * 0.125)
    paid = items(run(Scenario(factories=("belgium",), sovereign_price_premium=0.10), catalog))
    assert paid["security_premium"] == pytest.approx(sold * 0.35 * 0.025)
    more = items(run(Scenario(factories=("belgium",), sovereign_price_premium=0.2), catalog))
    assert more["security_premium"] == 0


def test_the_security_premium_is_not_in_npv(catalog, base):
    npv = FIGURE["npv"]
    safer = run(Scenario(security_premium=0.35, regulated_share=0.35), catalog)
    assert (safer.figures[0, :, npv] == base.figures[0, :, npv]).all()


def test_carbon_of_every_year_adds_up_and_follows_the_row(catalog, base):
    for row, site in enumerate(base.plan.sites):
        years = carbon_by_year(base, row)
        found = items(base, row)
        assert sum(one.energy_mwh for one in years) == pytest.approx(found["energy"])
        assert sum(one.carbon_t for one in years) == pytest.approx(found["carbon"])
        assert [one.year for one in years] == list(range(2027, 2042))
        change = catalog.number("sites", iso3=site.iso3, parameter="grid_carbon_change") / 100
        after = years[1].grams_per_kwh / years[0].grams_per_kwh
        assert after == pytest.approx(1 + change)
        assert all(one.low <= one.grams_per_kwh <= one.high for one in years)
        start = catalog.number("sites", iso3=site.iso3, parameter="grid_carbon")
        mean = np.mean([(1 + change) ** (2.5 + month / 12) for month in range(12)])
        assert years[0].grams_per_kwh == pytest.approx(start * mean)


def test_a_stated_intensity_stands_at_the_start_of_the_model(catalog):
    result = run(
        Scenario(factories=("romania",), grid_carbon=100.0, grid_carbon_change=0.0), catalog
    )
    assert {one.grams_per_kwh for one in carbon_by_year(result, 0)} == {100.0}
    assert all(one.low == one.high == 100.0 for one in carbon_by_year(result, 0))


def test_the_yearly_change_of_every_grid_is_the_slope_of_its_record(catalog, base):
    for site in base.plan.sites:
        record = grid_record(catalog, site.iso3)
        last = max(record)
        years = range(last - 10, last + 1)
        logs = [math.log(record[year].value) for year in years]
        slope = np.polyfit(list(years), logs, 1)[0]
        fact = catalog.fact("sites", iso3=site.iso3, parameter="grid_carbon_change")
        assert fact.value == pytest.approx(100 * math.expm1(slope), abs=0.006)
        assert fact.low < fact.value < fact.high
