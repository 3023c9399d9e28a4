"""Debt, forms of cost, statements and the country on the charts and tables of one factory."""

import pytest

from dashboard.charts import finance
from dashboard.charts.study import Study, study
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset


@pytest.fixture(scope="module")
def malaysia() -> Study:
    return study(run(preset("base").having(factories=("malaysia",)), bundled()))


def test_debt_service_is_drawn_with_its_cover(malaysia):
    chart = finance.debt_service(malaysia, 0)
    interest, principal, cash = chart.figure.data
    years = chart.table["Year"].tolist()
    assert list(cash.x) == [str(year) for year in years]
    paid = 3  # a year in which every month has service
    cover = cash.y[paid] / (interest.y[paid] + principal.y[paid])
    assert float(chart.table[finance.COVER][paid]) == pytest.approx(cover, abs=0.006)
    assert "worst month" in chart.headline


def test_no_debt_gives_no_chart_of_debt():
    unlevered = study(run(preset("base").having(factories=("kenya",), gearing=0.0), bundled()))
    assert finance.debt_service(unlevered, 0) is None


def test_forms_of_cost_end_on_the_metrics(malaysia):
    chart = finance.forms_of_cost(malaysia, 0)
    bars = dict(zip(chart.figure.data[0].y, chart.figure.data[0].x, strict=True))
    assert bars["LCOC, present value"] == malaysia.returns[0]["lcoc"].value
    assert bars["TCO, simple"] == malaysia.returns[0]["tco_simple"].value


def test_statements_loans_and_country_are_tables_without_gaps(malaysia):
    tables = [*finance.statement_tables(malaysia, 0).values(), finance.loan_table(malaysia, 0)]
    for table in [*tables, finance.sovereign_table(malaysia, 0)]:
        assert len(table) > 0
        assert not table.isna().any().any()
