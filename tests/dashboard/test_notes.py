"""Notes on assumptions: signed by who wrote them, shown in the table, carried by every export."""

import datetime as dt
import io
import zipfile
from dataclasses import replace

import openpyxl
import pandas as pd
import pytest
from app_visits import opened

from dashboard.charts.study import study
from dashboard.exports.formats import Order, make_pack, make_workbook
from dashboard.exports.manifest import SUFFIX, manifest_of
from dashboard.exports.stamp import stamp_of
from dashboard.exports.story import NOTE_SHOWN, Material, briefing
from dashboard.files import read_notes
from dashboard.verifying import Here, verified
from data.scenario_merging import Draft
from data.scenario_notes import Note, notes_of
from data.scenario_store import history, restore, save
from data.store import open_store
from forecasts.engine import Result

pytestmark = pytest.mark.usefixtures("own_store")

LONG = "The operator's letter of May names 2030. " * 30
NOTES = (
    Note("grid_lead_months", LONG, "Ana", "2026-11-26T09:30:00+00:00", "Late@2"),
    Note("gpu_hour_price", "=1+1 as quoted", "Ion", "2026-11-27T10:00:00+00:00", "Late@3"),
)


def kept(*texts: dict[str, str]):
    """Save a scenario several times, each with these notes."""
    with open_store() as store:
        who = store.operator()
        for base, notes in enumerate(texts):
            save(store, who, Draft("Late", {"gpu_hour_price": 8.0}, notes=notes), base=base)
        return history(store, who, "Late")


def test_a_note_is_signed_by_the_revision_that_wrote_it_as_it_stands():
    past = kept({}, {"pue": "as built"}, {"pue": "as built", "rack_price": "quote"}, {"pue": "new"})
    assert [(one.assumption, one.scenario) for one in notes_of(past, 3)] == [
        ("pue", "Late@2"),
        ("rack_price", "Late@3"),
    ]
    (now,) = notes_of(past)
    assert (now.text, now.scenario, now.who, now.at) == ("new", "Late@4", past[3].who, past[3].at)
    assert now.signed == f"{now.day}, {now.who}: new"
    with open_store() as store:
        restore(store, store.operator(), "Late", 2, base=4)
        again = history(store, store.operator(), "Late")
    assert [(one.text, one.scenario) for one in notes_of(again)] == [("as built", "Late@5")]


def test_the_table_of_assumptions_shows_notes_with_author_and_day():
    past = kept({"gpu_hour_price": "as quoted in May"})
    app = opened("assumptions", section="Revenue", saved="Late@1", gpu_hour_price="8.0")
    said = " ".join(one.value for one in app.caption).replace("\\", "")
    assert "Noted in Late@1: GPU hour price" in said
    shown = next(one.value for one in app.dataframe if "All factories" in one.value.columns)
    noted = shown[shown["Note"] != ""]
    assert noted["Note"].tolist() == [notes_of(past)[0].signed]
    plain = opened("assumptions", section="Demand", saved="Late@1", gpu_hour_price="8.0")
    assert all("Note" not in one.value.columns for one in plain.dataframe)


def test_the_command_finds_notes_of_saved_scenarios_alone():
    kept({"pue": "as built"})
    (note,) = read_notes("Late")
    assert (note.assumption, note.text) == ("pue", "as built")
    assert read_notes("base") == read_notes("scenarios/example.yaml") == read_notes("none") == ()


@pytest.fixture(scope="module")
def order(base: Result, catalog) -> Order:
    return Order(study(base), catalog, dt.date(2026, 11, 27), notes=NOTES)


def test_pack_and_workbook_hold_notes_and_can_be_verified(order, catalog, tmp_path):
    content = make_pack(order)
    with zipfile.ZipFile(io.BytesIO(content)) as held:
        frame = pd.read_csv(io.BytesIO(held.read("results/notes.csv")))
    assert frame["who"].tolist() == ["Ana", "Ion"]
    assert frame["text"][1] == "'=1+1 as quoted"
    book = openpyxl.load_workbook(io.BytesIO(make_workbook(order)), read_only=True)
    rows = list(book["Notes"].iter_rows(min_row=5, values_only=True))
    assert [row[1:5] for row in rows] == [
        (one.assumption, one.text, one.who, one.day) for one in NOTES
    ]
    (tmp_path / "pack.zip").write_bytes(content)
    manifest = manifest_of(order, ".zip", "data", ("pack.zip", content))
    (tmp_path / f"pack.zip{SUFFIX}").write_bytes(manifest.written())
    (found,) = verified(tmp_path, Here(catalog))
    assert found.reasons == ()
    assert (
        "Notes"
        not in openpyxl.load_workbook(
            io.BytesIO(make_workbook(replace(order, notes=()))), read_only=True
        ).sheetnames
    )


def test_a_briefing_tells_notes_with_author_and_day_and_cuts_long_ones(order, catalog):
    stamp = replace(stamp_of(order.study, catalog, order.made), notes=NOTES)
    empty = Material(order.study, stamp, (), {}, {}, (), order.study, ())
    (sheet,) = briefing(empty, ("assumptions",)).sheets
    (grid,) = sheet.panels
    assert sheet.title == "2 notes on assumptions, by 2 people"
    assert [row[2:] for row in grid.rows] == [("Ana", "2026-11-26"), ("Ion", "2026-11-27")]
    assert max(len(row[1]) for row in grid.rows) <= NOTE_SHOWN
