"""Scenarios beside a forecast are drawn with unit, source and table."""

from dashboard.charts import futures
from data.catalog import bundled
from forecasts.ceilings import ceilings_of
from forecasts.outlook import outlook
from forecasts.witness import witness


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
