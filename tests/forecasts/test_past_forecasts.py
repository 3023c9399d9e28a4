"""Past forecasts know nothing of what came later, and new data score themselves."""

from dataclasses import replace

import pandas as pd
import pytest

from data.catalog import Catalog
from forecasts.outlook import histories, outlook
from forecasts.past_forecasts import (
    Past,
    past_forecasts,
    record_data,
    scored,
    stood_at,
)
from forecasts.published_record import GUIDANCE, published_record
from forecasts.series_grid import month_of


@pytest.fixture(scope="module")
def found(catalog: Catalog) -> tuple[Past, ...]:
    return past_forecasts(catalog)


def later(catalog: Catalog, table: str, rows: pd.DataFrame, version: str) -> Catalog:
    tables = {**catalog.tables, table: rows}
    return replace(catalog, tables=tables, version=version, memo={})


def test_cut_tables_hold_nothing_from_after_the_cut(catalog: Catalog) -> None:
    origin = month_of("2023")
    cut = stood_at(catalog, origin)
    for name in ("ai_spending", "gpu_hour_prices", "regional_demand"):
        assert all(month_of(str(period)) <= origin for period in cut.tables[name]["period"])
    assert cut.tables["sites"] is catalog.tables["sites"]
    assert max(histories(cut)["ai_capex"].ends) <= origin < max(histories(catalog)["ai_capex"].ends)


def test_a_past_forecast_does_not_change_when_later_values_do(
    catalog: Catalog, found: tuple[Past, ...]
) -> None:
    table = catalog.tables["ai_spending"]
    late = table["period"].astype(str) >= "2025"
    tripled = table.assign(value=table["value"].where(~late, table["value"] * 3))
    again = past_forecasts(later(catalog, "ai_spending", tripled, "tripled"))
    before = {
        (one.origin, one.target): one.said
        for one in found
        if one.key == "ai_capex" and one.origin < month_of("2024Q4")
    }
    after = {(one.origin, one.target): one for one in again if one.key == "ai_capex"}
    assert len(before) > 50
    for key, said in before.items():
        assert after[key].said == pytest.approx(said)
    assert any(one.came > 300 for one in after.values()), "what came is what the table says now"


def test_new_data_are_scored_without_being_asked(catalog: Catalog, found: tuple[Past, ...]) -> None:
    table = catalog.tables["gpu_hour_prices"]
    own = table[(table["gpu"] == "H100") & (table["tier"] == "contract")]
    newest = own.sort_values("period").tail(1)
    month = month_of(str(newest["period"].iloc[0]))
    nxt = f"{(month + 1) // 12}-{(month + 1) % 12 + 1:02d}"
    extended = pd.concat([table, newest.assign(period=nxt)], ignore_index=True)
    again = past_forecasts(later(catalog, "gpu_hour_prices", extended, "one month more"))
    targets = {one.target for one in again if one.key == "gpu_hour_price"}
    assert month + 1 in targets
    assert month + 1 not in {one.target for one in found if one.key == "gpu_hour_price"}


def test_scores_are_those_of_the_forecasts_listed(found: tuple[Past, ...]) -> None:
    records = scored(found)
    assert {one.group for one in records} == {"AI spending", "GPU-hour price", "Regional capacity"}
    year = [one for one in found if one.key == "ai_capex" and one.target - one.origin <= 12]
    errors = pd.Series([abs(one.said / one.came - 1) for one in year])
    assert records[0].median_error == pytest.approx(float(errors.median()))
    assert records[0].covered == pytest.approx(
        sum(one.low <= one.came <= one.high for one in year) / len(year)
    )
    for one in found:
        assert one.low <= one.said <= one.high
        assert one.origin < one.target


def test_every_value_held_against_a_forecast_was_observed(
    catalog: Catalog, found: tuple[Past, ...]
) -> None:
    known = outlook(catalog).histories
    for one in found:
        if one.key == "ai_capex":
            place = known[one.key].ends.tolist().index(one.target)
            assert one.came == list(known[one.key].values)[place]


def test_published_outlooks_are_held_against_a_later_row_of_the_same_target(
    catalog: Catalog,
) -> None:
    others = published_record(catalog)
    assert sum(one.came for one in others) >= 10
    for one in others:
        assert one.said.unit
        assert one.said.place != one.later.place
        if not one.topic.startswith(GUIDANCE):
            assert f"{one.topic}, {one.region}, {one.period}" in one.later.place
    meta = next(one for one in others if one.topic == "Capex guidance: Meta" and one.came)
    quarters = catalog.facts("ai_spending", entity="Meta", indicator="capex", status="actual")
    year = [fact.value or 0.0 for fact in quarters if ", 2025Q" in fact.place]
    assert len(year) == 4
    assert meta.value == pytest.approx(sum(year))


def test_tables_without_a_past_give_no_score(catalog: Catalog) -> None:
    tables = dict(catalog.tables)
    for name in ("ai_spending", "gpu_hour_prices", "regional_demand"):
        tables[name] = tables[name].iloc[:0]
    bare = replace(catalog, tables=tables, version="without a past", memo={})
    assert past_forecasts(bare) == ()
    assert record_data((), ()) == {"ours": [], "forecasts": [], "published": []}
