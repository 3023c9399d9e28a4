"""The sheet of all sites: what stands at year ends, and evidence as the page tells it."""

import pytest

from dashboard.charts import progress_seen
from dashboard.charts.study import study
from dashboard.exports.progress_sheet import progress_sheets
from dashboard.exports.story import briefing
from data.catalog import bundled
from forecasts.engine import run
from forecasts.presets import preset
from forecasts.scenario import Scenario


@pytest.fixture(scope="module")
def base():
    return study(run(preset("base")))


def test_cells_are_the_live_load_at_year_ends(base) -> None:
    (sheet,) = progress_sheets(base, progress_seen.in_short(base, bundled()))
    (grid,) = sheet.panels
    assert grid.header[:4] == ("Factory", "2028", "2029", "2030")
    lines = {line[0]: line for line in grid.rows}
    row = base.row("malaysia")
    for year in (2028, 2030):
        live = base.result.sales.live_mw[row, (year - 2027) * 12 + 11]
        cell = lines["Malaysia"][grid.header.index(str(year))]
        assert cell.split(" ")[0] == f"{live:.1f}"
    assert lines["Malaysia"][-1] == "Ground broken, only stated: 1 to 7 months ahead"
    assert lines["Oman"][-1] == "none"
    assert lines["Saudi Arabia"][-1] == "Agreement or memorandum signed only"
    live = sum(base.result.sales.live_mw[:, 23] > 0)
    assert sheet.title.startswith(f"At the end of 2028, {live} of 12 sites are live")


def test_without_a_phase_or_in_a_short_projection_there_is_none() -> None:
    nothing = study(run(Scenario(site_capacity_mw=0.0, factories=("romania",))))
    assert progress_sheets(nothing, {}) == []


def test_a_briefing_tells_it_before_the_factories(material) -> None:
    sheets = briefing(material, ("factory", "sites")).sheets
    assert sheets[0].panels[0].title.startswith("Sites at year ends")
    assert len(sheets) == 3
