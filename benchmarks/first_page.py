"""From a visitor's address bar to the finished overview, in a real Chromium.

Each visit is a fresh browser with an empty cache. The first visitor comes to a server that has just
come up and stays until the sampled paths are drawn; the others come after. Needs Chromium on the
PATH and says so when there is none.
"""

import shutil
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, ViewportSize, sync_playwright

FIRST_VIEW_BAR_S = 3.0
READY_BAR_S = 5.0
VISITS = 5
VIEWPORT: ViewportSize = {"width": 1440, "height": 900}

PAINTED = """() => {
  const pictures = [...document.querySelectorAll('.rc-plot > img, .rc-map > img')];
  const drawn = [...document.querySelectorAll('.rc-plot, .rc-map')]
    .filter(one => one.childElementCount > 5 && one.getBoundingClientRect().height > 50);
  if (!pictures.length || pictures.some(one => !one.complete || !one.naturalWidth)) return false;
  if (document.querySelectorAll('.rc-table tbody tr').length < 12) return false;
  const values = document.querySelectorAll('.rc-kpi-value');
  return drawn.length >= %d && values.length >= %d;
}"""
"""True once every chart of the overview has its drawing and every figure its number."""

CONTROLS = """() => document.querySelectorAll('input[type=range]').length >= 8
  && !document.querySelector('[data-testid=stSkeleton]')"""
"""True once the sliders stand as well, and nothing waits for its script."""

CHARTS = 4
FIGURES = 6


@contextmanager
def served() -> Iterator[tuple[str, float]]:
    """Start the app on a free port; give its address and the seconds until it answered."""
    begun = time.perf_counter()
    with served_process() as (address, _):
        yield address, time.perf_counter() - begun


@contextmanager
def served_process(*options: str) -> Iterator[tuple[str, int]]:
    """Start the app on a free port; give its address and the number of its process.

    Parameters
    ----------
    *options : str
        Further options of `rackcast dashboard`.
    """
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    begun = time.perf_counter()
    command = [sys.executable, "-m", "dashboard", "dashboard", "--port", str(port), *options]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:
        try:
            while True:
                try:
                    urllib.request.urlopen(f"{address}/_stcore/health", timeout=1).read()
                    break
                except OSError:
                    if server.poll() is not None or time.perf_counter() - begun > 60:
                        raise RuntimeError(f"no answer from {address} within 60 s") from None
                    time.sleep(0.05)
            yield address, server.pid
        finally:
            server.terminate()


def visit(browser: Browser, address: str, *, stay: bool) -> tuple[float, float, float]:
    """Seconds until the first figure, all charts and all controls; may stay for the paths."""
    page = browser.new_context(viewport=VIEWPORT).new_page()
    page.goto("about:blank")
    time.sleep(1.5)
    begun = time.perf_counter()
    page.goto(address, wait_until="commit")
    page.wait_for_selector(".rc-kpi-value")
    figure = time.perf_counter() - begun
    page.wait_for_function(PAINTED % (CHARTS, FIGURES), polling=20)
    whole = time.perf_counter() - begun
    page.wait_for_function(CONTROLS, polling=20)
    controls = time.perf_counter() - begun
    if stay:
        page.wait_for_selector(".rc-table .rc-bar", timeout=120_000)
        page.wait_for_selector("[data-testid=stStatusWidget]", state="detached", timeout=120_000)
    return figure, whole, controls


def main() -> None:
    """Print the server's start and the first view, median and worst, beside their bars."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("first_page needs Chromium: apt-get install chromium")
    seen = []
    with served() as (address, ready), sync_playwright() as play:
        for place in range(VISITS + 1):
            browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            seen.append(visit(browser, address, stay=place == 0))
            browser.close()
    figures, whole, controls = zip(*seen[1:], strict=True)
    print(f"server ready             {ready:6.2f} s, bar {READY_BAR_S:.0f} s")
    print(f"{'first visitor':24} {seen[0][1]:6.2f} s, bar {FIRST_VIEW_BAR_S:.0f} s")
    for name, seconds, bar in (
        ("first figure", figures, ""),
        ("overview with all charts", whole, f", bar {FIRST_VIEW_BAR_S:.0f} s"),
        ("… and all controls", controls, ""),
    ):
        print(f"{name:24} {statistics.median(seconds):6.2f} s (worst {max(seconds):.2f}){bar}")


if __name__ == "__main__":
    main()
