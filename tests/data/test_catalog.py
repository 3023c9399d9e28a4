"""The tables: every number has a source or says that it is an assumption."""

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from data.catalog import TABLES, Catalog, load, version
from data.package import describe
from data.problems import RefusedError
from data.provenance import Confidence
from data.schemas import DATASETS, SITE_RULES
from forecasts.plan import register


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copied = tmp_path / "tables"
    shutil.copytree(TABLES, copied)
    return copied


def edit(folder: Path, table: str, change) -> None:
    path = folder / f"{table}.csv"
    frame = pd.read_csv(path, dtype=str, keep_default_na=False)
    change(frame)
    frame.to_csv(path, index=False, lineterminator="\n")


@pytest.mark.parametrize("name", DATASETS)
def test_every_row_has_a_source_or_is_marked(catalog: Catalog, name: str):
    frame = catalog.tables[name]
    marked = frame["confidence"].isin([Confidence.ASSUMPTION, Confidence.UNVERIFIED])
    sourced = (frame["source"].str.len() > 3) & frame["url"].str.startswith("http")
    dated = frame["date"].str.match(r"^\d{4}(-\d{2}(-\d{2})?)?$")
    assert frame[~(marked | sourced)].empty, "neither a source nor marked as an assumption"
    assert frame[~(marked | dated)].empty, "no date of the source"
    assert frame[marked & (frame["notes"].str.len() < 10)].empty, "an assumption without a reason"


@pytest.mark.parametrize("name", DATASETS)
def test_ranges_hold_their_value(catalog: Catalog, name: str):
    frame = catalog.tables[name]
    below = frame["low"] > frame["value"] * (1 + 1e-9)
    above = frame["high"] < frame["value"] * (1 - 1e-9)
    assert frame[below | above].empty


def test_no_table_names_a_machine_path_or_how_it_was_made():
    for path in [*TABLES.glob("*.csv"), TABLES.parent / "datapackage.json"]:
        text = path.read_text("utf-8")
        for banned in ("/work/", "/tmp/", "/root/", "shared/", "subagent", "facts file"):
            assert banned not in text, f"{path.name} holds {banned!r}"


def test_the_descriptor_describes_every_table_and_its_hash():
    stated = json.loads((TABLES.parent / "datapackage.json").read_text("utf-8"))
    assert stated == describe()
    assert [resource["name"] for resource in stated["resources"]] == [
        name for name, one in DATASETS.items() if one.bundled
    ]


def test_every_site_of_the_register_has_every_parameter(catalog: Catalog):
    sites = register(catalog)
    assert len(sites) == 12
    for site in sites:
        for parameter, rule in SITE_RULES.items():
            value = catalog.number("sites", iso3=site.iso3, parameter=parameter)
            assert rule.low <= value <= rule.high


def test_sizes_of_belgium_and_romania_are_assumptions(catalog: Catalog):
    for factory in ("belgium", "romania"):
        fact = catalog.fact("factories", factory=factory, parameter="phase_racks")
        assert fact.source.confidence is Confidence.ASSUMPTION


def test_a_missing_table_is_named(folder: Path):
    (folder / "sites.csv").unlink()
    with pytest.raises(RefusedError, match=r"sites\.csv: got no such file"):
        load(folder)


def test_a_wrong_unit_is_named_with_its_row(folder: Path):
    def change(frame: pd.DataFrame) -> None:
        row = frame.index[frame["parameter"] == "power_price"][0]
        frame.loc[row, "unit"] = "EUR_per_MWh"

    edit(folder, "sites", change)
    with pytest.raises(RefusedError, match=r"sites\.csv row \d+, unit: got power_price in"):
        load(folder)


def test_a_value_out_of_range_is_named(folder: Path):
    def change(frame: pd.DataFrame) -> None:
        frame.loc[frame["parameter"] == "pue", "value"] = "0.8"

    edit(folder, "sites", change)
    with pytest.raises(RefusedError, match=r"got 0\.8, expected 1 to 3 ratio \(pue\)"):
        load(folder)


def test_all_problems_are_returned_at_once(folder: Path):
    def change(frame: pd.DataFrame) -> None:
        frame.loc[0, "value"] = "a lot"
        frame.loc[1, "confidence"] = "certain"
        frame.loc[2, ["confidence", "url"]] = ["reported", ""]

    edit(folder, "ai_spending", change)
    with pytest.raises(RefusedError) as refused:
        load(folder)
    places = [problem.place for problem in refused.value.problems]
    assert places == [
        "ai_spending.csv row 2, value",
        "ai_spending.csv row 3, confidence",
        "ai_spending.csv row 4, source",
    ]


def test_a_repeated_key_is_named(folder: Path):
    path = folder / "factories.csv"
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([*lines, lines[-1]]), "utf-8")
    with pytest.raises(RefusedError, match="a second row for"):
        load(folder)


def test_a_changed_table_does_not_match_its_descriptor(folder: Path):
    shutil.copy(TABLES.parent / "datapackage.json", folder.parent)
    assert load(folder).version == version()
    path = folder / "country_year.csv"
    path.write_text(path.read_text("utf-8").replace("reported", "estimate", 1), "utf-8")
    with pytest.raises(RefusedError, match=r"country_year\.csv: got hash"):
        load(folder)


def test_unparsable_bytes_are_refused(folder: Path):
    (folder / "outlooks.csv").write_bytes(b"\xff\xfe\x00topic")
    with pytest.raises(RefusedError, match=r"outlooks\.csv"):
        load(folder)
