"""What it would take, where the spread comes from, and the page that shows both."""

import re
from math import isnan
from pathlib import Path

import pytest
from app_visits import opened
from streamlit.testing.v1 import AppTest

from dashboard import state
from dashboard.charts import decisions, rank_sensitivity, sensitivity, shares
from dashboard.risk_runs import spider_of, tornado_of
from dashboard.what_if_commands import spread_text
from dashboard.what_if_runs import goal_of, shares_of
from data.catalog import bundled
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.goals import Aim
from forecasts.rank_sensitivity import RankCorrelation, RankSensitivity
from forecasts.returns import factory_returns
from forecasts.scenario import Scenario

APP = Path(__file__).parents[2] / "dashboard" / "app.py"
SMALL = Scenario(factories=("belgium", "romania"), months=120)


def test_the_value_found_makes_the_metric_the_target():
    found = goal_of(SMALL, bundled(), Aim("irr", 0.0, "gpu_hour_price", "romania"), (2.0, 40.0))
    assert found["value"] is not None
    there = SMALL.having(gpu_hour_price=found["value"])
    metrics = factory_returns(run(there, bundled()), 1)
    assert metrics["irr"].value == pytest.approx(0.0, abs=1e-6)
    said = shares.goal_sentence(found, "Romania")
    assert f"{found['value']:.2f}" in said
    assert "Project IRR of Romania to be 0.0" in said


def test_no_value_in_range_is_an_answer_with_its_reason():
    found = goal_of(SMALL, bundled(), Aim("npv", 1e15, "gpu_hour_price"))
    assert found["value"] is None
    assert "No root in range" in shares.goal_sentence(found, "all factories")


@pytest.mark.parametrize(
    ("aim", "between", "said"),
    [
        (Aim("nvp", 0.0, "gpu_hour_price"), None, "did you mean 'npv'?"),
        (Aim("npv", 0.0, "gpu_hour_prise"), None, "did you mean 'gpu_hour_price'?"),
        (Aim("npv", 0.0, "gpu_hour_price", "belgum"), None, "did you mean 'belgium'?"),
        (Aim("npv", float("inf"), "gpu_hour_price"), None, "a number"),
        (Aim("npv", 0.0, "gpu_hour_price"), (9.0, 4.0), "two rising values"),
    ],
    ids=["metric", "assumption", "factory", "target", "range"],
)
def test_what_cannot_be_looked_for_is_named(aim, between, said):
    with pytest.raises(RefusedError, match=said.replace("?", r"\?")):
        goal_of(SMALL, bundled(), aim, between)


def test_shares_of_the_spread_stand_in_text_and_chart():
    found = shares_of(SMALL, bundled(), (32, 0), ("npv", "romania"))
    assert found["paths"] == 32 * (len(found["inputs"]) + 2)
    chart = shares.shares_chart(found, "Romania")
    assert chart is not None
    first = found["inputs"][0]
    assert chart.table["In all, %"].iloc[0] == pytest.approx(100 * first["in_all"])
    assert f"{100 * first['in_all']:.1f} ±" in spread_text(found)
    assert all(one["in_all"] <= first["in_all"] for one in found["inputs"])


def test_what_does_not_vary_has_no_chart():
    nothing = SMALL.having(site_capacity_mw=0.0)
    found = shares_of(nothing, bundled(), (32, 0), ("npv", None))
    assert shares.shares_chart(found, "all factories") is None
    assert "does not vary" in spread_text(found)


@pytest.mark.parametrize("partial", [-0.7, float("nan")], ids=["partial", "none"])
def test_rank_correlations_are_drawn_with_and_without_the_partial_one(partial: float) -> None:
    one = RankCorrelation("gpu_price_decay", -0.5, partial, 0.01, 0.02)
    chart = rank_sensitivity.ranks_chart(RankSensitivity(64, (one,)), "npv", "Romania")
    assert chart is not None
    told = "0.50 ± 0.01" if isnan(partial) else "0.70 ± 0.02"
    assert chart.headline.startswith("NPV falls most surely with GPU price decay: ")
    assert chart.headline.endswith(told)
    assert len(chart.figure.data) == (1 if isnan(partial) else 2)


def test_charts_speak_the_unit_of_their_metric():
    moved = tornado_of(SMALL, bundled(), "lcoc", "belgium")
    chart = decisions.tornado_chart(moved, "Belgium")
    assert chart is not None
    assert chart.table.columns[1] == "LCOC at its low end, USD per GPU-hour"
    assert chart.table.iloc[0, 1] == pytest.approx(moved["drivers"][0]["at_low"])
    line = sensitivity.spider_chart(spider_of(SMALL, bundled(), "irr", ("gpu_hour_price",)))
    assert "Project IRR" in line.headline
    assert "%" in line.headline


@pytest.mark.slow
def test_the_page_finds_a_value_and_uses_it():
    app = AppTest.from_file(str(APP), default_timeout=300)
    app.run()
    app.switch_page("app_pages/risk.py").run()
    app.segmented_control(key="risk_view").set_value("What moves it").run()
    app.selectbox(key="goal_by").set_value("gpu_hour_price").run()
    app.number_input(key="goal_npv").set_value(-3000.0).run()
    app.toggle(key="goal_on").set_value(True).run()
    assert not app.exception, app.exception[0].message
    found = float(re.search(r"must be ([\d.]+) USD", app.success[0].value)[1])
    next(one for one in app.button if one.label.startswith("Use this value")).click().run()
    assert not app.exception, app.exception[0].message
    assert float("".join(app.query_params["gpu_hour_price"])) == pytest.approx(found, abs=0.005)
    assert float(app.slider(key=state.widget_key("gpu_hour_price")).value) == pytest.approx(
        found, abs=0.05
    )


def test_rank_correlations_stand_beside_the_tornado_or_say_why_not() -> None:
    app = opened("risk")
    app.segmented_control(key="risk_view").set_value("What moves it").run()
    assert "How closely each input goes with it" in [one.value for one in app.subheader]
    assert any("most surely with" in str(one.value) for one in app.markdown)
    app.selectbox(key="moves_metric").set_value("llcr").run()
    assert not app.exception
    assert any("is not simulated" in one.value for one in app.info)
