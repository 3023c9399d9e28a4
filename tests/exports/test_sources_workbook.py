"""The workbook calculates power by source as the engine does: as made, and after a change."""

from pathlib import Path

import pytest
from spreadsheets import recalculated
from test_workbook import (
    SAME,
    block,
    cells,
    made,
    master,
    wrong_capex_lines,
    wrong_classes,
    wrong_returns,
    wrong_years,
)

from dashboard.exports.model import sources
from dashboard.exports.model.assembly import sheet_names
from forecasts.energy_mix import COLUMNS, mix_years
from forecasts.engine import Result, run
from forecasts.scenario import Scenario
from scenarios import BRIDGED

CHANGES = {"bridge_fuel_cost": 0.19, "bridge_rent": 41.0, "ppa_price": 0.06, "ppa_share": 0.7}


def wrong_sources(result: Result, path: Path) -> list[str]:
    rows, wrong = cells(path, "Yearly"), []
    for row, name in enumerate(sheet_names([site.name for site in result.plan.sites])):
        first = block(rows, f"{name}: {sources.TITLE.lower()}")
        held = mix_years(result, row).columns
        for offset, column in enumerate(COLUMNS):
            wanted = held[column]
            found = [float(one) for one in rows[first + offset][6 : 6 + wanted.size]]
            if found != pytest.approx(wanted.tolist(), rel=SAME, abs=1e-6):
                wrong.append(f"{name}, {column}: {found}, engine {wanted}")
    return wrong


@pytest.fixture(scope="module")
def bridged(tmp_path_factory, catalog) -> dict[str, tuple[Result, Path]]:
    results = {name: run(Scenario(**stated), catalog) for name, stated in BRIDGED.items()}
    books = {name: made(result, catalog) for name, result in results.items()}
    before = results["half on a bridge"]
    results["other prices"] = run(before.plan.scenario.having(**CHANGES), catalog)
    books["other prices"] = made(before, catalog, CHANGES)
    paths = recalculated(tmp_path_factory.mktemp("bridged"), books)
    return {name: (results[name], paths[name]) for name in books}


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BRIDGED, "other prices"])
def test_libreoffice_calculates_the_sources_of_power(bridged, name):
    result, path = bridged[name]
    assert any(phase.bridged_months for own in result.phases for phase in own)
    assert wrong_sources(result, path) == []
    assert wrong_returns(result, path) == []
    assert wrong_years(result, path) == []
    assert wrong_capex_lines(result, path) == []
    assert wrong_classes(result, path) == []
    held, failing = master(path)
    assert held == 1, failing
