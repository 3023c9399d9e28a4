"""From a clean file of 500 rows to what it changes, on the analyst's page: engine and browser.

In a real Chromium the clock runs from the file's being set in the drop zone until the change of NPV
stands on the page. Each drop is a file the server has not seen, by a visitor who has just come and
has no script of a chart yet. Needs Chromium on the PATH and says so when there is none.
"""

import shutil
import statistics
import sys
import time

from playwright.sync_api import Browser, sync_playwright

from benchmarks.first_page import VIEWPORT, served
from data.catalog import bundled
from data.catalog_store import Incoming, previewed
from data.ingest import read
from forecasts.engine import run
from forecasts.impact import bridge, impact
from forecasts.scenario import Scenario

ROWS = 500
BAR_SECONDS = 3.0
DROPS = 5
PATIENCE_MS = 120_000


def file_of(rows: int, turn: int = 0) -> bytes:
    """Return power prices of five countries, by month; those of each turn are others."""
    lines = ["iso3,market,period,value,unit"]
    for at in range(rows):
        month = at // 5
        iso3 = ("MYS", "BEL", "ROU", "KEN", "ZAF")[at % 5]
        period = f"{2018 + month // 12}-{month % 12 + 1:02d}"
        price = 40 + turn + month * 0.7 + 13 * (at % 7)
        lines.append(f"{iso3},day_ahead,{period},{price:.2f},EUR_per_MWh")
    return "\n".join(lines).encode()


def drop(browser: Browser, address: str, turn: int) -> tuple[float, float]:
    """Seconds until the figures before and after stand, and until the change of NPV does."""
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(f"{address}/upload")
    page.get_by_role("combobox", name="What the rows are").click()
    page.get_by_role("option", name="Wholesale power prices").click()
    page.wait_for_selector("text=Day-ahead power price by month")
    page.wait_for_selector("[data-test-script-state=notRunning]")
    time.sleep(2)
    box = page.locator("[data-testid=stFileUploader] input[type=file]")
    dropped = {
        "name": f"prices_{turn}.csv",
        "mimeType": "text/csv",
        "buffer": file_of(ROWS, turn),
    }
    begun = time.perf_counter()
    box.set_input_files(dropped)  # type: ignore[arg-type]
    page.get_by_text("These rows change").first.wait_for()
    figures = time.perf_counter() - begun
    page.get_by_text("Change of NPV").first.wait_for()
    whole = time.perf_counter() - begun
    page.wait_for_selector("[data-test-script-state=notRunning]")
    context.close()
    return figures, whole


def engine() -> None:
    """Print the processor time of reading, checking, impact and bridge."""
    base, scenario = bundled(), Scenario()
    before = run(scenario, base)
    impact(scenario, base, base, before)
    content = file_of(ROWS)
    began = time.process_time()
    made = read(content, "power_prices", existing=base.tables["power_prices"])
    assert made.report.status != "rejected"
    incoming = Incoming("power_prices", made.frame)
    found = impact(scenario, base, previewed(base, incoming), before)
    spent = time.process_time() - began
    bridge(scenario, base, incoming, ends=(found.before, found.after))
    whole = time.process_time() - began
    print(
        f"{ROWS} rows, {len(found.series)} series: read, checked, impact of every return in "
        f"{spent:.2f} s of processor time, with its bridge {whole:.2f} s"
    )


def main() -> None:
    """Print the engine's part, then drop to impact in a browser beside the bar."""
    engine()
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("impact needs Chromium: apt-get install chromium")
    with served() as (address, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        seen = [drop(browser, address, turn) for turn in range(DROPS + 1)][1:]
        browser.close()
    for name, seconds in zip(("figures", "change of NPV"), zip(*seen, strict=True), strict=True):
        print(
            f"drop to {name:14} p50 {statistics.median(seconds):5.2f} s, worst {max(seconds):5.2f} "
            f"s, bar {BAR_SECONDS:.0f} s"
        )


if __name__ == "__main__":
    main()
