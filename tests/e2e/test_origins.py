"""From a number on a page, two clicks lead to the row behind it, with its source."""

import re

import pytest
from test_browser import Visit, address, browser, visit  # noqa: F401 - fixtures

pytestmark = [pytest.mark.browser, pytest.mark.slow]

FIGURES = "Where do these numbers come from?"
NUMBERS = (
    ("", "", "NPV", "assumptions[gpu_hour_price]"),
    ("", "", "LCOC", "assumptions[hardware_life_years]"),
    ("", "", "First-time capex", "assumptions[network_storage_share]"),
    ("", "", "capacity by year", "assumptions[sovereign_share]"),
    ("", "", "capex by year", "assumptions[contingency_share]"),
    ("factory?factory=belgium", "", "Payback", "sites[BEL, corporate_tax_rate, 2026]"),
    ("factory?factory=belgium", "phases", "dates", "sites[BEL, grid_lead_months, 2026]"),
    ("factory?factory=romania", "cost", "cost by line", "sites[ROU, build_cost, 2026]"),
    ("forecasts?series=ai_capex", "fan", "AI spending", "ai_spending["),
    ("trust", "track_usd_m_per_mw", "cost of an announced project", "comparables["),
    ("risk", "", "lowest DSCR", "assumptions[target_dscr]"),
)
"""Page, card (empty for the figures on top), number, row that the second click opens."""


def test_two_clicks_lead_from_numbers_on_five_pages_to_rows_with_sources(visit: Visit) -> None:  # noqa: F811
    visit.page.context.set_default_timeout(180_000)
    opened, pages = "none", set()
    for path, card, number, row in NUMBERS:
        if path != opened:
            visit.page.goto(f"{visit.address}/{path}")
            opened = path
        figures = visit.page.get_by_role("button", name=FIGURES)
        on_card = visit.page.locator(f".st-key-card_{card} [data-testid=stPopover] button")
        (on_card if card else figures).first.click()
        link = visit.page.get_by_role("link", name=row).first
        link.wait_for()
        with visit.page.context.expect_page() as found:
            link.click()
        tab = found.value
        shown = tab.locator(".st-key-row_of_origin").first
        shown.wait_for()
        said = shown.inner_text()
        assert said.startswith(row), (number, said)
        assert re.search(r"Source: .+ Grade: \w+", said), (number, said)
        tab.close()
        visit.page.bring_to_front()
        visit.page.keyboard.press("Escape")
        link.wait_for(state="hidden")
        pages.add(path.partition("?")[0])
    assert len(NUMBERS) >= 10
    assert len(pages) >= 5
    assert visit.outside == []
    assert visit.page.locator("[data-testid=stException]").count() == 0
