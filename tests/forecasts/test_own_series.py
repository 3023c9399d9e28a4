"""Users' own series: forecast like the others, and tied to a driver without code."""

import re

import numpy as np
import pandas as pd
import pytest

from data.catalog import Catalog
from data.catalog_store import Incoming, previewed
from data.problems import RefusedError
from forecasts.coherence import capacity_coherence, falling_short
from forecasts.engine import run
from forecasts.outlook import expected, histories, outlook, peers_growth, pooled_growth
from forecasts.own_series import tie_problems
from forecasts.past_forecasts import past_forecasts
from forecasts.reading import scenario_from
from forecasts.scenario import Scenario

PROOF = {"source": "Own", "url": "", "date": "2026", "confidence": "assumption", "notes": "Why."}


def series(catalog: Catalog, values: dict[str, float], unit: str = "USD_bn") -> Catalog:
    rows = [
        {"series": "Our index", "period": period, "value": value, "unit": unit} | PROOF
        for period, value in values.items()
    ]
    return previewed(catalog, Incoming("own_series", pd.DataFrame(rows)))


def linked(catalog: Catalog, driver: str, name: str = "Our index") -> Catalog:
    row = {"driver": driver, "text": name, "unit": "text"} | PROOF
    return previewed(catalog, Incoming("series_links", pd.DataFrame([row])))


YEARS = {str(year): 100.0 * 1.5 ** (year - 2015) for year in range(2015, 2026)}


def test_an_own_series_is_forecast_and_moves_nothing_by_itself(catalog: Catalog, base):
    own = series(catalog, YEARS)
    made = outlook(own)
    assert made.histories["own_Our index"].freq == "A"
    assert made.forecasts["own_Our index"].mean[0] > 100 * 1.5**10
    again = run(Scenario(), own)
    assert (again.drivers.ai_spending_index == base.drivers.ai_spending_index).all()


def test_a_link_makes_a_driver_follow_an_own_series(catalog: Catalog, base):
    both = linked(series(catalog, YEARS), "ai_capex")
    found = histories(both)
    assert found["ai_capex"].title == "Capex of the five large buyers, following Our index"
    assert found["own_Our index"].drives == "Capex of the five large buyers, which follows it."
    result = run(Scenario(), both)
    assert (result.drivers.ai_spending_index != base.drivers.ai_spending_index).any()


def test_a_country_without_power_prices_can_get_them(catalog: Catalog, base):
    assert "power_MYS" not in histories(catalog)
    months = {f"{2023 + at // 12}-{at % 12 + 1:02d}": 50.0 + at for at in range(36)}
    both = linked(series(catalog, months, "EUR_per_MWh"), "power_MYS")
    assert histories(both)["power_MYS"].freq == "M"
    row = [site.iso3 for site in base.plan.sites].index("MYS")
    moved = run(Scenario(), both).drivers.power_index[0, row]
    assert (moved != base.drivers.power_index[0, row]).any()


def test_links_to_nothing_and_units_that_do_not_fit_are_refused(catalog: Catalog):
    with pytest.raises(RefusedError, match="add rows to own_series first"):
        histories(linked(catalog, "ai_capex"))
    own = series(catalog, YEARS)
    with pytest.raises(RefusedError, match="'Other', expected Our index"):
        histories(linked(own, "ai_capex", "Other"))
    with pytest.raises(RefusedError, match="'weather', expected ai_capex"):
        histories(linked(own, "weather"))
    with pytest.raises(RefusedError, match="a series in USD_bn, expected MW; convert"):
        histories(linked(own, "capacity_MYS"))
    mixed = series(series(catalog, {"2024": 1.0}, "MW"), {"2025": 2.0}, "kW")
    with pytest.raises(RefusedError, match="MW, kW, expected one unit"):
        histories(mixed)


def test_a_country_of_ones_own_becomes_a_factory_without_code(catalog: Catalog):
    """Rows of sites, factories and demand for France, as copies of Belgium's."""
    now = catalog
    for name, key, renamed in (
        ("sites", {"iso3": "BEL"}, {"iso3": "FRA"}),
        ("regional_demand", {"iso3": "BEL"}, {"iso3": "FRA"}),
        ("factories", {"factory": "belgium"}, {"factory": "france"}),
    ):
        frame = catalog.tables[name]
        for column, value in key.items():
            frame = frame[frame[column] == value]
        frame = frame.assign(**renamed)
        if name == "factories":
            country = frame["parameter"].isin(["country", "iso3", "region"])
            frame = frame.assign(text=frame["text"].where(~country, "FRA"))
        now = previewed(now, Incoming(name, frame))
    result = run(Scenario(), now)
    keys = [site.key for site in result.plan.sites]
    assert "france" in keys
    assert len(result.phases[keys.index("france")]) > 0


def test_a_tie_of_the_scenario_does_what_a_link_in_the_tables_does(catalog: Catalog):
    own = series(catalog, YEARS)
    scenario = Scenario(follows={"ai_capex": "Our index"})
    tied_there = run(Scenario(), linked(own, "ai_capex")).drivers.ai_spending_index
    tied_here = run(scenario, own).drivers.ai_spending_index
    assert (tied_here == tied_there).all()
    assert (run(Scenario(), own).drivers.ai_spending_index != tied_here).any()
    assert scenario.hash != Scenario().hash
    assert "follows" in scenario.stated()


