"""Countries side by side: every cell is the model's value, and says where it comes from."""

import json

import pytest
from app_visits import opened

from dashboard.charts import countries
from dashboard.charts.study import study
from dashboard.cli import main
from dashboard.link import query_of
from data.catalog import Catalog
from forecasts.engine import Result, run
from forecasts.plan import compile_plan
from forecasts.scenario import QUANTITIES, Scenario
from forecasts.side_by_side import DERIVED, GROUPS, STATED, Cell, cells_data, side_by_side

CHANGED = Scenario(
    corporate_tax=0.3, sites={"romania": {"grid_lead_months": 48, "availability": 0.9}}
)


@pytest.fixture(scope="module")
def changed(catalog: Catalog) -> tuple[Cell, ...]:
    return side_by_side(compile_plan(CHANGED, catalog), catalog)


def found(cells: tuple[Cell, ...], factory: str, name: str) -> Cell:
    return next(one for one in cells if (one.factory, one.name) == (factory, name))


def test_everything_a_country_brings_along_stands_in_one_group():
    own = [name for name, one in QUANTITIES.items()
           if one.from_data is not None and one.from_data.table == "sites"]  # fmt: skip
    held = [name for names in GROUPS.values() for name in names]
    assert len(held) == len(set(held))
    assert set(own) == set(held) - set(DERIVED)


def test_cells_are_what_the_model_uses_and_name_their_source(base: Result, catalog: Catalog):
    cells = side_by_side(base.plan, catalog)
    for one in cells:
        assert one.value == one.base
        assert not one.stated
        assert one.source
        if one.name in QUANTITIES:
            row = [site.key for site in base.plan.sites].index(one.factory)
            scale = QUANTITIES[one.name].unit.scale
            assert one.value == pytest.approx(float(base.plan[one.name][row, 0]) * scale)
            assert one.row.startswith("sites[")
            assert one.date
        if one.name == "discount_rate":
            row = [site.key for site in base.plan.sites].index(one.factory)
            assert one.value == pytest.approx(100 * base.discount_rate[row])


def test_a_scenario_shows_beside_the_base_value(changed: tuple[Cell, ...]):
    grid = found(changed, "romania", "grid_lead_months")
    assert (grid.value, grid.stated, countries.written(grid)) == (48, True, "48 (base 30)")
    tax = found(changed, "belgium", "corporate_tax")
    assert (tax.value, tax.base, tax.stated) == (30, 25, True)
    assert not found(changed, "malaysia", "grid_lead_months").stated


def test_what_is_stated_for_one_factory_alone_is_shown_too(changed: tuple[Cell, ...]):
    hours = found(changed, "romania", "availability")
    assert (hours.group, hours.value, hours.base) == (STATED, 90, 97)


def test_table_chart_and_file_hold_the_same_cells(changed: tuple[Cell, ...]):
    made = study(run(CHANGED))
    names = countries.names_of(made)
    table = countries.matrix(changed, names)
    assert len(table) == len(countries.figures(changed))
    assert set(names.values()) <= set(table.columns)
    assert not table.isna().any().any()
    chart = countries.across(changed, "grid_lead_months", names)
    assert [trace.name for trace in chart.figure.data] == ["In use", "Base value"]
    assert len(countries.every(changed, names)) == len(changed) == len(cells_data(changed))


def test_one_factory_has_nothing_to_compare_with(catalog: Catalog):
    alone = Scenario(factories=("oman",))
    cells = side_by_side(compile_plan(alone, catalog), catalog)
    assert "nothing to compare" in countries.headline(cells, {"oman": "Oman"})
    assert "in Oman" in countries.across(cells, "pue", {"oman": "Oman"}).headline


def test_the_command_prints_every_factory(capsys):
    with pytest.raises(SystemExit, match="0"):
        main(["countries", "--json"])
    told = json.loads(capsys.readouterr().out)
    assert {one["factory"] for one in told} >= {"malaysia", "belgium", "romania", "qatar"}
    with pytest.raises(SystemExit, match="0"):
        main(["countries"])
    said = capsys.readouterr().out
    assert "Power price, USD/kWh" in said
    assert max(map(len, said.splitlines())) <= 130


def test_the_page_shows_them_and_follows_the_scenario():
    app = opened("assumptions", **(query_of(CHANGED) or {}))
    app.segmented_control[0].set_value("Countries side by side").run()
    assert not app.exception
    shown = app.dataframe[0].value
    grid = shown[shown["Figure"] == "Grid lead months"]
    assert grid["Romania"].tolist() == ["48 (base 30)"]
