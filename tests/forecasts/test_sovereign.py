"""Value to the country: sums of the projection's own lines, never part of NPV."""

import pytest

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
