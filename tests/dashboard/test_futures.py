"""Scenarios beside a forecast are drawn with unit, source and table."""

import numpy as np
import pytest
from app_visits import opened

from dashboard.charts import futures
from dashboard.theme import percent
from data.catalog import bundled
from forecasts.ceilings import ceilings_of
from forecasts.outlook import outlook
from forecasts.witness import explained, possible, witness


def test_futures_are_drawn_with_their_sources_and_tables():
    known = outlook(bundled())
    for key in ("capacity_MYS", "adoption_BEL"):
        ceilings = ceilings_of(bundled(), known.histories[key])
        chart = futures.under_ceilings(known, key, ceilings)
        assert chart.table.notna().all().all()
        assert "scenario" in chart.subtitle.lower()
        assert chart.source
    seen = witness(known, "ai_capex")
    chart = futures.by_driver(known, "ai_capex", seen)
    assert len(chart.table) == 12
    assert "0.26" in chart.headline
    assert "3 quarters later" in chart.headline
    assert "Each quarter grows on the same one a year before" in chart.subtitle
    held = known.forecasts[seen.driver.key].verdict.held
    assert f"made for 80 % that held {percent(held, 0)} of past values" in chart.subtitle
    colours = [trace.line.color for trace in chart.figure.data]
    assert len(set(colours)) == len(colours)


def test_a_stated_growth_of_the_driver_is_a_future_of_its_own():
    known = outlook(bundled())
    usual = explained(known, "ai_capex", "vendor_revenue", 3)
    own = explained(known, "ai_capex", "vendor_revenue", 3, 0.5)
    chart = futures.by_driver(known, "ai_capex", own)
    assert chart.table.shape[1] == 5
    for name, path in usual.found.paths.items():
        assert np.array_equal(path, own.found.paths[name])
    faster = explained(known, "ai_capex", "vendor_revenue", 3, 1.0)
    assert (faster.found.paths["stated"][3:] > own.found.paths["stated"][3:]).all()


def test_drivers_offered_are_long_enough_and_another_series():
    known = outlook(bundled())
    assert possible(known, "capacity_MYS") == []
    offered = possible(known, "power_BEL")
    assert "power_ROU" in offered
    assert not {"power_BEL", "ai_capex"} & set(offered)
    for name in offered[:2]:
        assert explained(known, "power_BEL", name, 0) is not None


@pytest.mark.slow
def test_a_reader_chooses_driver_lead_and_growth():
    app = opened("outlooks")
    keys = [box.key for box in app.selectbox]
    picked = next(key for key in keys if key and key.startswith("driver_of_"))
    series = picked.removeprefix("driver_of_")
    assert series == "ai_capex"
    assert app.selectbox(key=picked).value == "vendor_revenue"
    app.number_input(key="growth_ai_capex_vendor_revenue").set_value(40.0).run()
    assert not app.exception
    assert any("growth stated" in str(one.value) for one in app.caption)
    app.selectbox(key=picked).set_value("").run()
    assert not app.exception
    assert not [one for one in app.number_input if one.key and one.key.startswith("growth")]


def test_a_series_that_borrows_growth_does_not_say_that_its_width_was_learned():
    said = [str(one.value) for one in opened("outlooks", series="capacity_ROU").caption]
    (bands,) = [one for one in said if one.startswith("What the bands mean")]
    assert "whose growth it borrows" in bands
    assert "learned on other series" not in bands
    assert any("growth of \N{MINUS SIGN}9\N{NO-BREAK SPACE}% to" in one for one in said)
