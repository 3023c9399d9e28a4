"""The risk score on screen and on the terminal: weights beside it, sources under it."""

from dataclasses import replace

import pytest
from app_visits import opened

from dashboard.charts import risk_score
from dashboard.charts.study import study
from dashboard.risk_runs import risk_score_of
from data.catalog import bundled
from data.problems import RefusedError
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.risk_components import COMPONENTS
from forecasts.risk_score import risk_scores

WEIGHTS = {one.name: one.weight for one in COMPONENTS}


@pytest.fixture(scope="module")
def own():
    return study(run(preset("base"), bundled()))


def test_bars_add_up_to_the_score(own):
    found = risk_scores(own.result, bundled())
    chart = risk_score.score_chart(own, found, WEIGHTS)
    assert chart is not None
    adds = chart.table[[one.label for one in COMPONENTS]].sum(axis=1)
    assert adds.to_numpy() == pytest.approx(chart.table["Score, 0 to 100"].to_numpy())
    assert chart.table["Score, 0 to 100"].is_monotonic_decreasing
    assert "Nigeria is riskiest" in chart.headline
    assert risk_score.missing(own, found) == []
    parts = risk_score.parts_table(own, found)
    assert len(parts) == len(own.sites) * len(COMPONENTS)
    assert (parts["Source"] != "").all()
    assert sum(int(one) for one in risk_score.scales_table(WEIGHTS)["Weight of 100"]) == 100


def test_what_is_missing_is_said_with_the_range_it_leaves(own):
    tables = bundled().tables
    sites = tables["sites"]
    kept = sites[(sites["iso3"] != "EGY") | (sites["parameter"] != "export_control_level")]
    bare = replace(bundled(), tables={**tables, "sites": kept}, version="bare", memo={})
    found = risk_scores(own.result, bare)
    (said,) = risk_score.missing(own, found)
    assert said.startswith("Egypt: no value of Export control of chips (no row")
    assert risk_score.score_chart(own, found, WEIGHTS) is not None


def test_the_command_takes_weights_and_refuses_others_in_a_line():
    made = risk_score_of(preset("base"), bundled(), "rating=0, currency=50")
    assert made["components"][0]["weight"] == 0
    assert "nigeria" in risk_score.text(made)
    for wrong in ("rating=x", "ratng=3", "rating=-1", "rating", "rating=5, rating=7"):
        with pytest.raises(RefusedError, match="--weights"):
            risk_score_of(preset("base"), bundled(), wrong)


def test_weights_on_the_page_move_the_score():
    app = opened("risk")
    app.segmented_control(key="risk_view").set_value("Compare sites").run()
    assert not app.exception
    assert "What could go wrong, in one score" in [one.value for one in app.subheader]
    shown = [str(one.value) for one in app.markdown]
    assert any("Nigeria is riskiest with 64 of 100" in one for one in shown)
    app.slider(key="risk_weight_currency").set_value(0).run()
    assert not any("with 64 of 100" in str(one.value) for one in app.markdown)
    for one in COMPONENTS:
        app.slider(key=f"risk_weight_{one.name}").set_value(0)
    app.run()
    assert any("weight above 0" in one.value for one in app.warning)
