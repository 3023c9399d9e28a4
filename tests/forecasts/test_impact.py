"""What new data would change, before they count."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.catalog import Catalog
from data.catalog_store import Incoming, previewed, previewed_parts
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.impact import ALL, OTHERS, bridge, groups, impact, winner
from forecasts.metric_register import METRICS
from forecasts.outlook import expected, month_of, outlook
from forecasts.scenario import Scenario

PROOF = {
    "source": "A broker",
    "url": "https://example.org",
    "date": "2026-11",
    "confidence": "estimate",
}


def capacity(*values: tuple[str, str, float]) -> Incoming:
    rows = [
        {"iso3": iso3, "region": "national", "indicator": "dc_it_capacity", "period": period}
        | {"status": "live", "value": value, "unit": "MW"}
        | PROOF
        for iso3, period, value in values
    ]
    return Incoming("regional_demand", pd.DataFrame(rows))


def test_more_capacity_moves_its_series_its_factory_and_the_portfolio(catalog: Catalog):
    incoming = capacity(("MYS", "2025", 2_500.0), ("MYS", "2026", 3_500.0))
    found = impact(Scenario(), catalog, previewed(catalog, incoming))
    keys = [one.key for one in found.series]
    assert "capacity_MYS" in keys
    assert "power_BEL" not in keys
    one = next(one for one in found.series if one.key == "capacity_MYS")
    assert one.after.ends[-1] == month_of("2026")
    assert one.before.ends[-1] < one.after.ends[-1]
    assert one.forecast_after.mean[0] > one.forecast_before.mean[0]
    metrics = found.metrics.set_index(["factory", "metric"])
    assert len(metrics) == len(METRICS) * (1 + len(found.after.plan.sites))
    assert metrics.loc[("malaysia", "npv"), "change"] != 0
    assert metrics.loc[(ALL, "npv"), "change"] == pytest.approx(
        metrics.loc[[(site.key, "npv") for site in found.after.plan.sites], "change"].sum()
    )


def test_rows_that_say_what_is_known_change_nothing(catalog: Catalog):
    known = catalog.tables["regional_demand"]
    found = impact(
        Scenario(), catalog, previewed(catalog, Incoming("regional_demand", known.head(40)))
    )
    assert found.series == ()
    assert not found.metrics["change"].fillna(0).any()


def test_a_bridge_adds_up_to_the_change(catalog: Catalog):
    incoming = capacity(("MYS", "2026", 3_500.0), ("BEL", "2026", 900.0), ("ROU", "2026", 40.0))
    steps = bridge(Scenario(), catalog, incoming)
    assert {step.label for step in steps} == {
        "MYS, dc_it_capacity",
        "BEL, dc_it_capacity",
        "ROU, dc_it_capacity",
    }
    found = impact(Scenario(), catalog, previewed(catalog, incoming)).metrics
    total = found.set_index(["factory", "metric"]).loc[(ALL, "npv"), "change"]
    assert sum(step.change for step in steps) == pytest.approx(total, rel=1e-9)
    malaysia = bridge(Scenario(), catalog, incoming, "npv", "malaysia")
    assert abs(malaysia[0].change) > 0


def test_a_bridge_has_no_more_steps_than_a_person_reads(catalog: Catalog):
    countries = catalog.tables["sites"]["iso3"].unique()
    parts = groups(capacity(*((iso3, "2026", 500.0) for iso3 in countries)))
    assert len(parts) == 8
    assert list(parts)[-1] == OTHERS
    assert sum(len(rows) for rows in parts.values()) == len(countries)


def test_the_winner_of_a_backtest_is_named_with_its_lead(catalog: Catalog):
    known = outlook(catalog)
    won = winner(known.histories["ai_capex"], known.forecasts["ai_capex"])
    assert won.model
    assert won.mase <= won.naive
    assert "naive" in won.verdict.text
    short = winner(known.histories["capacity_NGA"], known.forecasts["capacity_NGA"])
    assert np.isnan(short.mase) or short.mase >= 0
    assert winner(None, None) is None


def test_data_that_do_not_fit_the_model_are_refused_not_computed(catalog: Catalog):
    row = {"driver": "ai_capex", "text": "nothing", "unit": "text"}
    proof = {"confidence": "assumption", "notes": "Why."}
    links = Incoming("series_links", pd.DataFrame([row | proof]))
    with pytest.raises(RefusedError, match="add rows to own_series first"):
        impact(Scenario(), catalog, previewed(catalog, links))


def test_a_bridge_between_known_ends_is_the_same_bridge(catalog: Catalog):
    incoming = capacity(("MYS", "2026", 3_500.0), ("BEL", "2026", 900.0), ("ROU", "2026", 40.0))
    found = impact(Scenario(), catalog, previewed(catalog, incoming))
    known = bridge(Scenario(), catalog, incoming, ends=(found.before, found.after))
    assert known == bridge(Scenario(), catalog, incoming)


def test_rows_in_parts_make_the_tables_that_each_part_alone_would_make(catalog: Catalog):
    incoming = capacity(("MYS", "2026", 3_500.0), ("BEL", "2026", 900.0), ("ROU", "2026", 40.0))
    parts = [pd.Index([2]), pd.Index([2, 0]), incoming.rows.index]
    made = previewed_parts(catalog, incoming, parts)
    assert len({one.version for one in (catalog, *made)}) == 4
    for part, one in zip(parts, made, strict=True):
        alone = previewed(catalog, replace(incoming, rows=incoming.rows.loc[part]))
        pd.testing.assert_frame_equal(
            one.tables["regional_demand"], alone.tables["regional_demand"]
        )
    wrong = replace(incoming, rows=incoming.rows.assign(unit="potatoes"))
    with pytest.raises(RefusedError, match="potatoes"):
        previewed_parts(catalog, wrong, [pd.Index([0])])


def test_before_data_count_everything_is_projected_on_the_means_that_will_count(catalog: Catalog):
    incoming = capacity(("MYS", "2026", 3_500.0), ("BEL", "2026", 900.0))
    after = previewed(catalog, incoming)
    shown, counts = impact(Scenario(), catalog, after), run(Scenario(), after)
    assert np.array_equal(shown.after.cash_usd, counts.cash_usd)
    known, there = outlook(after), outlook(catalog)
    quick = expected(after, {}, there)
    assert {one.key for one in shown.series} >= {"capacity_MYS", "capacity_BEL"}
    for key, forecast in known.forecasts.items():
        assert np.array_equal(quick.forecasts[key].mean, forecast.mean), key
    assert quick.forecasts["ai_capex"] is there.forecasts["ai_capex"]
