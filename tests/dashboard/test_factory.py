"""One factory: what decides its dates, where its money goes, how a number comes about."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts import capex_stack, explain, factory, money_path, standing
from dashboard.charts.study import Study, study
from forecasts.engine import run
from forecasts.metric_register import METRICS
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES

APP = Path(__file__).parents[2] / "dashboard" / "app.py"


@pytest.fixture(scope="module", params=list(PRESETS))
def made(request: pytest.FixtureRequest) -> Study:
    return study(run(preset(request.param)))


def test_the_lead_times_end_at_the_first_sold_hour(made: Study) -> None:
    for row, phases in enumerate(made.result.phases):
        frame = standing.critical_path(made, row)
        steps = ["Permits and grid, months", "Construction, months", "Commissioning, months"]
        for place, phase in enumerate(phases):
            assert frame[steps].sum(axis=1)[place] == phase.live - phase.decision


def test_a_moved_date_is_marked_on_the_phases(made: Study) -> None:
    row = made.order()[0]
    assert not factory.build_out(made, row).figure.layout.shapes
    (line,) = factory.build_out(made, row, 24).figure.layout.shapes
    assert line.x0 == pytest.approx(made.result.plan.start.year + 2)


def test_the_waterfall_of_cash_ends_at_all_cash(made: Study) -> None:
    row = made.order()[0]
    table = money_path.cash_waterfall(made, row).table
    total = made.result.cash_usd[0, row].sum() / 1e6
    assert table["USD m"].iloc[-1] == pytest.approx(total)
    assert table["USD m"].iloc[:-1].sum() == pytest.approx(total)


@pytest.mark.parametrize("metric", ["npv", "capex"])
def test_a_number_is_the_sum_of_its_parts(made: Study, metric: str) -> None:
    for row, own in enumerate(made.returns):
        if made.result.phases[row]:
            found = explain.parts(made, row, metric)
            assert found["USD m"].iloc[-1] * 1e6 == pytest.approx(own[metric].value, rel=1e-9)


@pytest.mark.parametrize("metric", METRICS)
def test_every_number_is_explained_by_its_definition_and_inputs(metric: str) -> None:
    assert explain.formula(metric)
    assert all(name in QUANTITIES for name in explain.inputs_of(metric))


@pytest.mark.slow
def test_the_page_explains_a_number_with_rows_and_sources() -> None:
    app = AppTest.from_file(str(APP), default_timeout=90)
    app.query_params["factory"] = "belgium"
    app.run().switch_page("app_pages/factory.py").run()
    assert not app.exception, app.exception[0].message
    app.selectbox(key="explained").set_value("lcoc").run()
    assert not app.exception
    inputs = next(frame.value for frame in app.dataframe if "Row" in frame.value.columns)
    assert inputs["Source"].str.len().gt(5).all()


def test_the_rate_asked_is_explained_part_by_part(made: Study) -> None:
    for row in range(len(made.sites)):
        table = explain.parts(made, row, "discount_rate")
        whole = float(table["% a year"].iloc[-1])
        assert table["% a year"].iloc[:-1].sum() == pytest.approx(whole)
        assert whole == pytest.approx(100 * made.result.discount_rate[row])


def test_an_executive_reads_why_this_rate_on_the_page_of_a_factory() -> None:
    app = AppTest.from_file(str(APP), default_timeout=180)
    app.query_params["factory"] = "romania"
    app.run().switch_page("app_pages/factory.py").run()
    assert not app.exception
    said = "\n".join(str(one.value) for one in app.markdown)
    assert "**Together** | **12.0 %**" in said.replace("\N{NO-BREAK SPACE}", " ").replace(
        "11.98", "12.0"
    )
    for name in ("asset_beta", "country_risk_premium", "debt_margin", "gearing"):
        assert name in said


def test_capex_lines_by_phase_add_up_in_every_unit(made: Study) -> None:
    for row, phases in enumerate(made.result.phases):
        if not phases:
            continue
        for per in capex_stack.PER:
            table = capex_stack.phase_table(made, row, per).set_index(f"Line, {per}")
            assert table.iloc[:-1].sum().to_numpy() == pytest.approx(table.iloc[-1].to_numpy())
        usd = capex_stack.phase_table(made, row, "USD m").iloc[:, 1:]
        assert usd.iloc[:, :-1].sum(axis=1).to_numpy() == pytest.approx(usd.iloc[:, -1].to_numpy())
        long = capex_stack.long_table(made, row)
        assert long["capex_usd"].sum() == pytest.approx(made.returns[row]["capex"].value)


def test_demand_shows_by_class_on_the_page_of_a_factory() -> None:
    app = AppTest.from_file(str(APP), default_timeout=180)
    app.query_params["factory"] = "malaysia"
    app.run().switch_page("app_pages/factory.py").run()
    app.segmented_control(key="demand_view").set_value("By class of use").run()
    assert not app.exception
    said = "\n".join(str(one.value) for one in app.markdown)
    assert "Capacity meets" in said
    assert "of regulated" in said
    app.segmented_control(key="demand_view").set_value("GPU-hours").run()
    assert not app.exception
    assert "Of 100 GPU-hours installed" in "\n".join(str(one.value) for one in app.markdown)
    app.segmented_control(key="class_per").set_value("GPU-hours, m").run()
    assert not app.exception
    assert any("Inference sold" in frame.value.columns for frame in app.dataframe)
