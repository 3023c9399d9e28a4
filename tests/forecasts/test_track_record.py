"""The model beside announced projects: what was known counts, what came later does not."""

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from data.catalog import Catalog
from forecasts.announced import FULL, SHELL, announced_projects, year_of
from forecasts.announced_runs import expected, known_price
from forecasts.engine import run
from forecasts.scenario import Scenario
from forecasts.track_record import COST, POWER, TIME, score, track_record


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("2025-11-17", 2025 + 10.5 / 12),
        ("2026-Q1", 2026 + 1.5 / 12),
        ("2025-H2", 2025 + 9.5 / 12),
        ("2027", 2027.5),
        ("2024 (target)", 2024.5),
        ("2025-06 (target)", 2025 + 5.5 / 12),
        ("2026-2027", 2026.5),
        ("", None),
        ("soon", None),
    ],
)
def test_a_date_of_an_announcement_is_read_as_its_middle(text: str, year: float | None) -> None:
    assert year_of(text) == pytest.approx(year) if year else year_of(text) is None


def test_a_project_is_what_its_rows_say(catalog: Catalog) -> None:
    found = {one.key: one for one in announced_projects(catalog)}
    taiwan = found["gmi_cloud_taiwan_ai_factory"]
    assert (taiwan.mw, taiwan.gpus, taiwan.capex_usd) == (16, 7000, 0.5e9)
    assert taiwan.system == "gb300_nvl72"
    assert taiwan.system_named
    assert taiwan.usd_m_per_mw == pytest.approx(31.25)
    assert taiwan.months_to_power == pytest.approx(4)
    assert not found["stargate_norway_phase_1_20_mw"].system_named
    assert found["khazna_benya_cairo"].it_power
    assert not any(key.startswith("benchmark") for key in found)


def test_a_rack_costs_what_was_known_in_the_year_of_the_announcement(catalog: Catalog) -> None:
    later, now = known_price(catalog, "gb300_nvl72", 2026)
    before, then = known_price(catalog, "gb300_nvl72", 2025)
    assert now == later.value
    assert "gb200" in before.place, "no price of its own yet: the generation before lends its own"
    assert before.value is not None
    assert then == pytest.approx(before.value / 132 * 135)
    with pytest.raises(ValueError, match="add a row"):
        known_price(catalog, "hgx_h100", 2020)


def test_a_rack_price_published_later_changes_no_earlier_prediction(catalog: Catalog) -> None:
    table = catalog.tables["hardware"]
    later = table["period"].str[:4].astype(int) >= 2026
    priced = table["attribute"] == "rack_price_usd"
    dearer = table.assign(value=np.where(later & priced, table["value"] * 3, table["value"]))
    changed = replace(
        catalog, tables={**catalog.tables, "hardware": dearer}, version="dearer", memo={}
    )
    project = next(one for one in announced_projects(catalog) if one.key == "jupiter")
    assert expected(project, changed).capex_usd_per_mw == pytest.approx(
        expected(project, catalog).capex_usd_per_mw
    )


def test_the_prediction_of_a_site_of_ours_is_the_ordinary_model(catalog: Catalog) -> None:
    """With the programme's own racks the cost of an IT watt is that of an ordinary projection."""
    project = next(one for one in announced_projects(catalog) if one.iso3 == "MYS" and one.mw)
    rubin = replace(project, system="vr_nvl72", announced=2026.5)
    wanted = expected(rubin, catalog)
    result = run(Scenario(factories=("malaysia",)), catalog)
    first = result.phases[0][0]
    assert wanted.kw_per_gpu == pytest.approx(227 / 72)
    assert wanted.pue == result.plan["pue"][0, 0]
    assert first.it_mw > 0
    assert wanted.capex_usd_per_mw / 1e6 == pytest.approx(58, rel=0.15)


def test_only_projects_before_the_cut_off_teach(catalog: Catalog) -> None:
    record = track_record(catalog)
    for one in record.rows:
        assert one.teaches == (one.project.announced < record.cut_off)
    rows = record.of(COST, FULL)
    taught = [math.log(one.said / one.model) for one in rows if one.teaches]
    pooled = sum(taught) / (len(taught) + Scenario().pooling_strength)
    for one in rows:
        assert one.predicted == pytest.approx(one.model * math.exp(pooled))


def test_partial_sums_are_never_averaged_with_whole_ones(catalog: Catalog) -> None:
    record = track_record(catalog)
    whole = {one.project.key for one in record.of(COST, FULL)}
    part = {one.project.key for one in record.of(COST, SHELL)}
    assert whole
    assert part
    assert not whole & part
    assert all(one.project.scope == FULL for one in record.of(COST, FULL))
    lowest = max(one.model for one in record.of(COST, SHELL))
    assert lowest < min(one.model for one in record.of(COST, FULL)), "a hall costs less than all"


def test_the_error_on_later_projects_is_what_the_page_reports(catalog: Catalog) -> None:
    """Honest figures: cost misses its bar of 20 %, power per GPU meets it; both are recomputed."""
    record = track_record(catalog)
    later = record.later(COST, FULL)
    assert len(later) >= 7
    errors = [abs(one.predicted / one.said - 1) for one in later]
    assert score(later).median_error == pytest.approx(float(np.median(errors)))
    assert 0.2 < float(np.median(errors)) < 0.4
    power = score(record.later(POWER, ""))
    assert power.median_error is not None
    assert power.median_error < 0.2
    time = score(record.later(TIME, ""))
    assert time.median_error is not None
    assert time.median_error > 1


def test_a_rolling_prediction_knows_nothing_of_its_own_day_or_later(catalog: Catalog) -> None:
    record = track_record(catalog)
    last = record.rolling[-1]
    alike = [one for one in record.rows if (one.measure, one.scope) == (last.measure, last.scope)]
    before = [one for one in alike if one.project.announced < last.project.announced]
    ratios = [math.log(one.said / one.model) for one in before]
    pooled = sum(ratios) / (len(ratios) + Scenario().pooling_strength)
    assert last.predicted == pytest.approx(last.model * math.exp(pooled))


def test_without_testable_projects_nothing_is_scored(catalog: Catalog) -> None:
    table = catalog.tables["comparables"]
    none = table[table["attribute"] != "announced_date"]
    bare = replace(catalog, tables={**catalog.tables, "comparables": none}, version="bare", memo={})
    record = track_record(bare)
    assert record.rows == ()
    assert score(record.later(COST, FULL)).median_error is None


def test_every_derived_ratio_of_the_table_is_its_own_division(catalog: Catalog) -> None:
    table: pd.DataFrame = catalog.tables["comparables"]
    values = table.pivot_table(index="project", columns="attribute", values="value")
    for ratio, top, bottom, scale in (
        ("usd_m_per_mw", "capex_usd_bn", "mw", 1e3),
        ("usd_per_gpu", "capex_usd_bn", "gpus", 1e9),
        ("kw_per_gpu", "mw", "gpus", 1e3),
    ):
        held = values[[ratio, top, bottom]].dropna().astype(float)
        assert len(held) > 5
        found = held[top] / held[bottom] * scale
        assert (found / held[ratio] - 1).abs().max() < 0.005, ratio