def test_ties_to_nothing_are_refused_by_their_place_in_the_scenario(catalog: Catalog):
    own = series(catalog, YEARS)
    for follows, wrong in (
        ({"weather": "Our index"}, "follows.weather: got 'weather'"),
        ({"ai_capex": "Other"}, "follows.ai_capex: got series 'Other', expected Our index"),
        ({"capacity_MYS": "Our index"}, "a series in USD_bn, expected MW"),
    ):
        with pytest.raises(RefusedError, match=re.escape(wrong)):
            run(Scenario(follows=follows), own)


def test_a_scenario_file_states_a_tie_and_a_wrong_form_is_named():
    made = scenario_from({"follows": {"power_MYS": "My tariff"}}, "my.yaml")
    assert made.follows == {"power_MYS": "My tariff"}
    with pytest.raises(RefusedError, match=r"my.yaml: follows"):
        scenario_from({"follows": ["power_MYS"]}, "my.yaml")


def months(first: int, values: list[float]) -> dict[str, float]:
    return {f"{first + at // 12}-{at % 12 + 1:02d}": value for at, value in enumerate(values)}


def test_what_follows_an_own_series_is_not_scored_as_the_models(catalog: Catalog):
    both = linked(series(catalog, YEARS), "ai_capex")
    keys = {one.key for one in past_forecasts(both)}
    assert "ai_capex" not in keys
    assert "gpu_hour_price" in keys


@pytest.mark.parametrize("values", [[0.0] * 40, [0.0, *range(1, 40)], [*range(1, 40), 0.0]])
def test_a_capacity_without_growth_lends_and_spoils_none(catalog: Catalog, values):
    both = linked(series(catalog, months(2023, values), "MW"), "capacity_BEL")
    made, plain = outlook(both), histories(catalog)
    own = [one for key, one in plain.items() if key.startswith("capacity_")]
    others = [one for one in own if one.key != "capacity_BEL"]
    assert peers_growth(made.histories, "capacity_MYS") == pooled_growth(others)
    assert all(np.isfinite(one.mean).all() for one in made.forecasts.values())


def test_peers_grow_by_the_year_whatever_the_step_of_a_series(catalog: Catalog):
    both = linked(series(catalog, months(2023, [100.0] * 36), "MW"), "capacity_BEL")
    made = outlook(both)
    monthly, yearly = (peers_growth(made.histories, f"capacity_{one}") for one in ("BEL", "MYS"))
    assert monthly is not None
    assert yearly is not None
    assert (1 + monthly) ** 12 == pytest.approx(1 + yearly)
    assert made.forecasts["capacity_BEL"].mean[-1] < 150
    again = expected(both, {}, outlook(catalog))
    assert again.forecasts["capacity_BEL"].mean.tolist() == (
        made.forecasts["capacity_BEL"].mean.tolist()
    )


def test_a_capacity_that_ends_early_is_named_where_all_are_compared(catalog: Catalog):
    known = outlook(catalog)
    assert falling_short(known, 2028) == ()
    short = outlook(linked(series(catalog, months(2020, [100.0] * 24), "MW"), "capacity_BEL"))
    assert falling_short(short, 2028) == ("Belgium",)
    with pytest.raises(ValueError, match="2028 lies beyond"):
        capacity_coherence(catalog, short, 2028)


def test_a_capacity_below_nothing_is_no_capacity(catalog: Catalog):
    own = series(catalog, months(2023, [5.0, -1.0, 5.0]), "MW")
    with pytest.raises(RefusedError, match=r"holds -1, expected 0 MW or more"):
        histories(linked(own, "capacity_BEL"))
    problems = list(tie_problems(own, {"capacity_BEL": "Our index"}))
    assert [one.expected for one in problems] == ["0 MW or more"]
    assert list(tie_problems(own, {"ai_capex": "Our index"})) == []


def test_days_of_a_month_are_one_observation_their_mean(catalog: Catalog):
    days = {f"2024-03-{day:02d}": float(day) for day in range(1, 32)}
    made = histories(series(catalog, days | {"2024-05-01": 4.0}))["own_Our index"]
    assert np.asarray(made.values)[[0, 2]] == pytest.approx([16.0, 4.0])
    assert (made.observations, made.filled, len(made.facts)) == (2, 1, 32)


@pytest.mark.parametrize("ends", [(1e-300, 1e300), (1e300, 1e-300)])
def test_growth_that_leaves_the_number_range_is_lent_to_none(catalog: Catalog, ends):
    years = dict(zip(("2020", "2021"), ends, strict=True))
    made = outlook(linked(series(catalog, years, "MW"), "capacity_BEL"))
    plain = [one for key, one in histories(catalog).items() if key.startswith("capacity_")]
    others = [one for one in plain if one.key != "capacity_BEL"]
    peers = [one for one in made.histories.values() if one.key.startswith("capacity_")]
    assert pooled_growth(peers) == pooled_growth(others)
    assert all(np.isfinite(one.upper[95]).all() for one in made.forecasts.values())
