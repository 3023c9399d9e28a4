"""The analyst's whole path in a real Chromium: drop, mend by a click, see, accept, undo."""

from pathlib import Path

import pytest
from test_browser import IDLE, SHOTS, Visit, address, browser, visit

__all__ = ["address", "browser", "visit"]

pytestmark = [pytest.mark.browser, pytest.mark.slow]
MESSY = "Country;Year;MW;unit\nMalaysia;2025;2,5;GW\nMalaysia;2026;3,5;GW\nNowhere;soon;1,0;GW\n"


def test_a_file_is_dropped_mended_accepted_and_taken_back(visit: Visit, tmp_path: Path) -> None:
    page = visit.page
    page.set_default_timeout(120_000)
    file = tmp_path / "mw.csv"
    file.write_text(MESSY, "utf-8")
    visit.open("upload")
    page.set_input_files("input[type=file]", str(file))
    page.get_by_text("things to mend").wait_for()
    page.get_by_role("button", name="Convert GW to MW").click()
    page.get_by_role("button", name="Leave out the 1 row named above").click()
    page.get_by_text("NPV of all factories").wait_for()
    page.get_by_text("wins its backtest").first.wait_for()
    page.wait_for_selector(IDLE)
    SHOTS.mkdir(exist_ok=True)
    page.screenshot(path=str(SHOTS / "upload.png"), full_page=True)
    page.get_by_role("button", name="Accept 2 rows").click()
    page.get_by_text("2 rows are in force").wait_for()
    page.get_by_role("button", name="Undo", exact=True).last.click()
    page.get_by_role("button", name="Accept 2 rows").wait_for()
    page.wait_for_selector(IDLE)
    visit.fine()
