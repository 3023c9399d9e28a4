"""What an export says of itself leads back to exactly its case."""

import datetime as dt
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from dashboard.charts.study import study
from dashboard.exports.stamp import stamp_of
from forecasts.engine import run
from forecasts.presets import PRESETS, preset
from forecasts.scenario import Scenario

APP = str(Path(__file__).parents[2] / "dashboard" / "app.py")
DAY = dt.date(2026, 11, 26)
CASES = {
    **{name: preset(name) for name in PRESETS},
    "one change": Scenario(gpu_hour_price=7.123456789012345),
    "preset and change": preset("constrained").having(rack_price=9.2e6),
    "one factory": Scenario(factories=("romania",), sites={"romania": {"power_price": 0.05}}),
    "many changes": Scenario(name="board", months=120, start=dt.date(2028, 1, 1)),
}


@pytest.mark.slow
@pytest.mark.parametrize("scenario", CASES.values(), ids=CASES)
def test_the_stated_link_opens_exactly_this_case(catalog, scenario):
    stamp = stamp_of(study(run(scenario, catalog)), catalog, DAY)
    app = AppTest.from_file(APP, default_timeout=120)
    for name, text in parse_qsl(urlsplit(stamp.link).query):
        app.query_params[name] = text
    app.run()
    assert not app.exception
    shown = [one.value for one in app.caption if scenario.hash in one.value]
    assert shown, "the opened app shows another scenario"


def test_the_stamp_names_case_data_and_day(catalog):
    stamp = stamp_of(study(run(Scenario(), catalog)), catalog, DAY)
    assert stamp.scenario_hash in stamp.line
    assert catalog.version in stamp.line
    assert "26 November 2026" in stamp.line


def test_every_source_behind_the_case_is_cited_with_its_grade(catalog):
    stamp = stamp_of(study(run(Scenario(factories=("romania",)), catalog)), catalog, DAY)
    assert len(stamp.sources) > 30
    assert all(one.publisher and one.grade and one.rows > 0 for one in stamp.sources)
    assert all(one.url for one in stamp.sources if one.grade == "reported")
    rows = [one.rows for one in stamp.sources]
    assert rows == sorted(rows, reverse=True)


def test_a_stated_value_cites_no_table_row(catalog):
    given = study(run(Scenario(factories=("romania",)), catalog))
    stated = study(run(Scenario(factories=("romania",), pue=1.2), catalog))
    before, after = (
        sum(one.rows for one in stamp_of(made, catalog, DAY).sources) for made in (given, stated)
    )
    assert after == before - 1
