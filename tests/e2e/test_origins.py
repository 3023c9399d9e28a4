"""From a number on a page, two clicks lead to the row behind it, with its source."""

import re

import pytest
from test_browser import Visit, address, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = "Where do these numbers come from?"
ORIGIN = "Origin"

NUMBERS = (
    ("", FIGURES, 0, "NPV", "assumptions[gpu_hour_price]"),
    ("", FIGURES, 0, "LCOC", "assumptions[hardware_life_years]"),
    ("", FIGURES, 0, "First-time capex", "assumptions[network_storage_share]"),
    ("", ORIGIN, 0, "capacity by year", "assumptions[sovereign_share]"),
    ("", ORIGIN, 1, "capex by year", "assumptions[contingency_share]"),
    ("factory?factory=belgium", FIGURES, 0, "Payback", "sites[BEL, corporate_tax_rate, 2026]"),
    ("factory?factory=belgium", ORIGIN, 0, "phases", "sites[BEL, grid_lead_months, 2026]"),
    ("factory?factory=romania", ORIGIN, 2, "cost", "sites[ROU, build_cost, 2026]"),
    ("forecasts?series=ai_capex", ORIGIN, 0, "AI spending", "ai_spending["),
    ("trust", ORIGIN, 0, "cost of an announced project", "comparables["),
    ("risk", FIGURES, 0, "lowest DSCR", "assumptions[target_dscr]"),
)
"""Page, what is clicked first and which of them, number, row that the second click opens."""


def test_two_clicks_lead_from_numbers_on_five_pages_to_rows_with_sources(visit: Visit) -> None:  # noqa: F811
    visit.page.set_default_timeout(120_000)
    opened, pages = "none", set()
    for path, button, place, number, row in NUMBERS:
        if path != opened:
            visit.page.goto(f"{visit.address}/{path}")
            visit.page.wait_for_selector(".js-plotly-plot")
            opened = path
        openers = visit.page.get_by_role("button", name=re.compile(re.escape(button)))
        openers.nth(place).click()
        link = visit.page.get_by_role("link", name=row).first
        link.wait_for()
        with visit.page.context.expect_page() as found:
            link.click()
        tab = found.value
        card = tab.locator(".st-key-row_of_origin").first
        card.wait_for()
        said = card.inner_text()
        assert said.startswith(row), (number, said)
        assert re.search(r"Source: .+ Grade: \w+", said), (number, said)
        tab.close()
        visit.page.keyboard.press("Escape")
        pages.add(path.partition("?")[0])
    assert len(NUMBERS) >= 10
    assert len(pages) >= 5
    assert visit.outside == []
    assert visit.page.locator("[data-testid=stException]").count() == 0
