"""Rules of a country: dated, sourced, and worth what the model says without them."""

import pytest

from data.catalog import Catalog
from forecasts.engine import run
from forecasts.regimes import NEUTRAL, RULES, regimes, regimes_data
from forecasts.returns import factory_returns
from forecasts.rule_switches import RELIEFS, SWITCHES, is_on, meaning, turned
from forecasts.scenario import Scenario


def test_every_country_has_its_rules_with_date_and_grade(catalog: Catalog) -> None:
    found = regimes(run(Scenario(), catalog), catalog)
    assert len(found) == 12
    for one in found:
        assert set(one.rules) == set(RULES)
        assert all(fact.text and fact.source.date for fact in one.rules.values())


def test_switching_a_regime_off_gives_what_it_was_worth(catalog: Catalog) -> None:
    base = run(Scenario(), catalog)
    found = regimes(base, catalog)
    free = run(Scenario(compliance_cost=0.0), catalog)
    for row, one in enumerate(found):
        now, then = (factory_returns(made, row)["npv"].value for made in (base, free))
        assert now is not None
        assert then is not None
        assert one.cost_npv == pytest.approx(now - then)
        assert one.cost_npv < 0
    none = regimes(run(Scenario(**NEUTRAL), catalog), catalog)  # type: ignore[arg-type]
    assert all(one.demand_npv == 0 and one.cost_npv == 0 for one in none)


def test_racks_wait_only_where_the_row_asks_for_a_licence(catalog: Catalog) -> None:
    base = run(Scenario(), catalog)
    later = turned(base.plan.scenario, "licences", catalog, on=True)
    asked = {one.factory for one in regimes(base, catalog) if one.licensed}
    assert set(later.sites) == asked
    assert "belgium" not in asked
    assert {own["rack_lead_months"] for own in later.sites.values()} == {15.0}


@pytest.mark.parametrize("name", SWITCHES)
def test_a_switch_states_what_it_means_and_turns_off_again(catalog: Catalog, name: str) -> None:
    scenario = Scenario(sites={"romania": {"grid_delay_months": 24.0}})
    assert not is_on(scenario, name, catalog)
    on = turned(scenario, name, catalog, on=True)
    assert is_on(on, name, catalog)
    assert on.hash != scenario.hash
    assert on.sites["romania"]["grid_delay_months"] == 24
    assert turned(on, name, catalog, on=True) == on or name == "licences"
    off = turned(on, name, catalog, on=False)
    assert off.hash == scenario.hash


def test_what_a_switch_is_worth_is_the_model_run_with_it(catalog: Catalog) -> None:
    base = run(Scenario(), catalog)
    granted = run(turned(Scenario(), "incentives", catalog, on=True), catalog)
    for row, one in enumerate(regimes(base, catalog)):
        now, then = (factory_returns(made, row)["npv"].value for made in (base, granted))
        assert now is not None
        assert then is not None
        assert one.relief_npv == pytest.approx(then - now)
        assert one.relief_npv >= 0
        assert (one.relief_npv > 0) == bool(one.reliefs)


def test_better_terms_than_the_incentive_stay(catalog: Catalog) -> None:
    own = Scenario(sites={"malaysia": {"tax_holiday_years": 12.0}})
    on = turned(own, "incentives", catalog, on=True)
    assert on.sites["malaysia"] == {"tax_holiday_years": 12.0}
    assert is_on(on, "incentives", catalog)


def test_incentives_are_rows_with_source_range_and_no_worse_than_the_standard(
    catalog: Catalog,
) -> None:
    base = run(Scenario(), catalog)
    found = regimes(base, catalog)
    assert sum(len(one.reliefs) for one in found) >= 10
    for row, one in enumerate(found):
        for name, fact in one.reliefs.items():
            assert fact.value is not None
            assert fact.low is not None
            assert fact.high is not None
            assert fact.low <= fact.value <= fact.high
            assert fact.source.url
            assert fact.source.date
            now = float(base.plan.quantities[row][RELIEFS[name].quantity])
            value = fact.value * RELIEFS[name].scale
            assert value > now if RELIEFS[name].more else value <= now


def test_an_unknown_switch_is_a_slip(catalog: Catalog) -> None:
    with pytest.raises(ValueError, match="no switch 'tariffs'"):
        meaning("tariffs", run(Scenario(), catalog).plan, catalog)


def test_ai_law_of_both_union_members_is_the_same_and_dated(catalog: Catalog) -> None:
    said = {
        iso3: catalog.fact("sites", iso3=iso3, parameter="ai_regulation").text
        for iso3 in ("BEL", "ROU")
    }
    assert said["BEL"] == said["ROU"]
    for day in ("2 February 2025", "2 August 2025", "2 August 2026", "2 December 2027"):
        assert day in said["BEL"]


def test_a_portfolio_without_phases_has_rules_and_no_worth(catalog: Catalog) -> None:
    empty = run(Scenario(max_phases=1, site_capacity_mw=0.0), catalog)
    for one in regimes_data(regimes(empty, catalog)):
        assert one["cost_npv"] in (None, 0.0)
        assert one["relief_npv"] in (None, 0.0)
