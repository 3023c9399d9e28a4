"""Accepted data on both databases: versions, the catalog in force, undo, roll back, pins."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.actors import Actor, Role
from data.catalog import Catalog
from data.catalog_merging import as_text, differences, rows_as_csv, rows_from_csv, stacked
from data.catalog_store import (
    Incoming,
    accept,
    at_version,
    in_force,
    kept_file,
    previewed,
    roll_back,
    undo,
    versions,
)
from data.problems import RefusedError
from data.schemas import DATASETS
from data.store import Store

ANA, BEN = Actor("ana"), Actor("ben")


def capacity(value: object = 1_500.0, period: str = "2026", **changes: object) -> pd.DataFrame:
    row = {
        "iso3": "MYS",
        "region": "national",
        "indicator": "dc_it_capacity",
        "period": period,
        "status": "live",
        "value": value,
        "unit": "MW",
        "source": "A broker",
        "url": "https://example.org/mw",
        "date": "2026-11",
        "confidence": "estimate",
    }
    return pd.DataFrame([row | changes])


def incoming(*args: object, **changes: object) -> Incoming:
    rows = capacity(*args, **changes)
    return Incoming("regional_demand", rows, "broker", "why", "mw.csv", b"as it was")


def test_accepted_rows_are_in_force_over_the_bundled_tables(store: Store, catalog: Catalog):
    assert in_force(store, ANA).version == catalog.version
    made = accept(store, ANA, incoming(), base=catalog.version)
    now = in_force(store, BEN)
    assert now.version == made.version != catalog.version
    assert now.number("regional_demand", iso3="MYS", period="2026", status="live") == 1_500
    assert len(now.tables["regional_demand"]) == len(catalog.tables["regional_demand"]) + 1
    version = made.stack[0]
    assert (version.dataset, version.rows, version.who) == ("regional_demand", 1, "ana")
    assert kept_file(store, ANA, version.number) == b"as it was"
    changed = differences(catalog, now)
    place = "MYS, national, dc_it_capacity, 2026, live"
    assert changed.to_numpy().tolist() == [["regional_demand", place, "value", "", "1500", "added"]]


def test_undo_and_roll_back_bring_back_every_version_there_was(store: Store, catalog: Catalog):
    one = accept(store, ANA, incoming(), base=catalog.version)
    two = accept(store, ANA, incoming(1_700.0), base=one.version)
    assert in_force(store, ANA).number("regional_demand", iso3="MYS", period="2026") == 1_700
    assert undo(store, ANA, base=two.version).version == one.version
    assert in_force(store, ANA).number("regional_demand", iso3="MYS", period="2026") == 1_500
    assert roll_back(store, ANA, two.version, base=one.version).version == two.version
    back = roll_back(store, ANA, catalog.version, base=two.version)
    assert back.version == catalog.version
    assert in_force(store, ANA).version == catalog.version
    for version, value in ((one.version, 1_500), (two.version, 1_700)):
        pinned = at_version(store, ANA, version)
        assert pinned.version == version
        assert pinned.number("regional_demand", iso3="MYS", period="2026") == value
    assert [one.what.split(" ")[0] for one in versions(store, ANA)] == [
        "rolled",
        "rolled",
        "took",
        "accepted",
        "accepted",
    ]
    with pytest.raises(RefusedError, match="only the bundled tables"):
        undo(store, ANA, base=catalog.version)


def test_a_pinned_version_outlives_an_update_of_the_bundled_tables(store: Store, catalog: Catalog):
    made = accept(store, ANA, incoming(), base=catalog.version)
    tables = {name: frame.head(5) for name, frame in catalog.tables.items()}
    newer = Catalog(tables, "newer0000000")
    pinned = at_version(store, ANA, made.version, newer)
    assert differences(in_force(store, ANA), pinned).empty
    assert differences(catalog, at_version(store, ANA, catalog.version, newer)).empty
    now = in_force(store, ANA, newer)
    assert now.version not in (made.version, newer.version)
    assert len(now.tables["regional_demand"]) == 6


def test_two_analysts_do_not_accept_over_each_other_unseen(store: Store, catalog: Catalog):
    accept(store, ANA, incoming(), base=catalog.version)
    with pytest.raises(RefusedError, match="accepted 1 rows of regional_demand by ana in between"):
        accept(store, BEN, incoming(1_800.0), base=catalog.version)
    with pytest.raises(RefusedError, match="in between"):
        undo(store, BEN, base=catalog.version)


def test_rows_that_break_the_schema_are_refused_with_every_problem(store: Store, catalog: Catalog):
    bad = pd.concat(
        [capacity("a lot"), capacity(unit="GW", period="soon"), capacity(-5.0, confidence="sure")]
    )
    with pytest.raises(RefusedError) as refused:
        accept(store, ANA, Incoming("regional_demand", bad, file_name="x.csv"), base="")
    assert {problem.place for problem in refused.value.problems} == {
        "x.csv row 2, value",
        "x.csv row 3, period",
        "x.csv row 3, unit",
        "x.csv row 4",
        "x.csv row 4, confidence",
        "x.csv row 4, value",
    }
    assert versions(store, ANA) == ()
    with pytest.raises(RefusedError, match="no rows"):
        accept(store, ANA, Incoming("sites", capacity().head(0)), base=catalog.version)
    with pytest.raises(RefusedError, match="expected a dataset"):
        accept(store, ANA, Incoming("nonsense", capacity()), base=catalog.version)


def test_viewers_accept_undo_and_roll_back_nothing(store: Store, catalog: Catalog):
    made = accept(store, ANA, incoming(), base=catalog.version)
    store.set_role(ANA, "ana", Role.ADMIN)
    store.set_role(ANA, "ben", Role.VIEWER)
    for attempt in (
        lambda: accept(store, BEN, incoming(1.0), base=made.version),
        lambda: undo(store, BEN, base=made.version),
        lambda: roll_back(store, BEN, catalog.version, base=made.version),
    ):
        with pytest.raises(RefusedError, match="ben is viewer, expected analyst"):
            attempt()
    assert in_force(store, BEN).version == made.version
    with pytest.raises(RefusedError, match="eve is not a member"):
        in_force(store, Actor("eve", "other"))


def test_a_preview_changes_nothing_and_shows_what_accepting_would(catalog: Catalog):
    seen = previewed(catalog, incoming(1_900.0))
    assert seen.number("regional_demand", iso3="MYS", period="2026") == 1_900
    assert not catalog.facts("regional_demand", iso3="MYS", period="2026", status="live")


def test_bundled_tables_survive_being_kept_and_read(catalog: Catalog):
    for name, dataset in DATASETS.items():
        frame = catalog.tables[name]
        kept = rows_from_csv(rows_as_csv(frame, dataset), dataset)
        order = list(dataset.key)
        wanted = frame.sort_values(order, kind="stable").reset_index(drop=True)
        pd.testing.assert_frame_equal(kept, wanted, check_dtype=False)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=6))
def test_numbers_are_kept_to_the_digit_and_order_does_not_change_the_hash(values):
    dataset = DATASETS["regional_demand"]
    rows = pd.concat([capacity(value, str(2000 + at)) for at, value in enumerate(values)])
    content = rows_as_csv(rows, dataset)
    assert list(rows_from_csv(content, dataset)["value"]) == values
    assert rows_as_csv(rows.iloc[::-1], dataset) == content
    assert as_text(rows_from_csv(content, dataset), dataset).equals(
        as_text(rows.reset_index(drop=True), dataset)
    )


def test_layers_lie_over_each_other_in_order(catalog: Catalog):
    dataset = DATASETS["regional_demand"]
    layers = [
        (dataset.name, rows_from_csv(rows_as_csv(capacity(value), dataset), dataset), str(value))
        for value in (1.0, 2.0)
    ]
    assert stacked(catalog, layers).number("regional_demand", iso3="MYS", period="2026") == 2
    assert stacked(catalog, layers).version != stacked(catalog, layers[::-1]).version
