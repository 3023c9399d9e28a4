"""Water on the page of a factory, in pictures and in the data pack."""

from dataclasses import replace

import pytest
from app_visits import opened

from dashboard.charts import water
from dashboard.charts.study import Study, study
from dashboard.exports.datapack import result_tables
from dashboard.exports.picture import charts_of
from forecasts.cooling import KINDS
from forecasts.engine import run
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def made() -> Study:
    return study(run(Scenario(factories=("belgium", "qatar"))))


def test_the_chart_says_what_saving_water_costs_and_how_short_it_is(made: Study) -> None:
    chart = water.by_month(made, made.row("qatar"))
    assert chart.headline.startswith("Dry coolers save ")
    assert chart.headline.endswith("water stress here is extremely high")
    assert [trace.name for trace in chart.figure.data] == list(KINDS.values())
    assert all(len(trace.y) == 12 for trace in chart.figure.data)
    assert not chart.table.isna().any().any()
    assert {fact.place.partition("[")[0] for fact in chart.facts} == {"sites", "hardware"}


def test_the_kinds_stand_against_dry_coolers_in_the_busiest_year(made: Study) -> None:
    row = made.row("qatar")
    kinds = water.kind_table(made, row).set_index("Cooling")
    assert kinds.loc["Dry coolers", "Energy against dry, MWh"] == 0
    assert (kinds["Power against dry, USD thousand"] <= 0).all()
    year = next(name for name in kinds.columns if name.startswith("Water in"))
    months = water.month_table(made, row)
    for kind, label in KINDS.items():
        column = f"{year.split()[2].rstrip(',')} {water.SHORT[kind]}, m³"
        assert months[column].sum() == pytest.approx(kinds.loc[label, year])
        assert months[column].max() == kinds.loc[label, "Most in a month, m³"]


def test_data_pack_and_pictures_hold_water(made: Study) -> None:
    tables = result_tables(made)
    _, years = tables["water"]
    _, months = tables["water_months"]
    assert set(years["factory"]) == set(months["factory"]) == {"belgium", "qatar"}
    assert set(years["cooling"]) == set(KINDS)
    for kind in KINDS:
        drawn = years.loc[years["cooling"] == kind, "water_m3"].sum()
        assert months[f"{kind}_m3"].sum() == pytest.approx(drawn)
    assert {"water_belgium", "water_qatar"} <= set(charts_of(made))


def test_without_rows_nothing_is_drawn_and_the_reason_stands() -> None:
    result = run(Scenario(factories=("belgium",)))
    bare = study(replace(result, plan=replace(result.plan, water={})))
    assert "sites humidity_01" in water.why_none(bare, 0)
    assert "water_belgium" not in charts_of(bare)
    assert "water" not in result_tables(bare)


def test_the_page_shows_water_when_it_is_asked_for() -> None:
    app = opened("factory", factory="oman")
    assert "water_shown" not in {one.label for one in app.expander}
    app.session_state["water_shown"] = True
    app.run()
    assert not app.exception, app.exception[0].message
    said = [one.value for one in app.markdown]
    assert any(text.startswith("**Dry coolers save") for text in said)
    assert any("The price of water" in one.value for one in app.caption)
