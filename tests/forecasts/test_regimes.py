"""Rules of a country: dated, sourced, and worth what the model says without them."""

import pytest

from data.catalog import Catalog
from forecasts.engine import run
from forecasts.regimes import NEUTRAL, RULES, regimes, regimes_data, waiting
from forecasts.returns import factory_returns
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
    later = waiting(base.plan.scenario, base, catalog)
    asked = {one.factory for one in regimes(base, catalog) if one.licensed}
    assert set(later.sites) == asked
    assert "belgium" not in asked
    assert {own["rack_lead_months"] for own in later.sites.values()} == {15.0}


def test_a_portfolio_without_phases_has_rules_and_no_worth(catalog: Catalog) -> None:
    empty = run(Scenario(max_phases=1, site_capacity_mw=0.0), catalog)
    for one in regimes_data(regimes(empty, catalog)):
        assert one["cost_npv"] in (None, 0.0)
