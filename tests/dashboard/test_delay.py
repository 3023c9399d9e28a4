"""The curve of delay on page Timing: sentences and tables say what the model found."""

import pytest
from app_visits import opened

from dashboard.charts import delay
from dashboard.charts.study import study
from dashboard.link import query_of
from forecasts.delay_curve import curves_data, delay_curves
from forecasts.engine import Result, run
from forecasts.outlook import outlook
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def curves(base: Result, catalog):
    return curves_data(delay_curves(base.plan, outlook(catalog)))


def test_charts_and_file_hold_every_month(curves, base: Result):
    names = delay.names_of(study(base))
    frame = delay.every(curves, names)
    assert len(frame) == len(names) * 25
    for curve in curves:
        made = delay.lost_chart(curve, names[curve["key"]])
        drawn = made.figure.data[0].y
        assert drawn[12] == pytest.approx(curve["points"][12]["npv_lost_usd"] / 1e6, abs=1e-3)
        rates = delay.rates_chart(curve, 0.1)
        assert [trace.name for trace in rates.figure.data][-1] == "Asked of the project"
        assert "nan" not in f"{made.headline}{rates.headline}{delay.named_costs(curve)}"


def test_a_delay_that_saves_is_said_to_save(catalog):
    losing = run(Scenario(factories=("kenya",), gpu_hour_price=3.0), catalog)
    curve = curves_data(delay_curves(losing.plan, outlook(catalog)))[1]
    lost = curve["points"][12]["npv_lost_usd"]
    said = delay.lost_chart(curve, "Kenya").headline
    assert ("saves Kenya" in said) == (lost < 0)
    assert "costs" in said or "saves" in said


def test_no_loan_is_said_so(catalog):
    free = run(Scenario(factories=("belgium",), gearing=0.0), catalog)
    curve = curves_data(delay_curves(free.plan, outlook(catalog), most=24))[1]
    assert "No loan" in delay.named_costs(curve)


def test_the_page_follows_whose_delay_is_asked():
    link = query_of(Scenario(factories=("malaysia", "oman"), months=120)) or {}
    app = opened("timing", **link)
    app.selectbox(key="late_of").set_value("oman").run()
    assert not app.exception
    assert any("A year late" in one.value and "Oman" in one.value for one in app.markdown)
