"""Files become rows of a dataset: columns found, units converted, all problems in one go."""

import pandas as pd
import pytest

from data.catalog import TABLES, bundled
from data.ingest import Options, dataset_names, read
from data.reading.templates import template
from data.schemas import DATASETS

MESSY = (
    b"Country;Year;Capacity (GW);Source\n"
    b"Roumanie;2023;0,12;X\nMalaysia;2024;0,5;Y\nAtlantis;2024;1;Z\nKenia;2024;n/a;Z\nKenia;2025;x;Z\n"
)


def test_names_units_and_places_are_found_and_every_problem_is_said_at_once():
    made = read(MESSY, "regional_demand")
    assert made.report.status == "rejected"
    places = {(one.severity, one.row, one.column) for one in made.report.problems}
    assert {("error", 4, "Country"), ("error", 6, "Capacity (GW)")} <= places
    rows = made.frame[["iso3", "indicator", "period", "value", "unit"]].to_numpy().tolist()
    assert rows == [
        ["ROU", "dc_it_capacity", "2023", 120.0, "MW"],
        ["MYS", "dc_it_capacity", "2024", 500.0, "MW"],
    ]
    assert made.report.mapping["Capacity (GW)"] == "value of dc_it_capacity"


def test_periods_side_by_side_become_rows():
    head = b"iso3,indicator,unit,2019,2020\n"
    text = head + b"KEN,dc_it_capacity,MW,100,120\nNA,dc_it_capacity,kW,5000,\n"
    made = read(text, "regional_demand")
    assert made.report.status == "accepted_with_warnings"
    rows = made.frame[["iso3", "period", "value"]].to_numpy().tolist()
    assert rows == [["KEN", "2019", 100.0], ["KEN", "2020", 120.0], ["NAM", "2019", 5.0]]


def test_money_is_converted_to_the_scale_of_the_dataset():
    text = b"Company,Quarter,Capex (USD m)\nMeta,Q1 2024,6715\nMeta,2Q24,8472\n"
    made = read(text, "ai_spending")
    assert made.frame["value"].tolist() == [6.715, 8.472]
    assert made.frame["period"].tolist() == ["2024Q1", "2024Q2"]


def test_what_looks_wrong_in_good_rows_is_a_warning():
    rows = ["2015,100", "2016,110", "2017,120000", "2018,130", "2020,140", "2021,150"]
    lines = ["period,value,unit,iso3,indicator", *(f"{one},MW,KEN,dc_it_capacity" for one in rows)]
    text = "\n".join(lines)
    report = read(text.encode(), "regional_demand").report
    said = " ".join(str(one) for one in report.problems if one.severity == "warning")
    assert report.status == "accepted_with_warnings"
    assert "10^3 times its neighbour" in said
    assert "2018 to 2020" in said


def test_a_key_twice_is_an_error_only_when_the_figures_differ():
    head = "iso3,indicator,period,value,unit\nKEN,dc_it_capacity,2020,1,MW\n"
    same = read((head + "KEN,dc_it_capacity,2020,1,MW\n").encode(), "regional_demand")
    other = read((head + "KEN,dc_it_capacity,2020,2,MW\n").encode(), "regional_demand")
    assert same.report.status == "accepted_with_warnings"
    assert other.report.status == "rejected"
    assert len(same.frame) == 1


def test_a_value_that_cannot_be_is_an_error_in_its_row():
    text = b"iso3,indicator,period,value,unit\nKEN,enterprise_ai_adoption,2020,120,percent\n"
    report = read(text, "regional_demand").report
    assert [(p.row, p.column) for p in report.problems if p.severity == "error"] == [(2, "value")]


@pytest.mark.parametrize("name", [one.name for one in DATASETS.values() if one.bundled])
def test_the_bundled_table_is_accepted_as_it_is_and_agrees_with_itself(name):
    held = bundled().tables[name]
    made = read(TABLES / f"{name}.csv", name, existing=held)
    assert made.report.status != "rejected", [str(p) for p in made.report.problems][:5]
    assert not [p for p in made.report.problems if "held so far" in p.expected]
    key = list(DATASETS[name].key)
    pd.testing.assert_frame_equal(
        made.frame[[*key, "value"]].sort_values(key, ignore_index=True),
        held[[*key, "value"]].sort_values(key, ignore_index=True),
        check_dtype=False,
    )


def test_other_figures_than_those_held_are_named():
    text = b"iso3,indicator,period,value,unit\nKEN,population,2020,5,persons\n"
    held = bundled().tables["country_year"]
    report = read(text, "country_year", existing=held).report
    assert any("held so far" in one.expected and one.row == 2 for one in report.problems)


@pytest.mark.parametrize("name", [one for one in dataset_names() if one != "any"])
def test_every_template_is_accepted(name):
    assert read(template(name).encode(), name).report.status != "rejected"


def test_a_mapping_the_user_states_is_followed():
    text = b"when,what,how much\n2020,a,1\n2021,a,2\n"
    said = Options(mapping={"when": "ds", "what": "unique_id", "how much": "y"})
    assert read(text, "series", said).frame["y"].tolist() == [1.0, 2.0]
    assert read(text, "series").report.status == "rejected"


def test_series_side_by_side_are_read_as_rows():
    made = read(b"Country,2020,2021\nKenya,1,2\nMali,3,4\n", "series")
    assert made.frame.to_numpy().tolist()[1] == ["Kenya", "2021", 2.0]


def test_a_file_without_a_single_good_row_is_refused_in_every_dataset():
    for dataset in dataset_names():
        made = read(b"name;value\nr0;~5\nr1;>6\nr2;7\n", dataset)
        assert dataset == "any" or made.report.status == "rejected"
