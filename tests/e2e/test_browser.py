"""The app in a real Chromium: it opens fast, a slider moves the figures, the link restores them."""

import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

CHROMIUM = Path("/usr/bin/chromium")
ROOT = Path(__file__).parents[2]
SHOTS = Path(__file__).parent / "screenshots"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIGURE = ".rc-kpi-value"
IDLE = "[data-test-script-state=notRunning]"
SERVER_STARTS_WITHIN = 90

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def launched(port: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "dashboard", "dashboard", "--port", str(port)],
        cwd=ROOT,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    with pytest.MonkeyPatch.context() as patch:
        store = tmp_path_factory.mktemp("store") / "store.sqlite"
        patch.setenv("RACKCAST_STORE", str(store))
        server = launched(port)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait(f"{address}/_stcore/health", server)
        yield address
    finally:
        server.terminate()
        server.wait(20)


def _wait(url: str, server: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + SERVER_STARTS_WITHIN
    while time.monotonic() < until:
        assert server.poll() is None, f"the server ended with code {server.returncode}"
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    pytest.fail(f"the server did not answer within {SERVER_STARTS_WITHIN} s")


class Visit:
    """One visitor, with what the browser complained about."""

    def __init__(self, page, address: str) -> None:
        self.page, self.address = page, address
        self.errors: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("request", self._request)

    def _console(self, message) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request) -> None:
        own = (self.address, self.address.replace("http", "ws"), "data:", "blob:")
        if not request.url.startswith(own):
            self.outside.append(request.url)

    def open(self, path: str = "") -> None:
        self.page.goto(f"{self.address}/{path}")
        self.page.wait_for_selector(IDLE)
        self.page.wait_for_selector("[data-testid=stHeading]")

    def figures(self) -> list[str]:
        self.page.wait_for_function(f"document.querySelectorAll('{FIGURE}').length === 6")
        return self.page.locator(FIGURE).all_inner_texts()

    def wait_for_change(self, before: list[str]) -> list[str]:
        self.page.wait_for_function(
            "old => JSON.stringify([...document.querySelectorAll('.rc-kpi-value')]"
            ".map(e => e.innerText)) !== old",
            arg=json.dumps(before, separators=(",", ":"), ensure_ascii=False),
        )
        self.page.wait_for_selector(IDLE)
        return self.figures()

    def fine(self) -> None:
        assert self.errors == []
        assert self.outside == []
        assert self.page.locator("[data-testid=stException]").count() == 0
        text = self.page.inner_text("body")
        assert not re.search(r"\b(nan|None|NaN|inf)\b", text)


@pytest.fixture(scope="module")
def browser() -> Iterator[object]:
    if not CHROMIUM.exists():
        reason = f"{CHROMIUM} is missing: apt-get install chromium"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def visit(browser, address: str) -> Iterator[Visit]:
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    yield Visit(context.new_page(), address)
    context.close()


def test_a_slider_moves_the_figures_and_the_link_restores_them(visit: Visit) -> None:
    visit.open()
    before = visit.figures()
    assert len(before) == 6
    thumb = visit.page.get_by_role("slider", name=re.compile("GPU hour price"))
    thumb.focus()
    thumb.press("End")
    after = visit.wait_for_change(before)
    assert after != before
    assert "gpu_hour_price=" in visit.page.url
    visit.page.reload()
    visit.page.wait_for_selector(IDLE)
    assert visit.figures() == after
    visit.fine()


def test_one_factory_s_grid_slips_by_keyboard_and_another_browser_sees_it(
    visit: Visit, browser
) -> None:
    visit.open()
    before = visit.figures()
    picker = visit.page.get_by_role("combobox", name="Drivers act on")
    picker.fill("Romania")
    picker.press("Enter")
    slider = visit.page.get_by_role("slider", name="Grid delay months")
    slider.focus()
    slider.press("End")
    figures = visit.wait_for_change(before)
    visit.page.wait_for_url(re.compile(r"romania\.grid_delay_months=36"))
    assert "scope=romania" in visit.page.url
    mark = (
        "getComputedStyle(document.querySelector('.st-key-control_grid_delay_months'), '::before')"
    )
    visit.page.wait_for_function(f"{mark}.content === '\"own value\"'")
    other = Visit(browser.new_context(viewport={"width": 1280, "height": 800}).new_page(), "")
    other.address = visit.address
    other.open(visit.page.url.removeprefix(f"{visit.address}/"))
    assert other.figures() == figures
    assert other.page.get_by_role("slider", name="Grid delay months").input_value() == "36"
    assert visit.errors == []
    assert other.errors == []


def test_the_charts_the_map_and_the_ranking_are_drawn_and_lead_to_a_factory(visit: Visit) -> None:
    visit.open("?gpu_hour_price=9")
    visit.page.wait_for_selector(".rc-table")
    assert visit.page.locator(".rc-small").count() == 3
    assert visit.page.locator(".rc-plot > i").count() > 20
    pictures = visit.page.locator(".rc-plot > img")
    assert pictures.count() == 3
    for one in pictures.all():
        assert one.evaluate("one => one.naturalWidth > 0")
    assert visit.page.locator(".rc-map img").evaluate("one => one.naturalWidth > 0")
    assert visit.page.locator(".rc-map a").count() == 12
    visit.page.locator(".rc-table a", has_text="Malaysia").click()
    visit.page.wait_for_selector("text=Malaysia AI Factory:")
    assert "gpu_hour_price=9" in visit.page.url
    visit.page.go_back()
    visit.page.wait_for_selector(".rc-table")
    assert "gpu_hour_price=9" in visit.page.url
    visit.fine()


def test_the_keyboard_moves_a_chart_to_its_table(visit: Visit) -> None:
    visit.open()
    toggle = visit.page.get_by_role("switch", name="Table").nth(1)
    toggle.focus()
    toggle.press("Space")
    visit.page.wait_for_function("document.querySelectorAll('.rc-small').length === 2")
    visit.fine()


def test_a_small_chart_is_enlarged_with_zoom_and_legend(visit: Visit) -> None:
    visit.open()
    visit.page.get_by_role("button", name="Enlarge").first.click()
    visit.page.wait_for_selector("[role=dialog] .js-plotly-plot .legend")
    visit.fine()


@pytest.mark.parametrize("width", [390, 1280, 1920])
def test_nothing_sticks_out_of_the_screen(browser, address: str, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900})
    visit = Visit(context.new_page(), address)
    visit.open()
    visit.page.wait_for_selector(".rc-small")
    visit.page.wait_for_timeout(1000)
    wider = visit.page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    SHOTS.mkdir(exist_ok=True)
    visit.page.screenshot(path=SHOTS / f"overview_{width}.png")
    assert wider <= 0
    visit.fine()
    context.close()


def test_a_busy_port_is_said_in_one_line(address: str) -> None:
    port = address.rsplit(":", 1)[1]
    done = subprocess.run(
        [sys.executable, "-m", "dashboard", "dashboard", "--port", port],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.strip().count("\n") == 0
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
