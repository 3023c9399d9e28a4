"""Every page for everybody: with a screen reader, in a second browser, on any scenario."""

import re
from urllib.parse import urlencode

import numpy as np
import pytest
from axe_playwright_python.sync_playwright import Axe
from test_browser import IDLE, SHOTS, Visit, address, browser, visit  # noqa: F401 - fixtures

from dashboard.changes import applied, taken
from dashboard.link import query_of
from dashboard.pages import PAGES, address_of
from data.catalog import bundled
from forecasts.presets import PRESETS, preset
from forecasts.scenario import QUANTITIES
from forecasts.sensitivity import ranked_drivers

pytestmark = [pytest.mark.browser, pytest.mark.slow]

ADDRESSES = [address_of(name, title).lstrip("/") for name, title, _, _ in PAGES]
LIGHT_PAGES = ("", "factory", "scenarios", "data", "methods")
"""Pages that stand soon after a change of scenario."""

RANDOM_SCENARIOS = 50
PATIENCE_MS = 180_000


CALM = """() => {
  const idle = document.querySelector("[data-test-script-state=notRunning]");
  const busy = !idle || document.querySelector("[data-stale=true], [data-testid=stSkeleton]");
  window.rcCalm = busy ? 0 : (window.rcCalm || performance.now());
  return window.rcCalm && performance.now() - window.rcCalm > 1500;
}"""
"""True once nothing has run, faded or waited for its script for a while."""


def opened(visit: Visit, path: str) -> None:  # noqa: F811
    visit.page.context.set_default_timeout(PATIENCE_MS)
    visit.open(path)
    visit.page.wait_for_function(CALM, polling=100)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ADDRESSES)
def test_every_page_opens_without_complaint_and_bars_nobody(
    browser,  # noqa: F811
    address: str,  # noqa: F811
    path: str,
    theme: str,
) -> None:
    context = browser.new_context(viewport={"width": 1440, "height": 900}, color_scheme=theme)
    visit = Visit(context.new_page(), address)  # noqa: F811
    opened(visit, path)
    found = Axe().run(visit.page).response["violations"]
    grave = [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]}"
        for rule in found
        if rule["impact"] in {"serious", "critical"}
        for node in rule["nodes"]
    ]
    SHOTS.mkdir(exist_ok=True)
    visit.page.screenshot(path=SHOTS / f"{path or 'overview'}_{theme}.png")
    assert grave == []
    visit.fine()
    context.close()


def test_reload_back_and_another_browser_show_the_same_numbers(visit: Visit, browser) -> None:  # noqa: F811
    opened(visit, "?gpu_hour_price=7.9&hardware_life_years=6.0")
    there = visit.figures()
    visit.page.reload()
    visit.page.wait_for_selector(IDLE)
    assert visit.figures() == there
    visit.page.locator(".rc-table a", has_text="Belgium").click()
    visit.page.wait_for_selector("text=Belgium AI Factory:")
    link = visit.page.url
    assert "gpu_hour_price=7.9" in link
    visit.page.go_back()
    assert visit.figures() == there
    visit.fine()
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    other = Visit(context.new_page(), visit.address)
    other.page.context.set_default_timeout(PATIENCE_MS)
    other.page.goto(link)
    other.page.wait_for_selector("text=Belgium AI Factory:")
    other.page.get_by_role("link", name="Overview").first.click()
    other.page.wait_for_selector(".rc-table")
    assert other.figures() == there
    other.fine()
    context.close()


def queries() -> list[str]:
    """Links of every preset and of random scenarios that the tables take."""
    draw = np.random.default_rng(20261127)
    names = [
        one.name
        for one in ranked_drivers(preset("base"), "npv", None, bundled())
        if QUANTITIES[one.name].default is not None
    ]
    found = [urlencode({"scenario": name}) for name in PRESETS]
    while len(found) < RANDOM_SCENARIOS + len(PRESETS):
        changes: dict[str, object] = {}
        for name in draw.choice(names, 4, replace=False):
            one = QUANTITIES[str(name)]
            base = float(one.default or 0.0) or min(one.high, 1.0) / 4
            value = float(np.clip(base * draw.uniform(0.6, 1.5), one.low, one.high))
            changes[str(name)] = round(value) if one.whole else round(value, 6)
        if taken(preset("base"), changes, bundled()):
            query = query_of(applied(preset("base"), changes, name="random"))
            assert query is not None
            found.append(urlencode(query))
    return found


def test_every_preset_and_fifty_random_scenarios_open_without_complaint(visit: Visit) -> None:  # noqa: F811
    for place, query in enumerate(queries()):
        path = LIGHT_PAGES[place % len(LIGHT_PAGES)]
        opened(visit, f"{path}?{query}")
        visit.fine()
        assert visit.page.get_by_text(re.compile("Left out of the link")).count() == 0, query
