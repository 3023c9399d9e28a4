"""Back and forward of a real browser, and what small and touched screens show."""

import re

import pytest
from test_browser import IDLE, Visit, address, browser, visit  # noqa: F401 - fixtures
from test_screens import CALM, PATIENCE_MS, opened

pytestmark = [pytest.mark.browser, pytest.mark.slow]


def settle(visit: Visit) -> list[str]:  # noqa: F811
    """Wait until all stands still; return the figures."""
    visit.page.wait_for_selector(IDLE)
    visit.page.wait_for_function(CALM, polling=100)
    return visit.figures()


def test_back_undoes_forward_redoes_and_both_cross_pages(visit: Visit) -> None:  # noqa: F811
    opened(visit, "")
    shown = [visit.figures()]
    thumb = visit.page.get_by_role("slider", name=re.compile("GPU hour price"))
    for _ in range(2):
        thumb.focus()
        thumb.press("ArrowLeft")
        visit.wait_for_change(shown[-1])
        shown.append(settle(visit))
    links = visit.page.url
    visit.page.get_by_role("link", name="Factory", exact=True).first.click()
    visit.page.wait_for_selector("text=AI Factory:")
    settle(visit)
    visit.page.go_back(wait_until="commit")
    visit.page.wait_for_selector(".rc-table")
    assert settle(visit) == shown[2]
    for figures in (shown[1], shown[0]):
        visit.page.go_back(wait_until="commit")
        visit.page.wait_for_timeout(300)
        assert settle(visit) == figures
    assert "gpu_hour_price" not in visit.page.url
    assert thumb.input_value() == "8.5"
    for figures in shown[1:]:
        visit.page.go_forward(wait_until="commit")
        visit.page.wait_for_timeout(300)
        assert settle(visit) == figures
    assert visit.page.url == links
    visit.page.get_by_role("button", name="Undo", exact=True).click()
    visit.wait_for_change(shown[2])
    assert settle(visit) == shown[1]
    visit.fine()


def test_nothing_lies_over_charts_and_tables_on_a_phone(browser, address: str) -> None:  # noqa: F811
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True
    )
    context.set_default_timeout(PATIENCE_MS)
    phone = Visit(context.new_page(), address)
    opened(phone, "factory?factory=belgium")
    phone.page.wait_for_selector(".js-plotly-plot", state="attached")
    bars = phone.page.locator(".modebar-container")
    assert bars.count() > 0
    assert not any(bar.is_visible() for bar in bars.all())
    over = phone.page.evaluate(
        """() => [...document.querySelectorAll("[data-testid=stElementToolbar]")].map(bar => {
          const table = bar.parentElement.closest("[data-testid=stElementContainer]");
          const before = table.previousElementSibling;
          const own = bar.getBoundingClientRect();
          return before && own.height ? before.getBoundingClientRect().bottom - own.top : 0;
        })"""
    )
    assert over
    assert max(over) <= 4
    phone.fine()
    context.close()


def test_a_wide_table_shows_that_it_goes_on(browser, address: str) -> None:  # noqa: F811
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    desk = Visit(context.new_page(), address)
    opened(desk, "timing")
    wide, colour = desk.page.evaluate(
        """() => {
          const table = document.querySelector(".dvn-scroller");
          return [table.scrollWidth > table.clientWidth, getComputedStyle(table).scrollbarColor];
        }"""
    )
    assert wide
    assert colour.startswith("rgba(128, 140, 155")
    desk.fine()
    context.close()
