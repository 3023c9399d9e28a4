"""From a released slider to redrawn figures and charts on the overview, in a real Chromium.

A key moves the slider by one step, which is what releasing it does; the clock runs in the page
until the figures and the cash chart have changed. Then the wait until the band of all paths stands:
the former one must have gone, and no price comes twice, whose paths might have been kept. What a
move does not change (panel, switches, files) follows last: the next move waits until all stands.
Needs Chromium on the PATH and says so when there is none.
"""

import shutil
import statistics
import sys
import time

from playwright.sync_api import Page, sync_playwright

from benchmarks.first_page import VIEWPORT, served

MOVES = 24
P50_BAR_MS, P95_BAR_MS, FAN_BAR_MS = 350, 600, 1000

WATCH = """() => {
  const text = () => [...document.querySelectorAll('.rc-kpi-value')]
    .map(one => one.textContent).join('|');
  const cash = () => [...document.querySelectorAll('.st-key-small_cash .rc-plot > img')]
    .map(one => one.src).join('|');
  const before = {text: text(), cash: cash(), start: performance.now()};
  window.rc = {figures: null, fan: null, whole: null, gone: false};
  let since = null;
  const look = () => {
    const now = performance.now() - before.start;
    const moved = text() !== before.text && cash() !== before.cash;
    if (!window.rc.figures && moved) window.rc.figures = now;
    const stands = document.querySelector('.rc-paths-4096');
    window.rc.gone = window.rc.gone || !stands;
    if (!window.rc.fan && stands && window.rc.gone && window.rc.figures) window.rc.fan = now;
    const idle = document.querySelector('[data-test-script-state=notRunning]');
    since = idle ? since || now : null;
    if (window.rc.fan && since && now > since + 400) window.rc.whole = since;
    if (!window.rc.whole && now < 60000) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}"""
"""Watches the page from now on: milliseconds until figures and charts moved, until the fan, and
until nothing has been left to draw for 0.4 s."""


def move(page: Page) -> tuple[float, float, float]:
    """Move the slider one step down; milliseconds to the charts, to the fan, to all of the page."""
    slider = page.get_by_role("slider", name="GPU hour price")
    slider.focus()
    page.evaluate(WATCH)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("window.rc.whole", timeout=60_000)
    figures, fan, whole = page.evaluate("[window.rc.figures, window.rc.fan, window.rc.whole]")
    return float(figures), float(fan), float(whole)


def main() -> None:
    """Print the redraw after a slider, p50 and p95, and the fan, beside their bars."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("interaction needs Chromium: apt-get install chromium")
    with served() as (address, _), sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_context(viewport=VIEWPORT).new_page()
        page.goto(address)
        page.wait_for_selector(".rc-paths-4096", timeout=120_000)
        time.sleep(1)
        seen = [move(page) for _ in range(MOVES)]
        browser.close()
    figures, fans, wholes = (sorted(one) for one in zip(*seen, strict=True))
    p95 = figures[int(0.95 * len(figures))]
    print(f"figures and charts p50 {statistics.median(figures):6.0f} ms, bar {P50_BAR_MS}")
    print(f"figures and charts p95 {p95:6.0f} ms, bar {P95_BAR_MS}")
    print(f"band of 4,096 paths    {statistics.median(fans):6.0f} ms, bar {FAN_BAR_MS}")
    print(f"all of the page        {statistics.median(wholes):6.0f} ms")


if __name__ == "__main__":
    main()
