"""The analyst's whole path in a real Chromium: drop, report, impact, accept, undo."""

import re
from collections.abc import Iterator

import pytest
from test_browser import Visit, address, browser  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PATIENCE = 300_000
"""Milliseconds to wait for a step; its speed is measured by `benchmarks impact`."""

COUNTRIES = ("MYS", "BEL", "ROU", "KEN", "ZAF")


def prices(rows: int = 500) -> bytes:
    """Return day-ahead prices of five countries, by month, with their source."""
    lines = ["iso3,market,period,value,unit,source,url,confidence"]
    for at in range(rows):
        month, country = at // 5, COUNTRIES[at % 5]
        period = f"{2018 + month // 12}-{month % 12 + 1:02d}"
        price = 40 + month * 0.7 + 13 * (at % 7)
        lines.append(
            f"{country},day_ahead,{period},{price:.2f},EUR_per_MWh,Exchange,"
            "https://example.org,reported"
        )
    return "\n".join(lines).encode()


@pytest.fixture
def upload(browser, address: str) -> Iterator[Visit]:  # noqa: F811
    context = browser.new_context(viewport={"width": 1440, "height": 2400})
    visit = Visit(context.new_page(), address)
    visit.page.set_default_timeout(PATIENCE)
    visit.open("upload")
    yield visit
    context.close()


def drop(visit: Visit, name: str, content: bytes) -> None:
    box = visit.page.locator("[data-testid=stFileUploader] input[type=file]")
    box.set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})


def test_a_clean_file_is_dropped_read_weighed_accepted_and_undone(upload: Visit) -> None:
    page = upload.page
    page.get_by_role("combobox", name="What the rows are").click()
    page.get_by_role("option", name="Wholesale power prices").click()
    page.wait_for_selector("text=Day-ahead power price by month")
    drop(upload, "prices.csv", prices())
    page.wait_for_selector("text=500 rows read")
    page.wait_for_selector("text=Columns: 8 of 12 found in the file")
    page.wait_for_selector("text=These rows change 5 series of the model")
    page.wait_for_selector("text=Change of NPV")
    page.get_by_role("button", name="Accept 500 rows").click()
    page.wait_for_selector("text=500 rows are in force")
    page.wait_for_selector("text=accepted 500 rows of power_prices", state="attached")
    version = re.search(r"data version (\w+)\.", page.inner_text("body"))
    assert version is not None
    page.locator(".st-key-undo_data button").click()
    page.wait_for_selector("text=These rows change 5 series of the model")
    page.wait_for_selector("text=took back version", state="attached")
    assert f"Data version {version[1]} is in force" not in page.inner_text("body")
    upload.fine()


def test_a_messy_file_is_mended_by_clicks_alone(upload: Visit) -> None:
    messy = b"Country;Year;Capacity (GW)\nMalaisya;2027;2,5\nRomania;2027;0,2\nNowhere;soon;1\n"
    drop(upload, "messy.csv", messy)
    upload.page.wait_for_selector("text=cannot count yet: 2 things to mend")
    upload.page.get_by_role("button", name="Read Malaisya as MYS").click()
    upload.page.wait_for_selector("text=cannot count yet: 1 thing to mend")
    upload.page.get_by_role("button", name="Leave out the row with errors").click()
    upload.page.wait_for_selector("text=2 rows read")
    upload.page.wait_for_selector("text=Accept 2 rows")
    upload.fine()
