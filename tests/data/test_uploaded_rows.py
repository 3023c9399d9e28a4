"""From a file's columns to rows: mapping, one-click fixes, kept mappings, judgements."""

import pandas as pd
import pytest

from data.actors import Actor
from data.column_mapping import applied, mapping_of, missing, proposed, template
from data.judgement_store import Judgement, judge, judgements
from data.mapping_store import save_mapping, saved_mapping
from data.problems import RefusedError
from data.row_fixes import fixes, problems_of
from data.schemas import DATASETS
from data.store import Store

ANA = Actor("ana")
DEMAND = DATASETS["regional_demand"]
FILE = pd.DataFrame(
    {
        "Country": ["Malaysia", "BEL"],
        "Year": [2026, 2026],
        "MW": [1500.0, 900.5],
        "Colour": ["", ""],
    }
)


def test_a_plain_table_of_countries_becomes_clean_rows():
    mapping = proposed(list(FILE.columns), DEMAND, "mw.csv")
    assert mapping.columns == {"iso3": "Country", "period": "Year", "value": "MW"}
    assert missing(mapping, DEMAND) == []
    rows = applied(FILE, mapping, DEMAND)
    assert problems_of(rows, DEMAND, "mw.csv") == ()
    assert rows["iso3"].tolist() == ["MYS", "BEL"]
    assert rows["value"].tolist() == ["1500", "900.5"]
    assert set(rows["confidence"]) == {"assumption"}
    assert "mw.csv" in rows["notes"].iloc[0]


def test_what_cannot_be_guessed_is_asked():
    assert missing(proposed(["a"], DATASETS["sites"]), DATASETS["sites"]) == [
        "iso3",
        "parameter",
        "period",
        "unit",
    ]


@pytest.mark.parametrize("dataset", DATASETS.values(), ids=lambda one: one.name)
def test_a_filled_template_maps_onto_itself(dataset):
    names = template(dataset).strip().split(",")
    assert dict(proposed(names, dataset).columns) == {name: name for name in dataset.columns}


def rows(**changes: object) -> pd.DataFrame:
    made = applied(FILE, proposed(list(FILE.columns), DEMAND, "mw.csv"), DEMAND)
    return made.assign(**changes)


def test_values_in_another_unit_are_converted_by_a_click():
    bad = rows(unit="GW", value=["1.5", "0.9005"])
    problems = problems_of(bad, DEMAND, "mw.csv")
    assert len(problems) == 4
    fix = fixes(bad, DEMAND, problems)[0]
    assert fix.label == "Convert GW to MW"
    assert problems_of(fix.rows, DEMAND, "mw.csv") == ()
    assert fix.rows["value"].tolist() == ["1500", "900.5"]


def test_rows_said_twice_and_rows_with_problems_are_left_out_by_a_click():
    twice = pd.concat([rows(), rows()], ignore_index=True)
    (first, second) = fixes(twice, DEMAND, problems_of(twice, DEMAND, "mw.csv"))
    assert (first.label, len(first.rows)) == ("Keep the last of each pair: 2 fewer rows", 2)
    assert (second.label, len(second.rows)) == ("Leave out the 2 rows named above", 2)
    bad = rows(value=["many", "900.5"])
    (only,) = fixes(bad, DEMAND, problems_of(bad, DEMAND, "mw.csv"))
    assert only.label == "Leave out the 1 row named above"
    assert only.rows["iso3"].tolist() == ["BEL"]


def test_the_mapping_of_a_source_is_kept_for_the_next_file(store: Store):
    mapping = proposed(list(FILE.columns), DEMAND, "mw.csv")
    assert saved_mapping(store, ANA, "broker") is None
    save_mapping(store, ANA, "broker", mapping.data())
    save_mapping(store, ANA, "broker", mapping.data())
    held = saved_mapping(store, ANA, "broker")
    assert mapping_of(held) == mapping
    assert len(store.audit(ANA)) == 1
    assert saved_mapping(store, Actor("ana", "other"), "broker") is None


def test_judgements_stand_beside_each_other_and_can_be_taken_back(store: Store):
    first = Judgement("ai_capex", "2027Q1", 200.0, "2026Q3", "Orders seen.")
    judge(store, ANA, first)
    judge(store, ANA, Judgement("ai_capex", "2027Q1", 210.0, "2026Q3", "More orders."))
    (held,) = judgements(store, ANA)
    assert (held.value, held.who, held.reason) == (210.0, "ana", "More orders.")
    judge(store, ANA, Judgement("ai_capex", "2027Q1", None, "2026Q3", "Withdrawn."))
    assert judgements(store, ANA) == ()
    assert len(judgements(store, ANA, every=True)) == 3
    for wrong in (
        Judgement("x", "2027", 1.0, "2026", " "),
        Judgement("x", "2027", float("inf"), "2026", "Why."),
    ):
        with pytest.raises(RefusedError):
            judge(store, ANA, wrong)
