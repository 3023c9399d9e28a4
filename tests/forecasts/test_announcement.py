"""Every element of the announcement has its line, and a tenth more of it moves something."""

from pathlib import Path

import pytest

from data.catalog import Catalog
from forecasts.announcement import (
    CANDIDATES,
    ELEMENTS,
    FIRST,
    PROGRAMME,
    Moved,
    announcement_data,
    changed,
    line_by_line,
)
from forecasts.engine import Result, run
from forecasts.presets import PRESETS, preset
from forecasts.returns import portfolio_returns
from forecasts.scenario import QUANTITIES, Scenario

NAMED = (
    "Malaysia, Belgium and Romania",
    "Africa and the Middle East",
    "Vera Rubin NVL72",
    "GPU cloud",
    "cybersecurity",
    "integration",
    "transformation services",
    "compliance",
    "Demand for sovereign AI",
    "AI spending",
)
"""What the announcement names, in the order of the programme."""


@pytest.fixture(scope="module")
def base(catalog: Catalog) -> Result:
    return run(Scenario(), catalog)


@pytest.fixture(scope="module")
def lines(base: Result, catalog: Catalog) -> tuple[Moved, ...]:
    return line_by_line(base, catalog)


def test_every_element_of_the_table_has_its_line_and_no_line_is_without_an_element(
    catalog: Catalog,
) -> None:
    table = catalog.tables["comparables"]
    own = table.loc[table["project"] == PROGRAMME, "attribute"]
    held = {name.removeprefix("element_") for name in own if name.startswith("element_")}
    assert held == {element.key for element in ELEMENTS}


@pytest.mark.parametrize("words", NAMED)
def test_what_the_announcement_names_is_walked(words: str, lines: tuple[Moved, ...]) -> None:
    assert any(words in one.said.text for one in lines)


def test_every_line_has_place_value_source_grade_and_weight(lines: tuple[Moved, ...]) -> None:
    for one in lines:
        assert one.place.quantity in QUANTITIES
        assert one.said.source.url.startswith("https://")
        assert one.fact is not None
        assert one.fact.place
        assert str(one.fact.source.confidence)
        assert one.low <= one.high
        assert one.changes["npv"] != 0, one.place.quantity


def test_every_line_names_a_page_of_the_app(lines: tuple[Moved, ...]) -> None:
    pages = Path(__file__).parents[2] / "dashboard" / "app_pages"
    assert {one.element.page for one in lines} <= {page.stem for page in pages.glob("*.py")}


def test_a_tenth_more_is_what_the_ordinary_model_gives(
    base: Result, catalog: Catalog, lines: tuple[Moved, ...]
) -> None:
    by_hand = run(Scenario(gpu_hour_price=Scenario().gpu_hour_price * 1.1), catalog)
    moved = next(one for one in lines if one.place.quantity == "gpu_hour_price")
    before, after = portfolio_returns(base)["npv"].value, portfolio_returns(by_hand)["npv"].value
    assert before is not None
    assert after is not None
    assert moved.changes["npv"] == pytest.approx(after - before)


def test_elements_of_some_sites_leave_the_others_alone(base: Result, catalog: Catalog) -> None:
    waves = {site.key: site.wave for site in base.plan.sites}
    for element in ELEMENTS:
        for place in element.places:
            sites = changed(base.plan, place, catalog).sites
            if place.factories == FIRST:
                assert {waves[key] for key in sites} == {"1"}
            if place.factories == CANDIDATES:
                assert "1" not in {waves[key] for key in sites}


def test_costs_take_and_prices_add(lines: tuple[Moved, ...]) -> None:
    moves = {one.place.quantity: one.changes["npv"] for one in lines}
    for cost in ("rack_price", "cloud_platform_share", "integration_share", "compliance_cost"):
        assert moves[cost] < 0, cost
    assert moves["gpu_hour_price"] > 0
    assert moves["services_share"] > 0


@pytest.mark.parametrize("name", PRESETS)
def test_every_preset_can_be_walked(name: str, catalog: Catalog) -> None:
    found = announcement_data(line_by_line(run(preset(name), catalog), catalog))
    assert len(found) == sum(len(element.places) for element in ELEMENTS)


@pytest.mark.parametrize(
    "odd",
    [
        {"factories": ("belgium",)},
        {"factories": ("oman",)},
        {"site_capacity_mw": 0.0, "max_phases": 1},
        {"expansion_threshold": 1.0},
        {"months": 24},
        {"sovereign_share": 1.0, "services_share": 1.0},
    ],
)
def test_odd_scenarios_are_walked_too(odd: dict[str, object], catalog: Catalog) -> None:
    result = run(Scenario(**odd), catalog)  # type: ignore[arg-type]
    for one in line_by_line(result, catalog):
        if one.place.quantity in odd:
            assert one.fact is None, "what the scenario states has no row"
        assert all(abs(change) < 1e15 for change in one.changes.values())
